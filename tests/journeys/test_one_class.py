"""One class from booking to attendance, by the very calls of the guides."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared import system
from tests.journeys.conftest import Stack

ADIL, STUDENT, OTHER = "adil@orinex.co.uk", "student@orinex.co.uk", "other@orinex.co.uk"


def text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def book(stack: Stack, starts_in: float = 60 * 24 * 60, **changes: Any) -> dict[str, Any]:
    body = {
        "teacher_email": ADIL,
        "student_emails": [STUDENT, OTHER],
        "subject": "Test Session",
        "start_time": text(system.now() + timedelta(seconds=starts_in)),
        "duration_minutes": 30,
        **changes,
    }
    answer = stack.ask("POST", "/api/schedule/class", json=body)
    assert answer.status_code == 201, answer.text
    booked: dict[str, Any] = answer.json()
    return booked


def event(stack: Stack, code: str, email: str, kind: str, at: datetime) -> dict[str, Any]:
    body = {"meetingId": code, "participantEmail": email, "eventType": kind, "timestamp": text(at)}
    answer = stack.ask("POST", "/api/webhook/meet-events", json=body)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def active(stack: Stack, session_id: str) -> dict[str, Any] | None:
    sessions = stack.ask("GET", f"/api/monitoring/active-sessions?teacher_email={ADIL}").json()["sessions"]
    return next((s for s in sessions if s["session_id"] == session_id), None)


def logs(stack: Stack, session_id: str) -> dict[str, dict[str, Any]]:
    rows = stack.ask("GET", f"/api/monitoring/attendance-logs?session_id={session_id}").json()["logs"]
    return {row["email"] or row["display_name"]: row for row in rows}


def test_a_class_lives_its_life(stack: Stack) -> None:
    booked = book(stack, starts_in=6, duration_minutes=1)
    assert booked["meet_link"] == f"https://meet.google.com/{booked['meet_code']}"
    session_id, code = booked["session_id"], booked["meet_code"]
    session = stack.until(lambda: active(stack, session_id))
    opened = datetime.fromisoformat(session["started_at"]) - datetime.fromisoformat(booked["start_time"])
    assert opened < timedelta(seconds=2)

    now = system.now()
    assert event(stack, code, ADIL, "join", now)["status"] == "success"
    assert event(stack, code.upper().replace("-", ""), STUDENT, "join", now)["session_id"] == session_id
    assert event(stack, code, STUDENT, "join", now)["status"] == "duplicate"
    assert event(stack, code, STUDENT, "exit", now + timedelta(seconds=2))["status"] == "success"
    live = stack.until(lambda: (s := active(stack, session_id)) and len(s["participants"]) == 2 and s)
    assert live["feed"] == "live"
    assert {p["email"]: p["role"] for p in live["participants"]} == {ADIL: "teacher", STUDENT: "student"}
    shown = stack.until(lambda: (row := logs(stack, session_id)[STUDENT])["duration_seconds"] == 2 and row)
    assert (shown["basis"], shown["source"]) == ("live", "bridge")

    teacher = stack.play(f"/meetings/{code}/join", email=ADIL, display_name="Adil", kind="signed_in")
    student = stack.play(f"/meetings/{code}/join", email=STUDENT, display_name="Student", kind="signed_in")
    stack.play(f"/meetings/{code}/join", display_name="Guest", kind="anonymous")
    middle = stack.ask("POST", f"/api/webhook/sessions/{session_id}/sync-participants").json()
    assert (middle["status"], middle["message"]) == ("pending", "Synced 3 participants")
    stack.play(f"/meetings/{code}/leave", device_session_id=student["device_session_id"])
    stack.until(lambda: active(stack, session_id) is None, 90)
    stack.play(f"/meetings/{code}/leave", device_session_id=teacher["device_session_id"])
    stack.play(f"/meetings/{code}/end")
    settled = stack.until(lambda: (rows := logs(stack, session_id)).get(OTHER, {}).get("status") == "absent" and rows, 60)
    assert settled[ADIL]["basis"] == settled[STUDENT]["basis"] == settled["Guest"]["basis"] == "measured"
    assert settled["Guest"]["match"] == "unmatched"

    again = stack.ask("POST", f"/api/webhook/sessions/{session_id}/sync-participants").json()
    assert (again["status"], again["source"], again["created"], again["updated"]) == ("success", "meet_api", 0, 0)
    people = {p["email"]: p for p in again["participants"]}
    assert people[STUDENT]["session_count"] == len(people[STUDENT]["sessions"]) == 1
    timeline = stack.ask("GET", f"/api/monitoring/sessions/{session_id}").json()
    assert timeline["sources"] == ["bridge", "meet_api", "meet_event"]
    assert timeline["sync"]["complete"]
    assert [e["kind"] for e in timeline["exceptions"]].count("unidentified") == 1


def test_a_key_books_once_and_another_body_under_it_is_refused(stack: Stack) -> None:
    start = text(system.now() + timedelta(days=3))
    body = {"teacher_email": "key@orinex.co.uk", "subject": "Once", "start_time": start, "duration_minutes": 30}
    key = {"Idempotency-Key": system.new_id()}
    answers = [stack.ask("POST", "/api/schedule/class", json=body, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["class_id"] == answers[1].json()["class_id"]
    other = stack.ask("POST", "/api/schedule/class", json={**body, "subject": "Other"}, headers=key)
    assert other.status_code == 422


def test_a_double_booking_names_the_other_class(stack: Stack) -> None:
    first = book(stack, 5 * 86400, teacher_email="busy@orinex.co.uk", student_emails=[])
    body = {"teacher_email": "busy@orinex.co.uk", "subject": "Again", "start_time": first["start_time"], "duration_minutes": 10}
    refused = stack.ask("POST", "/api/schedule/class", json=body)
    assert (refused.status_code, refused.json()["class_ids"]) == (409, [first["class_id"]])
    allowed = stack.ask("POST", "/api/schedule/class", json={**body, "allow_conflicts": True})
    assert allowed.status_code == 201


def test_a_series_is_changed_and_cancelled_in_part_and_whole(stack: Stack) -> None:
    teacher = "series@orinex.co.uk"
    booked = book(
        stack, 86400, teacher_email=teacher, student_emails=[STUDENT], recurrence="FREQ=WEEKLY;COUNT=4", timezone="Europe/London"
    )
    ids = [each["class_id"] for each in booked["classes"]]
    assert len({each["meet_code"] for each in booked["classes"]}) == 1
    later = datetime.fromisoformat(booked["classes"][1]["start_time"]) + timedelta(hours=1)
    moved = stack.ask("PATCH", f"/api/schedule/classes/{ids[1]}?scope=following", json={"start_time": text(later)})
    assert moved.status_code == 200, moved.text
    assert all(each["calendar"]["is_current"] for each in moved.json()["classes"])
    starts = [c["start_time"] for c in stack.ask("GET", f"/api/schedule/classes?teacher_email={teacher}").json()["classes"]]
    assert starts[0] == booked["start_time"]
    assert starts[1:] == [each["start_time"] for each in moved.json()["classes"]]
    assert stack.ask("DELETE", f"/api/schedule/classes/{ids[2]}?reason=ill").json()["status"] == "cancelled"
    assert stack.ask("DELETE", f"/api/schedule/classes/{ids[0]}?scope=all").status_code == 200
    left = stack.ask("GET", f"/api/schedule/classes?teacher_email={teacher}&status=scheduled").json()["classes"]
    assert left == []


def test_each_caller_sees_what_is_theirs(stack: Stack) -> None:
    booked = book(stack, 9 * 86400)
    path = f"/api/schedule/classes/{booked['class_id']}"
    absent = "/api/schedule/classes/" + "0" * 32
    stranger, student = stack.token("bob@orinex.co.uk", "teacher"), stack.token(STUDENT, "user")
    assert stack.ask("GET", path, headers=stack.token(ADIL, "teacher")).json()["student_emails"] == [STUDENT, OTHER]
    assert stack.ask("GET", path, headers=student).json()["student_emails"] == [STUDENT]
    foreign, gone = (stack.ask("GET", where, headers=stranger) for where in (path, absent))
    assert foreign.status_code == gone.status_code == 404
    assert {k: v for k, v in foreign.json().items() if k != "request_id"} == {
        k: v for k, v in gone.json().items() if k != "request_id"
    }
    assert stack.ask("PATCH", path, json={"subject": "x"}, headers=student).status_code == 403
    assert stack.ask("GET", "/api/monitoring/health", headers=stranger).status_code == 403
    assert stack.ask("GET", path, headers={"Authorization": "Bearer x.y.z"}).status_code == 401
    rows = stack.ask("GET", "/api/monitoring/attendance-logs?student_email=" + OTHER, headers=student).json()
    assert rows["logs"] == []


def test_the_export_is_what_the_list_shows(stack: Stack) -> None:
    answer = stack.ask("GET", f"/api/monitoring/attendance-logs?format=csv&teacher_email={ADIL}")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    listed = stack.ask("GET", f"/api/monitoring/attendance-logs?teacher_email={ADIL}&limit=500").json()["logs"]
    assert [(r["session_id"], r["email"]) for r in rows] == [(r["session_id"], r["email"] or "") for r in listed]


def test_a_list_and_an_export_of_one_status_have_just_that_status(stack: Stack) -> None:
    path = f"/api/monitoring/attendance-logs?teacher_email={ADIL}&limit=500"
    every = stack.ask("GET", path).json()["logs"]
    statuses = {row["status"] for row in every}
    assert len(statuses) > 1
    for status in statuses:
        listed = stack.ask("GET", f"{path}&status={status}").json()["logs"]
        assert listed == [row for row in every if row["status"] == status]
        exported = csv.DictReader(io.StringIO(stack.ask("GET", f"{path}&status={status}&format=csv").content.decode("utf-8-sig")))
        assert [row["session_id"] for row in exported] == [row["session_id"] for row in listed]
    refused = stack.ask("GET", f"{path}&status=there")
    assert refused.status_code == 422
    assert "status" in refused.text


def test_an_event_of_an_unknown_meeting_is_kept(stack: Stack) -> None:
    told = event(stack, "zzz-zzzz-zzz", STUDENT, "join", system.now())
    assert (told["status"], told["session_id"]) == ("pending", None)


@pytest.mark.parametrize("raw", [b"[" * 5000, b"null", b'{"eventType": "dance"}', b"\xff", b'{"meetingId": "a\\u0000b"}'])
def test_an_odd_event_is_kept_and_acknowledged(stack: Stack, raw: bytes) -> None:
    answer = stack.ask("POST", "/api/webhook/meet-events", content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (200, "pending")
    assert "Kept" in answer.json()["detail"]


GOOD = {"teacher_email": ADIL, "subject": "x", "start_time": "2027-03-01T10:00:00Z", "duration_minutes": 30}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"duration_minutes": "long"}, "duration_minutes"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": -5}, "duration_minutes"),
        ({"duration_minutes": 1441}, "duration_minutes"),
        ({"start_time": "2020-01-01T10:00:00Z"}, "start_time"),
        ({"start_time": "2027-03-01T10:00:00"}, "start_time"),
        ({"start_time": 0}, "start_time"),
        ({"start_time": "0001-01-01T00:00:00+23:59"}, "start_time"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"recurrence": "every day"}, "recurrence"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"),
        ({"subject": "a\u0000b"}, "subject"),
        ({"subject": "\ud800"}, "subject"),
        ({"subject": ""}, "subject"),
        ({"student_emails": "a@b.example"}, "student_emails"),
        ({"student_emails": ["nobody"]}, "student_emails.0"),
        ({"student_emails": {"a": [{}]}}, "student_emails"),
        ({"provider": "skype"}, "provider"),
        ({"allow_conflicts": "yes"}, "allow_conflicts"),
    ],
)
def test_a_booking_that_cannot_be_names_the_field_and_stores_nothing(stack: Stack, wrong: dict[str, Any], field: str) -> None:
    import json

    before = len(stack.ask("GET", "/api/schedule/classes?limit=500").json()["classes"])
    body = json.dumps({**GOOD, **wrong}).encode()
    answer = stack.ask("POST", "/api/schedule/class", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [each["field"] for each in told.get("errors", [])] or told["title"] == "The body is not JSON"
    assert len(stack.ask("GET", "/api/schedule/classes?limit=500").json()["classes"]) == before


def test_a_body_of_two_hundred_kilobytes_is_refused(stack: Stack) -> None:
    answer = stack.ask("POST", "/api/schedule/class", json={**GOOD, "subject": "x" * 200_000})
    assert answer.status_code == 413


def test_health_tells_when_the_monitor_ran(stack: Stack) -> None:
    health = stack.ask("GET", "/api/monitoring/health").json()
    assert health["status"] == "ok"
    assert health["last_tick_at"] is not None


def test_the_inner_doors_are_not_reachable_from_outside(stack: Stack) -> None:
    assert stack.ask("POST", "/tick").status_code == 404
    assert stack.ask("POST", "/class-due", json={"class_id": "0" * 32}).status_code == 404
    assert stack.ask("POST", "/sync", json={"class_id": "0" * 32}).status_code == 404


def test_the_page_of_the_api_is_there(stack: Stack) -> None:
    page = stack.ask("GET", "/api/docs")
    assert page.status_code == 200
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert asset in page.text
        assert stack.ask("GET", f"/api/docs/{asset}").status_code == 200
    assert stack.ask("GET", "/api/openapi.json").json()["openapi"] == "3.1.0"
