"""A timetable, a table of classes to book: its columns, its local times, and which of its rows are in each other's way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from shared.domain.classes import ScheduledClass, overlaps
from shared.domain.errors import InvalidInput
from shared.domain.recurrence import zone_named
from shared.domain.tables import Columns, RowError

MOST_ROWS = 100
# One commit takes them all, with the request's key, and as many look-ups as one request has time for; a person counts once in
# each class.
MOST_BOOKED, MOST_SEATS = 260, 6000
SPELLINGS: Mapping[str, str] = {
    "teacher email": "teacher_email",
    "teacheremail": "teacher_email",
    "teacher": "teacher_email",
    "student emails": "student_emails",
    "studentemails": "student_emails",
    "student email": "student_emails",
    "students": "student_emails",
    "co teacher emails": "co_teacher_emails",
    "coteacheremails": "co_teacher_emails",
    "co teachers": "co_teacher_emails",
    "subject": "subject",
    "start time": "start_time",
    "starttime": "start_time",
    "start": "start_time",
    "duration minutes": "duration_minutes",
    "durationminutes": "duration_minutes",
    "duration": "duration_minutes",
    "minutes": "duration_minutes",
    "course id": "course_id",
    "courseid": "course_id",
    "course": "course_id",
    "timezone": "timezone",
    "time zone": "timezone",
    "recurrence": "recurrence",
    "provider": "provider",
    "rate plan id": "rate_plan_id",
    "rateplanid": "rate_plan_id",
    "rate plan": "rate_plan_id",
}
COLUMNS = Columns(SPELLINGS, ("teacher_email", "subject", "start_time", "duration_minutes"), MOST_ROWS, "class")

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2})?", re.ASCII)


def with_offset(told: str, timezone: str) -> str:
    """A local time with the offset that it has in the zone; what is no local time comes back as it is.

    Raises `InvalidInput` where the zone is none, or the clocks show that time twice or never: nothing is guessed.
    """
    if _LOCAL.fullmatch(told) is None:
        return told
    if not timezone:
        words = "The time says no zone; end it with Z for UTC or an offset like +01:00, or fill in the column timezone."
        raise InvalidInput("start_time", words)
    zone = zone_named(timezone)
    try:
        wall = datetime.fromisoformat(told.upper().replace(" ", "T"))
    except ValueError:
        return told
    start = wall.replace(tzinfo=zone)
    if start.utcoffset() != start.replace(fold=1).utcoffset():
        is_skipped = start.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
        words = (
            "The clocks are put forward and skip that time" if is_skipped else "The clocks are put back and show that time twice"
        )
        raise InvalidInput("start_time", f"{words}; write it with its offset, like 2026-12-01T16:00:00+01:00.")
    return start.isoformat()


def too_much(planned: Mapping[int, Sequence[ScheduledClass]]) -> tuple[RowError, ...]:
    """Why the rows' classes are more than one request can book, if they are."""
    classes = sum(len(row) for row in planned.values())
    seats = sum(len(each.people) for row in planned.values() for each in row)
    found = []
    if classes > MOST_BOOKED:
        found.append(f"With all series counted out the table books more than {MOST_BOOKED} classes")
    if seats > MOST_SEATS:
        found.append(f"The classes have more than {MOST_SEATS} people, each counted once in each class")
    return tuple(RowError(1, "csv", f"{words}, which is too much at once; split the table.") for words in found)


def clashes(planned: Mapping[int, Sequence[ScheduledClass]]) -> tuple[RowError, ...]:
    """Rows with somebody who is in a class of an earlier row at that time, each pair of rows told once."""
    told: dict[tuple[int, int], RowError] = {}
    for one, first, other, second in _overlapping(planned):
        pair = min(one, other), max(one, other)
        who = ", ".join(sorted(set(first.people) & set(second.people))[:5])
        if who and pair not in told:
            start_at = max(first.start_at, second.start_at)
            words = f"{who} is in the class of row {pair[0]} at that time ({start_at:%Y-%m-%dT%H:%MZ})"
            remedy = "Choose another time, or send allow_conflicts: true."
            told[pair] = RowError(pair[1], "start_time", f"{words}. {remedy}", is_conflict=True)
    return tuple(told.values())


def _overlapping(planned: Mapping[int, Sequence[ScheduledClass]]) -> Iterator[tuple[int, ScheduledClass, int, ScheduledClass]]:
    """Classes of different rows that are on at the same time."""
    on: list[tuple[int, ScheduledClass]] = []
    for number, each in sorted(((n, c) for n, row in planned.items() for c in row), key=lambda pair: (pair[1].start_at, pair[0])):
        on = [(other, earlier) for other, earlier in on if overlaps(earlier, each)]
        yield from ((other, earlier, number, each) for other, earlier in on if other != number)
        on.append((number, each))
