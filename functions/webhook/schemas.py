"""The wire forms of webhooks. Names are those of the product's guides."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.attendance import Attendance
from shared.domain.evidence import Evidence, Kind, Participant, Source, connection_of
from shared.domain.rooms import room_named
from shared.usecases.file_evidence import Filing
from shared.usecases.sync_meeting import Synced
from shared.web.fields import Answer, Email, Instant, Key, Text


class BridgeEvent(BaseModel):
    """Somebody joined or left, as an add-on, extension or script saw it. Fields that we do not know are no trouble."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    meetingId: Key  # noqa: N815 - the guides' name
    participantEmail: Email  # noqa: N815 - the guides' name
    eventType: Literal["join", "exit"]  # noqa: N815 - the guides' name
    timestamp: Instant
    eventId: Key | None = None  # noqa: N815 - the guides' name
    participantName: Text | None = None  # noqa: N815 - the guides' name
    deviceType: Key | None = None  # noqa: N815 - the guides' name

    def to_fact(self, received_at: Instant) -> Evidence:
        """The event as evidence. Without an event id, person, device, kind and time are what makes it one fact."""
        participant = Participant(f"email:{self.participantEmail}", self.participantName, device=self.deviceType)
        return Evidence(
            room=room_named(self.meetingId),
            source=Source.BRIDGE,
            connection=connection_of(participant),
            kind=Kind.JOIN if self.eventType == "join" else Kind.LEAVE,
            at=self.timestamp,
            participant=participant,
            received_at=received_at,
            event_id=self.eventId,
        )


class EventFiled(Answer):
    """What became of an event. `pending`: kept, and bound when a class of its meeting appears. `detail` says what was odd."""

    status: Literal["success", "duplicate", "pending"]
    session_id: str | None
    event_id: str
    detail: str | None = None

    @classmethod
    def of(cls, filing: Filing) -> "EventFiled":
        """The answer to an event that was understood."""
        return cls(status=filing.outcome.value, session_id=filing.session_id, event_id=filing.event_id)


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
                "source": "meet_api",
                "updated": synced.updated,
                "created": synced.created,
                "participants": [SyncedParticipant.of(row, synced.report.read_at) for row in synced.participants],
                "detail": synced.report.remedy,
            }
        )
