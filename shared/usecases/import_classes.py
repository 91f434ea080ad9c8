"""Booking a timetable: all of its classes or none, and a second time nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from shared.domain.classes import Provider, ScheduledClass, Status
from shared.domain.errors import DomainError, InvalidInput, Stale, UpstreamRefused
from shared.domain.tables import RowError, told_errors
from shared.domain.timetables import MOST_BOOKED, clashes, too_much
from shared.ports import KeyedRequest
from shared.usecases.find_conflicts import words_for
from shared.usecases.schedule_class import WITHDRAWN, Booking, ScheduleClass

# How long a request shows classes in Calendar before it leaves the rest to the tick, and how long no request can live.
SHOWN_FOR, GONE_AFTER = timedelta(seconds=60), timedelta(minutes=5)
MOST_BAD_RULES = 5

Rows = Mapping[int, Booking]
"""What the rows of a table ask for, by the rows' numbers."""
Planned = dict[int, tuple[ScheduledClass, ...]]


@dataclass(frozen=True, slots=True)
class ImportedClasses:
    """What became of the rows; with errors nothing was booked. In a dry run, what would become of those that have no error."""

    errors: tuple[RowError, ...]
    classes: tuple[tuple[int, ScheduledClass], ...]


@dataclass(frozen=True)
class ImportClasses:
    """Check every row like a booking and against the others, store all classes in one commit, then show them in Calendar.

    The commit holds the request's key, so a process that dies before it has booked nothing, and one that dies after it has
    booked everything: the same request again, or the tick, completes what Calendar does not show yet. Where Calendar or Zoom
    refuses a teacher's first class, everything is withdrawn, as in a booking; a later refusal is noted on its class and tried
    again by the tick.
    """

    book: ScheduleClass

    def __call__(
        self, rows: Rows, errors: Sequence[RowError], request: KeyedRequest | None, *, is_dry_run: bool
    ) -> ImportedClasses:
        """Book what `rows` ask for, unless there are `errors` or more are found; a dry run has no request.

        Raises `KeyReused`, `Stale`, `Unavailable`, `UpstreamRefused`.
        """
        if (again := self._before(rows, request)) is not None:
            return again
        planned, wrong = self._planned(rows)
        found = told_errors((*errors, *wrong))
        # What stands in the way may be the same table's own classes, booked by another process meanwhile.
        if wrong and (again := self._before(rows, request)) is not None:
            return again
        if not found and not planned:
            found = (RowError(1, "csv", "The table has no row below its header; write one for each class."),)
        if found or is_dry_run:
            return ImportedClasses(found, _listed(planned) if is_dry_run else ())
        return self._booked(rows, planned, request)

    def _before(self, rows: Rows, request: KeyedRequest | None) -> ImportedClasses | None:
        known = self.book.classes.booked_under(request) if request is not None else None
        return None if known is None else self._again(rows, known, request)

    def _planned(self, rows: Rows) -> tuple[Planned, list[RowError]]:
        """The classes of each row that can be booked by itself, and everything that stands in the way."""
        planned: Planned = {}
        errors: list[RowError] = []
        first: dict[Booking, int] = {}
        for number, booking in sorted(rows.items()):
            if first.setdefault(booking, number) != number:
                errors.append(RowError(number, "row", f"The row says the same as row {first[booking]}; keep one of them."))
                continue
            try:
                planned[number] = self.book.wanted(booking)
            except InvalidInput as bad:
                errors.append(RowError(number, bad.field, bad.detail))
            if _is_enough(planned, errors):
                break
        if beyond := too_much(planned):
            return {}, [*beyond, *errors]
        choosy = {number: classes for number, classes in planned.items() if not rows[number].allow_conflicts}
        errors += clashes(choosy)
        errors += _in_the_way(choosy, self.book.conflicts(_flat(choosy)))
        return planned, errors

    def _booked(self, rows: Rows, planned: Planned, request: KeyedRequest | None) -> ImportedClasses:
        stored = _flat(planned)
        known = self.book.classes.add(stored, request)
        if known is not None:
            again = self._again(rows, known, request)
            if again is None:
                raise Stale("The same table was being imported at the same time; send it again.")
            return again
        try:
            choosy = {number: classes for number, classes in planned.items() if not rows[number].allow_conflicts}
            found = _in_the_way(choosy, self.book.look_again(_flat(choosy)) if choosy else ())
            if found:
                self.book.withdraw(stored, request)
                return ImportedClasses(told_errors(found), ())
            self._show(planned, is_new=True)
        except DomainError:
            self.book.withdraw(stored, request)
            raise
        return self._as_stored(planned)

    def _again(self, rows: Rows, class_ids: Sequence[str], request: KeyedRequest | None) -> ImportedClasses | None:
        """What this request booked before, completed; None when that was withdrawn by a process that died over it."""
        stored = [each.value for each in self.book.classes.versioned(class_ids)]
        withdrawn = [each.cancelled_at for each in stored if not each.is_held and each.cancel_reason == WITHDRAWN]
        if withdrawn:
            if any(at is not None and at + GONE_AFTER > self.book.clock() for at in withdrawn):
                raise Stale("An earlier import under this key is being withdrawn; send the table again in some minutes.")
            self.book.withdraw(stored, request)
            return None
        # Classes were stored row by row; those of one series are one row's, whatever happened to them since.
        groups = groupby(stored, key=lambda each: each.series.series_id if each.series else each.class_id)
        planned = {number: tuple(classes) for number, (_, classes) in zip(sorted(rows), groups, strict=False)}
        self._show({number: classes for number, classes in planned.items() if _is_unshown(classes)}, is_new=False)
        return self._as_stored(planned)

    def _show(self, planned: Planned, *, is_new: bool) -> None:
        """Show the rows' classes in Calendar, each teacher's first row before all others, as long as there is time."""
        until, tried, troubled, left = self.book.clock() + SHOWN_FOR, set(), set(), []
        for number, classes in _firsts_first(planned):
            who = classes[0].teacher_email, classes[0].provider
            is_first = who not in tried
            tried.add(who)
            if who in troubled or self.book.clock() >= until:
                left.append(classes)
                continue
            try:
                self.book.shown(classes)
            except DomainError as trouble:
                if is_new and is_first:
                    raise _of_row(number, trouble) from trouble
                troubled.add(who)
                left.append(classes)
        self.book.plan([(None, each) for classes in left for each in classes])
        for teacher in sorted({classes[0].teacher_email for classes in left if classes[0].provider is Provider.GOOGLE_MEET}):
            self.book.want(teacher)

    def _as_stored(self, planned: Planned) -> ImportedClasses:
        found = {each.value.class_id: each.value for each in self.book.classes.versioned([c.class_id for c in _flat(planned)])}
        return ImportedClasses((), tuple((number, found.get(each.class_id, each)) for number, each in _listed(planned)))


def _is_enough(planned: Planned, errors: Sequence[RowError]) -> bool:
    """Whether no further row can make the table bookable; counting out rules, above all those that name no day, takes time."""
    bad_rules = sum(error.field == "recurrence" for error in errors)
    return bad_rules >= MOST_BAD_RULES or sum(map(len, planned.values())) > MOST_BOOKED


def _flat(planned: Planned) -> list[ScheduledClass]:
    return [each for _, each in _listed(planned)]


def _listed(planned: Planned) -> tuple[tuple[int, ScheduledClass], ...]:
    return tuple((number, each) for number, classes in planned.items() for each in classes)


def _in_the_way(planned: Planned, found: Iterable[tuple[ScheduledClass, ScheduledClass]]) -> list[RowError]:
    """The errors of rows whose classes meet others that are stored."""
    numbers = {each.class_id: number for number, each in _listed(planned)}
    by_row: dict[int, list[tuple[ScheduledClass, ScheduledClass]]] = {}
    for booked, other in found:
        by_row.setdefault(numbers[booked.class_id], []).append((booked, other))
    return [RowError(number, "start_time", words_for(pairs), is_conflict=True) for number, pairs in by_row.items()]


def _is_unshown(classes: Sequence[ScheduledClass]) -> bool:
    is_behind = any(each.is_calendar_behind for each in classes)
    return is_behind and all(each.status is Status.SCHEDULED for each in classes)


def _firsts_first(planned: Planned) -> list[tuple[int, tuple[ScheduledClass, ...]]]:
    """The rows, the first of each teacher and provider at the head: whether Calendar takes them is known early."""
    firsts: dict[tuple[str, Provider], int] = {}
    for number, classes in planned.items():
        firsts.setdefault((classes[0].teacher_email, classes[0].provider), number)
    heads = set(firsts.values())
    return sorted(planned.items(), key=lambda row: (row[0] not in heads, row[0]))


def _of_row(number: int, trouble: DomainError) -> DomainError:
    """The refusal of one row's class, with the row where words are for the caller to act on."""
    if isinstance(trouble, UpstreamRefused):
        return UpstreamRefused(trouble.title, f"Row {number}: {trouble.detail} Nothing was booked.")
    return trouble
