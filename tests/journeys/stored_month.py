"""A small month on Firestore's emulator, and its story in steps that may each be begun again: what queues and people do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.classes import document_of
from shared.adapters.firestore.extras import FirestoreExtras
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.parties import FirestoreParties
from shared.adapters.firestore.payments import FirestorePayments
from shared.adapters.firestore.rate_plans import FirestoreRatePlans
from shared.adapters.firestore.review_queue import FirestoreReviewQueue
from shared.adapters.firestore.runs import FirestoreRuns
from shared.adapters.firestore.sessions import row_document
from shared.domain.invoices import Document, Paper
from shared.domain.payments import Payment
from shared.ports import TaskKind
from shared.usecases.draft_invoices import Period
from shared.usecases.run_period import order_in
from tests.bench.store import fill
from tests.billed import DECEMBER, JANUARY, Billed, Shop
from tests.books import SIDES, Books
from tests.builders import minutes
from tests.conftest import firestore_house
from tests.fake_user_sessions import desk_over
from tests.fakes import Clock, FakeTasks, no_sleep
from tests.month import a_month, opened
from tests.shaky import Line
from tests.tracked import BOSS, Tracked

CLASSES, STUDENTS, POOL, TEACHERS = 8, 3, 4, 2
Step = Callable[[Books], None]


@dataclass
class Watched(Line):
    """A line that notes every write to an issued document that does not create it."""

    changes: list[str] = field(default_factory=list)

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """See the base."""
        if client_call_details.method.endswith("/Commit"):
            for write in request.writes:
                name, condition = write.delete or write.update.name, write.current_document
                creates = condition.WhichOneof("condition_type") == "exists" and not condition.exists
                if "/documents/documents/" in name and not creates:
                    self.changes.append(name)
        return super().intercept_unary_unary(continuation, client_call_details, request)


def over(client: firestore.Client, clock: Clock, tasks: FakeTasks) -> Billed:
    """The stories over a database, as an instance has them that has just started."""
    house = replace(firestore_house(client), clock=clock, tasks=tasks)
    shop = Shop(
        FirestoreRatePlans(client, no_sleep, lambda: 0.0),
        FirestoreParties(client, no_sleep),
        FirestoreExtras(client, no_sleep),
        FirestoreLedger(client, no_sleep),
        FirestorePayments(client, no_sleep),
        FirestoreRuns(client, no_sleep),
    )
    return Billed(Tracked(house, desk_over(house, client), FirestoreReviewQueue(client)), shop)


def stored(client: firestore.Client) -> Books:
    """A small month, entered into an empty database, with a package and a book that wait to be billed."""
    month = a_month(CLASSES, STUDENTS, POOL, TEACHERS)

    def store(rows: Any, gone: Any) -> None:
        fill(client, ((f"attendance/{row.row_id}", row_document(row)) for row in rows))
        for row_id in gone:
            client.document(f"attendance/{row_id}").delete()

    books = Books(month, over(client, Clock(DECEMBER.start), FakeTasks()))
    fill(client, ((f"classes/{each.class_id}", document_of(each)) for each in month.classes.values()))
    store(month.rows.values(), ())
    opened(month, books.billed)
    month.store = store
    payer = next(each for each in month.parties if each.students)
    books.sells(payer.email, "package", 3, 9900, payer.currency)
    books.sells(payer.email, "book", None, 1299, payer.currency)
    return books


def again(books: Books, client: firestore.Client) -> Books:
    """Another instance after one died: it has the store, the queue and the clock, and nothing else."""
    house = books.billed.house
    return Books(books.month, over(client, house.clock, house.tasks), books.must)


def story() -> list[Step]:
    """December is issued, one bill is taken back and others are paid, evidence comes late, and January adjusts."""
    return [*_run(DECEMBER), _voids, _pays, _learns, *_run(JANUARY)]


def _run(period: Period) -> list[Step]:
    steps: list[Step] = []
    for paper in SIDES:
        steps += [lambda books, paper=paper: _starts(books, paper, period), _works]  # type: ignore[misc]
    return steps


def _starts(books: Books, paper: Paper, period: Period) -> None:
    clock = books.billed.house.clock
    clock.at = max(clock(), period.end + minutes(10))
    books.billed.run.start(paper, period, BOSS)


def _works(books: Books) -> None:
    """The queue gives out its tasks, and gives a task out again whose process died."""
    tasks = books.billed.house.tasks
    for task in tasks.of(TaskKind.ISSUE):
        books.billed.run.one(order_in(task.about))


def _voids(books: Books) -> None:
    books.billed.issue.void(_first(books).document_id, BOSS)


def _pays(books: Books) -> None:
    document = _first(books)
    books.billed.pays(777, "transfer 1", document.number, document.party, document.currency)


def _learns(books: Books) -> None:
    month = books.month
    held = [each for each in month.classes.values() if month.rows_of(each)]
    for each in held:
        month.late_evidence(each)


def _first(books: Books) -> Document:
    return min((each for each in books.ledger if each.paper is Paper.INVOICE), key=lambda each: each.seq)


def told(books: Books) -> tuple[list[Document], list[Payment], set[str]]:
    """All that was issued and paid, and what still waits to be billed."""
    shop = books.billed.shop
    return books.ledger, list(shop.payments.stream(None, None)), {each.ad_hoc_id for each in shop.extras.waiting(None)}
