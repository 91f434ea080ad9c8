"""Invoices: what a payer owes for a period, drafted anew from evidence until it is issued, and frozen from then on.

Everything that was ever issued is the ledger. A draft is the difference between what follows from the evidence now and what
the ledger says already: so whatever was billed is billed once, and what changes after it was billed becomes an adjustment
that names its cause. The same holds for what is paid to teachers.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.charges import Item, Side
from shared.domain.ids import stable_id
from shared.domain.money import Money, rounded, total, zero


class LineKind(StrEnum):
    """What a line is: a class, a later correction of one, something else, time that was paid before, or a line taken back."""

    CLASS = "class"
    ADJUSTMENT = "adjustment"
    AD_HOC = "ad_hoc"
    PACKAGE = "package"
    REVERSAL = "reversal"


class Paper(StrEnum):
    """What an issued document is: a bill, its cancellation, or what a teacher is to be paid."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT_ORDER = "payment_order"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `net` is without tax; `item_id` and `seq` say the how-manieth line about what it is.

    `digest` is what it rested on, `corrects` the number of the document that it changes, and `cause` why.
    """

    line_id: str
    kind: LineKind
    description: str
    net: Money
    tax_basis_points: int = 0
    item_id: str | None = None
    seq: int = 0
    session_id: str | None = None
    person: str | None = None
    teacher_email: str | None = None
    course_id: str | None = None
    start_at: datetime | None = None
    how: str | None = None
    digest: str | None = None
    corrects: str | None = None
    cause: str | None = None
    package_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on all lines of one rate, rounded once."""

    basis_points: int
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Document:
    """Something that was issued. It never changes; `content_hash` covers it, and the one before of the same party.

    `cancels` is the number of the document that a credit note takes back.
    """

    document_id: str
    paper: Paper
    number: str
    party: str
    currency: str
    period_from: datetime
    period_to: datetime
    lines: tuple[Line, ...]
    issued_at: datetime
    due_at: datetime
    issued_by: str
    seq: int
    previous_hash: str
    cancels: str | None = None
    content_hash: str = ""

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """The taxes, by rate."""
        return taxes_of(self.lines, self.currency)

    @property
    def net(self) -> Money:
        """All lines without tax."""
        return total((line.net for line in self.lines), self.currency)

    @property
    def gross(self) -> Money:
        """What is owed: all lines with tax."""
        return self.net + total((each.tax for each in self.taxes), self.currency)


@dataclass(frozen=True, slots=True)
class Package:
    """Lessons that were paid for before: for one student or any of the payer's, for one course or any."""

    package_id: str
    party: str
    currency: str
    lessons: int
    bought_at: datetime
    good_until: datetime | None = None
    student: str | None = None
    course_id: str | None = None
    name: str = "Package"

    def covers(self, line: Line) -> bool:
        """Whether a class's line may be paid from it."""
        start = line.start_at
        return (
            line.kind is LineKind.CLASS
            and line.net.currency == self.currency
            and line.net.amount_minor > 0
            and start is not None
            and start >= self.bought_at
            and (self.good_until is None or start < self.good_until)
            and self.student in (None, line.person)
            and self.course_id in (None, line.course_id)
        )


def drafted(
    items: Iterable[Item],
    open_items: Iterable[str],
    ledger: Sequence[Document],
    party: str,
    currency: str,
    packages: Sequence[Package] = (),
) -> tuple[Line, ...]:
    """The lines that are missing from a party's ledger, by the class's start.

    `items` is all that follows from the evidence now, for classes up to the period's end; what is in the ledger and in no item
    any more is taken back, unless it is an open question (`open_items`): then it stays as it is until somebody answers.
    """
    own = {item.item_id: item for item in items if item.party == party and item.amount.currency == currency}
    billed = _billed(ledger, currency)
    waiting = set(open_items)
    lines = [
        line
        for item_id in sorted(own.keys() | (billed.keys() - waiting))
        if item_id not in waiting and (line := _missing(own.get(item_id), billed.get(item_id, ()), party, currency))
    ]
    lines.sort(key=lambda line: (line.start_at is None, line.start_at, line.line_id))
    given_back = _given_back(lines, ledger)
    return (*lines, *given_back, *_from_packages(lines, given_back, ledger, packages))


def used_lessons(package_id: str, ledger: Iterable[Document]) -> int:
    """How many lessons of a package are used: its lines, less those that were taken back, which may be taken back again."""
    lines = [line for each in ledger for line in each.lines if line.package_id == package_id]
    return sum(1 if line.net.amount_minor < 0 else -1 for line in lines)


def taxes_of(lines: Iterable[Line], currency: str) -> tuple[Tax, ...]:
    """The taxes on lines, by rate: one rounding for each rate, on the sum of its lines."""
    sums: dict[int, Money] = {}
    for line in lines:
        if line.tax_basis_points:
            sums[line.tax_basis_points] = sums.get(line.tax_basis_points, zero(currency)) + line.net
    return tuple(
        Tax(points, net, Money(rounded(net.amount_minor * points, 10_000), currency)) for points, net in sorted(sums.items())
    )


def number_of(paper: Paper, seq: int, prefixes: Mapping[Paper, str]) -> str:
    """The number that people see, without gaps within a kind of paper."""
    return f"{prefixes[paper]}{seq:06d}"


def sealed(document: Document) -> Document:
    """The document with the hash of all that it says, and of the one before it."""
    return replace(document, content_hash=hash_of(document))


def hash_of(document: Document) -> str:
    """The hash of what a document says, in hexadecimal digits of SHA-256."""
    told = json.dumps(_plain(replace(document, content_hash="")), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def broken_links(documents: Sequence[Document]) -> tuple[str, ...]:
    """The numbers of a party's documents, the oldest first, that do not say what they said when they were issued."""
    previous, broken = "", []
    for each in documents:
        if each.content_hash != hash_of(each) or each.previous_hash != previous:
            broken.append(each.number)
        previous = each.content_hash
    return tuple(broken)


def reversed_lines(document: Document) -> tuple[Line, ...]:
    """The lines of a credit note that takes a document back whole: the classes can be billed again."""
    return tuple(
        replace(
            line,
            line_id=stable_id("line", "reversal", line.line_id),
            kind=LineKind.REVERSAL,
            description=f"Taken back: {line.description}",
            net=-line.net,
            corrects=document.number,
        )
        for line in document.lines
    )


def _billed(ledger: Iterable[Document], currency: str) -> dict[str, tuple[tuple[str, Line], ...]]:
    """The lines about each item so far, with the number of their document."""
    found: dict[str, tuple[tuple[str, Line], ...]] = {}
    for each in ledger:
        for line in each.lines:
            if line.item_id is not None and line.net.currency == currency and line.package_id is None:
                found[line.item_id] = (*found.get(line.item_id, ()), (each.number, line))
    return found


def _missing(item: Item | None, billed: Sequence[tuple[str, Line]], party: str, currency: str) -> Line | None:
    """The line that brings the ledger to what follows now; None where it is there already."""
    already = total((line.net for _, line in billed), currency)
    if item is not None and (
        not billed or all(line.kind is LineKind.REVERSAL or _is_taken_back(line, billed) for _, line in billed)
    ):
        return _first(item, party, len(billed))
    wanted = item.amount if item is not None else zero(currency)
    if wanted == already or not billed:
        return None
    number, last = billed[-1]
    cause = "it follows from the class no more" if item is None else f"it is now {item.status.value}: {item.how}"
    return replace(
        last,
        line_id=stable_id("line", last.item_id or "", party, str(len(billed))),
        kind=LineKind.ADJUSTMENT,
        description=_described(item) if item is not None else last.description.removeprefix("Taken back: "),
        net=wanted - already,
        tax_basis_points=item.tax_basis_points if item is not None else last.tax_basis_points,
        seq=len(billed),
        how=item.how if item is not None else None,
        digest=item.digest if item is not None else None,
        corrects=number,
        cause=f"{cause}; billed so far was {already.text}",
    )


def _is_taken_back(line: Line, billed: Sequence[tuple[str, Line]]) -> bool:
    return any(other.line_id == stable_id("line", "reversal", line.line_id) for _, other in billed)


def _first(item: Item, party: str, seq: int) -> Line | None:
    """The first line about an item, or the first after all before it were taken back; nothing owed needs none."""
    if item.amount.amount_minor == 0:
        return None
    return Line(
        line_id=stable_id("line", item.item_id, party, str(seq)),
        kind=LineKind.CLASS,
        description=_described(item),
        net=item.amount,
        tax_basis_points=item.tax_basis_points,
        item_id=item.item_id,
        seq=seq,
        session_id=item.session_id,
        person=item.person,
        teacher_email=item.teacher_email,
        course_id=item.course_id,
        start_at=item.start_at,
        how=item.how,
        digest=item.digest,
    )


def _described(item: Item) -> str:
    who = item.person if item.side is Side.CHARGE else item.party
    return f"{item.subject}, {who}"


def _given_back(lines: Sequence[Line], ledger: Sequence[Document]) -> list[Line]:
    """Lessons that come back to their package because the class that they paid is corrected."""
    corrected = {line.item_id for line in lines if line.kind is LineKind.ADJUSTMENT}
    paid: dict[tuple[str | None, str], list[tuple[str, Line]]] = {}
    for each in ledger:
        for line in each.lines:
            if line.package_id is not None and line.item_id in corrected:
                paid.setdefault((line.item_id, line.package_id), []).append((each.number, line))
    found = []
    for told in paid.values():
        still = sum(line.net.amount_minor for _, line in told)
        number, last = next(((number, line) for number, line in reversed(told) if line.net.amount_minor < 0), told[-1])
        if still < 0:
            found.append(
                replace(
                    last,
                    line_id=stable_id("line", "given_back", last.line_id),
                    kind=LineKind.REVERSAL,
                    description=f"Taken back: {last.description}",
                    net=Money(-still, last.net.currency),
                    corrects=number,
                )
            )
    return found


def _from_packages(
    lines: Sequence[Line], given_back: Sequence[Line], ledger: Sequence[Document], packages: Sequence[Package]
) -> list[Line]:
    """Lines that pay classes from packages, the package that ends first at the head, each class from one."""
    back = {line.item_id: -line.net.amount_minor for line in given_back}
    returned = [line.package_id for line in given_back]
    left = {
        each.package_id: each.lessons - used_lessons(each.package_id, ledger) + returned.count(each.package_id)
        for each in packages
    }
    order = sorted(packages, key=lambda p: (p.good_until is None, p.good_until or p.bought_at, p.bought_at, p.package_id))
    found = []
    for line in lines:
        paid = replace(line, kind=LineKind.CLASS, net=Money(line.net.amount_minor - back.get(line.item_id, 0), line.net.currency))
        is_class = line.kind is LineKind.CLASS or line.item_id in back
        package = next((each for each in order if is_class and left[each.package_id] > 0 and each.covers(paid)), None)
        if package is not None:
            left[package.package_id] -= 1
            used = package.lessons - left[package.package_id]
            found.append(
                replace(
                    paid,
                    line_id=stable_id("line", "package", line.line_id),
                    kind=LineKind.PACKAGE,
                    description=f"{package.name}: lesson {used} of {package.lessons}",
                    net=-paid.net,
                    how=None,
                    corrects=None,
                    cause=None,
                    package_id=package.package_id,
                )
            )
    return found


def _plain(value: object) -> object:
    """A value of the domain as JSON can say it; what is empty is left out, so that fields of later versions change no hash."""
    if hasattr(value, "__dataclass_fields__"):
        told = {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        return {name: each for name, each in told.items() if each not in (None, "", [])}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value
