"""A period's run: one task for each draft, killed anywhere and started again, issues everything once."""

from dataclasses import replace

import pytest

from shared.billing_ports import Party
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.ports import TaskKind
from shared.usecases.run_period import order_in
from tests.billed import DECEMBER, MUM, Billed, everybody, wanted
from tests.builders import a_class, minutes
from tests.tracked import ADA, BOSS, LENA, OMAR

DAD = "dad@home.example"


@pytest.fixture
def billed() -> Billed:
    """Two payers with a student each, and two classes that were held."""
    billed = Billed().opens()
    mum = billed.shop.parties.get(MUM)
    assert mum is not None
    assert billed.shop.parties.save(mum, replace(mum.value, students=(OMAR,), rev=2))
    assert billed.shop.parties.save(None, Party(DAD, "EUR", students=(LENA,)))
    for day in (0, 1):
        billed.tracked.holds(*everybody(day), name=f"class {day}", day=day)
    billed.later()
    return billed


def planned(billed: Billed) -> list[str]:
    return [task.about for task in billed.house.tasks.of(TaskKind.ISSUE)]


def everything(billed: Billed) -> list[Document]:
    return [each for party in (DAD, MUM) for each in billed.ledger.of_party(party)]


def test_a_run_plans_a_task_for_each_draft_and_they_issue_what_was_drafted(billed: Billed) -> None:
    started = billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    assert (started.issued, [each.party for each in started.left]) == (0, [DAD, MUM])
    assert len(planned(billed)) == 2
    for text in planned(billed):
        (document,) = billed.run.one(order_in(text))
        assert (document.issued_by, document.gross) == (BOSS.email, Money(6000, "EUR"))
    done = billed.run.progress(Paper.INVOICE, DECEMBER)
    assert (done.issued, done.sums, done.left) == (2, (Money(12000, "EUR"),), ())
    assert [each.number for each in everything(billed)] == ["INV-000001", "INV-000002"]


def test_killed_after_any_task_and_started_again_it_issues_the_rest_once(billed: Billed) -> None:
    billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    first, second = planned(billed)
    billed.run.one(order_in(first))
    billed.house.clock.passes(minutes(2))
    again = billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    assert (again.issued, [each.party for each in again.left]) == (1, [MUM])
    assert planned(billed)[2:] == [second]
    for text in (second, *planned(billed)):
        billed.run.one(order_in(text))
    assert len(everything(billed)) == 2
    assert billed.run.progress(Paper.INVOICE, DECEMBER).left == ()


def test_a_draft_that_changed_after_the_start_is_left_to_a_person(billed: Billed) -> None:
    billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    billed.rules(billed.house.classes.get(a_class("class 1").class_id), LENA, "excused")
    (dad, mum) = planned(billed)
    assert billed.run.one(order_in(dad)) == ()
    assert len(billed.run.one(order_in(mum))) == 1
    (left,) = billed.run.progress(Paper.INVOICE, DECEMBER).left
    assert (left.party, left.gross) == (DAD, Money(6000, "EUR"))
    billed.house.clock.passes(minutes(2))
    (left,) = billed.run.start(Paper.INVOICE, DECEMBER, BOSS).left
    assert (left.party, left.gross) == (DAD, Money(3000, "EUR"))


def test_how_far_a_run_is_costs_no_draft(billed: Billed) -> None:
    before = billed.run.progress(Paper.INVOICE, DECEMBER)
    assert (before.started_at, before.planned, before.left, before.issued) == (None, 0, (), 0)
    billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    without = replace(billed.run, draft=None)  # type: ignore[arg-type]
    now = without.progress(Paper.INVOICE, DECEMBER)
    assert (now.started_at, now.planned, len(now.left)) == (billed.house.clock(), 2, 2)


def test_staff_is_paid_by_a_run_of_its_own(billed: Billed) -> None:
    billed.run.start(Paper.PAYMENT_ORDER, DECEMBER, BOSS)
    (text,) = planned(billed)
    assert order_in(text).wanted == wanted(billed.only(ADA, Paper.PAYMENT_ORDER))
    (document,) = billed.run.one(order_in(text))
    assert document.gross == Money(4000, "EUR")
    assert billed.run.progress(Paper.INVOICE, DECEMBER).issued == 0


def test_a_queue_that_does_not_answer_is_told_and_nothing_is_issued(billed: Billed) -> None:
    billed.house.tasks.trouble = Unavailable("The queue does not answer.")
    with pytest.raises(Unavailable):
        billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    assert everything(billed) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '["a", "bill", "EUR", "x", "y", "z", "b"]', "[" * 100000])
def test_what_is_no_order_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        order_in(text)
