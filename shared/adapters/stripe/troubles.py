"""What Stripe's errors mean to us: the one place where they become refusals, each with a remedy."""

import json
from http import HTTPStatus

from shared.domain.errors import DomainError, NotInThisState, Unavailable, UpstreamRefused

NO_CREDENTIALS = "No valid credentials found"
NO_PERMISSION = "Insufficient permissions"
UNUSABLE = "Stripe refused the request"
RIGHTS = "Payment Links and Checkout Sessions (write), PaymentIntents, Charges and Refunds, and Disputes (read)"

_BUSY = frozenset((HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS))
_AMOUNT = frozenset(("amount_too_small", "amount_too_large"))


class Missing(UpstreamRefused):
    """Stripe does not have it, in this account and mode."""


def is_passing(status: int) -> bool:
    """Whether asking again may help."""
    return status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def refusal_of(status: int, content: bytes) -> DomainError:
    """The refusal that an answer of Stripe amounts to. What it says of keys is left out: it quotes a part of them."""
    code, message = _told(content)
    if is_passing(status):
        return Unavailable(f"Stripe is busy ({status}); try again in a minute.")
    if status == HTTPStatus.UNAUTHORIZED:
        return UpstreamRefused(
            NO_CREDENTIALS, "Stripe does not accept STRIPE_SECRET_KEY: copy a secret or restricted key from its dashboard anew."
        )
    if status == HTTPStatus.FORBIDDEN:
        return UpstreamRefused(NO_PERMISSION, f"The key in STRIPE_SECRET_KEY lacks a right; give it: {RIGHTS}.")
    if code in _AMOUNT:
        return NotInThisState(f"This amount cannot be paid by card: {message} Have it paid in another way.")
    if status == HTTPStatus.NOT_FOUND or code == "resource_missing":
        return Missing(UNUSABLE, f"Stripe says: {message} See that STRIPE_SECRET_KEY is of the account and mode that it is in.")
    return UpstreamRefused(UNUSABLE, f"Stripe says: {message or f'status {status}'} Tell whoever looks after Rollcall.")


def unreachable() -> Unavailable:
    """The refusal when there is no answer, or half of one."""
    return Unavailable("Stripe cannot be reached right now; try again in a moment.")


def _told(content: bytes) -> tuple[str, str]:
    try:
        error = json.loads(content)["error"]
        return str(error.get("code") or ""), str(error.get("message") or "")[:300]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
