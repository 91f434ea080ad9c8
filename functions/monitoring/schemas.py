"""The wire forms of monitoring. Names are those of the product's guides."""

from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Evidence
from shared.domain.recurrence import zone_named
from shared.domain.sessions import Session, SyncReport
from shared.ports import AttendanceFilter, Page
from shared.usecases.record_by_hand import ByHand
from shared.web.checks import rfc3339
from shared.web.fields import Answer, Asked, Email, Id, Instant, Key, LongText, Text

Seconds = Annotated[int, Field(ge=0)]
Feed = Literal["live", "polling", "stale", "none"]


class ActiveSessionsQuery(Asked):
    """Which of the classes that are on now."""

    teacher_email: Email | None = None
    course_id: Key | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None


class LogsQuery(Asked):
    """Which attendance to list; `from` and `to` are about the class's start, `date` is a day in `timezone`."""

    start_from: Annotated[Instant | None, Field(alias="from")] = None
    start_before: Annotated[Instant | None, Field(alias="to")] = None
    on: Annotated[date | None, Field(alias="date")] = None
    timezone: Key = "UTC"
    teacher_email: Email | None = None
    student_email: Email | None = None
    session_id: Id | None = None
    course_id: Key | None = None
    format: Literal["json", "csv"] = "json"
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    @model_validator(mode="after")
    def _one_kind_of_time(self) -> "LogsQuery":
        if self.on is not None and (self.start_from or self.start_before):
            raise ValueError("Give either date, or from and to.")
        return self

    def to_filter(self, caller: Caller) -> AttendanceFilter | None:
        """The filter within what is the caller's; None when that leaves nothing."""
        teacher, email = self.teacher_email, self.student_email
        if caller.role == "teacher":
            if teacher not in (None, caller.email):
                return None
            teacher = caller.email
        elif not caller.is_admin:
            if email not in (None, caller.email):
                return None
            email = caller.email
        start_from, start_before = self._window()
        return AttendanceFilter(
            session_id=self.session_id,
            teacher_email=teacher,
            email=email,
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


class LiveParticipant(Answer):
    """Somebody of a live session."""

    email: str | None
    display_name: str | None
    role: Literal["teacher", "student", "guest", "phone"]
    present: bool
    joined_at: Instant | None
    devices: int
    match: str

    @classmethod
    def of(cls, row: Attendance, now: datetime) -> "LiveParticipant":
        """A row as of `now`."""
        return cls.model_validate(
            {
                "email": row.email,
                "display_name": row.display_name,
                "role": row.role.value,
                "present": row.is_present(now),
                "joined_at": row.join_at,
                "devices": row.devices,
                "match": row.match.value,
            }
        )


class ActiveSession(Answer):
    """A class that is on. `feed` says how fresh its participants are; `participant_count` counts who is in the room."""

    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    meet_code: str | None
    started_at: Instant
    scheduled_end: Instant
    feed: Feed
    participant_count: int
    participants: list[LiveParticipant]


class ActiveSessionsBody(Answer):
    """The classes that are on."""

    sessions: list[ActiveSession]
    next_page_token: str | None


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


class TimelineEntry(Answer):
    """One fact as its source told it."""

    evidence_id: str
    at: Instant
    kind: Literal["join", "leave"]
    source: str
    basis: str
    email: str | None
    display_name: str | None
    device: str | None
    connection: str
    received_at: Instant
    author: str | None
    reason: str | None


class SyncState(Answer):
    """How the last reading of the meeting's own records went."""

    status: Literal["success", "pending", "no_data", "failed"]
    read_at: Instant
    message: str
    remedy: str | None
    conferences: int
    complete: bool
    data_expires_at: Instant | None

    @classmethod
    def of(cls, report: SyncReport) -> "SyncState":
        """The state that a report tells."""
        return cls.model_validate(
            {
                "status": report.status.value,
                "read_at": report.read_at,
                "message": report.message,
                "remedy": report.remedy,
                "conferences": report.conferences,
                "complete": report.complete,
                "data_expires_at": report.expires_at,
            }
        )


class SessionException(Answer):
    """Something about the session that a person should look at."""

    kind: Literal["unidentified", "not_enrolled", "not_seen"]
    email: str | None
    display_name: str | None
    detail: str


class SessionBody(Answer):
    """One session whole: its people, every fact with its source, how its readings went, and what is odd."""

    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    student_emails: list[str]
    status: Literal["scheduled", "active", "completed", "cancelled"]
    meet_code: str | None
    scheduled_start: Instant
    scheduled_end: Instant
    started_at: Instant | None
    ended_at: Instant | None
    feed: Feed
    sync: SyncState | None
    next_sync_at: Instant | None
    participants: list[LogRow]
    sources: list[str]
    timeline: list[TimelineEntry]
    exceptions: list[SessionException]


class DueItem(Answer):
    """The class that has been due the longest, or is due next."""

    class_id: str
    due_at: Instant
    overdue_seconds: int


class UnsyncedClass(Answer):
    """A class that ended and was not read to the end; Google deletes its data 30 days after the meeting."""

    class_id: str
    session_id: str
    subject: str
    ended_at: Instant
    days_left: int
    sync: SyncState | None


class HealthBody(Answer):
    """Whether the system is well. `status` is `late` when the monitor has not run for five minutes."""

    status: Literal["ok", "late"]
    checked_at: Instant
    last_tick_at: Instant | None
    last_tick: dict[str, int]
    oldest_due: DueItem | None
    feeds: dict[str, int]
    subscriptions: list[str]
    unsynced_classes: list[UnsyncedClass]


def entry_of(fact: Evidence, session: Session | None, basis: str) -> TimelineEntry:
    """A fact on the timeline; the address is the one that is known now."""
    key = session.person_key(fact.participant.ref) if session else fact.participant.ref
    return TimelineEntry.model_validate(
        {
            "evidence_id": fact.evidence_id,
            "at": fact.at,
            "kind": fact.kind.value,
            "source": fact.source.value,
            "basis": basis,
            "email": key.removeprefix("email:") if key.startswith("email:") else None,
            "display_name": fact.participant.display_name,
            "device": fact.participant.device,
            "connection": fact.connection,
            "received_at": fact.received_at,
            "author": fact.author,
            "reason": fact.reason,
        }
    )


def exceptions_of(rows: tuple[Attendance, ...], held: ScheduledClass) -> list[SessionException]:
    """What a person should look at, each with what to do."""
    found = []
    for row in rows:
        if row.email is None:
            told = "Nobody knows who this is; a record by hand for the person settles it."
            found.append(SessionException(kind="unidentified", email=None, display_name=row.display_name, detail=told))
        elif row.email not in held.people:
            told = "This person is not on the class's roster; add them to the class, or leave it."
            found.append(SessionException(kind="not_enrolled", email=row.email, display_name=row.display_name, detail=told))
        elif row.role is Role.STUDENT and not row.stays and held.closed_at is not None:
            told = "On the roster, and not seen in the meeting."
            found.append(SessionException(kind="not_seen", email=row.email, display_name=row.display_name, detail=told))
    return found
