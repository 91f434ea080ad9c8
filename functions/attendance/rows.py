"""One person's attendance on the wire."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from functions.attendance.schemas import Verdict
from shared.domain.attendance import Attendance
from shared.web.camel import CamelAnswer, CamelPart
from shared.web.fields import Instant

Seconds = Annotated[int, Field(ge=0)]


class StatusOverride(CamelPart):
    """That a person ruled otherwise than the policy: who, when, why, and from what to what."""

    by: str
    at: Instant
    reason: str
    from_status: Verdict
    to_status: Verdict


class TrackedRow(CamelPart):
    """One person's attendance in one class. Only time inside the class counts; `duration` is in whole minutes.

    `attendanceStatus` is the verdict that counts, `computedStatus` what the policy makes of the evidence. `match` says how it is
    known who it was, `basis` what the times rest on. `sharedSeconds` is the time in class together with the other side: of a
    student with whoever teaches, of a teacher with any student. `registeredAt` is a claim of the person's own, no presence.
    """

    participant_id: str | None
    participant_name: str | None
    email: str | None
    role: Literal["teacher", "student", "guest", "phone"] | None
    match: str
    attendance_status: Verdict
    computed_status: Verdict
    override: StatusOverride | None
    excuse: str | None
    policy_version: int | None
    join_time: Instant | None
    leave_time: Instant | None
    duration: Seconds
    duration_seconds: Seconds
    shared_seconds: Seconds
    is_active: bool
    registered_at: Instant | None
    source: str | None
    basis: Literal["manual", "measured", "live", "claimed", "scheduled"]

    @classmethod
    def of(cls, row: Attendance, now: datetime) -> "TrackedRow":
        """A row as of `now`."""
        return cls.model_validate(told_of(row, now))


class RowBody(CamelAnswer):
    """One person's attendance as it counts now."""

    participant: TrackedRow


def told_of(row: Attendance, now: datetime) -> dict[str, Any]:
    """The members of a `TrackedRow`, by name, as of `now`."""
    computed = row.computed_status or row.status
    seconds = row.seconds(now)
    return {
        "participant_id": row.row_id,
        "participant_name": row.display_name,
        "email": row.email,
        "role": row.role.value,
        "match": row.match.value,
        "attendance_status": row.status.value,
        "computed_status": computed.value,
        "override": _override(row, computed.value),
        "excuse": row.excuse.reason if row.excuse else None,
        "policy_version": row.policy_version,
        "join_time": row.join_at,
        "leave_time": row.leave_at(now),
        "duration": timedelta(seconds=seconds) // timedelta(minutes=1),
        "duration_seconds": seconds,
        "shared_seconds": row.shared_seconds(now),
        "is_active": row.is_present(now),
        "registered_at": row.registered_at,
        "source": row.source.value if row.source else None,
        "basis": row.basis.value,
    }


def _override(row: Attendance, computed: str) -> dict[str, Any] | None:
    if row.ruling is None:
        return None
    told = {"by": row.ruling.by, "at": row.ruling.at, "reason": row.ruling.reason}
    return {**told, "from_status": computed, "to_status": row.status.value}
