"""A month's books over any store: runs, payments and late evidence, beside what the ledger must say after each of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.domain.attendance import Attendance
from shared.domain.invoices import Document, Paper, broken_links
from shared.domain.money import Money
from shared.ports import AttendanceFilter, TaskKind
from shared.usecases.draft_invoices import Period
from shared.usecases.enter_party import ToAdd, ToSell
from shared.usecases.run_period import order_in
from tests.billed import Billed
from tests.builders import minutes
from tests.fake_billing import MemoryLedger
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.month import Month, opened
from tests.recomputed import Key, billed, expected, gross_of, sums
from tests.tracked import BOSS

Place = tuple[str, str, Key]
SIDES = (Paper.INVOICE, Paper.PAYMENT_ORDER)


class RowsOf(MemorySessions):
    """Sessions in memory that find the rows of some sessions without looking at all of them."""

    def __init__(self, month: Month) -> None:
        super().__init__(MemoryEvidence())
        self.month = month

    def stream(self, wanted: AttendanceFilter) -> Iterator[Attendance]:
        """See the port."""
        if wanted.session_ids is None:
            self.attendance = self.month.rows
            yield from super().stream(wanted)
            return
        own = [self.month.rows[row_id] for session_id in wanted.session_ids for row_id in self.month.own.get(session_id, ())]
        yield from sorted(own, key=lambda row: (row.start_at, row.row_id), reverse=True)


@dataclass
class Books:
    """A month over the stories, and what the ledger must say by party, currency and item."""

    month: Month
    billed: Billed
    must: dict[Place, int] = field(default_factory=dict)

    def runs(self, period: Period, sides: Sequence[Paper] = SIDES) -> None:
        """A run for payers and one for staff after a period; then the ledger says what follows from the evidence by then."""
        clock, tasks = self.billed.house.clock, self.billed.house.tasks
        clock.at = max(clock(), period.end) + minutes(10)
        now = self.month.school().recomputed(period.end)
        for paper in sides:
            before = len(tasks.of(TaskKind.ISSUE))
            left = self.billed.run.start(paper, period, BOSS).left
            planned = tasks.of(TaskKind.ISSUE)[before:]
            assert len(planned) == len(left)
            for task in planned:
                assert self.billed.run.one(order_in(task.about))
        fresh, names = expected(now, self.must), {"invoice": "charge", "payment_order": "pay"}
        told = {names[paper] for paper in sides}
        rest = {place: minor for place, minor in self.must.items() if place[2][0] not in told}
        self.must = rest | {place: minor for place, minor in fresh.items() if place[2][0] in told}

    def takes_back(self, document: Document) -> None:
        """A document is voided: what it said about classes is billed no more."""
        if not any(each.cancels == document.number for each in self.ledger):
            for place, minor in billed([document]):
                self.must[place] = self.must.get(place, 0) - minor
            self.must = {place: minor for place, minor in self.must.items() if minor}
        self.billed.house.clock.passes(minutes(1))
        self.billed.issue.void(document.document_id, BOSS)

    def sells(self, party: str, key: str, lessons: int | None, minor: int, currency: str) -> None:
        """Something beside classes, or a package of lessons."""
        sold = ToSell(lessons, good_from=self.billed.house.clock()) if lessons else None
        self.billed.extras(ToAdd(party, key, f"{key}, as agreed", Money(minor, currency), 1900, package=sold), BOSS)

    @property
    def ledger(self) -> list[Document]:
        """All that was issued."""
        if isinstance(self.billed.ledger, MemoryLedger):
            return list(self.billed.ledger.kept.values())
        return [each for party in self.parties for each in self.billed.ledger.of_party(party)]

    @property
    def parties(self) -> list[str]:
        """Everybody to whom something may be issued."""
        payers = {self.month.school().payer(student).email for student in self.month.students}
        return sorted({*payers, *self.month.teachers, *(each.email for each in self.month.parties)})

    def said(self) -> dict[Place, int]:
        """What the ledger says by party, currency and item."""
        return sums(billed(self.ledger))


def in_memory(month: Month) -> Books:
    """A month's books over the stores in memory."""
    made = Billed()
    assert isinstance(made.house.classes, MemoryClasses)
    made.house.classes.add(list(month.classes.values()), None)
    return Books(month, opened(month, Billed(made.tracked, made.shop, RowsOf(month))))


def troubles_of(documents: Iterable[Document]) -> list[str]:
    """What is wrong with documents by themselves: gaps and doubles in numbers, broken chains, lines told twice, wrong sums."""
    every = sorted(documents, key=lambda each: (each.paper, each.seq))
    found = []
    for paper in Paper:
        seqs = [each.seq for each in every if each.paper is paper]
        if seqs != list(range(1, len(seqs) + 1)):
            found.append(f"the numbers of {paper} are {seqs}")
    if len({each.number for each in every}) != len(every):
        found.append("a number is there twice")
    found += [f"{each.number} adds up to {each.gross.text}" for each in every if each.gross.amount_minor != gross_of(each.lines)]
    lines = Counter((each.party, line.line_id) for each in every for line in each.lines)
    found += [f"line {line_id} of {party} is there {count} times" for (party, line_id), count in lines.items() if count > 1]
    for party in sorted({each.party for each in every}):
        own = [each for each in every if each.party == party]
        found += [f"{number} of {party} is not what it was" for number in broken_links(_chained(own))]
    return found


def _chained(documents: Sequence[Document]) -> list[Document]:
    """A party's documents in the order of their hashes, from the one that has none before it."""
    after = {each.previous_hash: each for each in documents}
    chain, last = [], ""
    while last in after:
        chain.append(after.pop(last))
        last = chain[-1].content_hash
    return [*chain, *after.values()]


def overpaid_lessons(documents: Iterable[Document]) -> list[str]:
    """Where lessons that were paid for before pay more than a class, or less than nothing."""
    every = list(documents)
    paid = sums(
        ((each.party, each.currency, line.session_id, line.person), line.net.amount_minor)
        for each in every
        for line in each.lines
        if line.package_id is not None
    )
    owed = sums(
        ((each.party, each.currency, line.session_id, line.person), line.net.amount_minor)
        for each in every
        for line in each.lines
        if line.package_id is None and line.session_id is not None and not each.number.startswith("PO-")
    )
    return [f"{place}: {minor} of {owed.get(place, 0)}" for place, minor in paid.items() if not -owed.get(place, 0) <= minor <= 0]
