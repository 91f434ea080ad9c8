"""Payments by hand: once for each key, for a document or the oldest, and never of a kind that nobody can have meant."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import InvalidInput, KeyReused
from shared.domain.invoices import Document
from shared.domain.money import MOST, Money
from shared.usecases.record_payment import ToRecord
from tests.billed import MUM, Billed, everybody
from tests.builders import minutes
from tests.tracked import BOSS


@pytest.fixture
def billed() -> Billed:
    """A payer who was billed."""
    billed = Billed().opens()
    billed.tracked.holds(*everybody())
    billed.later()
    return billed


@pytest.fixture
def invoice(billed: Billed) -> Document:
    """The invoice."""
    return billed.issues(billed.only())


def told(**changes: Any) -> ToRecord:
    return replace(ToRecord(MUM, "k", Money(100, "EUR"), None, "bank"), **changes)


def test_told_twice_it_is_one_payment(billed: Billed, invoice: Document) -> None:
    first = billed.record(told(number=invoice.number), BOSS)
    assert (first.by, first.received_at) == (BOSS.email, billed.house.clock.at)
    billed.house.clock.passes(minutes(3))
    assert billed.record(told(number=invoice.number), BOSS) == first
    assert billed.shop.payments.of_party(MUM) == (first,)


def test_a_key_that_comes_with_another_payment_is_refused(billed: Billed, invoice: Document) -> None:
    billed.record(told(), BOSS)
    others = ({"amount": Money(200, "EUR")}, {"method": "cash"}, {"number": invoice.number}, {"reference": "x"})
    for change in (*others, {"received_at": billed.house.clock.at - minutes(1)}):
        with pytest.raises(KeyReused):
            billed.record(told(**change), BOSS)
    assert len(billed.shop.payments.of_party(MUM)) == 1
    assert billed.record(told(party="dad@home.example"), BOSS).party == "dad@home.example"


def test_what_nobody_can_have_meant_is_refused(billed: Billed, invoice: Document) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"amount": Money(0, "EUR")}, "amount_minor"),
        ({"amount": Money(MOST + 1, "EUR")}, "amount_minor"),
        ({"amount": Money(100, "XYZ")}, "currency"),
        ({"received_at": billed.house.clock.at + minutes(6)}, "received_at"),
        ({"number": "INV-999999"}, "number"),
        ({"number": invoice.number, "party": "dad@home.example"}, "number"),
        ({"number": invoice.number, "amount": Money(100, "USD")}, "currency"),
    ]
    for change, field in wrong:
        with pytest.raises(InvalidInput) as refusal:
            billed.record(told(**change), BOSS)
        assert refusal.value.field == field
    assert billed.shop.payments.of_party(MUM) == ()
