"""The wire forms of a sync on demand. Names are those of the product's guides."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.attendance import Attendance
from shared.usecases.sync_meeting import Synced
from shared.web.fields import Answer, Instant


class SyncedStay(Answer):
    """One unbroken presence in the class."""

    start_time: Instant
    end_time: Instant
    duration_seconds: Annotated[int, Field(ge=0)]


class SyncedParticipant(Answer):
    """One measured person; `email` is null where Google does not tell it. Overlapping devices count once."""

    email: str | None
    display_name: str | None
    match: str
    join_time: Instant | None
    leave_time: Instant | None
    duration_seconds: Annotated[int, Field(ge=0)]
    total_duration_seconds: Annotated[int, Field(ge=0)]
    session_count: Annotated[int, Field(ge=0)]
    sessions: list[SyncedStay]
    device_type: str | None = None
    location: str | None = None

    @classmethod
    def of(cls, row: Attendance, now: Instant) -> "SyncedParticipant":
        """A row as of `now`."""
        seconds = row.seconds(now)
        stays = [
            SyncedStay(
                start_time=stay.joined_at,
                end_time=stay.left_at,
                duration_seconds=int((stay.left_at - stay.joined_at).total_seconds()),
            )
            for stay in row.counted(now)
            if stay.left_at is not None
        ]
        return cls(
            email=row.email,
            display_name=row.display_name,
            match=row.match.value,
            join_time=row.join_at,
            leave_time=row.leave_at(now),
            duration_seconds=seconds,
            total_duration_seconds=seconds,
            session_count=len(stays),
            sessions=stays,
            device_type=row.device_type,
            location=row.location,
        )


class SyncAnswer(Answer):
    """One reading of the meeting's own records. `detail` says what to do where it brought nothing or is not final."""

    status: Literal["success", "pending", "no_data"]
    message: str
    source: Literal["meet_api", "reports_api", "zoom_report"]
    updated: int
    created: int
    participants: list[SyncedParticipant]
    detail: str | None = None

    @classmethod
    def of(cls, synced: Synced) -> "SyncAnswer":
        """The answer to a reading."""
        return cls.model_validate(
            {
                "status": synced.report.status.value,
                "message": synced.report.message,
                "source": synced.source.value,
                "updated": synced.updated,
                "created": synced.created,
                "participants": [SyncedParticipant.of(row, synced.report.read_at) for row in synced.participants],
                "detail": synced.report.remedy,
            }
        )
