"""Totals on the wire, as JSON and as CSV."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema

from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import InvalidInput
from shared.domain.recurrence import zone_named
from shared.domain.totals import CourseTotal, StudentTotal, Tally, TeacherTotal
from shared.usecases.total_attendance import Grouping, ToTotal
from shared.web.checks import EARLIEST_YEAR, LATEST_YEAR, instant
from shared.web.fields import Answer, Asked, Email, Key

DAY_LENGTH = len("2026-12-01")
Share = Annotated[float, Field(ge=0, le=100, examples=[91.67])]


def _when(told: str) -> str:
    """A day or an instant, checked; which day it is depends on the time zone."""
    if len(told) != DAY_LENGTH:
        instant(told)
        return told
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise ValueError("There is no such day; write it like 2026-12-01, or a time like 2026-12-01T16:00:00Z.") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"The year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return told


_WHEN_SCHEMA = {"type": "string", "maxLength": 40, "examples": ["2026-12-01", "2026-12-01T16:00:00Z"]}
When = Annotated[str, AfterValidator(_when), WithJsonSchema(_WHEN_SCHEMA)]


class TotalsQuery(Asked):
    """Which totals. `from` and `to` are about the class's start: instants (`to` excluded), or days in `timezone` (included)."""

    by: Literal["student", "course", "teacher"] = "student"
    start_from: Annotated[When | None, Field(alias="from")] = None
    start_before: Annotated[When | None, Field(alias="to")] = None
    timezone: Key = "UTC"
    course_id: Key | None = None
    student_email: Email | None = None
    teacher_email: Email | None = None
    format: Literal["json", "csv"] = "json"

    def to_words(self) -> ToTotal:
        """The request in the words of the story; raises `InvalidInput`."""
        start_from, start_before = self._at(self.start_from, 0), self._at(self.start_before, 1)
        if start_from is not None and start_before is not None and start_from >= start_before:
            raise InvalidInput("to", "The time ends before it begins; give a `to` that is later than `from`.")
        return ToTotal(Grouping(self.by), start_from, start_before, self.course_id, self.student_email, self.teacher_email)

    def _at(self, told: str | None, days: int) -> datetime | None:
        zone = zone_named(self.timezone)
        if told is None or len(told) != DAY_LENGTH:
            return None if told is None else instant(told)
        return instant(datetime.combine(date.fromisoformat(told) + timedelta(days=days), wall_time(), zone))


class Shares(Answer):
    """Points in percent: over the taken sessions, over all begun ones (unknown brings none), and what is still possible."""

    taken: Share | None
    all: Share | None
    possible: Share | None


class Figures(Answer):
    """Sessions, counted. `sessions` are all that have begun; `taken` those whose attendance is known; `to_come` are booked.

    A session that is on is unknown until it ends. `points` are out of 100 for each session.
    """

    counts: dict[str, int]
    sessions: int
    taken: int
    to_come: int
    points: int
    attended_seconds: int
    scheduled_seconds: int
    shared_seconds: int
    shares: Shares

    @classmethod
    def of_tally(cls, tally: Tally) -> "Figures":
        """The tally on the wire."""
        return cls(
            counts={status.value: tally.counts.get(status, 0) for status in AttendanceStatus},
            sessions=tally.begun,
            taken=tally.taken,
            to_come=tally.to_come,
            points=tally.points,
            attended_seconds=tally.attended_s,
            scheduled_seconds=tally.scheduled_s,
            shared_seconds=tally.shared_s,
            shares=Shares(taken=percent(tally.taken_share), all=percent(tally.all_share), possible=percent(tally.possible_share)),
        )


class StudentRow(Answer):
    """One student, with the longest and the current run of absences."""

    student_email: str
    display_name: str | None
    figures: Figures
    longest_absence_run: int
    current_absence_run: int


class CourseRow(Answer):
    """One course; null is for the classes of none. The figures count each student's place in each class."""

    course_id: str | None
    classes: int
    students: int
    figures: Figures


class TeacherRow(Answer):
    """One teacher; the figures are of their own sessions. `missed` are classes where the teacher did not come and nobody taught.

    `students_share` is the students' share over the taken sessions of the classes that are booked with the teacher.
    """

    teacher_email: str
    classes_held: int
    classes_missed: int
    taught_seconds: int
    shared_seconds: int
    students_share: Share | None
    figures: Figures


class TotalsBody(Answer):
    """The totals, one row for each student, course or teacher."""

    success: Literal[True] = True
    by: Literal["student", "course", "teacher"]
    totals: list[StudentRow | CourseRow | TeacherRow]

    @classmethod
    def of(cls, by: Literal["student", "course", "teacher"], rows: Sequence[StudentTotal | CourseTotal | TeacherTotal]) -> Self:
        """The totals on the wire."""
        return cls(by=by, totals=[row_of(row) for row in rows])


def row_of(total: StudentTotal | CourseTotal | TeacherTotal) -> StudentRow | CourseRow | TeacherRow:
    """One total on the wire."""
    figures = Figures.of_tally(total.tally)
    if isinstance(total, StudentTotal):
        return StudentRow(
            student_email=total.email,
            display_name=total.name,
            figures=figures,
            longest_absence_run=total.longest_run,
            current_absence_run=total.current_run,
        )
    if isinstance(total, CourseTotal):
        return CourseRow(course_id=total.course_id, classes=total.classes, students=total.students, figures=figures)
    return TeacherRow(
        teacher_email=total.email,
        classes_held=total.tally.there,
        classes_missed=total.missed,
        taught_seconds=total.tally.attended_s,
        shared_seconds=total.tally.shared_s,
        students_share=percent(total.students.taken_share),
        figures=figures,
    )


def percent(hundredths: int | None) -> float | None:
    """Hundredths of a percent as percent with two decimals."""
    return None if hundredths is None else hundredths / 100


FIGURES = (
    *(status.value for status in AttendanceStatus), "sessions", "taken", "to_come", "points", "attended_seconds",
    "scheduled_seconds", "shared_seconds", "taken_share", "all_share", "possible_share",
)  # fmt: skip
CSV_HEADERS = {
    "student": ("student_email", "display_name", "longest_absence_run", "current_absence_run", *FIGURES),
    "course": ("course_id", "classes", "students", *FIGURES),
    "teacher": ("teacher_email", "classes_held", "classes_missed", "students_share", *FIGURES),
}


def csv_row(total: StudentTotal | CourseTotal | TeacherTotal) -> tuple[object, ...]:
    """One total as cells; the order is that of its header."""
    tally = total.tally
    figures = (
        *(tally.counts.get(status, 0) for status in AttendanceStatus), tally.begun, tally.taken, tally.to_come, tally.points,
        tally.attended_s, tally.scheduled_s, tally.shared_s, percent(tally.taken_share), percent(tally.all_share),
        percent(tally.possible_share),
    )  # fmt: skip
    if isinstance(total, StudentTotal):
        return (total.email, total.name, total.longest_run, total.current_run, *figures)
    if isinstance(total, CourseTotal):
        return (total.course_id, total.classes, total.students, *figures)
    return (total.email, tally.there, total.missed, percent(total.students.taken_share), *figures)
