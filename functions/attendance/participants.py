"""A meeting on the wire: everybody's attendance, and who of them registered for it here."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from functions.attendance.rows import TrackedRow, told_of
from shared.domain.evidence import Basis, Source
from shared.domain.matches import Match
from shared.domain.user_sessions import UserSession
from shared.usecases.enriched_attendance import MeetingAttendance, Present
from shared.web.camel import CamelAnswer, CamelPart, StudentInfo
from shared.web.fields import Instant

# What is told of a participant, and of the meeting, to those alone who ask for the enriched answer.
ENRICHED_PARTICIPANT = frozenset({
    "user_id", "is_authenticated", "authenticated_user", "student_info", "student_id", "student_first_name",
    "student_last_name", "student_department", "student_email",
})  # fmt: skip
ENRICHED_BODY = ("authentication_stats", "session_activity")


class AuthenticatedUser(CamelPart):
    """The signed-in person who registered for the meeting here, as their token named them."""

    username: str
    email: str
    role: str
    joined_via_auth: Literal[True] = True
    auth_token_used: Literal[True] = True

    @classmethod
    def of(cls, registration: UserSession) -> "AuthenticatedUser":
        """Whose registration it is."""
        return cls(username=registration.username, email=registration.email, role=registration.role)


class MeetingParticipant(TrackedRow):
    """One participant of a meeting; who they are here and in the directory only in the enriched answer.

    `isAuthenticated` is whether the person registered for the meeting with a token. Where the registration is all there is,
    as in a meeting without a class, nothing else is told: no role, no times, no verdict.
    """

    meeting_id: str
    zoom_user_id: str | None
    user_id: str | None = None
    is_authenticated: bool = False
    authenticated_user: AuthenticatedUser | None = None
    student_info: StudentInfo | None = None
    student_id: int | None = None
    student_first_name: str | None = None
    student_last_name: str | None = None
    student_department: str | None = None
    student_email: str | None = None

    @classmethod
    def present(cls, present: Present, meeting_id: str, now: datetime) -> "MeetingParticipant":
        """A participant as of `now`."""
        row, made = present.row, present.registration
        told = told_of(row, now) if row else _of_registration(made) if made else {}
        return cls.model_validate(
            {
                **told,
                "meeting_id": meeting_id,
                "zoom_user_id": present.zoom_user_id,
                "user_id": made.subject if made else None,
                "is_authenticated": made is not None,
                "authenticated_user": AuthenticatedUser.of(made) if made else None,
                **_of_student(StudentInfo.of(present.person)),
            }
        )


class AuthenticationStats(CamelPart):
    """How many were seen or registered, how many of them registered with a token, and how many of those were not seen.

    `byRole` counts those who registered by the role of their token.
    """

    total: int
    authenticated: int
    unauthenticated: int
    registered_not_seen: int
    by_role: dict[str, int]

    @classmethod
    def of(cls, participants: Iterable[Present]) -> "AuthenticationStats":
        """The participants in numbers."""
        there = [each for each in participants if each.registration or (each.row and each.row.stays)]
        known = [each.registration for each in there if each.registration]
        unseen = [each for each in there if each.registration and not (each.row and each.row.stays)]
        return cls(
            total=len(there),
            authenticated=len(known),
            unauthenticated=len(there) - len(known),
            registered_not_seen=len(unseen),
            by_role=dict(sorted(Counter(each.role for each in known).items())),
        )


class RegistrationActivity(CamelPart):
    """One registration for the meeting. `state` is `left` where the person left or was sent away, `expired` where nobody did."""

    username: str
    email: str
    role: str
    participant_name: str | None
    device: str | None
    join_time: Instant
    leave_time: Instant | None
    state: Literal["active", "left", "expired"]

    @classmethod
    def of(cls, made: UserSession, now: datetime) -> "RegistrationActivity":
        """The registration as of `now`."""
        return cls(
            username=made.username,
            email=made.email,
            role=made.role,
            participant_name=made.participant_name,
            device=made.device,
            join_time=made.joined_at,
            leave_time=made.left_at,
            state="left" if made.left_at else "active" if made.is_active(now) else "expired",
        )


class SessionActivity(CamelPart):
    """The registrations for the meeting by time, and how many of them are in which state."""

    total: int
    active: int
    left: int
    expired: int
    registrations: list[RegistrationActivity]

    @classmethod
    def of(cls, registrations: Iterable[UserSession], now: datetime) -> "SessionActivity":
        """The registrations as of `now`."""
        told = [RegistrationActivity.of(each, now) for each in sorted(registrations, key=lambda e: (e.joined_at, e.session_id))]
        states = Counter(each.state for each in told)
        return cls(total=len(told), active=states["active"], left=states["left"], expired=states["expired"], registrations=told)


class MeetingBody(CamelAnswer):
    """Everybody of a meeting whom the caller may see. Without a class, `sessionId`, `classId` and `subject` are null."""

    meeting_id: str
    session_id: str | None
    class_id: str | None
    subject: str | None
    participants: list[MeetingParticipant]
    authentication_stats: AuthenticationStats | None = None
    session_activity: SessionActivity | None = None

    @classmethod
    def of(cls, found: MeetingAttendance, meeting_id: str, now: datetime) -> "MeetingBody":
        """The meeting as of `now`, enriched."""
        held = found.held
        return cls(
            meeting_id=meeting_id,
            session_id=held.session_id if held else None,
            class_id=held.class_id if held else None,
            subject=held.subject if held else None,
            participants=[MeetingParticipant.present(each, meeting_id, now) for each in found.participants],
            authentication_stats=AuthenticationStats.of(found.participants),
            session_activity=SessionActivity.of(found.registrations, now),
        )

    def to_plain_json(self) -> str:
        """The answer as text, without who people are here and in the directory."""
        left_out: dict[str, Any] = {"participants": {"__all__": ENRICHED_PARTICIPANT}, **dict.fromkeys(ENRICHED_BODY, True)}
        return self.model_dump_json(by_alias=True, exclude=left_out)


def _of_registration(made: UserSession) -> dict[str, Any]:
    """What a registration alone says: that the person claims to come, and nothing about presence."""
    nothing = ("participant_id", "role", "override", "excuse", "policy_version", "join_time", "leave_time")
    return {
        **dict.fromkeys(nothing),
        **dict.fromkeys(("duration", "duration_seconds", "shared_seconds"), 0),
        **dict.fromkeys(("attendance_status", "computed_status"), "unknown"),
        "participant_name": made.participant_name or made.username,
        "email": made.email,
        "match": Match.EXACT_EMAIL.value,
        "is_active": False,
        "registered_at": made.joined_at,
        "source": Source.APP_SESSION.value,
        "basis": Basis.CLAIMED.value,
    }


def _of_student(info: StudentInfo | None) -> dict[str, Any]:
    if info is None:
        return {}
    return {
        "student_info": info,
        "student_id": info.student_id,
        "student_first_name": info.first_name,
        "student_last_name": info.last_name,
        "student_department": info.department,
        "student_email": info.email,
    }
