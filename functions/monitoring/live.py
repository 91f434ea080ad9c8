"""Classes that are on, on the wire."""

from datetime import datetime
from typing import Literal

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.policies import DEFAULT_POLICY
from shared.domain.staff import is_staff_missing
from shared.usecases.watch_sessions import Watched
from shared.web.fields import Answer, Instant

Feed = Literal["live", "polling", "stale", "none"]


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
    """A class that is on. `feed` says how fresh its participants are; `participant_count` counts who is in the room.

    `teacher_missing` is true when the minutes are over that the policy gives a teacher and nobody who teaches has come; null
    where nobody can tell.
    """

    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    meet_code: str | None
    started_at: Instant
    scheduled_end: Instant
    feed: Feed
    teacher_missing: bool | None
    participant_count: int
    participants: list[LiveParticipant]

    @classmethod
    def of(cls, watched: Watched, caller: Caller, now: datetime) -> "ActiveSession":
        """A live session as the caller may see it: a student sees the class and themselves."""
        held = watched.held
        policy = watched.session.known.policy if watched.session else DEFAULT_POLICY
        people = [LiveParticipant.of(row, now) for row in watched.rows if row.stays or row.source]
        if not caller.teaches(held):
            people = [person for person in people if person.email == caller.email]
        return cls.model_validate(
            {
                "session_id": held.session_id,
                "class_id": held.class_id,
                "course_id": held.course_id,
                "subject": held.subject,
                "teacher_email": held.teacher_email,
                "meet_code": held.meet_code,
                "started_at": held.opened_at or held.start_at,
                "scheduled_end": held.end_at,
                "feed": watched.feed.value,
                "teacher_missing": is_staff_missing(watched.rows, watched.feed, held, policy, now),
                "participant_count": sum(1 for row in watched.rows if row.is_present(now)),
                "participants": people,
            }
        )


class ActiveSessionsBody(Answer):
    """The classes that are on."""

    sessions: list[ActiveSession]
    next_page_token: str | None
