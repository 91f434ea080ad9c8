"""What the outside is told of money: which event, whom it names, what it leaves out."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.bills_told import (
    days_over,
    is_owed,
    issued_message,
    note_of_document,
    note_of_payment,
    overdue_message,
    payment_message,
)
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.messages import EventType, OutboxKind
from shared.domain.money import Money
from shared.domain.payments import Payment, Settled, Standing, account_of
from tests.builders import at

MUM = "mum@home.example"
DAY = timedelta(days=1)
LINES = (Line("a" * 32, LineKind.CLASS, "Algebra, omar@school.example", Money(1000, "EUR"), 1900, person="omar@school.example"),)
INVOICE = Document(
    "d" * 32, Paper.INVOICE, "INV-000007", MUM, "EUR", at(0), at(60), LINES, at(90), at(999), "root@x.example", 7, ""
)
NOTE = replace(INVOICE, document_id="e" * 32, paper=Paper.CREDIT_NOTE, number="CN-000001", cancels="INV-000007")
PAID = Payment(MUM, "k", Money(500, "EUR"), at(120), "bank", "root@x.example", "INV-000007", "for Omar")


def test_notes_are_functions_of_what_they_are_about() -> None:
    issued, paid = note_of_document(INVOICE), note_of_payment(PAID)
    assert (issued.kind, issued.about, issued.due_at) == (OutboxKind.DOCUMENT_ISSUED, INVOICE.document_id, at(90))
    assert (paid.kind, paid.about, paid.due_at) == (OutboxKind.PAYMENT_RECORDED, PAID.payment_id, at(120))
    assert len({issued.row_id, paid.row_id, note_of_document(NOTE).row_id, note_of_document(INVOICE).row_id}) == 3
    assert [kind for kind in OutboxKind if kind.is_of_money] == [issued.kind, paid.kind]


@pytest.mark.parametrize(
    ("document", "side", "event"),
    [
        (INVOICE, Paper.INVOICE, "invoice.issued"),
        (NOTE, Paper.INVOICE, "invoice.cancelled"),
        (replace(INVOICE, paper=Paper.PAYMENT_ORDER), Paper.PAYMENT_ORDER, "payment_order.issued"),
        (NOTE, Paper.PAYMENT_ORDER, "payment_order.cancelled"),
    ],
)
def test_each_paper_has_its_event_which_is_about_the_document(document: Document, side: Paper, event: str) -> None:
    message = issued_message(document, side)
    assert (message.event.value, message.about, message.at) == (event, document.document_id, at(90))
    assert message.people == (MUM,)
    told = json.loads(message.body)
    assert (told["type"], told["data"]["number"], told["data"]["cancels"]) == (event, document.number, document.cancels)
    assert told["data"]["amount"] == {"amount_minor": 1190, "currency": "EUR"}


def test_no_event_tells_of_lines_or_of_who_wrote_it() -> None:
    (settled,) = account_of([INVOICE], [], "EUR").documents
    for message in (
        issued_message(INVOICE, Paper.INVOICE),
        payment_message(PAID, Paper.INVOICE, at(130)),
        overdue_message(settled, 3, at(9)),
    ):
        for hidden in ("omar", "Omar", "Algebra", "root"):
            assert hidden not in message.body


def test_a_payment_is_told_when_it_is_recorded_and_says_when_it_came() -> None:
    message = payment_message(PAID, Paper.INVOICE, at(500))
    assert (message.event, message.about, message.at) == (EventType.PAYMENT_RECORDED, PAID.payment_id, at(500))
    assert message.data["received_at"] == "2026-12-01T14:00:00Z"
    assert "reference" not in message.data


def test_a_reminder_is_one_for_each_document_and_step() -> None:
    (settled,) = account_of([INVOICE], [PAID], "EUR").documents
    told = [overdue_message(settled, days, at(0)) for days in (3, 3, 14)]
    assert [each.about for each in told] == [f"{INVOICE.document_id}:{days}" for days in (3, 3, 14)]
    assert (told[0].data["open"], told[0].data["days_over"]) == ({"amount_minor": 690, "currency": "EUR"}, 3)


@pytest.mark.parametrize(
    ("paper", "standing", "minor", "is_meant"),
    [
        (Paper.INVOICE, Standing.UNPAID, 1, True),
        (Paper.INVOICE, Standing.PARTLY_PAID, 1, True),
        (Paper.INVOICE, Standing.PAID, 0, False),
        (Paper.INVOICE, Standing.UNPAID, 0, False),
        (Paper.INVOICE, Standing.UNPAID, -1, False),
        (Paper.INVOICE, Standing.CANCELLED, 1, False),
        (Paper.PAYMENT_ORDER, Standing.UNPAID, 1, False),
        (Paper.CREDIT_NOTE, Standing.UNPAID, 1, False),
    ],
)
def test_only_an_invoice_that_stands_and_is_open_is_owed(paper: Paper, standing: Standing, minor: int, is_meant: bool) -> None:  # noqa: FBT001
    settled = Settled(replace(INVOICE, paper=paper), Money(0, "EUR"), Money(minor, "EUR"), standing)
    assert is_owed(settled) == is_meant


def test_of_the_steps_that_were_passed_the_last_one_counts() -> None:
    due = INVOICE.due_at
    moments = [(due, None), (due + 3 * DAY - DAY / 9, None), (due + 3 * DAY, 3), (due + 13 * DAY, 3), (due + 99 * DAY, 14)]
    assert [days_over(INVOICE, (3, 14), now) for now, _ in moments] == [days for _, days in moments]
    assert days_over(INVOICE, (), due + 9 * DAY) is None
