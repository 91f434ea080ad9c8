"""What every store of runs does: the fake and the emulator alike."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared.billing_ports import PlannedDraft, Run, Runs, run_id_of
from shared.domain.invoices import Paper
from shared.domain.money import Money
from tests.builders import at
from tests.fake_billing import MemoryRuns
from tests.fakes import no_sleep

if TYPE_CHECKING:
    from google.cloud import firestore


@pytest.fixture(params=["memory", "firestore"])
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    if request.param == "memory":
        yield MemoryRuns()
    else:
        from shared.adapters.firestore.runs import FirestoreRuns

        yield FirestoreRuns(request.getfixturevalue("database"), no_sleep)


def a_run(count: int, minute: int = 0, paper: Paper = Paper.INVOICE) -> Run:
    """A start that plans so many drafts."""
    drafts = tuple(PlannedDraft(f"p{n}@home.example", f"{n:064x}", Money(n, "EUR")) for n in range(count))
    return Run(paper, at(0), at(1440), at(minute), "root", drafts, 3)


def test_before_any_start_there_is_nothing(runs: Runs) -> None:
    assert runs.get(run_id_of(Paper.INVOICE, at(0), at(1440))) is None


@pytest.mark.parametrize("count", [0, 1, 4500])
def test_a_start_comes_back_as_it_was_told_however_large(runs: Runs, count: int) -> None:
    run = a_run(count)
    for _ in range(2):
        runs.put(run)
        assert runs.get(run_id_of(run.paper, run.period_from, run.period_to)) == run


def test_the_last_start_counts_and_each_paper_has_its_own(runs: Runs) -> None:
    first, second, staff = a_run(3), a_run(1, 5), a_run(2, 7, Paper.PAYMENT_ORDER)
    for run in (first, staff, second):
        runs.put(run)
    assert runs.get(run_id_of(Paper.INVOICE, at(0), at(1440))) == second
    assert runs.get(run_id_of(Paper.PAYMENT_ORDER, at(0), at(1440))) == staff


def test_a_run_is_forgotten_after_three_months(database: "firestore.Client") -> None:
    from shared.adapters.firestore.expired import FirestoreExpired, Keeping
    from shared.adapters.firestore.runs import KEPT, FirestoreRuns

    runs, run = FirestoreRuns(database, no_sleep), a_run(2)
    runs.put(run)
    swept = FirestoreExpired(database, no_sleep, Keeping(timedelta(days=1000), timedelta(days=30)))
    assert swept.sweep(run.started_at + KEPT, 300)["runs"] == 0
    assert swept.sweep(run.started_at + KEPT + timedelta(seconds=1), 300)["runs"] == 2
    assert runs.get(run_id_of(run.paper, run.period_from, run.period_to)) is None
