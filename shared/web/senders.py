"""Callers that show no token: those who sign what they send, and those who hold a link that we signed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.config import Settings
from shared.domain.accounts import Caller
from shared.web.callers import unauthorised
from shared.web.links import BY_LINK, document_in
from shared.web.problems import Problem
from shared.web.signatures import is_signed
from shared.web.stripe_signatures import is_stripe_signed
from shared.web.zoom_signatures import Age, is_zoom_signed

ZOOM_UNSIGNED = "zoom-unsigned"
CHALLENGE = b"endpoint.url_validation"


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in: headers, the raw body, the path's values, and when, in seconds of our clock."""

    headers: Mapping[str, str]
    body: bytes
    values: Mapping[str, str]
    at: float


def _link(sent: Sent, known: Settings) -> Caller:
    if document_in(sent.values["link"], known, sent.at) is None:
        raise Problem(404, "Not found", "No such document.", code="not-found")
    return BY_LINK


def _bridge(sent: Sent, known: Settings) -> Caller:
    is_let_in = not known.webhook_secrets and known.is_open
    if not is_let_in and not is_signed(sent.headers, sent.body, known.webhook_secrets, sent.at):
        raise unauthorised("The webhook's signature is missing, wrong, or older than five minutes.")
    return Caller("bridge", "", "system")


def _zoom(sent: Sent, known: Settings) -> Caller:
    if not known.zoom_webhook_secrets:
        raise unauthorised("No Zoom account is connected: ZOOM_WEBHOOK_SECRET is not set.")
    age = is_zoom_signed(sent.headers, sent.body, known.zoom_webhook_secrets, sent.at).age
    if age is Age.REFUSED or (age is Age.UNSIGNED and CHALLENGE not in sent.body):
        raise unauthorised("Zoom's signature is missing, wrong, or older than a day.")
    return Caller(ZOOM_UNSIGNED if age is Age.UNSIGNED else "zoom", "", "system")


def _stripe(sent: Sent, known: Settings) -> Caller:
    if not known.stripe_webhook_secrets:
        raise unauthorised("Card payments are not set up: STRIPE_WEBHOOK_SECRET is not set.")
    if not is_stripe_signed(sent.headers, sent.body, known.stripe_webhook_secrets, sent.at):
        raise unauthorised("Stripe's signature is missing, wrong, or older than five minutes.")
    return Caller("stripe", "", "system")


SENDERS: Mapping[str, Callable[[Sent, Settings], Caller]] = {
    "link": _link,
    "public-signed": _bridge,
    "zoom-signed": _zoom,
    "stripe-signed": _stripe,
}
"""How callers are known by what they send, by the kind of caller that a route takes; each raises a 401 or 404 `Problem`."""
