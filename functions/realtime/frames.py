"""What is sent over the socket: events by name, with the fields of the product's guides. More fields are additions of ours.

Instants are RFC 3339 in UTC. `rev` orders the frames of one session, and the states of one course.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.accounts import Caller
from shared.domain.directory import Person, person_id_of
from shared.domain.live import Change, ChangeKind, LivePerson, LiveSession
from shared.domain.user_sessions import UserSession
from shared.usecases.follow_course import FollowedCourse, runs, shown_to

Frame = tuple[str, dict[str, Any]]
"""An event's name and its payload."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a change is told with beside itself: the teachers that the directory knows, and the registration it is about."""

    teachers: Mapping[str, Person]
    registration: UserSession | None = None


def active_sessions(course: FollowedCourse, caller: Caller) -> dict[str, Any]:
    """The classes of a course that are on, as the caller may see them."""
    sessions = [
        {
            "sessionId": session.held.session_id,
            "teacherId": person_id_of(session.held.teacher_email),
            "studentCount": session.students_inside,
            "startedAt": _instant(session.held.opened_at),
            "subject": session.held.subject,
            "scheduledEnd": _instant(session.held.end_at),
        }
        for session in course.on_for(caller)
    ]
    return {"course_id": course.course_id, "activeSessions": sessions, "rev": course.rev}


def frames_of(change: Change, told: Told) -> Callable[[Caller], Iterable[Frame]]:
    """What a change is for each of those who may hear of it."""
    make = _MAKERS[change.kind]
    return lambda caller: make(change, told, caller)


def _started(change: Change, told: Told, _: Caller) -> Iterable[Frame]:
    name = _teacher_name(change.session, told)
    more = {"started_by": name, "started_at": _instant(change.session.held.opened_at), "subject": change.session.held.subject}
    yield "courseSessionStarted", {**_class_of(change.session, told), **more}


def _ended(change: Change, told: Told, _: Caller) -> Iterable[Frame]:
    held = change.session.held
    more = {
        "final_statistics": change.session.statistics,
        "ended_by": _teacher_name(change.session, told),
        "ended_at": _instant(held.closed_at or held.end_at),
    }
    yield "courseSessionEnded", {**_class_of(change.session, told), **more}


def _joined(change: Change, told: Told, caller: Caller) -> Iterable[Frame]:
    yield from _about_person("participantJoined", change, told, caller)


def _left(change: Change, told: Told, caller: Caller) -> Iterable[Frame]:
    yield from _about_person("participantLeft", change, told, caller)


def _linked(change: Change, told: Told, caller: Caller) -> Iterable[Frame]:
    yield from _about_person("participantLinked", change, told, caller)


def _about_person(event: str, change: Change, _: Told, caller: Caller) -> Iterable[Frame]:
    person = shown_to(caller, change.person, change.session) if change.person else None
    if person is not None:
        yield event, {**_where(change.session), "participant": _participant(person)}


def _registered(change: Change, told: Told, _: Caller) -> Iterable[Frame]:
    each = change.registration
    if each is not None and told.registration is not None:
        user = _user(told.registration)
        yield "userJoinedMeeting", {**_where(change.session), "user": user, "joinTime": _instant(each.joined_at)}


def _unregistered(change: Change, told: Told, _: Caller) -> Iterable[Frame]:
    each = change.registration
    if each is not None and each.left_at is not None and told.registration is not None:
        minutes = int((each.left_at - each.joined_at).total_seconds() // 60)
        yield "userLeftMeeting", {**_where(change.session), "user": _user(told.registration), "duration": minutes}


def _all_unregistered(change: Change, _: Told, __: Caller) -> Iterable[Frame]:
    yield "meetingSessionsEnded", _where(change.session)


def _read(change: Change, _: Told, caller: Caller) -> Iterable[Frame]:
    reading = change.session.reading
    if reading is not None:
        about = {"status": reading.status.value, "complete": reading.is_complete, "read_at": _instant(reading.read_at)}
        counts = {"statistics": change.session.statistics} if runs(caller, change.session) else {}
        yield "attendanceDataFetched", {**_where(change.session), **about, **counts}


_MAKERS: Mapping[ChangeKind, Callable[[Change, Told, Caller], Iterable[Frame]]] = {
    ChangeKind.STARTED: _started,
    ChangeKind.ENDED: _ended,
    ChangeKind.JOINED: _joined,
    ChangeKind.LEFT: _left,
    ChangeKind.LINKED: _linked,
    ChangeKind.REGISTERED: _registered,
    ChangeKind.UNREGISTERED: _unregistered,
    ChangeKind.ALL_UNREGISTERED: _all_unregistered,
    ChangeKind.READ: _read,
}


def _class_of(session: LiveSession, told: Told) -> dict[str, Any]:
    held = session.held
    return {
        "course_id": held.course_id,
        "session_id": held.session_id,
        "teacher_id": person_id_of(held.teacher_email),
        "teacher_name": _teacher_name(session, told),
        "rev": session.rev,
    }


def _where(session: LiveSession) -> dict[str, Any]:
    held = session.held
    return {"meetingId": held.meeting_id, "session_id": held.session_id, "course_id": held.course_id, "rev": session.rev}


def _teacher_name(session: LiveSession, told: Told) -> str:
    """The name that the directory has, else what stands before the address's @."""
    email = session.held.teacher_email
    person = told.teachers.get(email)
    return (person.full_name if person else None) or email.partition("@")[0]


def _participant(person: LivePerson) -> dict[str, Any]:
    return {
        "participant_id": person.row_id,
        "email": person.email,
        "display_name": person.display_name,
        "role": person.role.value,
        "present": person.is_present,
        "joined_at": _instant(person.joined_at),
        "left_at": _instant(person.went_at),
        "devices": person.devices,
        "match": person.match.value,
    }


def _user(registration: UserSession) -> dict[str, Any]:
    return {"id": registration.subject, "username": registration.username, "role": registration.role}


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
