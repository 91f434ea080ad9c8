"""Fakes of the ports about money, in memory. tests/contracts holds them to what the real adapters do."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.billing_ports import PREFIXES, AdHoc, DocumentFilter, Party, Run, Tail, document_id_of, run_id_of
from shared.domain.bills_told import note_of_document, note_of_payment
from shared.domain.errors import NotFound
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Paper, number_of, sealed
from shared.domain.messages import OutboxRow
from shared.domain.packages import Package
from shared.domain.payments import Payment
from shared.domain.rate_plans import Assignment, RatePlan
from shared.ports import Page, Versioned

Act = Callable[[], object]


@dataclass
class MemoryRatePlans:
    """The port `RatePlans`. `meanwhile` is done once before the next version is stored: what somebody else does then."""

    kept: dict[str, RatePlan] = field(default_factory=dict)
    given: dict[str, Assignment] = field(default_factory=dict)
    meanwhile: Act | None = None

    def all(self) -> tuple[RatePlan, ...]:
        """See the port."""
        return tuple(sorted(self.kept.values(), key=lambda plan: (plan.plan_id, plan.version)))

    def add(self, plan: RatePlan) -> bool:
        """See the port."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        return self.kept.setdefault(plan.version_id, plan) == plan

    def assignments(self) -> tuple[Assignment, ...]:
        """See the port."""
        return tuple(sorted(self.given.values(), key=lambda each: (each.at, each.assignment_id)))

    def assign(self, assignment: Assignment) -> None:
        """See the port."""
        self.given.setdefault(assignment.assignment_id, assignment)


@dataclass
class MemoryParties:
    """The port `Parties`."""

    stored: dict[str, Versioned[Party]] = field(default_factory=dict)
    writes: int = 0

    def put(self, *parties: Party) -> None:
        """Enter parties, whatever was there."""
        for party in parties:
            self.writes += 1
            self.stored[party.email] = Versioned(party, self.writes)

    def get(self, email: str) -> Versioned[Party] | None:
        """See the port."""
        return self.stored.get(email)

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Party]:
        """See the port."""
        return {email: self.stored[email].value for email in emails if email in self.stored}

    def of_students(self, students: Sequence[str]) -> Mapping[str, Party]:
        """See the port."""
        every = [self.stored[email].value for email in sorted(self.stored, reverse=True)]
        payers = {student: party for party in every for student in party.students}
        return {student: payers[student] for student in students if student in payers}

    def page(self, limit: int, token: str | None) -> Page[Party]:
        """See the port."""
        tokens = {stable_id("party", email): email for email in self.stored}
        if token is not None and token not in tokens:
            raise NotFound("No such page.")
        found = [self.stored[email].value for email in sorted(self.stored) if token is None or email > tokens[token]]
        return Page(tuple(found[:limit]), stable_id("party", found[limit - 1].email) if len(found) > limit else None)

    def save(self, before: Versioned[Party] | None, after: Party) -> bool:
        """See the port."""
        now = self.stored.get(after.email)
        if (now.version if now else None) != (before.version if before else None):
            return now is not None and now.value == after
        self.put(after)
        return True


@dataclass
class MemoryExtras:
    """The port `Extras`. `held` are those that a document holds, `withdrawn` those that were taken back."""

    kept: dict[str, AdHoc] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)

    def add(self, ad_hoc: AdHoc) -> bool:
        """See the port."""
        is_new = ad_hoc.ad_hoc_id not in self.kept
        self.kept.setdefault(ad_hoc.ad_hoc_id, ad_hoc)
        return is_new

    def waiting(self, party: str | None) -> tuple[AdHoc, ...]:
        """See the port."""
        found = [each for each in self.kept.values() if party in (None, each.party) and self.waits(each)]
        return tuple(sorted(found, key=lambda each: (each.at, each.ad_hoc_id)))

    def waits(self, ad_hoc: AdHoc) -> bool:
        """Whether it is stored, and neither withdrawn nor in a document."""
        return ad_hoc.ad_hoc_id in self.kept.keys() - self.held - self.withdrawn

    def withdraw(self, ad_hoc_id: str) -> bool:
        """See the port."""
        if ad_hoc_id not in self.kept or ad_hoc_id in self.held:
            return False
        self.withdrawn.add(ad_hoc_id)
        return True

    def packages(self, party: str | None) -> tuple[Package, ...]:
        """See the port."""
        rows = [each for key, each in self.kept.items() if key not in self.withdrawn]
        found = [each.package for each in rows if party in (None, each.party) and each.package is not None]
        return tuple(sorted(found, key=lambda package: (package.bought_at, package.package_id)))


@dataclass
class MemoryLedger:
    """The port `Ledger`, beside the ad hoc rows that documents hold.

    `meanwhile` is done once before the next document is stored: what somebody else does at that time. `outbox` holds the notes
    that are stored with documents.
    """

    extras: MemoryExtras = field(default_factory=MemoryExtras)
    kept: dict[str, Document] = field(default_factory=dict)
    tails: dict[str, Tail] = field(default_factory=dict)
    counters: dict[Paper, int] = field(default_factory=dict)
    of_person: dict[str | None, set[str]] = field(default_factory=dict)
    meanwhile: Act | None = None
    outbox: dict[str, OutboxRow] = field(default_factory=dict)

    def tail(self, party: str) -> Versioned[Tail] | None:
        """See the port."""
        return Versioned(self.tails[party], self.tails[party].rev) if party in self.tails else None

    def of_party(self, party: str) -> tuple[Document, ...]:
        """See the port."""
        return tuple(each for each in self.kept.values() if each.party == party)

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Document, ...]]:
        """See the port."""
        return {party: own for party in parties if (own := self.of_party(party))}

    def issue(self, tail: Versioned[Tail] | None, document: Document, spent: Sequence[AdHoc]) -> Document | None:
        """See the port."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        end = tail.value if tail is not None else Tail(document.party)
        document_id = document_id_of(document.party, document.paper, end.documents)
        if document_id in self.kept:
            return self._if_same(self.kept[document_id], document)
        if self.tails.get(document.party, Tail(document.party)) != end or not all(map(self.extras.waits, spent)):
            return None
        seq = self.counters.get(document.paper, 0) + 1
        number = number_of(document.paper, seq, PREFIXES)
        issued = sealed(
            replace(document, document_id=document_id, number=number, seq=seq, previous_hash=end.last_hash, content_hash="")
        )
        self.kept[document_id] = issued
        for line in issued.lines:
            self.of_person.setdefault(line.person, set()).add(document_id)
        self.counters[document.paper] = seq
        self.tails[document.party] = Tail(document.party, end.documents + 1, issued.content_hash, end.rev + 1)
        self.extras.held |= {each.ad_hoc_id for each in spent}
        note = note_of_document(issued)
        self.outbox[note.row_id] = note
        return issued

    def get(self, document_id: str) -> Document | None:
        """See the port."""
        return self.kept.get(document_id)

    def page(self, wanted: DocumentFilter, limit: int, token: str | None) -> Page[Document]:
        """See the port."""
        found = list(self.stream(wanted))
        if token is not None:
            last = self.kept.get(token)
            if last is None:
                raise NotFound("No such page; start again without page_token.")
            found = found[found.index(last) + 1 :]
        return Page(tuple(found[:limit]), found[limit - 1].document_id if len(found) > limit else None)

    def stream(self, wanted: DocumentFilter) -> Iterator[Document]:
        """See the port."""
        named = self.kept if wanted.person is None else self.of_person.get(wanted.person, ())
        every = sorted((self.kept[each] for each in named), key=lambda each: (each.issued_at, each.document_id), reverse=True)
        if wanted.is_by_due:
            every.sort(key=lambda each: (each.due_at, each.document_id))
        yield from (each for each in every if _suits(each, wanted))

    def parties_with_makeups(self, good_from: datetime) -> frozenset[str]:
        """See the port."""
        lines = ((each.party, line.makeup_until) for each in self.kept.values() for line in each.lines)
        return frozenset(party for party, until in lines if until is not None and until > good_from)

    @staticmethod
    def _if_same(stored: Document, document: Document) -> Document | None:
        given = {"document_id": stored.document_id, "number": stored.number, "seq": stored.seq}
        told = replace(document, **given, previous_hash=stored.previous_hash, content_hash=stored.content_hash)  # type: ignore[arg-type]
        return stored if told == stored else None


@dataclass
class MemoryRuns:
    """The port `Runs`."""

    kept: dict[str, Run] = field(default_factory=dict)

    def get(self, run_id: str) -> Run | None:
        """See the port."""
        return self.kept.get(run_id)

    def put(self, run: Run) -> None:
        """See the port."""
        self.kept[run_id_of(run.paper, run.period_from, run.period_to)] = run


@dataclass
class MemoryPayments:
    """The port `Payments`. `outbox` holds the notes that are stored with payments."""

    kept: dict[str, Payment] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)

    def add(self, payment: Payment) -> Payment:
        """See the port."""
        if payment.payment_id not in self.kept:
            self.kept[payment.payment_id] = payment
            note = note_of_payment(payment)
            self.outbox[note.row_id] = note
        return self.kept[payment.payment_id]

    def get(self, payment_id: str) -> Payment | None:
        """See the port."""
        return self.kept.get(payment_id)

    def of_party(self, party: str) -> tuple[Payment, ...]:
        """See the port."""
        return tuple(each for each in self._sorted() if each.party == party)

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Payment, ...]]:
        """See the port."""
        return {party: own for party in parties if (own := self.of_party(party))}

    def page(self, party: str | None, limit: int, token: str | None) -> Page[Payment]:
        """See the port."""
        found = [each for each in reversed(self._sorted()) if party in (None, each.party)]
        if token is not None:
            last = self.kept.get(token)
            if last is None:
                raise NotFound("No such page; start again without page_token.")
            found = [each for each in found if (each.received_at, each.payment_id) < (last.received_at, last.payment_id)]
        return Page(tuple(found[:limit]), found[limit - 1].payment_id if len(found) > limit else None)

    def stream(self, received_from: datetime | None, received_before: datetime | None) -> Iterator[Payment]:
        """See the port."""
        for each in self._sorted():
            is_late_enough = received_from is None or each.received_at >= received_from
            if is_late_enough and (received_before is None or each.received_at < received_before):
                yield each

    def _sorted(self) -> list[Payment]:
        return sorted(self.kept.values(), key=lambda each: (each.received_at, each.payment_id))


def _suits(document: Document, wanted: DocumentFilter) -> bool:
    """Whether a document is wanted, whoever its lines are about."""
    return (
        wanted.party in (None, document.party)
        and wanted.paper in (None, document.paper)
        and (wanted.issued_from is None or document.issued_at >= wanted.issued_from)
        and (wanted.issued_before is None or document.issued_at < wanted.issued_before)
        and (wanted.due_from is None or document.due_at >= wanted.due_from)
        and (wanted.due_before is None or document.due_at < wanted.due_before)
    )
