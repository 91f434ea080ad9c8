"""What is answered about everybody in a meeting, and about all registrations in numbers, on the wire."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.accounts import Caller
from shared.usecases.watch_user_sessions import Registered, Stats
from shared.web.camel import CamelAnswer, CamelPart, StudentInfo
from shared.web.fields import Instant


class RegisteredParticipant(CamelPart):
    """One registration for a meeting. The id with which it can be left is shown only to whose it is."""

    session_id: str | None
    participant_name: str | None
    username: str
    email: str
    role: str
    user_id: str
    student: StudentInfo | None
    device: str | None
    join_time: Instant
    leave_time: Instant | None
    is_active: bool

    @classmethod
    def of(cls, found: Registered, caller: Caller, now: datetime) -> "RegisteredParticipant":
        """The registration as the caller may see it, as of `now`."""
        each = found.registration
        return cls(
            session_id=each.session_id if each.email == caller.email else None,
            participant_name=each.participant_name,
            username=each.username,
            email=each.email,
            role=each.role,
            user_id=each.subject,
            student=StudentInfo.of(found.student),
            device=each.device,
            join_time=each.joined_at,
            leave_time=each.left_at,
            is_active=each.is_active(now),
        )


class ParticipantsBody(CamelAnswer):
    """The registrations for a meeting that are the caller's to see, the oldest first."""

    meeting_id: str
    participants: list[RegisteredParticipant]
    count: int


class RoleBreakdown(CamelPart):
    """How many people of each role are registered now."""

    user: int
    teacher: int
    admin: int

    @classmethod
    def of(cls, roles: Mapping[str, int]) -> "RoleBreakdown":
        """The counts on the wire."""
        return cls(user=roles.get("user", 0), teacher=roles.get("teacher", 0), admin=roles.get("admin", 0))


class Cleanup(CamelPart):
    """When expired registrations were last closed, how many then, and how many are expired and not closed yet."""

    last_run: Instant | None
    expired: int
    waiting: int


class StatsPart(CamelPart):
    """The registrations in numbers. Where there are too many to count, `isComplete` is false and there are at least so many."""

    active_sessions: int
    active_users: int
    active_meetings: int
    role_breakdown: RoleBreakdown
    students_with_sessions: int
    is_complete: bool
    cleanup: Cleanup


class StatsBody(CamelAnswer):
    """Who is registered now, in numbers."""

    stats: StatsPart

    @classmethod
    def of(cls, stats: Stats) -> "StatsBody":
        """The numbers on the wire."""
        ran_at, summary = stats.last_run or (None, {})
        part = StatsPart(
            active_sessions=stats.sessions,
            active_users=stats.users,
            active_meetings=stats.meetings,
            role_breakdown=RoleBreakdown.of(stats.roles),
            students_with_sessions=stats.students,
            is_complete=not stats.is_more,
            cleanup=Cleanup(last_run=ran_at, expired=summary.get("expired", 0), waiting=stats.waiting),
        )
        return cls(stats=part)


class EndedBody(CamelAnswer):
    """How many registrations for a meeting were ended."""

    message: str = "All sessions ended for meeting"
    meeting_id: str
    ended: int
