"""The application: what a restart keeps, and a file that cannot be read."""

import json
import time
from pathlib import Path

import pytest

from infra.local.simulator.app import create_app
from infra.local.troubles import Trouble
from tests.infra.local.simulator.running import NOON, STUDENT, TEACHER, Simulated, lesson, simulator


def book(sim: Simulated) -> tuple[str, str]:
    """Book a series; its event and its meeting code."""
    body = lesson(recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    event = sim.events().insert(calendarId="primary", body=body, conferenceDataVersion=1).execute()
    return event["id"], event["conferenceData"]["conferenceId"]


def test_rooms_calendars_and_who_is_in_outlive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "simulator.json"
    with simulator(file) as sim:
        event_id, code = book(sim)
        sim.events().delete(calendarId="primary", eventId=f"{event_id}_20260922T153000Z").execute()
        device = sim.join(code, STUDENT, "2026-09-15T12:00:00.123456789Z", display_name="Ben Who Joined")
        before = sim.order("/state", method="GET").json()
    with simulator(file) as sim:
        assert sim.order("/state", method="GET").json() == before
        assert len(sim.events().instances(calendarId="primary", eventId=event_id).execute()["items"]) == 2
        sim.leave(code, device, "2026-09-15T12:30:00Z")
        (record,) = sim.google("meet").conferenceRecords().list().execute()["conferenceRecords"]
        assert record["startTime"] == "2026-09-15T12:00:00.123456789Z"
        found = sim.google("admin").users().get(userKey=STUDENT, viewType="domain_public").execute()
        assert found["name"]["fullName"] == "Ben Who Joined"


def test_subscriptions_outlive_a_restart_and_deliver(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        made = sim.subscribe()
        code = sim.room()
    with simulator(file) as sim:
        assert sim.subscriptions().get(name=made["name"]).execute() == {k: v for k, v in made.items() if k != "@type"}
        sim.join(code, STUDENT)
        assert [one["type"] for one in sim.heard(2)] == ["conference.v2.started", "participant.v2.joined"]


def test_courses_outlive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    student = {"email": STUDENT, "display_name": "Ben Who Enrolled", "hides_email": True}
    with simulator(file) as sim:
        sim.order("/classroom/c1", {"name": "Algebra", "teachers": [TEACHER], "students": [student]}, "PUT")
        before = sim.order("/classroom", method="GET").json()
    with simulator(file) as sim:
        assert sim.order("/classroom", method="GET").json() == before
    assert before["courses"][0]["students"][0]["display_name"] == "Ben Who Enrolled"


def test_a_file_of_before_there_were_subscriptions_and_courses_is_read(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        _, code = book(sim)
    older = json.loads(file.read_text())
    del older["subscriptions"], older["courses"]
    file.write_text(json.dumps(older))
    with simulator(file) as sim:
        assert [one["meet_code"] for one in sim.order("/state", method="GET").json()["spaces"]] == [code]


def test_what_happened_is_written_soon_and_not_only_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        _, code = book(sim)
        until = time.monotonic() + 10
        while not (file.exists() and code in file.read_text()):
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_reset_empties_the_file_too(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        book(sim)
        sim.order("", method="DELETE")
    assert json.loads(file.read_text())["spaces"] == []


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 99}', '{"version": 1}'])
def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path, text: str) -> None:
    file = tmp_path / "simulator.json"
    file.write_text(text)
    with pytest.raises(Trouble, match=r"simulator\.json cannot be read.*Delete it"):
        create_app(clock=lambda: NOON, state_file=file)


def test_what_meet_has_forgotten_is_dropped_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "simulator.json"
    with simulator(file) as sim:
        _, code = book(sim)
        sim.leave(code, sim.join(code, STUDENT, "2026-08-01T12:00:00Z"), "2026-08-01T12:30:00Z")
    with simulator(file) as sim:
        (space,) = sim.order("/state", method="GET").json()["spaces"]
        assert space["conference_records"] == 0
