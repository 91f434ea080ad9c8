"""The words of e-mails, each whole: people read them."""

import pytest

from shared.adapters.mail_texts import written
from shared.domain.messages import Addressees, EventType, Message
from tests.builders import at
from tests.shared.adapters.test_mail import a_delivery

CLOSING = """

If this is not as you remember it, please write to the teacher: ada@school.example
This message was sent automatically.
"""
DATE = "Wednesday, 2 December 2026, 08:30 (Asia/Tokyo)"


@pytest.mark.parametrize(
    ("event", "kind", "subject", "text"),
    [
        (
            EventType.WARNING_RAISED,
            "absences_in_row",
            "Lena Öz: 3 absences in a row in Algebra",
            f"Lena Öz missed 3 classes of Algebra in a row, most recently the one on {DATE}.",
        ),
        (
            EventType.WARNING_ENDED,
            "absences_in_row",
            "Lena Öz: no longer absent from Algebra",
            f"The warning about Lena Öz's absences from Algebra, raised after the class on {DATE}, no longer stands.",
        ),
        (
            EventType.WARNING_RAISED,
            "low_share",
            "Lena Öz: attendance of Algebra is at 57 %",
            f"After the class on {DATE}, Lena Öz's attendance of Algebra is at 57 % of 7 classes. At least 3 % is expected.",
        ),
        (
            EventType.WARNING_ENDED,
            "low_share",
            "Lena Öz: attendance of Algebra is back above the line",
            f"The warning about Lena Öz's attendance of Algebra, raised after the class on {DATE}, no longer stands.",
        ),
    ],
)
def test_each_event_has_its_words(event: EventType, kind: str, subject: str, text: str) -> None:
    assert written(a_delivery(event=event, kind=kind)) == (subject, (text + CLOSING).rstrip("\n"))


def test_who_has_no_name_is_called_by_the_address() -> None:
    assert written(a_delivery(student_name=None))[0].startswith("lena@school.example: ")


def test_nothing_in_a_name_is_taken_for_words_of_ours() -> None:
    subject, _ = written(a_delivery(student_name="{{ teacher_email }} {% x %} <b>"))
    assert subject.startswith("{{ teacher_email }} {% x %} <b>: ")


def test_a_time_zone_that_nobody_knows_is_told_as_utc() -> None:
    for timezone in ("Mars/Olympus", "../etc", ""):
        assert "Tuesday, 1 December 2026, 23:30 (UTC)" in written(a_delivery(timezone=timezone))[1]


# ---- money

MUM = "mum@home.example"
DOCUMENT: dict[str, object] = {
    "document_id": "d" * 32,
    "number": "INV-000007",
    "paper": "invoice",
    "cancels": None,
    "party": MUM,
    "amount": {"amount_minor": 9050, "currency": "EUR"},
    "issued_at": "2027-01-02T09:30:00Z",
    "due_at": "2027-01-16T09:30:00Z",
    "period_from": "2026-12-01T00:00:00Z",
    "period_to": "2027-01-01T00:00:00Z",
}
PAYMENT: dict[str, object] = {
    "payment_id": "p" * 32,
    "party": MUM,
    "paper": "invoice",
    "number": "INV-000007",
    "amount": {"amount_minor": 1250, "currency": "EUR"},
    "method": "bank",
    "received_at": "2027-01-05T08:00:00Z",
}
PERIOD = """From: Tuesday, 1 December 2026, 00:00 (UTC)
Before: Friday, 1 January 2027, 00:00 (UTC)"""
DUE = "Due: Saturday, 16 January 2027, 09:30 (UTC)"
ORDER = {"number": "PO-000002", "paper": "payment_order"}


def of_money(event: EventType, **changes: object) -> tuple[str, str]:
    """Subject and text of an event about money."""
    facts = PAYMENT if event is EventType.PAYMENT_RECORDED else DOCUMENT
    message = Message(event, "x", at(0), {**facts, **changes}, (MUM,))
    return written(Addressees(has_mail=True).deliveries(message, [MUM])[0])


@pytest.mark.parametrize(
    ("event", "changes", "subject", "text"),
    [
        (
            EventType.INVOICE_ISSUED,
            {},
            "Invoice INV-000007: 90.50 EUR",
            f"You have a new invoice.\n\nNumber: INV-000007\nAmount: 90.50 EUR\n{DUE}\n{PERIOD}",
        ),
        (
            EventType.INVOICE_ISSUED,
            {"amount": {"amount_minor": -1250, "currency": "EUR"}},
            "Invoice INV-000007: -12.50 EUR",
            (
                "You have a new invoice.\n\nNumber: INV-000007\nAmount: -12.50 EUR\n"
                f"Nothing is to be paid; what is less than nothing is set off.\n{PERIOD}"
            ),
        ),
        (
            EventType.INVOICE_ISSUED,
            {"amount": {"amount_minor": 900, "currency": "JPY"}},
            "Invoice INV-000007: 900 JPY",
            f"You have a new invoice.\n\nNumber: INV-000007\nAmount: 900 JPY\n{DUE}\n{PERIOD}",
        ),
        (
            EventType.PAYMENT_ORDER_ISSUED,
            ORDER,
            "Payment order PO-000002: 90.50 EUR",
            f"What you are to be paid was settled.\n\nNumber: PO-000002\nAmount: 90.50 EUR\n{DUE}\n{PERIOD}",
        ),
        (
            EventType.INVOICE_CANCELLED,
            {"number": "CN-000001", "cancels": "INV-000007", "amount": {"amount_minor": -9050, "currency": "EUR"}},
            "Credit note CN-000001: invoice INV-000007 was taken back",
            f"Invoice INV-000007 was taken back.\n\nNumber: CN-000001\nTakes back: INV-000007\nAmount: -90.50 EUR\n{PERIOD}",
        ),
        (
            EventType.PAYMENT_ORDER_CANCELLED,
            {"number": "CN-000001", "cancels": "PO-000002", "amount": {"amount_minor": -9050, "currency": "EUR"}},
            "Credit note CN-000001: payment order PO-000002 was taken back",
            f"Payment order PO-000002 was taken back.\n\nNumber: CN-000001\nTakes back: PO-000002\nAmount: -90.50 EUR\n{PERIOD}",
        ),
        (
            EventType.INVOICE_OVERDUE,
            {"open": {"amount_minor": 5, "currency": "EUR"}, "days_over": 14},
            "Reminder: 0.05 EUR of invoice INV-000007 is over due",
            (
                "An invoice is over due.\n\nNumber: INV-000007\nStill to pay: 0.05 EUR\nAmount: 90.50 EUR\n"
                f"{DUE}\nDays over due: 14\n\nIf you paid it in the last days, there is nothing to do."
            ),
        ),
        (
            EventType.PAYMENT_RECORDED,
            {},
            "Payment received: 12.50 EUR",
            (
                "Thank you, your payment was received.\n\nAmount: 12.50 EUR\n"
                "Date: Tuesday, 5 January 2027, 08:00 (UTC)\nBy: bank\nFor: INV-000007"
            ),
        ),
        (
            EventType.PAYMENT_RECORDED,
            {"number": None, "amount": {"amount_minor": -1250, "currency": "EUR"}},
            "Paid back to you: 12.50 EUR",
            "Money was paid back to you.\n\nAmount: 12.50 EUR\nDate: Tuesday, 5 January 2027, 08:00 (UTC)\nBy: bank",
        ),
        (
            EventType.PAYMENT_RECORDED,
            ORDER,
            "Paid to you: 12.50 EUR",
            "You were paid.\n\nAmount: 12.50 EUR\nDate: Tuesday, 5 January 2027, 08:00 (UTC)\nBy: bank\nFor: PO-000002",
        ),
        (
            EventType.PAYMENT_RECORDED,
            {**ORDER, "amount": {"amount_minor": -1250, "currency": "EUR"}},
            "Payment returned: 12.50 EUR",
            (
                "Money that was paid to you came back.\n\nAmount: 12.50 EUR\n"
                "Date: Tuesday, 5 January 2027, 08:00 (UTC)\nBy: bank\nFor: PO-000002"
            ),
        ),
    ],
)
def test_each_event_about_money_has_its_words(event: EventType, changes: dict[str, object], subject: str, text: str) -> None:
    assert of_money(event, **changes) == (subject, f"{text}\n\nThis message was sent automatically.")


def test_how_somebody_paid_stays_on_one_line_and_is_no_words_of_ours() -> None:
    _, text = of_money(EventType.PAYMENT_RECORDED, method="bank\nBcc: all@x.example {{ number }}\u202e")
    assert "By: bank Bcc: all@x.example {{ number }}\nFor: INV-000007\n" in text


def test_a_bill_tells_its_times_in_the_zone_that_was_frozen_in_it() -> None:
    _, text = of_money(EventType.INVOICE_ISSUED, timezone="Europe/Berlin", period_from="2026-11-30T23:00:00Z")
    assert "From: Tuesday, 1 December 2026, 00:00 (Europe/Berlin)" in text
    assert "Due: Saturday, 16 January 2027, 10:30 (Europe/Berlin)" in text


@pytest.mark.parametrize("event", [EventType.INVOICE_ISSUED, EventType.INVOICE_CANCELLED, EventType.INVOICE_OVERDUE])
def test_a_payers_mail_tells_where_the_bill_is_opened_if_it_can_be(event: EventType) -> None:
    more: dict[str, object] = {"open": {"amount_minor": 5, "currency": "EUR"}, "days_over": 14, "cancels": "INV-000001"}
    message = Message(event, "x", at(0), {**DOCUMENT, **more}, (MUM,))
    (delivery,) = Addressees(has_mail=True).deliveries(message, [MUM])
    link = "https://school.example/api/billing/shared/word"
    assert f"Open it here, for thirty days: {link}\n" in written(delivery, link)[1]
    assert "Open it" not in written(delivery)[1]
