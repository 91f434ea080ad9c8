"""The door to Google's APIs: who may pass, what is refused, and how answers are held against Google's descriptions."""

import asyncio
import logging
import time
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from infra.local.simulator.calls import Operation
from infra.local.simulator.gateway import Gateway
from infra.local.simulator.world import World
from tests.infra.local.simulator.running import STUDENT, TEACHER, Simulated, fixture, lesson

EVENTS = "/calendar/v3/calendars/primary/events"
HEADERS = {"Authorization": f"Bearer local-{TEACHER}"}


def test_without_a_token_nobody_passes_and_each_api_says_so_in_its_own_form(sim: Simulated) -> None:
    calendar, meet = sim.ask(EVENTS, subject=None), sim.ask("/v2/conferenceRecords", subject=None)
    assert (calendar.status_code, meet.status_code) == (401, 401)
    assert calendar.json()["error"]["errors"][0]["reason"] == "required"
    assert meet.json()["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("header", ["Bearer ya29.real-token", "Bearer local-nobody", f"Basic local-{TEACHER}"])
def test_a_token_that_names_nobody_is_refused(sim: Simulated, header: str) -> None:
    answer = httpx.get(f"{sim.url}/v2/conferenceRecords", headers={"Authorization": header})
    assert answer.status_code == 401
    assert "local-<e-mail address>" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/v2/conferenceRecords?colour=red", "colour"),
        ("/v2/conferenceRecords?pageSize=ten", "pageSize"),
        ("/v2/conferenceRecords?pageSize=-1", "Page size"),
        ("/v2/conferenceRecords?pageSize=1&pageSize=2", "twice"),
        ("/v2/conferenceRecords?alt=xml", "alt"),
        (f"{EVENTS}?timeMin=2026-09-15T12:00:00", "timeMin"),
        (f"{EVENTS}?maxResults=0", "maxResults"),
        (f"{EVENTS}?singleEvents=perhaps", "singleEvents"),
        (f"{EVENTS}?orderBy=size", "orderBy"),
    ],
)
def test_a_query_that_google_does_not_know_is_refused(sim: Simulated, path: str, word: str) -> None:
    answer = sim.ask(path)
    assert answer.status_code == 400
    assert word in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (lesson(colour="red"), "colour"),
        (lesson(summary=5), "summary"),
        (lesson(summary=None), "summary"),
        (lesson(attendees=[{"email": STUDENT, "shoe": 42}]), "shoe"),
        (lesson(start={"dateTime": "tomorrow", "timeZone": "UTC"}), "start.dateTime"),
        (lesson(sequence=2**31), "sequence"),
        ({"summary": "no times"}, "required"),
        ([], "object"),
    ],
)
def test_a_body_that_google_does_not_know_is_refused(sim: Simulated, body: object, word: str) -> None:
    answer = sim.ask(EVENTS, method="POST", json=body)
    assert answer.status_code == 400
    assert word in answer.json()["error"]["message"]


def test_a_body_that_is_no_json_is_refused(sim: Simulated) -> None:
    assert sim.ask(EVENTS, method="POST", content=b"{").status_code == 400


def test_a_patch_may_hold_nulls_but_not_in_lists_and_not_for_unknown_fields(sim: Simulated) -> None:
    event = sim.ask(EVENTS, method="POST", json=lesson()).json()
    one = f"{EVENTS}/{event['id']}"
    assert sim.ask(one, method="PATCH", json={"description": None}).status_code == 200
    assert sim.ask(one, method="PATCH", json={"colour": None}).status_code == 400
    assert sim.ask(one, method="PATCH", json={"attendees": [None]}).status_code == 400


def test_what_google_does_and_the_simulator_does_not_is_said_to_be_so(sim: Simulated) -> None:
    method = sim.ask("/calendar/v3/users/me/calendarList")
    parameter = sim.ask("/v2/conferenceRecords?fields=conferenceRecords/name")
    assert (method.status_code, parameter.status_code) == (501, 501)
    assert "calendar.calendarList.list" in method.json()["error"]["message"]
    assert "fields" in parameter.json()["error"]["message"]


def test_a_path_that_google_does_not_have_is_not_found(sim: Simulated) -> None:
    for path, method in (("/v2/meetings", "GET"), ("/v2/conferenceRecords", "DELETE"), ("/", "GET")):
        assert sim.ask(path, method=method).status_code == 404


def test_the_quota_of_a_user_is_met_after_so_many_reads_in_a_minute(sim: Simulated) -> None:
    sim.told("/settings", meet_quota_per_minute=3)
    answers = [sim.ask("/v2/conferenceRecords") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[3].json() == fixture("meet/error_429")
    assert sim.ask("/v2/conferenceRecords", subject=STUDENT).status_code == 200
    assert sim.ask(EVENTS).status_code == 200
    sim.clock.move(seconds=60)
    assert sim.ask("/v2/conferenceRecords").status_code == 200


def test_the_quota_can_be_switched_off(sim: Simulated) -> None:
    sim.told("/settings", meet_quota_per_minute=1)
    sim.told("/settings", meet_quota_per_minute=None)
    assert [sim.ask("/v2/conferenceRecords").status_code for _ in range(5)] == [200] * 5


def test_answers_can_be_made_late(sim: Simulated) -> None:
    sim.told("/settings", latency_ms=150)
    began = time.monotonic()
    sim.ask("/v2/conferenceRecords")
    assert time.monotonic() - began >= 0.15


async def asked(app: Starlette, path: str) -> httpx.Response:
    """An application's answer."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sim") as http:
        return await http.get(path, headers=HEADERS)


def test_an_answer_that_google_could_not_have_given_is_an_error_and_said_loudly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    operations = {"meet.spaces.get": Operation(lambda _: {"name": "spaces/x", "colour": "red"})}
    gateway = Gateway(World(), operations, lambda: datetime(2026, 9, 15, tzinfo=UTC))
    app = Starlette(routes=[Route("/{path:path}", gateway.answer)])
    with caplog.at_level(logging.ERROR):
        answer = asyncio.run(asked(app, "/v2/spaces/x"))
    assert answer.status_code == 500
    assert "meet.spaces.get" in caplog.text
    assert "colour" in caplog.text


def test_an_operation_that_google_does_not_have_cannot_be_served() -> None:
    with pytest.raises(ValueError, match=r"meet\.spaces\.dance"):
        Gateway(World(), {"meet.spaces.dance": Operation(lambda _: {})}, lambda: datetime.now(UTC))
