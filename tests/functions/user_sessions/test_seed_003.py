"""The guide of user session tracking, read as a test: its requests, headers, answers and messages, in its order."""

from datetime import timedelta

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from tests.functions.user_sessions.asking import Here, body_of, credential

JOHN = Caller("user123", "john.doe@example.com", "user", "johndoe")
BOSS = Caller("boss", "boss@example.com", "admin")
MEETING = "123456789"
JOIN = {"meetingId": MEETING, "participantData": {"participantName": "John Doe", "device": "Desktop"}}


@pytest.fixture
def guide(here: Here) -> Here:
    """The world of the guide: its meeting, its student."""
    here.desk.enters(Person(JOHN.email, (PersonRole.STUDENT,), "John", "Doe", 12345, "Computer Science"))
    return here


def test_register_for_meeting_attendance(guide: Here) -> None:
    told = guide.told("POST", "/join-meeting", JOHN, JOIN)
    session_id = told.pop("sessionId")
    assert told == {
        "success": True,
        "message": "Successfully registered for meeting attendance",
        "userData": {
            "user": {"id": "user123", "username": "johndoe", "email": "john.doe@example.com", "role": "user"},
            "student": {
                "studentId": 12345,
                "firstName": "John",
                "lastName": "Doe",
                "department": "Computer Science",
                "email": "john.doe@example.com",
            },
            "meetingId": "123456789",
            "joinTime": "2026-12-01T12:00:00Z",
        },
    }
    assert len(session_id) == 32


def test_leave_meeting(guide: Here) -> None:
    session_id = guide.told("POST", "/join-meeting", JOHN, JOIN)["sessionId"]
    guide.clock.passes(timedelta(minutes=45, seconds=59))
    assert guide.told("POST", "/leave-meeting", JOHN, {"sessionId": session_id}) == {
        "success": True,
        "message": "Successfully left meeting",
        "sessionId": session_id,
        "meetingId": MEETING,
        "joinTime": "2026-12-01T12:00:00Z",
        "leaveTime": "2026-12-01T12:45:59Z",
        "duration": 45,
    }


def test_get_the_users_sessions(guide: Here) -> None:
    session_id = guide.told("POST", "/join-meeting", JOHN, JOIN)["sessionId"]
    guide.clock.passes(timedelta(minutes=10))
    assert guide.told("GET", "/my-sessions", JOHN) == {
        "success": True,
        "sessions": [
            {
                "sessionId": session_id,
                "meetingId": MEETING,
                "participantName": "John Doe",
                "device": "Desktop",
                "joinTime": "2026-12-01T12:00:00Z",
                "leaveTime": None,
                "duration": 10,
                "isActive": True,
            }
        ],
        "next_page_token": None,
    }


def test_get_the_authenticated_participants_for_a_meeting(guide: Here) -> None:
    session_id = guide.told("POST", "/join-meeting", JOHN, JOIN)["sessionId"]
    told = guide.told("GET", f"/meeting/{MEETING}/authenticated-participants", JOHN)
    (john,) = told.pop("participants")
    assert told == {"success": True, "meetingId": MEETING, "count": 1}
    assert john == {
        "sessionId": session_id,
        "participantName": "John Doe",
        "username": "johndoe",
        "email": "john.doe@example.com",
        "role": "user",
        "userId": "user123",
        "student": {
            "studentId": 12345, "firstName": "John", "lastName": "Doe", "department": "Computer Science",
            "email": "john.doe@example.com",
        },
        "device": "Desktop",
        "joinTime": "2026-12-01T12:00:00Z",
        "leaveTime": None,
        "isActive": True,
    }  # fmt: skip


def test_the_pages_own_request_takes_the_name_from_the_token(guide: Here) -> None:
    data = {"participantName": "Auto-detected from token", "device": "Web Browser"}
    told = guide.told("POST", "/join-meeting", JOHN, {"meetingId": MEETING, "participantData": data})
    assert told["success"] is True
    assert told["userData"]["user"]["username"] == "johndoe"
    (own,) = guide.told("GET", "/my-sessions", JOHN)["sessions"]
    assert own["participantName"] == "johndoe"


def test_users_can_only_access_their_own_session_data(guide: Here) -> None:
    guide.told("POST", "/join-meeting", JOHN, JOIN)
    eve = Caller("eve", "eve@example.com", "user")
    assert guide.told("GET", "/my-sessions", eve)["sessions"] == []
    assert guide.ask("GET", f"/meeting/{MEETING}/authenticated-participants", eve).status_code == 404


def test_session_statistics_are_the_administrators(guide: Here) -> None:
    guide.told("POST", "/join-meeting", JOHN, JOIN)
    assert guide.told("GET", "/stats", BOSS) == {
        "success": True,
        "stats": {
            "activeSessions": 1,
            "activeUsers": 1,
            "activeMeetings": 1,
            "roleBreakdown": {"user": 1, "teacher": 0, "admin": 0},
            "studentsWithSessions": 1,
            "isComplete": True,
            "cleanup": {"lastRun": None, "expired": 0, "waiting": 0},
        },
    }
    assert guide.ask("GET", "/stats", JOHN).status_code == 403


def test_expired_sessions_are_cleaned_up(guide: Here) -> None:
    session_id = guide.told("POST", "/join-meeting", JOHN, JOIN)["sessionId"]
    guide.clock.passes(timedelta(hours=12))
    guide.desk.expire()
    cleanup = guide.told("GET", "/stats", BOSS)["stats"]["cleanup"]
    assert cleanup == {"lastRun": "2026-12-02T00:00:00Z", "expired": 1, "waiting": 0}
    assert guide.ask("POST", "/leave-meeting", JOHN, {"sessionId": session_id}).status_code == 404


def test_all_sessions_ended_for_a_meeting(guide: Here) -> None:
    guide.told("POST", "/join-meeting", JOHN, JOIN)
    assert guide.told("POST", f"/meeting/{MEETING}/end", BOSS) == {
        "success": True,
        "message": "All sessions ended for meeting",
        "meetingId": MEETING,
        "ended": 1,
    }


@pytest.mark.parametrize("token", [None, "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_trouble_invalid_or_expired_token(guide: Here, token: str | None) -> None:
    response = guide.ask("POST", "/join-meeting", token, JOIN)
    assert response.status_code == 401
    told = body_of(response)
    assert (told["success"], told["message"]) == (False, "Invalid or expired token")


@pytest.mark.parametrize("session_id", ["user123_123456789_1640000000000", "0" * 32])
def test_trouble_no_active_session_found(guide: Here, session_id: str) -> None:
    response = guide.ask("POST", "/leave-meeting", JOHN, {"sessionId": session_id})
    assert response.status_code == 404
    told = body_of(response)
    assert (told["success"], told["message"]) == (False, "No active session found")
    assert "join-meeting" in told["detail"]


def test_trouble_user_not_found(guide: Here) -> None:
    response = guide.ask("POST", "/sign-in", None, {"credential": credential("nobody@example.com")})
    assert response.status_code == 404
    told = body_of(response)
    assert (told["success"], told["message"]) == (False, "User not found")


def test_register_early_and_again_without_harm(guide: Here) -> None:
    first = guide.told("POST", "/join-meeting", JOHN, JOIN)
    guide.clock.passes(timedelta(minutes=5))
    assert guide.told("POST", "/join-meeting", JOHN, JOIN) == first
