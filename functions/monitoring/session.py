"""One session whole, on the wire."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from functions.monitoring.live import Feed
from functions.monitoring.rows import LogRow
from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass, Status, next_sync_at
from shared.domain.evidence import BASIS_OF, Evidence
from shared.domain.sessions import SyncReport
from shared.usecases.watch_sessions import Watched
from shared.web.fields import Answer, Instant


class TimelineEntry(Answer):
    """One fact as its source told it."""

    evidence_id: str
    at: Instant
    kind: Literal["join", "leave", "end", "bind"]
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

    @classmethod
    def of(cls, watched: Watched, delays: Sequence[timedelta], now: datetime) -> "SessionBody":
        """The session as of `now`; `delays` say when its meeting is read."""
        held, session = watched.held, watched.session
        return cls.model_validate(
            {
                "session_id": held.session_id,
                "class_id": held.class_id,
                "course_id": held.course_id,
                "subject": held.subject,
                "teacher_email": held.teacher_email,
                "student_emails": list(held.student_emails),
                "status": held.status.value,
                "meet_code": held.meet_code,
                "scheduled_start": held.start_at,
                "scheduled_end": held.end_at,
                "started_at": held.opened_at,
                "ended_at": held.closed_at,
                "feed": watched.feed.value,
                "sync": SyncState.of(session.sync) if session and session.sync else None,
                "next_sync_at": next_sync_at(held, delays) if held.status is Status.COMPLETED else None,
                "participants": [LogRow.of(row, now) for row in watched.rows],
                "sources": sorted({fact.source.value for fact in watched.facts}),
                "timeline": [entry_of(fact, watched.person_of(fact)) for fact in watched.facts],
                "exceptions": exceptions_of(watched.rows, held),
            }
        )


def entry_of(fact: Evidence, key: str) -> TimelineEntry:
    """A fact on the timeline; the address is the one that is known now, whichever source it comes from."""
    return TimelineEntry.model_validate(
        {
            "evidence_id": fact.evidence_id,
            "at": fact.at,
            "kind": fact.kind.value,
            "source": fact.source.value,
            "basis": BASIS_OF[fact.source].value,
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
