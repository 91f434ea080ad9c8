"""A month's books, killed at every commit in turn and begun again: they say the same as if nothing had happened."""

import signal
import subprocess
import sys

import pytest
from google.cloud import firestore

from infra.local.settings import REPOSITORY
from shared import system
from shared.adapters.firestore.store import connect
from shared.domain.invoices import Document, Paper
from shared.domain.payments import Payment
from shared.ports import TaskKind
from tests.billed import DECEMBER, JANUARY
from tests.books import Books, overpaid_lessons, troubles_of
from tests.builders import minutes
from tests.journeys.stored_month import Watched, again, over, stored, story, told
from tests.recomputed import expected
from tests.shaky import Died, ShakyClient
from tests.tracked import BOSS

Told = tuple[list[Document], list[Payment], set[str]]
FEWEST_COMMITS = 12
# Each way plays the story as often as it has commits.
pytestmark = pytest.mark.timeout(1500)


def a_project() -> str:
    return f"demo-{system.new_id()[:12]}"


def played(line: Watched) -> Books:
    """The story with its line disturbed; whoever died is followed by an instance that begins the step again."""
    calm = connect(a_project())
    books = stored(calm)
    doomed = again(books, ShakyClient(calm.project, line))
    for step in story():
        try:
            step(doomed)
        except Died:
            doomed = again(doomed, calm)
            step(doomed)
    return again(books, calm)


@pytest.fixture(scope="module")
def undisturbed(emulator: str) -> tuple[Told, int]:  # noqa: ARG001 - the clients find it by the environment
    """What the books say when nothing breaks, and how many commits that takes."""
    line = Watched()
    books = played(line)
    now = books.month.school().recomputed(JANUARY.end)
    assert {place: minor for place, minor in expected(now, books.said()).items() if minor} == books.said()
    assert troubles_of(books.ledger) == []
    assert overpaid_lessons(books.ledger) == []
    assert {each.paper for each in books.ledger} == set(Paper)
    assert line.changes == []
    return told(books), line.commits


@pytest.mark.parametrize("way", ["died before", "died after", "lost reply"])
def test_disturbed_at_any_commit_the_books_say_the_same(undisturbed: tuple[Told, int], way: str) -> None:
    wanted, commits = undisturbed
    assert commits > FEWEST_COMMITS
    for number in range(1, commits + 1):
        line = Watched(at=number, way=way)
        assert told(played(line)) == wanted, f"{way} {number} of {commits}"
        assert line.commits >= number
        assert line.changes == []


@pytest.mark.parametrize("dies_after", [1, 2])
def test_a_process_that_is_killed_at_work_is_followed_by_another_and_nothing_is_billed_twice(
    database: firestore.Client, dies_after: int
) -> None:
    books = stored(database)
    clock = books.billed.house.clock
    clock.at = DECEMBER.end + minutes(10)
    books.billed.run.start(Paper.INVOICE, DECEMBER, BOSS)
    orders = [task.about for task in books.billed.house.tasks.of(TaskKind.ISSUE)]
    assert works(database.project, clock().isoformat(), orders, dies_after) == -signal.SIGKILL
    assert len(again(books, database).ledger) == dies_after
    assert works(database.project, clock().isoformat(), orders, 0) == 0
    ledger = over(database, clock, books.billed.house.tasks)
    documents = [each for party in books.parties for each in ledger.ledger.of_party(party)]
    assert len(documents) == len(orders)
    assert troubles_of(documents) == []
    assert ledger.run.progress(Paper.INVOICE, DECEMBER).left == ()


def works(project: str, now: str, orders: list[str], dies_after: int) -> int:
    """A process that works through orders; what it ended with."""
    command = (sys.executable, "-m", "tests.journeys.month_process", project, now, str(dies_after))
    return subprocess.run(command, cwd=REPOSITORY, input="\n".join(orders), text=True, check=False, timeout=120).returncode
