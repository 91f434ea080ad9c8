"""What the outside is told of money: notes for the outbox, and events of documents, payments and what is over due.

An event names a document and its sum, never its lines: these tell of people and classes, and stand in the document itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.invoices import Document, Paper
from shared.domain.messages import EventType, Message, OutboxKind, OutboxRow, wire_time
from shared.domain.money import Money
from shared.domain.payments import Payment, Settled, Standing


def note_of_document(document: Document) -> OutboxRow:
    """The note that a document was issued, for the commit that issues it."""
    return OutboxRow(OutboxKind.DOCUMENT_ISSUED, document.document_id, document.issued_at)


def note_of_payment(payment: Payment) -> OutboxRow:
    """The note that a payment was recorded, for the commit that records it."""
    return OutboxRow(OutboxKind.PAYMENT_RECORDED, payment.payment_id, payment.received_at)


def issued_message(document: Document, side: Paper) -> Message:
    """The event of a document. `side` says what a credit note takes back: an invoice, or a payment order."""
    is_pay = side is Paper.PAYMENT_ORDER
    if document.paper is Paper.CREDIT_NOTE:
        event = EventType.PAYMENT_ORDER_CANCELLED if is_pay else EventType.INVOICE_CANCELLED
    else:
        event = EventType.PAYMENT_ORDER_ISSUED if is_pay else EventType.INVOICE_ISSUED
    return Message(event, document.document_id, document.issued_at, _facts_of(document), (document.party,))


def payment_message(payment: Payment, side: Paper, now: datetime) -> Message:
    """The event of a payment, of a payer or to somebody who is paid; negative where money went back."""
    facts: dict[str, object] = {
        "payment_id": payment.payment_id,
        "party": payment.party,
        "paper": side.value,
        "number": payment.number,
        "amount": _money(payment.amount),
        "method": payment.method,
        "received_at": wire_time(payment.received_at),
    }
    return Message(EventType.PAYMENT_RECORDED, payment.payment_id, now, facts, (payment.party,))


def overdue_message(settled: Settled, days: int, now: datetime) -> Message:
    """The reminder of what is open of an invoice so many days after it was due; there is one for each document and number."""
    document = settled.document
    facts = {**_facts_of(document), "open": _money(settled.open), "days_over": days}
    return Message(EventType.INVOICE_OVERDUE, f"{document.document_id}:{days}", now, facts, (document.party,))


def is_owed(settled: Settled) -> bool:
    """Whether a payer may be reminded of the document: an invoice that stands and is not paid whole."""
    is_standing = settled.standing in (Standing.UNPAID, Standing.PARTLY_PAID)
    return settled.document.paper is Paper.INVOICE and is_standing and settled.open.amount_minor > 0


def days_over(document: Document, steps: Sequence[int], now: datetime) -> int | None:
    """The last of the steps, in days after it was due, that a document has passed; None before the first."""
    return max((days for days in steps if document.due_at + timedelta(days=days) <= now), default=None)


def _facts_of(document: Document) -> dict[str, object]:
    return {
        "document_id": document.document_id,
        "number": document.number,
        "paper": document.paper.value,
        "cancels": document.cancels,
        "party": document.party,
        "amount": _money(document.gross),
        "issued_at": wire_time(document.issued_at),
        "due_at": wire_time(document.due_at),
        "period_from": wire_time(document.period_from),
        "period_to": wire_time(document.period_to),
        "timezone": document.timezone or "UTC",
    }


def _money(amount: Money) -> dict[str, object]:
    return {"amount_minor": amount.amount_minor, "currency": amount.currency}
