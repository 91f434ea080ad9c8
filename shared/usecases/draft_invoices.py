"""Drafts: what is missing from the ledgers for a period, for one party or for all. A draft is computed anew and never stored.

The same story drafts invoices for payers and payment orders for staff. What cannot be billed yet is a question beside the
draft; it keeps its own line back and no other. Classes before a period are looked at again for corrections, as far back as
`LOOK_BACK`; what was billed for older ones stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from shared.billing_ports import PREFIXES, AdHoc, DocumentFilter, Extras, Ledger, Parties, Party
from shared.domain.charges import Question, Side, item_id_of
from shared.domain.drafts import drafted
from shared.domain.errors import InvalidInput
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper, hash_of, reversal_of
from shared.domain.packages import Package
from shared.people_ports import People, PersonFilter
from shared.ports import Clock
from shared.usecases.price_classes import Kept, PriceClasses, Prices

LOOK_BACK = timedelta(days=100)
LONGEST = timedelta(days=366)
MOST_WARDS = 100
V = TypeVar("V")
SIDES = {Paper.INVOICE: Side.CHARGE, Paper.PAYMENT_ORDER: Side.PAY}


@dataclass(frozen=True, slots=True)
class Period:
    """The classes that start from `start` on and before `end`; raises `InvalidInput` where that is no time, or too long."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise InvalidInput("to", "The period ends before it begins; give a `to` that is later than `from`.")
        if self.end - self.start > LONGEST:
            raise InvalidInput("to", f"A period is at most {LONGEST.days} days long; give several.")


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be issued to a party in one currency. `spent` are the ad hoc rows among its lines."""

    party: Party
    paper: Paper
    currency: str
    period: Period
    lines: tuple[Line, ...]
    spent: tuple[AdHoc, ...] = ()

    @property
    def document(self) -> Document:
        """The draft as a document without number, for its sums."""
        return document_of(self.paper, self.party.email, self.currency, self.period, self.lines)

    @property
    def digest(self) -> str:
        """What the draft says, as a hash: whoever issues names the one that was reviewed."""
        return digest_of(self.paper, self.party.email, self.currency, self.period, self.lines)


@dataclass(frozen=True, slots=True)
class Drafts:
    """Drafts by party and currency, and what has to be answered before more can be billed."""

    drafts: tuple[Draft, ...]
    questions: tuple[Question, ...]


def document_of(paper: Paper, party: str, currency: str, period: Period, lines: tuple[Line, ...]) -> Document:
    """A document that is not issued: nothing in it depends on who issues it or when."""
    return Document(
        document_id="",
        paper=paper,
        number="",
        party=party,
        currency=currency,
        period_from=period.start,
        period_to=period.end,
        lines=lines,
        issued_at=period.end,
        due_at=period.end,
        issued_by="",
        seq=0,
        previous_hash="",
    )


def digest_of(paper: Paper, party: str, currency: str, period: Period, lines: tuple[Line, ...]) -> str:
    """What a draft says, as 64 hexadecimal digits."""
    return hash_of(document_of(paper, party, currency, period, lines))


def is_of(document: Document, paper: Paper) -> bool:
    """Whether a document is of a side: of its paper, or a credit note that takes one of these back."""
    return document.paper is paper or (document.cancels or "").startswith(PREFIXES[paper])


def of_paper(documents: Iterable[Document], paper: Paper) -> tuple[Document, ...]:
    """The documents of one side."""
    return tuple(each for each in documents if is_of(each, paper))


def kept_by(documents: Iterable[Document]) -> dict[str, Kept]:
    """Who was billed for each item, as far as it was not taken back."""
    lines = [(each, line) for each in documents for line in each.lines if line.item_id is not None and line.package_id is None]
    # A line that takes another back is about the same item: of most items there is none, and nothing to look for.
    taken_back: dict[str | None, set[str]] = {}
    for _, line in lines:
        if line.kind is LineKind.REVERSAL:
            taken_back.setdefault(line.item_id, set()).add(line.line_id)
    return {
        line.item_id or "": Kept(each.party, each.currency)
        for each, line in lines
        if line.kind is not LineKind.REVERSAL
        and (line.item_id not in taken_back or reversal_of(line.line_id) not in taken_back[line.item_id])
    }


@dataclass(frozen=True)
class DraftInvoices:
    """Draft what is missing up to now."""

    price: PriceClasses
    people: People
    parties: Parties
    ledger: Ledger
    extras: Extras
    clock: Clock
    look_back: timedelta = LOOK_BACK

    def of_payer(self, email: str, period: Period) -> Drafts:
        """The drafts of one payer's invoices, one for each currency; raises `Unavailable`."""
        known = self.parties.get(email)
        party = known.value if known else Party(email, self.price.currency)
        own = of_paper(self.ledger.of_party(email), Paper.INVOICE)
        start, end = self._time(period)
        billed = {line.person for each in own for line in each.lines if line.person and _is_in(line, start, end)}
        wards = self.people.page(PersonFilter(guardian_email=email), MOST_WARDS, None).items
        students = sorted({*party.students, *(each.email for each in wards), email, *billed})
        kept = kept_by([*self._billed_elsewhere(students, email, start), *own])
        prices = self.price.of_students(students, start, end, kept)
        sharers = sorted({each.person for each in prices.items if each.side is Side.CHARGE} - set(students))
        if sharers:  # they share the price as they were billed, whatever the currency of their payer is now
            kept = kept_by([*self._billed_elsewhere([*students, *sharers], email, start), *own])
            prices = self.price.of_students(students, start, end, kept)
        drafts = self._drafts(
            party,
            Paper.INVOICE,
            period,
            _Case(prices, _asked(prices), own, self.extras.waiting(email), self._packages(email, own)),
        )
        mine = {student for student, payer in prices.payer_of.items() if payer.email == email}
        questions = [q for q in prices.questions if q.side is Side.CHARGE and (q.person is None or _asks(q, kept, mine, email))]
        return Drafts(tuple(drafts), _of_period(questions, period))

    def of_staff(self, email: str, period: Period) -> Drafts:
        """The drafts of what one of the staff is to be paid; raises `Unavailable`."""
        known = self.parties.get(email)
        party = known.value if known else Party(email, self.price.currency)
        own = of_paper(self.ledger.of_party(email), Paper.PAYMENT_ORDER)
        start, end = self._time(period)
        prices = self.price.of_staff(email, start, end, kept_by(own))
        drafts = self._drafts(party, Paper.PAYMENT_ORDER, period, _Case(prices, _asked(prices), own, self.extras.waiting(email)))
        questions = [each for each in prices.questions if each.side is Side.PAY and each.person == email]
        return Drafts(tuple(drafts), _of_period(questions, period))

    def of_party(self, email: str, paper: Paper, period: Period) -> Drafts:
        """The drafts of one party for one kind of paper."""
        return self.of_payer(email, period) if paper is Paper.INVOICE else self.of_staff(email, period)

    def of_all(self, paper: Paper, period: Period) -> Drafts:
        """The drafts of everybody: one pass over the classes, their attendance and the ledger; raises `Unavailable`."""
        start, end = self._time(period)
        issued: dict[str, list[Document]] = {}
        for each in self.ledger.stream(DocumentFilter(issued_from=start)):
            issued.setdefault(each.party, []).insert(0, each)
        prices = self.price.of_all(start, end, kept_by(doc for docs in issued.values() for doc in docs))
        waiting = _by_party(self.extras.waiting(None), lambda each: each.party)
        is_charged = paper is Paper.INVOICE  # staff is paid from no package, though it may have bought one
        packages = _by_party(self.extras.packages(None) if is_charged else (), lambda each: each.party)
        makeups = self.ledger.parties_with_makeups(start) if is_charged else frozenset()
        items = _by_party(prices.items, lambda each: each.party)
        asked = _asked(prices)
        emails = sorted(issued.keys() | waiting.keys() | items.keys())
        parties, drafts = self.parties.get_many(emails), []
        for email in emails:
            bought = packages.get(email, [])
            is_whole = bool(bought) or email in makeups or _is_paid_before(issued.get(email, ()))
            own = of_paper(self.ledger.of_party(email) if is_whole else issued.get(email, ()), paper)
            party = parties.get(email) or Party(email, self.price.currency)
            case = _Case(
                replace(prices, items=tuple(items.get(email, ()))), asked, own, waiting.get(email, ()), _valid(bought, own)
            )
            drafts += self._drafts(party, paper, period, case)
        questions = [each for each in prices.questions if each.side is SIDES[paper]]
        return Drafts(tuple(drafts), _of_period(questions, period))

    def _time(self, period: Period) -> tuple[datetime, datetime]:
        """From when on classes are looked at, and up to when: never into the time to come."""
        return period.start - self.look_back, min(period.end, self.clock())

    def _billed_elsewhere(self, students: Sequence[str], email: str, start: datetime) -> list[Document]:
        found = {
            each.document_id: each
            for student in students
            for each in self.ledger.stream(DocumentFilter(person=student, issued_from=start))
            if each.party != email
        }
        return sorted(found.values(), key=lambda each: (each.issued_at, each.seq))

    def _packages(self, email: str, own: Sequence[Document]) -> tuple[Package, ...]:
        return _valid(self.extras.packages(email), own)

    def _drafts(self, party: Party, paper: Paper, period: Period, case: "_Case") -> list[Draft]:
        start, end = self._time(period)
        waiting = [each for each in case.waiting if each.paper is paper]
        side = SIDES[paper]
        items = [each for each in case.prices.items if each.side is side and each.party == party.email]
        currencies = {each.amount.currency for each in items} | {each.line.net.currency for each in waiting}
        currencies |= {each.currency for each in case.own}
        untouched = {
            line.item_id for each in case.own for line in each.lines if line.item_id and not case.may_touch(line, start, end)
        }
        drafts = []
        for currency in sorted(currencies):
            spent = tuple(each for each in waiting if each.line.net.currency == currency)
            found = drafted(items, case.asked | untouched, case.own, party.email, currency, case.packages)
            lines = (*_together(found), *(each.line for each in spent))
            if lines:
                drafts.append(Draft(party, paper, currency, period, lines, spent))
        return drafts


@dataclass(frozen=True)
class _Case:
    """What one party's drafts rest on; `asked` are the items about which somebody has to answer a question first."""

    prices: Prices
    asked: frozenset[str]
    own: tuple[Document, ...]
    waiting: Sequence[AdHoc]
    packages: tuple[Package, ...] = ()

    def may_touch(self, line: Line, start: datetime, end: datetime) -> bool:
        """Whether a billed line may be corrected: its class was looked at, and the person still belongs to it."""
        return _is_in(line, start, end) and self.prices.is_in_class(line.session_id or "", line.person or "")


def _asked(prices: Prices) -> frozenset[str]:
    """The items that wait for an answer."""
    return frozenset(item_id_of(each.side, each.session_id, each.person) for each in prices.questions if each.person)


def _is_in(line: Line, start: datetime, end: datetime) -> bool:
    return line.start_at is not None and start <= line.start_at < end


def _asks(question: Question, kept: Mapping[str, Kept], mine: set[str], email: str) -> bool:
    """Whether a question is about what a payer pays for."""
    person = question.person or ""
    billed = kept.get(item_id_of(question.side, question.session_id, person))
    return billed.party == email if billed else person in mine


def _of_period(questions: Iterable[Question], period: Period) -> tuple[Question, ...]:
    """The questions about the period's classes, by start."""
    found = [each for each in questions if period.start <= each.start_at < period.end]
    return tuple(sorted(found, key=lambda each: (each.start_at, each.session_id, each.person or "", each.display_name or "")))


def _valid(packages: Iterable[Package], own: Sequence[Document]) -> tuple[Package, ...]:
    """The packages whose sale was not taken back."""
    ids = {line.line_id for each in own for line in each.lines}
    return tuple(each for each in packages if reversal_of(ad_hoc_line_id(each.package_id)) not in ids)


def ad_hoc_line_id(ad_hoc_id: str) -> str:
    """The id of the line of something ad hoc; a package has the id of what it was bought by."""
    return stable_id("line", "ad_hoc", ad_hoc_id)


def _together(lines: Sequence[Line]) -> list[Line]:
    """The lines with those about one item side by side, so that no item is ever torn apart over two documents."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.item_id or line.line_id, []).append(line)
    return [line for group in groups.values() for line in group]


def _is_paid_before(documents: Iterable[Document]) -> bool:
    """Whether lessons that were paid for before play a part: then nothing but the whole ledger says which are left."""
    return any(line.package_id or line.makeup_until for each in documents for line in each.lines)


def _by_party(values: Iterable[V], party_of: Callable[[V], str]) -> dict[str, list[V]]:
    found: dict[str, list[V]] = {}
    for value in values:
        found.setdefault(party_of(value), []).append(value)
    return found
