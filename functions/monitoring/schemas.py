"""What monitoring is asked, on the wire. Names are those of the product's guides."""

from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import InvalidInput
from shared.domain.recurrence import zone_named
from shared.ports import AttendanceFilter
from shared.usecases.record_by_hand import ByHand
from shared.web.checks import EARLIEST_YEAR, LATEST_YEAR
from shared.web.fields import Asked, Email, Id, Instant, Key, LongText, Text


class ActiveSessionsQuery(Asked):
    """Which of the classes that are on now."""

    teacher_email: Email | None = None
    course_id: Key | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None


class LogsQuery(Asked):
    """Which attendance to list; `from` and `to` are about the class's start, `date` is a day in `timezone`.

    With a `status` a page may hold fewer rows than `limit`, even none, before the last one; `unknown` is a status of its own.
    """

    start_from: Annotated[Instant | None, Field(alias="from")] = None
    start_before: Annotated[Instant | None, Field(alias="to")] = None
    on: Annotated[date | None, Field(alias="date")] = None
    timezone: Key = "UTC"
    teacher_email: Email | None = None
    student_email: Email | None = None
    session_id: Id | None = None
    course_id: Key | None = None
    status: AttendanceStatus | None = None
    format: Literal["json", "csv"] = "json"
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    @model_validator(mode="after")
    def _one_kind_of_time(self) -> "LogsQuery":
        if self.on is not None and (self.start_from or self.start_before):
            raise InvalidInput("date", "Give either date, or from and to.")
        if self.on is not None and not EARLIEST_YEAR <= self.on.year <= LATEST_YEAR:
            raise InvalidInput("date", f"Write a date of the years {EARLIEST_YEAR} to {LATEST_YEAR}.")
        return self

    @property
    def about(self) -> str | None:
        """The narrowest thing that was asked for by name."""
        return self.student_email or self.session_id or self.course_id or self.teacher_email

    def to_filter(self) -> AttendanceFilter:
        """What is asked for, whoever asks."""
        start_from, start_before = self._window()
        return AttendanceFilter(
            session_id=self.session_id,
            teacher_email=self.teacher_email,
            email=self.student_email,
            course_id=self.course_id,
            start_from=start_from,
            start_before=start_before,
        )

    def _window(self) -> tuple[datetime | None, datetime | None]:
        if self.on is None:
            return self.start_from, self.start_before
        zone: ZoneInfo = zone_named(self.timezone)
        midnight = datetime.combine(self.on, wall_time(), zone)
        return midnight, datetime.combine(self.on + timedelta(days=1), wall_time(), zone)


class ManualRecord(Asked):
    """Somebody's attendance as a person knows it. What was measured stays on record beside it."""

    session_id: Id
    email: Email
    join_time: Instant
    leave_time: Instant
    reason: LongText
    display_name: Text | None = None

    def to_words(self) -> ByHand:
        """The record in the words of the story."""
        return ByHand(self.session_id, self.email, self.join_time, self.leave_time, self.reason, self.display_name)
