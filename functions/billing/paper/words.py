"""What a document says on paper, in words: titles, labels, dates and amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from shared.billing_ports import PREFIXES
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTICE = "This document never changes. What is found out later is corrected by a line of a later document, which names this one."
NO_DATE = "—"


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of paper is called, who it goes to, what its due day and its sum are."""

    title: str
    to: str
    due: str | None
    total: str


BILL = Words("Invoice", "Billed to", "Due", "Total due")
CREDIT = Words("Credit note", "Credited to", None, "Total credited")
ORDER = Words("Payment order", "Payable to", "To be paid by", "Total to be paid")
WITHDRAWN = Words("Credit note", "About payments to", None, "Total taken back")
IN_FAVOUR = "Total in your favour"
TO_BE_RETURNED = "Total to be taken off"


def words_of(document: Document) -> Words:
    """The words of a document's kind; a credit note speaks of what it takes back."""
    if document.paper is Paper.CREDIT_NOTE:
        return WITHDRAWN if (document.cancels or "").startswith(PREFIXES[Paper.PAYMENT_ORDER]) else CREDIT
    return BILL if document.paper is Paper.INVOICE else ORDER


def total_of(document: Document) -> str:
    """What the sum is called; one below nothing is owed the other way round."""
    if document.gross.amount_minor >= 0 or document.paper is Paper.CREDIT_NOTE:
        return words_of(document).total
    return IN_FAVOUR if document.paper is Paper.INVOICE else TO_BE_RETURNED


def date_head(document: Document) -> str:
    """What stands over the dates: the zone where it is UTC; another is named beside the address, and by each time of day."""
    return "Date (UTC)" if document.zone is UTC else "Date"


def facts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Label and value of what stands beside the address."""
    words, zone = words_of(document), document.zone
    yield "Number", document.number
    if document.cancels is not None:
        yield "Takes back", document.cancels
    yield "Issued", day(document.issued_at, zone)
    if words.due is not None:
        yield words.due, day(document.due_at, zone)
    yield "Period", period(document.period_from, document.period_to, zone)
    yield "Currency", document.currency
    if document.timezone is not None:
        yield "Times in", document.timezone


def notes_of(line: Line, document: Document) -> Iterator[str]:
    """What stands below a line's description: who taught, how the amount came about, what it corrects and why."""
    zone = document.zone
    if line.kind is LineKind.PACKAGE:
        yield "Paid from a package"
    teacher = f"With {line.teacher_email}" if line.teacher_email not in (None, document.party) else None
    if told := ", ".join(filter(None, (teacher, line.how))):
        yield told
    if line.corrects is not None:
        what = "Takes back a line of" if line.kind is LineKind.REVERSAL else "Corrects"
        cause = f": {line.cause}" if line.cause else ""
        yield f"{what} {line.corrects}{cause}"
    if line.makeup_until is not None:
        yield f"Can be made up for by a class before {day(line.makeup_until, zone)}, {clock(line.makeup_until, zone)}"


def day(at: datetime, zone: tzinfo = UTC) -> str:
    """The day in a zone: `1 Dec 2026`."""
    told = at.astimezone(zone)
    return f"{told.day} {MONTHS[told.month - 1]} {told.year}"


def clock(at: datetime, zone: tzinfo = UTC) -> str:
    """The time of day in a zone, by its short name unless it is UTC: `16:05`, `17:05 CET`, `13:05 UTC-03`."""
    told = at.astimezone(zone)
    short = told.tzname() or ""
    return f"{told:%H:%M}" if zone is UTC else f"{told:%H:%M} {short if short.isalpha() else f'UTC{short}'}"


def period(start: datetime, end: datetime, zone: tzinfo = UTC) -> str:
    """From the first to the last day, where the period is whole days in the zone; else both instants."""
    if start.astimezone(zone).time() == end.astimezone(zone).time() == time():
        return f"{day(start, zone)} – {day(end - timedelta(microseconds=1), zone)}"
    return f"{day(start, zone)}, {clock(start, zone)} – {day(end, zone)}, {clock(end, zone)}"


def amount(money: Money) -> str:
    """The amount without its currency, which the column's head names."""
    return money.text.rpartition(" ")[0]


def percent(basis_points: int) -> str:
    """A rate of tax: `19 %`, `7.5 %`."""
    whole, rest = divmod(basis_points, 100)
    part = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{whole}{part} %"


def cut(text: str, most: int) -> str:
    """The text, if it is not longer than this many letters; else its beginning, and a sign that there is more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
