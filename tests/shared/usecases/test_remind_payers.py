"""Reminders: one for each invoice and step of days, over both stores, whatever is paid, taken back, run again or cut off."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from shared.billing_ports import DocumentFilter
from shared.domain.errors import Unavailable
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.messages import Delivery, DeliveryState
from shared.domain.money import Money
from shared.domain.payments import Payment
from shared.usecases.remind_payers import LONGEST_REST
from tests.billed import AFTER, MUM, Billed, Shop
from tests.builders import at
from tests.fake_billing import MemoryExtras, MemoryLedger, MemoryPayments
from tests.fake_deliveries import MemoryDeliveries, MemoryOutbox
from tests.fakes import FakeHeartbeat
from tests.told import DAY, HOOK, STEPS, Told, told_in_memory, told_over
from tests.tracked import BOSS

HOUR = timedelta(hours=1)


@pytest.fixture(params=["memory", "firestore"])
def books(request: pytest.FixtureRequest) -> Told:
    return told_in_memory() if request.param == "memory" else told_over(request.getfixturevalue("database"))


def goes_to(books: Told, when: datetime, every: timedelta = DAY) -> None:
    """Time passes, and housekeeping runs ever and again."""
    clock = books.billed.house.clock
    while clock.at < when:
        clock.at = min(clock.at + every, when)
        books.remind()


def issued(books: Told, due_at: datetime, minor: int = 6000, party: str = MUM, name: str = "a") -> Document:
    """An invoice that is due then."""
    ledger, now = books.billed.ledger, books.billed.house.clock()
    line = Line(name, LineKind.AD_HOC, "Algebra", Money(minor, "EUR"))
    document = Document("", Paper.INVOICE, "", party, "EUR", at(0), at(1440), (line,), now, due_at, "root", 0, "")
    stored = ledger.issue(ledger.tail(party), document, ())
    assert stored is not None
    return stored


def test_an_open_invoice_is_told_of_once_for_each_step_to_its_payer_and_to_whoever_listens(books: Told) -> None:
    invoice = books.bills()
    goes_to(books, invoice.due_at + 3 * DAY)
    assert books.told("invoice.overdue") == []
    goes_to(books, invoice.due_at + 3 * DAY + HOUR)
    first, second = books.told("invoice.overdue")
    assert [first[1], second[1]] == [HOOK, MUM]
    assert first[2] == second[2]
    assert (first[2]["number"], first[2]["days_over"], first[2]["document_id"]) == ("INV-000001", 3, invoice.document_id)
    assert first[2]["open"] == first[2]["amount"] == {"amount_minor": 6000, "currency": "EUR"}
    assert (first[2]["due_at"], first[2]["party"]) == ("2027-01-24T12:00:00Z", MUM)
    goes_to(books, invoice.due_at + 40 * DAY)
    assert books.reminders() == Counter({("INV-000001", days): 1 for days in STEPS})


def test_what_is_paid_or_taken_back_before_a_step_is_not_told_of_any_more(books: Told) -> None:
    invoice = books.bills()
    other = issued(books, invoice.due_at, 500, "dad@home.example")
    goes_to(books, invoice.due_at + 4 * DAY)
    books.billed.pays(6000, "all")
    goes_to(books, invoice.due_at + 15 * DAY)
    books.billed.issue.void(other.document_id, BOSS)
    goes_to(books, invoice.due_at + 40 * DAY)
    assert books.reminders() == Counter({("INV-000001", 3): 1, ("INV-000002", 3): 1, ("INV-000002", 14): 1})


def test_what_is_paid_in_part_is_told_of_with_what_is_left(books: Told) -> None:
    invoice = books.bills()
    books.billed.pays(2500, "a")
    goes_to(books, invoice.due_at + 4 * DAY)
    assert [data["open"]["amount_minor"] for _, _, data in books.told("invoice.overdue")] == [3500, 3500]


def test_nobody_is_told_of_nothing_and_of_less_than_nothing_nor_of_what_staff_is_to_be_paid(books: Told) -> None:
    due_at = AFTER + 14 * DAY
    books.billed.house.clock.at = AFTER
    issued(books, due_at, 0)
    issued(books, due_at, -500, name="b")
    ledger = books.billed.ledger
    line = Line("c", LineKind.AD_HOC, "Algebra", Money(900, "EUR"))
    order = Document("", Paper.PAYMENT_ORDER, "", "ada@x.example", "EUR", at(0), at(9), (line,), AFTER, due_at, "root", 0, "")
    assert ledger.issue(None, order, ())
    goes_to(books, due_at + 40 * DAY)
    assert books.told() == []


def test_what_was_set_off_by_a_later_document_is_not_told_of(books: Told) -> None:
    invoice = books.bills()
    issued(books, invoice.due_at + 90 * DAY, -6000)
    goes_to(books, invoice.due_at + 40 * DAY)
    assert books.told() == []


def test_who_was_forgotten_is_not_reminded(books: Told) -> None:
    invoice = books.bills()
    books.forgotten.add([f"email:{MUM}"], "erased-1@erased.invalid", at(0))
    goes_to(books, invoice.due_at + 40 * DAY)
    assert books.told() == []


def test_a_reminder_that_waits_is_dropped_when_the_invoice_is_paid_before_it_goes_out(books: Told) -> None:
    invoice = books.bills()
    goes_to(books, invoice.due_at + 3 * DAY + HOUR)
    books.billed.pays(6000, "just now")
    books.sends()
    assert books.post.tried == []
    found = books.deliveries.page(DeliveryState.DROPPED, 9, None).items
    assert [each.last_error for each in found] == ["The invoice was paid or taken back before the reminder was sent."] * 2
    assert {(each.closed_at, each.next_at) for each in found} == {(books.billed.house.clock.at, None)}


def test_a_reminder_of_what_is_open_still_goes_out(books: Told) -> None:
    invoice = books.bills()
    goes_to(books, invoice.due_at + 3 * DAY + HOUR)
    books.billed.pays(5999, "nearly all")
    books.sends()
    assert sorted(each.target for each, _ in books.post.tried) == [HOOK, MUM]


def test_it_runs_once_an_hour() -> None:
    books = told_in_memory()
    clock = books.billed.house.clock
    clock.at = AFTER
    assert books.remind() == {"reminders": 0, "reminders_moot": 0, "reminders_left": 0}
    clock.passes(timedelta(minutes=59))
    assert books.remind() == {}
    clock.passes(timedelta(minutes=1))
    assert books.remind() != {}


def test_without_steps_nobody_is_reminded_and_nothing_is_read() -> None:
    shop = Shop(ledger=CountedLedger())
    books = Told(Billed(shop=shop), MemoryOutbox())
    books.remind = type(books.remind)(
        books.billed.ledger, books.remind.open, books.tell, books.beat, books.billed.house.clock, ()
    )
    assert books.remind() == {}
    assert books.beat.last() is None


@pytest.mark.parametrize("rest", [LONGEST_REST - HOUR, LONGEST_REST + HOUR])
def test_after_a_long_rest_only_what_fell_due_in_the_last_days_is_told_of(books: Told, rest: timedelta) -> None:
    invoice = books.bills()
    books.remind()
    books.billed.house.clock.at = invoice.due_at + 3 * DAY + rest
    books.remind()
    assert books.reminders() == (Counter({("INV-000001", 3): 1}) if rest < LONGEST_REST else Counter())


def test_where_two_steps_passed_at_once_the_later_one_is_told_of() -> None:
    books = told_in_memory()
    books.remind = type(books.remind)(
        books.billed.ledger, books.remind.open, books.tell, books.beat, books.billed.house.clock, (3, 4, 5)
    )
    invoice = books.bills()
    books.billed.house.clock.at = invoice.due_at + 5 * DAY + HOUR
    assert books.remind()["reminders_moot"] == 2
    assert books.reminders() == Counter({("INV-000001", 5): 1})


def test_a_run_that_lost_its_place_reminds_nobody_again() -> None:
    books = told_in_memory()
    invoice = books.bills()
    goes_to(books, invoice.due_at + 3 * DAY + HOUR)
    for hours in range(1, 96):
        books.beat = FakeHeartbeat()
        books.__post_init__()
        books.billed.house.clock.at = invoice.due_at + 3 * DAY + hours * HOUR
        books.remind()
    assert books.reminders() == Counter({("INV-000001", 3): 1})


def test_reminders_are_not_written_again_when_retention_deletes_them() -> None:
    books = told_in_memory()
    invoice = books.bills()
    kept = books.deliveries
    assert isinstance(kept, MemoryDeliveries)
    seen = set[str]()
    clock = books.billed.house.clock
    while clock.at < invoice.due_at + 80 * DAY:
        clock.passes(6 * HOUR)
        before = set(kept.kept)
        books.remind()
        new = set(kept.kept) - before
        assert not new & seen
        seen |= new
        books.sends()
        closed = {key: each.value.closed_at for key, each in kept.kept.items()}
        for key in [key for key, closed_at in closed.items() if closed_at is not None and closed_at < clock.at - 30 * DAY]:
            del kept.kept[key]
    assert len(seen) == 2 * len(STEPS)


# ---- whatever happens in whatever order


@pytest.mark.parametrize("seed", range(40))
def test_reminders_are_those_of_what_was_open_when_a_run_first_saw_the_step(seed: int) -> None:
    """Against a plain count: at each run, each step that was passed since the run before, if the invoice was owed then."""
    random = Random(seed)
    books = told_in_memory()
    clock = books.billed.house.clock
    clock.at = AFTER
    books.remind()
    invoices = [
        issued(books, AFTER + timedelta(hours=random.randint(1, 200)), 100, f"p{n % 3}@x.example", f"{n}") for n in range(6)
    ]
    gone, expected, last = set[str](), Counter[tuple[str, int]](), clock.at
    while clock.at < AFTER + 45 * DAY:
        if random.random() < 0.05 and len(gone) < len(invoices):
            each = random.choice([each for each in invoices if each.number not in gone])
            gone.add(each.number)
            if random.random() < 0.5:
                books.billed.issue.void(each.document_id, BOSS)
            else:
                books.billed.pays(100, each.number, each.number, each.party)
        clock.passes(timedelta(hours=random.randint(1, 30)))
        books.remind()
        for each in invoices:
            passed = [days for days in STEPS if last <= each.due_at + days * DAY < clock.at]
            if passed and each.number not in gone:
                expected[each.number, passed[-1]] += 1
        last = clock.at
    assert books.reminders() == expected


@pytest.mark.parametrize("dies_at", range(8))
def test_a_run_that_dies_is_done_again_and_nobody_is_reminded_twice_or_not_at_all(dies_at: int) -> None:
    @dataclass
    class Mortal(MemoryDeliveries, FakeHeartbeat):
        left: int = 99

        def add(self, deliveries: tuple[Delivery, ...]) -> None:  # type: ignore[override]
            self.dies()
            super().add(deliveries)
            self.dies()

        def beat(self, ran_at: datetime, summary: object) -> None:
            self.dies()
            FakeHeartbeat.beat(self, ran_at, summary)  # type: ignore[arg-type]
            self.dies()

        def dies(self) -> None:
            self.left -= 1
            if self.left == -1:
                raise Unavailable("It died.")

    store = Mortal()
    books = told_in_memory(deliveries=store, beat=store)
    clock = books.billed.house.clock
    clock.at = AFTER
    for number in range(3):
        issued(books, AFTER + number * HOUR, 100, f"p{number}@x.example")
    clock.at = AFTER + 3 * DAY + 3 * HOUR
    store.left = dies_at
    with pytest.raises(Unavailable):
        books.remind()
    clock.passes(HOUR)
    books.remind()
    assert books.reminders() == Counter({(f"INV-{number:06d}", 3): 1 for number in (1, 2, 3)})


def test_a_run_whose_time_is_up_is_gone_on_with_at_the_next() -> None:
    @dataclass
    class Slow(MemoryLedger):
        books: Told | None = None

        def of_party(self, party: str) -> tuple[Document, ...]:
            if self.books is not None:
                self.books.billed.house.clock.passes(timedelta(seconds=25))
            return super().of_party(party)

    ledger = Slow()
    books = Told(Billed(shop=Shop(extras=ledger.extras, ledger=ledger)), MemoryOutbox(ledger.outbox))
    clock = books.billed.house.clock
    clock.at = AFTER
    for number in range(7):
        issued(books, AFTER + timedelta(minutes=number), 100, f"p{number}@x.example")
    clock.at, ledger.books = AFTER + 3 * DAY + HOUR, books
    counts = [books.remind() for _ in range(4)]
    assert [(each.get("reminders"), each.get("reminders_left")) for each in counts] == [(3, 1), (3, 1), (1, 0), (None, None)]
    assert books.reminders() == Counter({(f"INV-{number:06d}", 3): 1 for number in range(1, 8)})


# ---- what it costs


@dataclass
class CountedLedger(MemoryLedger):
    """A ledger that counts the documents it gives."""

    read: int = 0

    def of_party(self, party: str) -> tuple[Document, ...]:
        found = super().of_party(party)
        self.read += len(found)
        return found

    def stream(self, wanted: DocumentFilter) -> Iterator[Document]:
        for each in super().stream(wanted):
            self.read += 1
            yield each


@dataclass
class CountedPayments(MemoryPayments):
    """The same of payments."""

    read: int = field(default=0)

    def of_party(self, party: str) -> tuple[Payment, ...]:
        found = super().of_party(party)
        self.read += len(found)
        return found


def test_an_hour_reads_what_passed_a_step_in_it_and_the_accounts_of_those_parties_and_nothing_else() -> None:
    ledger, payments = CountedLedger(MemoryExtras()), CountedPayments()
    books = Told(Billed(shop=Shop(extras=ledger.extras, ledger=ledger, payments=payments)), MemoryOutbox(ledger.outbox))
    clock = books.billed.house.clock
    clock.at = AFTER
    for party in range(50):
        for month in range(12):
            issued(books, AFTER + month * 30 * DAY + party * HOUR, 100, f"p{party}@x.example", f"{month}")
            if month < 11:
                books.billed.pays(100, f"{month}", party=f"p{party}@x.example")
    clock.at = AFTER + 333 * DAY
    books.remind()
    costs = []
    for _ in range(4):
        ledger.read = payments.read = 0
        clock.passes(HOUR)
        told = books.remind()["reminders"]
        costs.append((told, ledger.read, payments.read))
    # Of 600 documents: the one that passed a step in this hour, the twelve of its party, and eleven payments.
    assert costs == [(1, 1 + 12, 11)] * 4


def test_the_account_of_a_party_with_several_open_invoices_is_read_once() -> None:
    ledger = CountedLedger(MemoryExtras())
    books = Told(Billed(shop=Shop(extras=ledger.extras, ledger=ledger)), MemoryOutbox(ledger.outbox))
    clock = books.billed.house.clock
    clock.at = AFTER
    for number in range(3):
        issued(books, AFTER + timedelta(minutes=number), 100, name=f"{number}")
    clock.at = AFTER + 3 * DAY + HOUR
    assert books.remind()["reminders"] == 3
    assert ledger.read == 3 + 3
