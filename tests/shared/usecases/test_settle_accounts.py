"""Accounts: what is open, over due and paid beyond it, of payers and staff apart."""

from datetime import timedelta

import pytest

from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.domain.payments import Standing
from shared.usecases.draft_invoices import Period
from tests.billed import AFTER, MUM, Billed, everybody
from tests.tracked import ADA


@pytest.fixture
def billed() -> Billed:
    """A payer who was billed 60 EUR, and a teacher who is to be paid 20."""
    billed = Billed().opens()
    billed.tracked.holds(*everybody())
    billed.later()
    return billed


@pytest.fixture
def invoice(billed: Billed) -> Document:
    """The invoice; the payment order is issued beside it."""
    billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    return billed.issues(billed.only())


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_statement_tells_everything_in_order_with_the_balance(billed: Billed, invoice: Document) -> None:
    billed.house.clock.passes(timedelta(days=1))
    billed.pays(2500, "a")
    billed.house.clock.passes(timedelta(days=1))
    billed.pays(5000, "b")
    (statement,) = billed.settle.statements(MUM, Paper.INVOICE, None)
    assert [(each.what, each.number, each.amount, each.balance) for each in statement.entries] == [
        ("invoice", invoice.number, eur(6000), eur(6000)),
        ("payment", None, eur(-2500), eur(3500)),
        ("payment", None, eur(-5000), eur(-1500)),
    ]
    (part,) = billed.settle.statements(MUM, Paper.INVOICE, Period(AFTER + timedelta(hours=1), AFTER + timedelta(hours=30)))
    assert (part.opening, part.closing, len(part.entries)) == (eur(6000), eur(3500), 1)
    (account,) = billed.settle.accounts(MUM, Paper.INVOICE)
    assert (account.credit, account.documents[0].standing) == (eur(1500), Standing.PAID)


def test_what_is_paid_to_staff_settles_its_payment_order_and_no_invoice(billed: Billed, invoice: Document) -> None:
    billed.pays(500, "wage", "PO-000001", party=ADA)
    (account,) = billed.settle.accounts(ADA, Paper.PAYMENT_ORDER)
    assert account.open == eur(1500)
    assert billed.settle.accounts(ADA, Paper.INVOICE) == ()
    assert billed.settle.accounts(MUM, Paper.PAYMENT_ORDER) == ()
    assert [each.party for each in billed.settle.outstanding(Paper.PAYMENT_ORDER)] == [ADA]
    assert [each.open for each in billed.settle.outstanding(Paper.INVOICE)] == [invoice.gross]


def test_what_is_open_ages_and_what_is_paid_goes(billed: Billed, invoice: Document) -> None:
    for days, place in ((0, 0), (20, 1), (60, 2), (90, 3), (200, 4)):
        billed.house.clock.at = AFTER + timedelta(days=days)
        (owed,) = billed.settle.outstanding(Paper.INVOICE)
        assert owed.aged[place] == owed.open == invoice.gross
        assert sum(each.amount_minor for each in owed.aged) == invoice.gross.amount_minor
    billed.pays(6000, "all", invoice.number)
    assert list(billed.settle.outstanding(Paper.INVOICE)) == []
    billed.pays(1, "one more")
    (owed,) = billed.settle.outstanding(Paper.INVOICE)
    assert (owed.open, owed.credit) == (eur(0), eur(1))
