"""Reports about money: what was charged and what was paid for it, by teacher, student, course or month.

All of them are sums over the lines of what was issued in a time, without tax; credit notes count against it. A class that was
paid for before is its teacher's, student's and course's at its whole price; the lesson that paid it is set against what the
package was sold for, which belongs to none of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from shared.billing_ports import DocumentFilter, Ledger
from shared.domain.errors import InvalidInput
from shared.domain.invoices import Document, Line, Paper
from shared.domain.money import Money, zero
from shared.ports import Page
from shared.usecases.draft_invoices import Period, is_of


class GroupBy(StrEnum):
    """By what a report adds up. The month is that of issuing, where the document's times are told."""

    TEACHER = "teacher"
    STUDENT = "student"
    COURSE = "course"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Sum:
    """One row: `key` is a teacher, student, course or month; None is for what belongs to none. `lines` are how many."""

    key: str | None
    net: Money
    lines: int


@dataclass(frozen=True, slots=True)
class Margin:
    """What is left of what was charged when the staff is paid."""

    key: str | None
    charged: Money
    paid: Money

    @property
    def margin(self) -> Money:
        """Charged less paid."""
        return self.charged - self.paid


@dataclass(frozen=True, slots=True)
class Payroll:
    """What one of the staff was ordered to be paid in a time."""

    teacher: str
    net: Money
    documents: int


_KEYS: dict[GroupBy, Callable[[Document, Line], str | None]] = {
    GroupBy.TEACHER: lambda each, line: line.teacher_email or (each.party if is_of(each, Paper.PAYMENT_ORDER) else None),
    GroupBy.STUDENT: lambda _, line: line.person,
    GroupBy.COURSE: lambda _, line: line.course_id,
    GroupBy.MONTH: lambda each, _: each.month,
}


def key_of(by: GroupBy, document: Document, line: Line) -> str | None:
    """What a line is added up under; None for what belongs to none."""
    is_apart = line.package_id is not None and by is not GroupBy.MONTH
    return None if is_apart else _KEYS[by](document, line)


@dataclass
class _Sums:
    """Sums by key and currency, while they are made."""

    nets: dict[tuple[str | None, str], Money] = field(default_factory=dict)
    counts: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def add(self, key: str | None, net: Money) -> None:
        place = (key, net.currency)
        self.nets[place] = self.nets.get(place, zero(net.currency)) + net
        self.counts[place] = self.counts.get(place, 0) + 1


@dataclass(frozen=True)
class ReportMoney:
    """Add up what was issued in a time: one pass over its documents. Sums of different currencies are never mixed."""

    ledger: Ledger

    def revenue(self, by: GroupBy, period: Period) -> tuple[Sum, ...]:
        """What payers were charged; raises `Unavailable`."""
        return _rows(self._added(by, period, Paper.INVOICE))

    def margin(self, by: GroupBy, period: Period) -> tuple[Margin, ...]:
        """What payers were charged and staff was ordered to be paid, by whose class it was. Raises `InvalidInput`."""
        if by is GroupBy.STUDENT:
            raise InvalidInput("group_by", "Staff is paid for classes and not for students; group by teacher, course or month.")
        charged = self._added(by, period, Paper.INVOICE).nets
        paid = self._added(by, period, Paper.PAYMENT_ORDER).nets
        return tuple(
            Margin(key, charged.get((key, currency), zero(currency)), paid.get((key, currency), zero(currency)))
            for key, currency in sorted(charged.keys() | paid.keys(), key=_order)
        )

    def payroll(self, period: Period) -> tuple[Payroll, ...]:
        """What each of the staff was ordered to be paid; raises `Unavailable`."""
        sums = _Sums()
        for each in self._documents(period, Paper.PAYMENT_ORDER):
            sums.add(each.party, each.net)
        return tuple(Payroll(each.key or "", each.net, each.lines) for each in _rows(sums))

    def lines(self, period: Period, paper: Paper) -> Iterator[tuple[Document, Line]]:
        """Every line of one side that was issued in a time, the newest document first, for an accountant's own books."""
        return ((each, line) for each in self._documents(period, paper) for line in each.lines)

    def page(self, period: Period, paper: Paper, limit: int, token: str | None) -> Page[Document]:
        """One page of the documents of one side that were issued in a time; raises `NotFound` for a foreign token."""
        wanted = DocumentFilter(issued_from=period.start, issued_before=period.end)
        found = self.ledger.page(wanted, limit, token)
        return Page(tuple(each for each in found.items if is_of(each, paper)), found.next_token)

    def _added(self, by: GroupBy, period: Period, paper: Paper) -> _Sums:
        sums = _Sums()
        for each in self._documents(period, paper):
            for line in each.lines:
                sums.add(key_of(by, each, line), line.net)
        return sums

    def _documents(self, period: Period, paper: Paper) -> Iterator[Document]:
        wanted = DocumentFilter(issued_from=period.start, issued_before=period.end)
        return (each for each in self.ledger.stream(wanted) if is_of(each, paper))


def _rows(sums: _Sums) -> tuple[Sum, ...]:
    return tuple(Sum(place[0], sums.nets[place], sums.counts[place]) for place in sorted(sums.nets, key=_order))


def _order(place: tuple[str | None, str]) -> tuple[bool, str, str]:
    """By key, what belongs to none at the end, then by currency."""
    key, currency = place
    return (key is None, key or "", currency)
