"""Attendance on the wire: one row for each person of a session, as JSON and as CSV."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.attendance import Attendance
from shared.ports import Page
from shared.web.checks import rfc3339
from shared.web.fields import Answer, Instant

Seconds = Annotated[int, Field(ge=0)]
Verdict = Literal["present", "late", "left_early", "partial", "absent", "excused", "no_show", "unknown"]


class Override(Answer):
    """That a person ruled otherwise than the policy: who, when, why, and from what to what."""

    by: str
    at: Instant
    reason: str
    from_status: Verdict
    to_status: Verdict


class LogStay(Answer):
    """One unbroken presence in class; `end_time` is null while it goes on."""

    start_time: Instant
    end_time: Instant | None
    duration_seconds: Seconds


class LogRow(Answer):
    """One person in one session. Only time inside the class counts; overlapping devices count once.

    `status` is the verdict by the policy of that version, or the one of a person who ruled otherwise (`override`); the policy's
    own stays in `computed_status`. It is `unknown` while nobody can know, never `absent` for that. `basis` says what the times
    rest on, `match` how it is known who it was. `shared_seconds` is the time in class together with the other side: of a
    student with whoever teaches, of a teacher with any student. `registered_at` is a claim of the person's own.
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
    status: Verdict
    computed_status: Verdict
    override: Override | None
    excuse: str | None
    policy_version: int
    join_time: Instant | None
    leave_time: Instant | None
    duration_seconds: Seconds
    shared_seconds: Seconds
    late_seconds: Seconds
    registered_at: Instant | None
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
                "computed_status": (row.computed_status or row.status).value,
                "override": _override(row),
                "excuse": row.excuse.reason if row.excuse else None,
                "policy_version": row.policy_version,
                "join_time": row.join_at,
                "leave_time": row.leave_at(now),
                "duration_seconds": row.seconds(now),
                "shared_seconds": row.shared_seconds(now),
                "late_seconds": late_seconds(row),
                "registered_at": row.registered_at,
                "sessions": stays,
                "source": row.source.value if row.source else None,
                "basis": row.basis.value,
            }
        )


def late_seconds(row: Attendance) -> int:
    """How long after the start the person first came; 0 for who was on time, and for who never came."""
    first = next((cut.joined_at for stay in row.stays if (cut := stay.within(row.start_at, row.end_at))), None)
    return int((first - row.start_at).total_seconds()) if first else 0


def _override(row: Attendance) -> dict[str, object] | None:
    if row.ruling is None:
        return None
    computed = row.computed_status or row.status
    return {
        "by": row.ruling.by,
        "at": row.ruling.at,
        "reason": row.ruling.reason,
        "from_status": computed.value,
        "to_status": row.status.value,
    }


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
    "role", "match", "status", "computed_status", "override_by", "override_reason", "policy_version", "join_time", "leave_time",
    "duration_seconds", "shared_seconds", "late_seconds", "source", "basis",
)  # fmt: skip


def csv_row(row: Attendance, now: datetime) -> tuple[object, ...]:
    """A row as cells; the order is that of `CSV_HEADER`."""
    joined, left = row.join_at, row.leave_at(now)
    return (
        row.session_id, row.class_id, row.course_id, row.subject, row.teacher_email, rfc3339(row.start_at),
        rfc3339(row.end_at), row.email, row.display_name, row.role.value, row.match.value, row.status.value,
        (row.computed_status or row.status).value, row.ruling.by if row.ruling else None,
        row.ruling.reason if row.ruling else None, row.policy_version, rfc3339(joined) if joined else None,
        rfc3339(left) if left else None, row.seconds(now), row.shared_seconds(now), late_seconds(row),
        row.source.value if row.source else None, row.basis.value,
    )  # fmt: skip
