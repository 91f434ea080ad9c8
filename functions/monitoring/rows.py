"""Attendance on the wire: one row for each person of a session, as JSON and as CSV."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.attendance import Attendance
from shared.ports import Page
from shared.web.checks import rfc3339
from shared.web.fields import Answer, Instant

Seconds = Annotated[int, Field(ge=0)]


class LogStay(Answer):
    """One unbroken presence in class; `end_time` is null while it goes on."""

    start_time: Instant
    end_time: Instant | None
    duration_seconds: Seconds


class LogRow(Answer):
    """One person in one session. Only time inside the class counts; overlapping devices count once.

    `status` is `unknown` while nobody can know, never `absent` for that. `basis` says what the times rest on.
    """

    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    class_start: Instant
    class_end: Instant
    email: str | None
    display_name: str | None
    role: Literal["teacher", "student", "guest", "phone"]
    match: str
    status: Literal["present", "absent", "unknown"]
    join_time: Instant | None
    leave_time: Instant | None
    duration_seconds: Seconds
    sessions: list[LogStay]
    source: str | None
    basis: Literal["manual", "measured", "live", "claimed", "scheduled"]

    @classmethod
    def of(cls, row: Attendance, now: datetime) -> "LogRow":
        """A row as of `now`."""
        is_on = now < row.end_at
        counted = row.counted(now)
        stays = [
            {
                "start_time": stay.joined_at,
                "end_time": None if is_on and stay.left_at == min(now, row.end_at) else stay.left_at,
                "duration_seconds": int(((stay.left_at or now) - stay.joined_at).total_seconds()),
            }
            for stay in counted
        ]
        return cls.model_validate(
            {
                "session_id": row.session_id,
                "class_id": row.class_id,
                "course_id": row.course_id,
                "subject": row.subject,
                "teacher_email": row.teacher_email,
                "class_start": row.start_at,
                "class_end": row.end_at,
                "email": row.email,
                "display_name": row.display_name,
                "role": row.role.value,
                "match": row.match.value,
                "status": row.status.value,
                "join_time": row.join_at,
                "leave_time": row.leave_at(now),
                "duration_seconds": row.seconds(now),
                "sessions": stays,
                "source": row.source.value if row.source else None,
                "basis": row.basis.value,
            }
        )


class LogsBody(Answer):
    """One page of attendance, newest class first."""

    logs: list[LogRow]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Attendance], now: datetime) -> "LogsBody":
        """The page as of `now`."""
        return cls(logs=[LogRow.of(row, now) for row in page.items], next_page_token=page.next_token)


CSV_HEADER = (
    "session_id", "class_id", "course_id", "subject", "teacher_email", "class_start", "class_end", "email", "display_name",
    "role", "match", "status", "join_time", "leave_time", "duration_seconds", "source", "basis",
)  # fmt: skip


def csv_row(row: Attendance, now: datetime) -> tuple[object, ...]:
    """A row as cells; the order is that of `CSV_HEADER`."""
    joined, left = row.join_at, row.leave_at(now)
    return (
        row.session_id, row.class_id, row.course_id, row.subject, row.teacher_email, rfc3339(row.start_at),
        rfc3339(row.end_at), row.email, row.display_name, row.role.value, row.match.value, row.status.value,
        rfc3339(joined) if joined else None, rfc3339(left) if left else None, row.seconds(now),
        row.source.value if row.source else None, row.basis.value,
    )  # fmt: skip
