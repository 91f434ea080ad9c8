"""The doors of card payments: a link for whoever owes an invoice, and Stripe's news of what was paid."""

import json
import re
from typing import Any

from functions.billing.answers import MoneyPart, money
from functions.billing.wiring import Billing
from shared.card_ports import CardLink
from shared.domain.errors import InvalidInput, NotInThisState, Unavailable
from shared.usecases.link_payment import NOT_SET_UP
from shared.web.describe import describes
from shared.web.fields import Answer
from shared.web.log import log
from shared.web.routes import Asked, Reply

# News after which a payment is read anew, and the field of its object that names the payment.
_ABOUT = {
    "payment_intent.succeeded": "id",
    "checkout.session.completed": "payment_intent",
    "checkout.session.async_payment_succeeded": "payment_intent",
    "charge.refunded": "payment_intent",
    "charge.refund.updated": "payment_intent",
    "refund.created": "payment_intent",
    "refund.updated": "payment_intent",
    "refund.failed": "payment_intent",
    "charge.dispute.created": "payment_intent",
    "charge.dispute.updated": "payment_intent",
    "charge.dispute.funds_withdrawn": "payment_intent",
    "charge.dispute.funds_reinstated": "payment_intent",
    "charge.dispute.closed": "payment_intent",
}
_PAYMENT = re.compile(r"pi_[A-Za-z0-9_]{1,250}")
EVENT_SCHEMA = {
    "title": "StripeEvent",
    "description": "An event as Stripe signs it. Only its type and the payment that it names are read.",
    "type": "object",
    "properties": {"id": {"type": "string"}, "type": {"type": "string"}, "data": {"type": "object"}},
}


class PaymentLinkPart(Answer):
    """A page on which what is open of an invoice is paid by card, once."""

    document_id: str
    url: str
    amount: MoneyPart

    @classmethod
    def of(cls, link: CardLink) -> "PaymentLinkPart":
        """The link on the wire."""
        return cls(document_id=link.document_id, url=link.url, amount=money(link.amount))


class PaymentLinkBody(Answer):
    """A link to pay by."""

    payment_link: PaymentLinkPart


class TakenBody(Answer):
    """What came of the news: `filed` payments were stored now, `ignored` says why nothing was looked at."""

    filed: int
    ignored: str | None = None


@describes(answers={200: PaymentLinkBody}, problems=(400, 401, 404, 409, 413, 415, 502, 503))
def link_payment(asked: Asked, app: Billing) -> Reply:
    """Give out the link by which what is open of an invoice is paid by card; the same one until something is paid."""
    if app.cards is None:
        raise NotInThisState(NOT_SET_UP)
    link = app.cards.link(asked.path["document_id"], asked.caller)
    return Reply(200, PaymentLinkBody(payment_link=PaymentLinkPart.of(link)).model_dump_json())


@describes(body=EVENT_SCHEMA, answers={200: TakenBody}, problems=(401, 413, 415, 422, 502, 503))
def stripe_event(asked: Asked, app: Billing) -> Reply:
    """File what Stripe tells of a payment, a refund or a dispute; news that concern no payment of ours change nothing.

    Everything but 200 makes Stripe send the news again, for days.
    """
    kind, payment_id = _named(asked.body)
    if kind not in _ABOUT or payment_id is None:
        return Reply(200, TakenBody(filed=0, ignored=f"{kind} names no payment by card.").model_dump_json())
    if app.cards is None:
        raise Unavailable(NOT_SET_UP)
    filed = app.cards.file(payment_id)
    if filed.party is None:
        log("WARNING", "a payment at Stripe is none of ours", asked.trace, function="billing", kind=kind, payment=payment_id)
        return Reply(200, TakenBody(filed=0, ignored="This payment has no mark of ours.").model_dump_json())
    log("INFO", "stripe event", asked.trace, function="billing", kind=kind, payment=payment_id, filed=len(filed.stored))
    return Reply(200, TakenBody(filed=len(filed.stored)).model_dump_json())


def _named(body: bytes) -> tuple[str, str | None]:
    """The type of an event, and the payment that it names; raises `InvalidInput` for what is no event."""
    try:
        event: Any = json.loads(body)
        kind, about = str(event["type"])[:100], event["data"]["object"]
        told = about.get(_ABOUT.get(kind, "id"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise InvalidInput("data.object", "This is no event of Stripe's; see that the endpoint gets snapshot events.") from odd
    named = told.get("id") if isinstance(told, dict) else told
    return kind, named if isinstance(named, str) and _PAYMENT.fullmatch(named) else None
