"""Lessons that were paid for before: packages that were bought, and lessons to make up for what was missed and owed.

Which lessons are used is a fold over what was issued: a line that pays a class takes one, a line that takes it back gives it
back. A lesson to make up is never stored by itself: it follows from the line of the class that was missed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, reversal_of
from shared.domain.money import Money, total

GONE = "what paid it was taken back"
# A class does not make up for itself.
A_MOMENT = timedelta(microseconds=1)
Told = tuple[str, Line]
"""A line with the number of its document; a line of a draft has none."""


@dataclass(frozen=True, slots=True)
class Package:
    """Lessons that were paid for before: for one student or any of the payer's, for one course or any.

    `worth_minor` is the most that one of them pays; None: the whole class, whatever it costs.
    """

    package_id: str
    party: str
    currency: str
    lessons: int
    bought_at: datetime
    good_until: datetime | None = None
    student: str | None = None
    course_id: str | None = None
    name: str = "Package"
    worth_minor: int | None = None

    def covers(self, line: Line) -> bool:
        """Whether a class's line may be paid from it."""
        start = line.start_at
        return (
            line.net.currency == self.currency
            and line.net.amount_minor > 0
            and start is not None
            and start >= self.bought_at
            and (self.good_until is None or start < self.good_until)
            and self.student in (None, line.person)
            and self.course_id in (None, line.course_id)
        )

    def paid_of(self, net: Money) -> Money:
        """What one lesson pays of a class that costs so much."""
        return net if self.worth_minor is None else Money(min(net.amount_minor, self.worth_minor), net.currency)


def used_lessons(package_id: str, ledger: Iterable[Document]) -> int:
    """How many lessons of a package are used: its lines, less those that were taken back, which may be taken back again."""
    lines = [line for each in ledger for line in each.lines if line.package_id == package_id]
    return sum(1 if line.net.amount_minor < 0 else -1 for line in lines)


def class_lines(ledger: Iterable[Document], lines: Iterable[Line], currency: str) -> dict[str, tuple[Told, ...]]:
    """The lines about each class and person, the oldest first, without those that pay it: of the ledger, then `lines`."""
    found: dict[str, tuple[Told, ...]] = {}
    every = [(each.number, line) for each in ledger for line in each.lines] + [("", line) for line in lines]
    for number, line in every:
        if line.item_id is not None and line.net.currency == currency and line.package_id is None:
            found[line.item_id] = (*found.get(line.item_id, ()), (number, line))
    return found


def standing_line(told: Sequence[Told]) -> Line | None:
    """The last line about a class that was not taken back."""
    ids = {line.line_id for _, line in told}
    standing = [line for _, line in told if line.kind is not LineKind.REVERSAL and reversal_of(line.line_id) not in ids]
    return standing[-1] if standing else None


def makeups_of(party: str, ledger: Iterable[Document], lines: Iterable[Line], currency: str) -> tuple[Package, ...]:
    """The lessons to make up that a party has: one for each class that it owes and missed with the right to another one."""
    found = []
    for item_id, told in class_lines(ledger, lines, currency).items():
        missed, owed = standing_line(told), total((line.net for _, line in told), currency)
        if missed is None or missed.makeup_until is None or missed.start_at is None or owed.amount_minor <= 0:
            continue
        found.append(
            Package(
                package_id=stable_id("makeup", item_id),
                party=party,
                currency=currency,
                lessons=1,
                bought_at=missed.start_at + A_MOMENT,
                good_until=missed.makeup_until,
                student=missed.person,
                course_id=missed.course_id,
                name=f"Lesson to make up for {missed.start_at:%Y-%m-%d}",
                worth_minor=owed.amount_minor,
            )
        )
    return tuple(found)


def given_back(lines: Sequence[Line], ledger: Sequence[Document], packages: Iterable[Package], currency: str) -> list[Line]:
    """Lessons that come back: the class that they paid is corrected, or what they were of is there no more."""
    corrected, valid = {line.item_id for line in lines if line.kind is LineKind.ADJUSTMENT}, {p.package_id for p in packages}
    paid: dict[tuple[str | None, str], list[Told]] = {}
    for each in ledger:
        for line in each.lines:
            if line.package_id is not None and line.net.currency == currency:
                paid.setdefault((line.item_id, line.package_id), []).append((each.number, line))
    found = []
    for (item_id, package_id), told in sorted(paid.items(), key=lambda entry: entry[1][0][1].line_id):
        still = sum(line.net.amount_minor for _, line in told)
        if still < 0 and (item_id in corrected or package_id not in valid):
            number, last = next((number, line) for number, line in reversed(told) if line.net.amount_minor < 0)
            found.append(
                replace(
                    last,
                    line_id=stable_id("line", "given_back", last.line_id),
                    kind=LineKind.REVERSAL,
                    description=f"Taken back: {last.description}",
                    net=Money(-still, currency),
                    corrects=number,
                    cause=None if package_id in valid else GONE,
                )
            )
    return found


def paid_from(
    lines: Sequence[Line], back: Sequence[Line], ledger: Sequence[Document], packages: Iterable[Package], currency: str
) -> list[Line]:
    """Lines that pay classes from packages, the package that ends first at the head, each class from one."""
    packages, returned = list(packages), [line.package_id for line in back]
    left = {
        each.package_id: each.lessons - used_lessons(each.package_id, ledger) + returned.count(each.package_id)
        for each in packages
    }
    order = sorted(packages, key=lambda p: (p.good_until is None, p.good_until or p.bought_at, p.bought_at, p.package_id))
    found = []
    for line in _payable(lines, back, class_lines(ledger, lines, currency)):
        package = next((each for each in order if left[each.package_id] > 0 and each.covers(line)), None)
        if package is None:
            continue
        left[package.package_id] -= 1
        count = f": lesson {package.lessons - left[package.package_id]} of {package.lessons}" if package.lessons > 1 else ""
        found.append(
            replace(
                line,
                line_id=stable_id("line", "package", line.line_id),
                kind=LineKind.PACKAGE,
                description=f"{package.name}{count}",
                net=-package.paid_of(line.net),
                how=None,
                corrects=None,
                cause=None,
                package_id=package.package_id,
                makeup_until=None,
            )
        )
    return found


def _payable(lines: Sequence[Line], back: Sequence[Line], told: Mapping[str, Sequence[Told]]) -> list[Line]:
    """A line for each class that a package may pay now, with all that the class costs: new ones, and those given back."""
    returned = {line.item_id: line for line in back}
    found = [line for line in lines if line.item_id and (line.kind is LineKind.CLASS or line.item_id in returned)]
    rest = returned.keys() - {line.item_id for line in found}
    found += [line for line in back if line.item_id in rest]
    costs = {item_id: total((line.net for _, line in each), each[0][1].net.currency) for item_id, each in told.items()}
    return [replace(line, net=costs[line.item_id], package_id=None) for line in found if line.item_id in costs]
