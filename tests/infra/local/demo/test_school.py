"""What the demo says to the system, and what it makes of an answer that it did not want."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest

from infra.local.demo.cast import CAST
from infra.local.demo.school import School
from infra.local.troubles import Trouble

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASKED: list[httpx.Request] = []


def school(status: int = 200, body: object = None) -> School:
    """A school at a system that always answers the same."""
    ASKED.clear()

    def answer(request: httpx.Request) -> httpx.Response:
        ASKED.append(request)
        return httpx.Response(status, json=body or {})

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return School(http, "http://edge", "http://simulator", lambda: "teacher-token", lambda: "admin-token")


def test_the_class_is_booked_by_its_teacher_through_the_public_api() -> None:
    asyncio.run(school().book(NOON))
    (request,) = ASKED
    assert (request.method, str(request.url)) == ("POST", "http://edge/api/schedule/class")
    assert request.headers["Authorization"] == "Bearer teacher-token"
    body = json.loads(request.content)
    assert body["start_time"] == "2026-11-21T12:00:00Z"
    assert len(body["student_emails"]) == 5


def test_the_simulator_gets_no_token_and_a_nameless_person_no_address() -> None:
    phone = next(person for person in CAST if person.kind == "phone")
    told = asyncio.run(school(body={"device_session_id": "d1"}).join("abc-mnop-xyz", phone, "phone", NOON))
    assert told == "d1"
    assert "Authorization" not in ASKED[0].headers
    assert "email" not in json.loads(ASKED[0].content)


def test_a_session_that_is_not_on_is_not_live() -> None:
    body = {"sessions": [{"session_id": "other"}]}
    assert asyncio.run(school(body=body).live("ours")) is None
    assert asyncio.run(school(body=body).live("other")) == {"session_id": "other"}


def test_an_unwanted_answer_is_told_as_it_came() -> None:
    with pytest.raises(Trouble, match=r"POST http://edge/api/schedule/class answered 409.*overlaps"):
        asyncio.run(school(409, {"detail": "overlaps"}).book(NOON))
