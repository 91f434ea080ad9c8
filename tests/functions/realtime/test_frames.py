"""Frames: each event key by key as the guides have it."""

from dataclasses import replace
from typing import Any

import pytest

from functions.realtime.frames import Frame, Told, active_sessions, frames_of
from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus, Match, Role
from shared.domain.classes import Status
from shared.domain.directory import Person, PersonRole, person_id_of
from shared.domain.live import Change, ChangeKind, LivePerson, LiveReading, LiveRegistration, LiveSession, live_class
from shared.domain.sessions import SyncStatus
from shared.domain.user_sessions import UserSession
from shared.usecases.follow_course import FollowedCourse
from tests.builders import ROOM, a_class, at

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
TEACHER, PUPIL = Caller("a", ADA, "teacher"), Caller("o", OMAR, "user")
KNOWN = Told({ADA: Person(ADA, (PersonRole.TEACHER,), "Ada", "Byron")})
PRESENT = LivePerson("row", OMAR, "Omar", Role.STUDENT, Match.EXACT_EMAIL, AttendanceStatus.LATE, at(1), at(1), None, 2)
REGISTRATION = LiveRegistration("secret", OMAR, at(2), at(9.5))
STORED = UserSession("secret", "sub-o", OMAR, "Omar N.", "user", "ABC", ROOM, None, None, at(2), at(700))


def session(**other: Any) -> LiveSession:
    held = live_class(a_class(status=Status.ACTIVE, course_id="maths", opened_at=at(0)))
    assert held is not None
    return LiveSession(replace(held, **other), {"row": PRESENT}, rev=7)


def made(kind: ChangeKind, caller: Caller = TEACHER, told: Told = KNOWN, **more: Any) -> list[Frame]:
    after = more.pop("session", session())
    return list(frames_of(Change(kind, after, **more), told)(caller))


CLASS = {
    "course_id": "maths",
    "session_id": session().held.session_id,
    "teacher_id": person_id_of(ADA),
    "teacher_name": "Ada Byron",
    "rev": 7,
}
WHERE = {"meetingId": "abc-mnop-xyz", "session_id": session().held.session_id, "course_id": "maths", "rev": 7}


def test_a_start() -> None:
    more = {"started_by": "Ada Byron", "started_at": "2026-12-01T12:00:00.000Z", "subject": "algebra"}
    assert made(ChangeKind.STARTED) == [("courseSessionStarted", {**CLASS, **more})]


def test_a_teacher_whom_the_directory_does_not_know_goes_by_their_address() -> None:
    ((_, payload),) = made(ChangeKind.STARTED, told=Told({}))
    assert (payload["teacher_name"], payload["started_by"]) == ("ada", "ada")


def test_an_end() -> None:
    over = session(status=Status.COMPLETED, closed_at=at(58))
    counts = {"present": 1, "absent": 0, "excused": 0, "unknown": 1, "total": 2}
    more = {"final_statistics": counts, "ended_by": "Ada Byron", "ended_at": "2026-12-01T12:58:00.000Z"}
    assert made(ChangeKind.ENDED, session=over) == [("courseSessionEnded", {**CLASS, **more})]


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (ChangeKind.JOINED, "participantJoined"),
        (ChangeKind.LEFT, "participantLeft"),
        (ChangeKind.LINKED, "participantLinked"),
    ],
)
def test_somebody_who_comes_goes_or_is_linked(kind: ChangeKind, event: str) -> None:
    participant = {
        "participant_id": "row",
        "email": OMAR,
        "display_name": "Omar",
        "role": "student",
        "present": True,
        "joined_at": "2026-12-01T12:01:00.000Z",
        "left_at": None,
        "devices": 2,
        "match": "exact_email",
    }
    expected = [(event, {**WHERE, "participant": participant})]
    assert made(kind, person=PRESENT) == expected
    assert made(kind, PUPIL, person=PRESENT) == expected
    assert made(kind, Caller("l", LENA, "user"), person=PRESENT) == []


def test_registrations() -> None:
    told, user = replace(KNOWN, registration=STORED), {"id": "sub-o", "username": "Omar N.", "role": "user"}
    more = {"user": user, "joinTime": "2026-12-01T12:02:00.000Z"}
    assert made(ChangeKind.REGISTERED, PUPIL, told, registration=REGISTRATION) == [("userJoinedMeeting", {**WHERE, **more})]
    left = made(ChangeKind.UNREGISTERED, PUPIL, told, registration=REGISTRATION)
    assert left == [("userLeftMeeting", {**WHERE, "user": user, "duration": 7})]
    assert made(ChangeKind.ALL_UNREGISTERED, PUPIL) == [("meetingSessionsEnded", WHERE)]
    assert made(ChangeKind.REGISTERED, PUPIL, registration=REGISTRATION) == []


def test_a_reading_is_counted_only_for_whoever_runs_the_class() -> None:
    read = replace(session(), reading=LiveReading(SyncStatus.SUCCESS, at(65), is_complete=True))
    about = {"status": "success", "complete": True, "read_at": "2026-12-01T13:05:00.000Z"}
    assert made(ChangeKind.READ, PUPIL, session=read) == [("attendanceDataFetched", {**WHERE, **about})]
    ((_, payload),) = made(ChangeKind.READ, session=read)
    assert payload == {**WHERE, **about, "statistics": read.statistics}


def test_the_state_of_a_course() -> None:
    course = FollowedCourse("maths")
    course.see({session().held.session_id: session()}, at(3))
    told = active_sessions(course, PUPIL)
    assert told == {
        "course_id": "maths",
        "activeSessions": [
            {
                "sessionId": session().held.session_id,
                "teacherId": person_id_of(ADA),
                "studentCount": 1,
                "startedAt": "2026-12-01T12:00:00.000Z",
                "subject": "algebra",
                "scheduledEnd": "2026-12-01T13:00:00.000Z",
            }
        ],
        "rev": course.rev,
    }
    assert active_sessions(course, Caller("e", "eve@elsewhere.example", "user"))["activeSessions"] == []
