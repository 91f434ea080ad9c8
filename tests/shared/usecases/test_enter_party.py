"""Parties, and what is charged, paid or sold beside classes."""

from dataclasses import replace
from typing import Any

import pytest

from shared.billing_ports import Party
from shared.domain.errors import InvalidInput, KeyReused, NotFound, Stale
from shared.domain.invoices import LineKind, Paper
from shared.domain.money import MOST, Money
from shared.ports import Versioned
from shared.usecases.enter_party import EnterParty, ToAdd, ToEnter, ToSell
from tests.billed import MUM, Billed, everybody
from tests.builders import minutes
from tests.fake_billing import MemoryParties
from tests.tracked import BOSS, LENA, OMAR, on

WANTED = ToEnter(MUM, "EUR", "Mum", "Main street 1", (OMAR, LENA), 30)
BOOK = ToAdd(MUM, "b1", "A book", Money(1500, "EUR"), 700)


def test_a_party_is_entered_changed_and_left_alone_when_nothing_changed() -> None:
    story = EnterParty(MemoryParties())
    first = story.enter(WANTED)
    assert (first.students, first.due_days, first.rev) == ((OMAR, LENA), 30, 1)
    assert story.enter(WANTED) == first
    second = story.enter(replace(WANTED, currency="USD"))
    assert (second.currency, second.rev) == ("USD", 2)
    assert story.page(10, None).items == (second,)


def test_a_student_has_one_payer_and_is_named_once() -> None:
    story = EnterParty(MemoryParties())
    story.enter(WANTED)
    for change in ({"email": "dad@home.example"}, {"students": (OMAR, OMAR)}, {"currency": "XXX"}):
        with pytest.raises(InvalidInput):
            story.enter(replace(WANTED, **change))
    story.enter(replace(WANTED, students=(LENA,)))
    assert story.enter(replace(WANTED, email="dad@home.example", students=(OMAR,))).students == (OMAR,)


def test_whoever_loses_again_and_again_is_told() -> None:
    class Taken(MemoryParties):
        """Somebody else is always first."""

        def save(self, before: Versioned[Party] | None, after: Party) -> bool:  # noqa: ARG002 - the port's signature
            return False

    with pytest.raises(Stale):
        EnterParty(Taken()).enter(WANTED)


def test_what_is_added_waits_once_for_each_key() -> None:
    billed = Billed()
    added = billed.extras(BOOK, BOSS)
    assert (added.line.kind, added.line.net, added.line.tax_basis_points, added.by) == (
        LineKind.AD_HOC,
        Money(1500, "EUR"),
        700,
        BOSS.email,
    )
    billed.house.clock.passes(minutes(5))
    assert billed.extras(BOOK, BOSS) == added
    assert billed.extras.waiting(None) == (added,)
    with pytest.raises(KeyReused):
        billed.extras(replace(BOOK, net=Money(1, "EUR")), BOSS)


def test_what_a_document_holds_already_does_not_wait_again() -> None:
    billed = Billed().opens()
    billed.extras(BOOK, BOSS)
    billed.tracked.holds(*everybody())
    billed.later()
    billed.issues(billed.only())
    billed.extras(BOOK, BOSS)
    assert billed.extras.waiting(MUM) == ()
    with pytest.raises(KeyReused):
        billed.extras(replace(BOOK, description="Two books"), BOSS)


def test_what_waits_can_be_withdrawn_and_nothing_else() -> None:
    billed = Billed()
    added = billed.extras(BOOK, BOSS)
    billed.extras.withdraw(added.ad_hoc_id)
    assert billed.extras.waiting(MUM) == ()
    for absent in ("0" * 32, "../x"):
        with pytest.raises(NotFound):
            billed.extras.withdraw(absent)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"net": Money(0, "EUR")}, "amount_minor"),
        ({"net": Money(-MOST - 1, "EUR")}, "amount_minor"),
        ({"net": Money(1, "XXX")}, "currency"),
        ({"paper": Paper.CREDIT_NOTE}, "paper"),
        ({"paper": Paper.PAYMENT_ORDER, "package": ToSell(2)}, "package"),
        ({"net": Money(-1, "EUR"), "package": ToSell(2)}, "amount_minor"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any], field: str) -> None:
    billed = Billed()
    with pytest.raises(InvalidInput) as refusal:
        billed.extras(replace(BOOK, **change), BOSS)
    assert refusal.value.field == field
    assert billed.extras.waiting(None) == ()


def test_a_package_is_good_for_so_many_days() -> None:
    billed = Billed()
    billed.extras(replace(BOOK, package=ToSell(4, OMAR, "math", 2, on(0, 0))), BOSS)
    (balance,) = billed.extras.balances(MUM)
    package = balance.package
    assert (package.student, package.course_id, package.bought_at, package.good_until) == (OMAR, "math", on(0, 0), on(2, 0))
    assert (balance.used, balance.left, balance.is_taken_back) == (0, 4, False)
