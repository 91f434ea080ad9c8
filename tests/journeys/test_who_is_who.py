"""Who is who, on the whole stack: a person who signs in once is known by their Google account, a stranger by a decision."""

from datetime import timedelta
from typing import Any

from shared import system
from tests.journeys.conftest import Stack
from tests.journeys.test_live_feeds import book
from tests.journeys.test_one_class import text

LENA = "lena@private.example"  # no account of the school's, so no lookup of the school's tells the address
OMAR = "omar@school.example"
TRACKER = "/api/attendance-tracker"


def enter(stack: Stack, email: str, **known: object) -> None:
    """A student is entered by an administrator."""
    answer = stack.ask("PUT", f"{TRACKER}/students/{email}", json=known, headers=stack.token("root@school.example", "admin"))
    assert answer.status_code == 200, answer.text


def sign_in(stack: Stack, email: str, name: str) -> Any:
    """Somebody signs in with Google."""
    credential = stack.play("/sign-in", email=email, display_name=name)["credential"]
    return stack.ask("POST", "/api/user-sessions/sign-in", json={"credential": credential})


def held_class(stack: Stack, **changes: Any) -> dict[str, Any]:
    """A class of a minute that is on."""
    booked = book(stack, "uma.teacher@school.example", student_emails=[OMAR, LENA], **changes)
    path = "/api/monitoring/active-sessions?teacher_email=uma.teacher@school.example"
    stack.until(lambda: booked["session_id"] in stack.ask("GET", path).text)
    return booked


def enriched(stack: Stack, booked: dict[str, Any]) -> Any:
    """The class's attendance as its administrator sees it."""
    path = f"{TRACKER}/attendance/{booked['meet_code']}?enriched=true&sessionId={booked['session_id']}"
    return stack.ask("GET", path, headers=stack.token("root@school.example", "admin")).json()


def person(stack: Stack, booked: dict[str, Any], **wanted: object) -> Any:
    """The first participant that is so; None without one."""
    rows = enriched(stack, booked)["participants"]
    return next((row for row in rows if all(row[name] == value for name, value in wanted.items())), None)


def test_who_signed_in_once_is_known_by_the_google_account_from_then_on(stack: Stack) -> None:
    enter(stack, LENA, firstName="Lena", lastName="Holm", department="Maths")
    stranger = sign_in(stack, "nobody@private.example", "Nobody")
    assert (stranger.status_code, stranger.json()["message"], stranger.json()["success"]) == (404, "User not found", False)
    told = sign_in(stack, LENA, "Lena Holm")
    assert told.status_code == 200, told.text
    assert (told.json()["user"]["email"], told.json()["user"]["role"]) == (LENA, "user")
    headers = {"Authorization": f"Bearer {told.json()['token']}"}
    booked = held_class(stack)
    stack.play(f"/meetings/{booked['meet_code']}/join", email=LENA, display_name="L.", kind="signed_in")
    row = stack.until(lambda: person(stack, booked, email=LENA, isActive=True))
    assert row["match"] == "exact_id"
    assert (row["studentFirstName"], row["studentLastName"], row["studentDepartment"]) == ("Lena", "Holm", "Maths")
    assert row["isAuthenticated"] is False
    body = {"meetingId": booked["meet_code"], "participantData": {"participantName": "Lena", "device": "Desktop"}}
    joined = stack.ask("POST", "/api/user-sessions/join-meeting", json=body, headers=headers).json()
    assert joined["message"] == "Successfully registered for meeting attendance"
    assert stack.until(lambda: person(stack, booked, email=LENA, isAuthenticated=True))["authenticatedUser"]["role"] == "user"
    left = stack.ask("POST", "/api/user-sessions/leave-meeting", json={"sessionId": joined["sessionId"]}, headers=headers)
    assert left.json()["message"] == "Successfully left meeting"
    own = stack.ask("GET", f"{TRACKER}/attendance/{booked['meet_code']}?enriched=true", headers=headers).json()
    assert [each["email"] for each in own["participants"]] == [LENA]


def test_a_click_alone_is_never_presence_and_a_decision_is_remembered(stack: Stack) -> None:
    enter(stack, OMAR, firstName="Omar", lastName="Nasser")
    admin = stack.token("root@school.example", "admin")
    first = held_class(stack, subject="First")
    body = {"meetingId": first["meet_code"]}
    assert stack.ask("POST", "/api/user-sessions/join-meeting", json=body, headers=stack.token(OMAR, "user")).is_success
    began = system.now() - timedelta(seconds=5)
    room = f"/meetings/{first['meet_code']}"
    stack.play(f"{room}/join", display_name="O. Nasser (tablet)", kind="anonymous", at=text(began))
    stack.play(f"{room}/end")

    def cards() -> Any:
        path = f"{TRACKER}/review?state=open&session_id={first['session_id']}"
        return stack.ask("GET", path, headers=admin).json()["items"]

    def card() -> Any:
        return next((each for each in cards() if each["kind"] == "unidentified"), None)

    found = stack.until(card, 150)
    assert person(stack, first, email=OMAR)["attendanceStatus"] in ("absent", "unknown")
    assert OMAR in [each["email"] for each in found["suggestions"]]
    decided = stack.ask("POST", f"{TRACKER}/review/{found['id']}", json={"decision": "confirm", "email": OMAR}, headers=admin)
    assert decided.status_code == 200, decided.text
    assert person(stack, first, email=OMAR)["match"] == "confirmed_alias"
    second = held_class(stack, subject="Second")
    stack.play(f"/meetings/{second['meet_code']}/join", display_name="O. Nasser (tablet)", kind="anonymous")
    assert stack.until(lambda: person(stack, second, email=OMAR, isActive=True))["match"] == "confirmed_alias"
