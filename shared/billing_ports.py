"""Ports about money: plans and who they are given to, parties, what was issued, what was paid.

Each is a protocol with a suite in tests/contracts. What was issued is only added; so are payments, packages and versions.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, Paper
from shared.domain.money import Money
from shared.domain.packages import Package
from shared.domain.payments import Payment
from shared.domain.rate_plans import Assignment, RatePlan
from shared.ports import Page, Versioned

PREFIXES: Mapping[Paper, str] = {Paper.INVOICE: "INV-", Paper.CREDIT_NOTE: "CN-", Paper.PAYMENT_ORDER: "PO-"}
"""What the numbers of each paper begin with."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who pays or is paid, by address. `students` are those whose bills go to them, in the order they were entered."""

    email: str
    currency: str
    name: str | None = None
    postal_address: str | None = None
    students: tuple[str, ...] = ()
    due_days: int = 14
    rev: int = 1


@dataclass(frozen=True, slots=True)
class AdHoc:
    """Something that is charged, paid or taken off beside classes; it waits for the party's next document of its `paper`."""

    ad_hoc_id: str
    party: str
    line: Line
    at: datetime
    by: str
    package: Package | None = None
    paper: Paper = Paper.INVOICE


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a party's ledger: how many documents there are and the last one's hash. Whoever issues swaps it."""

    party: str
    documents: int = 0
    last_hash: str = ""
    rev: int = 0


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list holds; None does not filter. `issued_*` are about when they were issued, `due_*` when they are due.

    `person` asks for documents with a line about that person, whoever the party is. A time of issue and a time to pay are not
    asked for at once.
    """

    party: str | None = None
    paper: Paper | None = None
    issued_from: datetime | None = None
    issued_before: datetime | None = None
    person: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None

    @property
    def is_by_due(self) -> bool:
        """Whether it asks when documents are due; such a list begins with the one that is due first."""
        return self.due_from is not None or self.due_before is not None


@dataclass(frozen=True, slots=True)
class PlannedDraft:
    """A draft that a run is to issue: whose, in which currency, by its digest, and what it comes to with tax."""

    party: str
    digest: str
    gross: Money


@dataclass(frozen=True, slots=True)
class Run:
    """What a period's run was to issue when it was started last, and how many questions were open then."""

    paper: Paper
    period_from: datetime
    period_to: datetime
    started_at: datetime
    by: str
    drafts: tuple[PlannedDraft, ...]
    questions: int


def run_id_of(paper: Paper, period_from: datetime, period_to: datetime) -> str:
    """The id of a period's run, however often it is started."""
    return stable_id("run", paper, period_from.isoformat(), period_to.isoformat())


def document_id_of(party: str, paper: Paper, documents: int) -> str:
    """The id of what is issued to a party after so many documents; whoever issues the same at once meets there."""
    return stable_id("document", party, paper, str(documents))


class RatePlans(Protocol):
    """Every version of every plan, and what plans were given to."""

    def all(self) -> tuple[RatePlan, ...]:
        """All versions of all plans, by plan and version. May be a minute old."""

    def add(self, plan: RatePlan) -> bool:
        """Store a version under its number; answers whether the number was free, or holds the same already."""

    def assignments(self) -> tuple[Assignment, ...]:
        """Everything that plans were given to, the oldest first. May be a minute old."""

    def assign(self, assignment: Assignment) -> None:
        """Store one; one that is stored already is fine."""


class Parties(Protocol):
    """Who pays and who is paid."""

    def get(self, email: str) -> Versioned[Party] | None:
        """One party."""

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Party]:
        """The parties that exist among these, by address."""

    def of_students(self, students: Sequence[str]) -> Mapping[str, Party]:
        """The parties to whom the bills of these students go, by student; a student in none is left out.

        Where several name the same student, it is the one whose address comes first.
        """

    def page(self, limit: int, token: str | None) -> Page[Party]:
        """One page of parties by address; raises `NotFound` for a foreign token."""

    def save(self, before: Versioned[Party] | None, after: Party) -> bool:
        """Store one that nobody else changed since; answers whether it did."""


class Ledger(Protocol):
    """What was issued: documents are created once and never changed. Numbers of a paper have no gaps."""

    def tail(self, party: str) -> Versioned[Tail] | None:
        """The end of a party's ledger; None before its first document."""

    def of_party(self, party: str) -> tuple[Document, ...]:
        """Everything that was issued to a party, the oldest first."""

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Document, ...]]:
        """The same of several parties at once; a party to whom nothing was issued is left out."""

    def issue(self, tail: Versioned[Tail] | None, document: Document, spent: Sequence[AdHoc]) -> Document | None:
        """Store a document as the next of its party and paper, in one commit with the tail, the paper's counter and `spent`.

        `document` comes without id, number, seq, previous hash and content hash: the answer has them, whatever stood there. None
        when somebody else issued to the party since the tail was read, or any of `spent` waits no more; the same document told
        again with the same tail is the one that was stored. A lost race for the number is tried again. The note for the outbox
        (`note_of_document`) is stored in the same commit.
        Raises `InvalidInput` for more lines than one document holds, and `Unavailable`.
        """

    def get(self, document_id: str) -> Document | None:
        """One document."""

    def page(self, wanted: DocumentFilter, limit: int, token: str | None) -> Page[Document]:
        """One page of documents, the newest first, or by when they are due; raises `NotFound` for a foreign token."""

    def stream(self, wanted: DocumentFilter) -> Iterator[Document]:
        """All of them, in the same order."""

    def parties_with_makeups(self, good_from: datetime) -> frozenset[str]:
        """The parties who were issued a class that can be made up for by one that starts from then on."""


class Payments(Protocol):
    """What was paid."""

    def add(self, payment: Payment) -> Payment:
        """Store one, with its note for the outbox; where its id is taken, the answer is the one that was stored."""

    def get(self, payment_id: str) -> Payment | None:
        """One payment."""

    def of_party(self, party: str) -> tuple[Payment, ...]:
        """Everything that a party paid, the oldest first."""

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Payment, ...]]:
        """The same of several parties at once; a party that paid nothing is left out."""

    def page(self, party: str | None, limit: int, token: str | None) -> Page[Payment]:
        """One page of payments, the newest first; raises `NotFound` for a foreign token."""

    def stream(self, received_from: datetime | None, received_before: datetime | None) -> Iterator[Payment]:
        """All of a time, the oldest first."""


class Runs(Protocol):
    """What runs were to issue; the last start of each counts."""

    def get(self, run_id: str) -> Run | None:
        """One run; None where none was started."""

    def put(self, run: Run) -> None:
        """Store a start, in place of the one before."""


class Extras(Protocol):
    """Ad hoc charges that wait for the next document, and packages."""

    def add(self, ad_hoc: AdHoc) -> bool:
        """Store one; answers whether its id was new. One that was withdrawn or billed stays so when it is told again."""

    def waiting(self, party: str | None) -> tuple[AdHoc, ...]:
        """Those of a party, or of all, that no document holds yet, the oldest first."""

    def withdraw(self, ad_hoc_id: str) -> bool:
        """Take back one that waits, or was taken back before; False when there is none, or a document holds it."""

    def packages(self, party: str | None) -> tuple[Package, ...]:
        """The packages that a party, or anybody, bought, waiting ones too, the oldest first."""
