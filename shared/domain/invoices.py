"""What is issued: invoices, credit notes and payment orders, frozen from then on, each with the hash of all that it says.

Everything that was ever issued is the ledger; its sums are its only truth about money.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

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

    `digest` is what it rested on, `corrects` the number of the document that it changes, and `cause` why. With `makeup_until` the
    class is owed and can be made up for by another one that starts before then. `plan_id` and `plan_version` are its prices.
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
    makeup_until: datetime | None = None
    plan_id: str | None = None
    plan_version: int | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on all lines of one rate, rounded once."""

    basis_points: int
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Document:
    """Something that was issued. It never changes; `content_hash` covers it, and the one before of the same party.

    `cancels` is the number of the document that a credit note takes back. `issuer` is who sends it, `party_name` and
    `postal_address` to whom it goes, as they were on the day that it was issued. `timezone` is the zone in which its times are
    told on paper, by its IANA name; without one they are told in UTC.
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
    issuer: str | None = None
    party_name: str | None = None
    postal_address: str | None = None
    timezone: str | None = None

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

    @property
    def zone(self) -> tzinfo:
        """The zone in which its times are told: the one that was frozen in it, UTC without one."""
        return UTC if self.timezone is None else ZoneInfo(self.timezone)

    @property
    def month(self) -> str:
        """The month in which it was issued, as `2026-11`, where its times are told."""
        return f"{self.issued_at.astimezone(self.zone):%Y-%m}"


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


def reversal_of(line_id: str) -> str:
    """The id of the line that takes a line back."""
    return stable_id("line", "reversal", line_id)


def reversed_lines(document: Document) -> tuple[Line, ...]:
    """The lines of a credit note that takes a document back whole: the classes can be billed again."""
    return tuple(
        replace(
            line,
            line_id=reversal_of(line.line_id),
            kind=LineKind.REVERSAL,
            description=f"Taken back: {line.description}",
            net=-line.net,
            corrects=document.number,
            makeup_until=None,
        )
        for line in document.lines
    )


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
