"""Live feeds from end to end: Google's pushes in every condition, and Zoom, each to the same settled attendance."""

import time
from datetime import timedelta
from typing import Any

import httpx

from shared import system
from tests.journeys.conftest import Stack
from tests.journeys.test_one_class import text

MODES = ("on", "off", "duplicate", "shuffle", "late")
OMAR, LENA = "omar@school.example", "lena@school.example"


def book(stack: Stack, teacher: str, starts_in: float = 10, **changes: Any) -> dict[str, Any]:
    """A class of a minute."""
    body = {
        "teacher_email": teacher,
        "student_emails": [OMAR, LENA],
        "subject": "Feeds",
        "start_time": text(system.now() + timedelta(seconds=starts_in)),
        "duration_minutes": 1,
        "allow_conflicts": True,
        **changes,
    }
    answer = stack.ask("POST", "/api/schedule/class", json=body)
    assert answer.status_code == 201, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


def active(stack: Stack, booked: dict[str, Any]) -> dict[str, Any] | None:
    """The class in the live view."""
    answer = stack.ask("GET", f"/api/monitoring/active-sessions?teacher_email={booked['teacher_email']}").json()
    return next((one for one in answer["sessions"] if one["session_id"] == booked["session_id"]), None)


def present(stack: Stack, booked: dict[str, Any]) -> set[str]:
    """Who is in the room, by address or name."""
    session = active(stack, booked)
    people = session["participants"] if session else []
    return {person["email"] or person["display_name"] for person in people if person["present"]}


def delivers(stack: Stack, teacher: str) -> bool:
    """Whether the health route says that the teacher's pushes come."""
    told = stack.ask("GET", "/api/monitoring/health").json()["subscriptions"]
    return any(one["teacher_email"] == teacher and one["delivers"] for one in told)


def settled(stack: Stack, booked: dict[str, Any]) -> dict[str, tuple[str, str, int]] | None:
    """The attendance once the meeting was read to its end: status, basis and seconds, which clocks may make differ by one."""
    session = stack.ask("GET", f"/api/monitoring/sessions/{booked['session_id']}").json()
    if not (session["sync"] and session["sync"]["complete"]):
        return None
    rows = session["participants"]
    return {row["email"] or row["display_name"]: (row["status"], row["basis"], row["duration_seconds"]) for row in rows}


def play(stack: Stack, booked: dict[str, Any]) -> None:
    """The same class each time: a rejoin, a second device, a guest who stays to the end."""
    code, began = booked["meet_code"], system.now() - timedelta(seconds=15.5)
    room = f"/meetings/{code}"

    def at(seconds: float) -> str:
        return (began + timedelta(seconds=seconds)).isoformat()

    def joins(seconds: float, **who: str) -> str:
        told = stack.play(f"{room}/join", at=at(seconds), **who)
        return str(told["device_session_id"])

    def leaves(device: str, seconds: float) -> None:
        stack.play(f"{room}/leave", device_session_id=device, at=at(seconds))

    teacher = joins(0, email=booked["teacher_email"], display_name="Teacher", kind="signed_in")
    omar = joins(1, email=OMAR, display_name="Omar", kind="signed_in")
    leaves(omar, 5)
    again = joins(7, email=OMAR, display_name="Omar", kind="signed_in")
    second = joins(8, email=OMAR, display_name="Omar", kind="signed_in", device="phone")
    leaves(again, 10)
    leaves(second, 12)
    joins(3, display_name="Guest", kind="anonymous")
    leaves(teacher, 14)
    stack.play(f"{room}/end", at=at(15))


def test_whatever_becomes_of_the_pushes_the_settled_attendance_is_the_same(stack: Stack) -> None:
    classes = {}
    for mode in MODES:
        classes[mode] = book(stack, f"teacher.{mode}@school.example", starts_in=20)
    for booked in classes.values():
        stack.until(lambda booked=booked: delivers(stack, booked["teacher_email"]))
        stack.until(lambda booked=booked: active(stack, booked))
    time.sleep(16)
    try:
        for mode, booked in classes.items():
            stack.play("/push", mode=mode)
            play(stack, booked)
            time.sleep(0.5)
    finally:
        stack.play("/push", mode="on")
    told = {mode: stack.until(lambda booked=booked: settled(stack, booked), 150) for mode, booked in classes.items()}
    expected = {
        OMAR: ("present", "measured", 9),
        LENA: ("absent", "measured", 0),
        "Guest": ("present", "measured", 12),
    }
    for mode, rows in told.items():
        teacher = classes[mode]["teacher_email"]
        assert rows == {**expected, teacher: ("present", "measured", 14)}, mode
    facts = stack.ask("GET", f"/api/monitoring/sessions/{classes['on']['session_id']}").json()
    assert {"meet_event", "meet_api"} <= set(facts["sources"])
    silent = stack.ask("GET", f"/api/monitoring/sessions/{classes['off']['session_id']}").json()
    assert "meet_event" not in silent["sources"]


def test_a_join_is_in_the_live_view_within_a_second_of_its_push(stack: Stack) -> None:
    booked = book(stack, "teacher.live@school.example", duration_minutes=3)
    stack.until(lambda: delivers(stack, booked["teacher_email"]))
    stack.until(lambda: active(stack, booked))
    waits = []
    for number in range(20):
        email = f"pupil{number}@school.example"
        stack.play(f"/meetings/{booked['meet_code']}/join", email=email, display_name=f"Pupil {number}", kind="signed_in")
        pushed = time.monotonic()
        while email not in present(stack, booked):
            assert time.monotonic() - pushed < 20
        waits.append(time.monotonic() - pushed)
    session = active(stack, booked)
    assert session is not None
    assert session["feed"] == "live"
    assert sorted(waits)[18] < 3, waits
    stack.play(f"/meetings/{booked['meet_code']}/end")
    stack.until(lambda: present(stack, booked) == set())


def test_a_feed_that_falls_silent_is_noticed_and_polled(stack: Stack) -> None:
    booked = book(stack, "teacher.silent@school.example", duration_minutes=3)
    stack.until(lambda: delivers(stack, booked["teacher_email"]))
    stack.until(lambda: active(stack, booked))
    stack.play("/push", mode="off")
    try:
        stack.play(f"/meetings/{booked['meet_code']}/join", email=OMAR, display_name="Omar", kind="signed_in")
        stack.until(lambda: present(stack, booked) == {OMAR}, 100)
        told = stack.until(lambda: (one := active(stack, booked)) and one["feed"] == "polling" and one, 80)
        assert [person["match"] for person in told["participants"]] == ["exact_email"]
    finally:
        stack.play("/push", mode="on")


def test_a_suspended_subscription_heals_itself(stack: Stack) -> None:
    booked = book(stack, "teacher.suspended@school.example", starts_in=3600)
    teacher = booked["teacher_email"]
    stack.until(lambda: delivers(stack, teacher))
    stack.play("/subscriptions/suspend", email=teacher, reason="ENDPOINT_PERMISSION_DENIED")
    stack.until(lambda: delivers(stack, teacher))
    stack.play("/subscriptions/expire", email=teacher)
    stack.until(lambda: delivers(stack, teacher))


def test_nobody_pushes_who_is_not_google(stack: Stack) -> None:
    body = {"message": {"data": "e30=", "attributes": {}}}
    assert stack.ask("POST", "/api/webhook/workspace-events", json=body).status_code == 401
    admin = stack.token("admin@school.example", "admin")
    assert stack.ask("POST", "/api/webhook/workspace-events", json=body, headers=admin).status_code == 401


def zoom_moves(stack: Stack, number: str) -> Any:
    """Moves in a Zoom meeting."""

    def move(what: str, **body: Any) -> dict[str, Any]:
        return stack.play(f"/zoom/meetings/{number}/{what}", **body)

    return move


def registrant(stack: Stack, booked: dict[str, Any], email: str) -> str:
    """The student's id in the meeting, as Zoom knows it."""
    state = httpx.get(f"{stack.simulator}/_sim/zoom/state", timeout=20).json()
    meeting = next(one for one in state["meetings"] if str(one["number"]) == booked["meet_code"])
    return str(next(one["registrant_id"] for one in meeting["registrants"] if one["email"] == email))


def test_a_class_on_zoom_is_seen_live_and_settled_by_the_report(stack: Stack) -> None:
    booked = book(stack, "zoe.teacher@school.example", provider="zoom")
    assert booked["provider"] == "zoom"
    assert set(booked["join_links"]) == {OMAR, LENA}
    own = stack.ask("GET", f"/api/schedule/classes/{booked['class_id']}", headers=stack.token(OMAR, "user")).json()
    assert own["meet_link"] == booked["join_links"][OMAR] != booked["join_links"][LENA]
    assert own["join_links"] == {OMAR: booked["join_links"][OMAR]}
    stack.until(lambda: active(stack, booked))
    move = zoom_moves(stack, booked["meet_code"])
    move("join", display_name="Zoe", email="zoe.teacher@school.example")
    omar = move("join", display_name="iPad (3)", registrant_id=registrant(stack, booked, OMAR))
    guest = move("join", display_name="Somebody", phone="+441234567890")
    stack.until(lambda: {"zoe.teacher@school.example", OMAR} <= present(stack, booked))
    told = active(stack, booked)
    assert told is not None
    assert told["feed"] == "live"
    move("bind", user_id=guest["user_id"], to_user_id=omar["user_id"])
    stack.until(lambda: present(stack, booked) == {"zoe.teacher@school.example", OMAR})
    time.sleep(2)
    move("leave", user_id=omar["user_id"])
    move("leave", user_id=guest["user_id"])
    stack.until(lambda: present(stack, booked) == {"zoe.teacher@school.example"})
    move("end")
    stack.until(lambda: present(stack, booked) == set())
    rows = stack.until(lambda: settled(stack, booked), 150)
    assert {who: row[:2] for who, row in rows.items()} == {
        "zoe.teacher@school.example": ("present", "measured"),
        OMAR: ("present", "measured"),
        LENA: ("absent", "measured"),
    }
    told = stack.ask("GET", f"/api/monitoring/sessions/{booked['session_id']}").json()
    assert {"zoom_webhook", "zoom_report"} <= set(told["sources"])
    assert {"join", "leave", "end", "bind"} <= {entry["kind"] for entry in told["timeline"]}


def test_zoom_finds_its_endpoint_and_a_stranger_does_not(stack: Stack) -> None:
    assert stack.play("/zoom/validate")["valid"] is True
    assert stack.ask("GET", "/api/monitoring/health").json()["zoom_webhook_validated_at"] is not None
    forged = {"event": "meeting.participant_joined", "event_ts": 1, "payload": {"object": {}}}
    assert stack.ask("POST", "/api/webhook/zoom", json=forged).status_code == 401
    oracle = {"event": "endpoint.url_validation", "payload": {"plainToken": "v0:1:{}"}}
    assert stack.ask("POST", "/api/webhook/zoom", json=oracle).status_code == 400


def refusals(stack: Stack, teacher: str) -> dict[str, str]:
    """What the health route says of services that refuse this teacher: the remedy by service."""
    told = stack.ask("GET", "/api/monitoring/health").json()
    return {one["service"]: one["remedy"] for one in told["connections"] if one["subject"] == teacher}


def test_a_refusal_of_google_is_shown_with_its_remedy_until_it_is_mended(stack: Stack) -> None:
    booked = book(stack, "teacher.refused@school.example", duration_minutes=3)
    teacher, path = booked["teacher_email"], f"/api/webhook/sessions/{booked['session_id']}/sync-participants"
    stack.until(lambda: active(stack, booked))
    httpx.post(
        f"{stack.simulator}/_sim/fail-next",
        json={"api": "meet", "status": 403, "times": 3, "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
        timeout=20,
    ).raise_for_status()
    refused = stack.until(lambda: (answer := stack.ask("POST", path)).status_code == 502 and answer.json())
    assert refused["title"] == "Insufficient permissions"
    shown = stack.until(lambda: refusals(stack, teacher).get("Meet"))
    assert "meetings.space.readonly" in shown
    assert "python -m infra.google_oauth --meet" in shown
    assert stack.ask("GET", "/api/monitoring/health").json()["status"] == "degraded"
    stack.until(lambda: stack.ask("POST", path).status_code == 200)
    stack.until(lambda: "Meet" not in refusals(stack, teacher))
