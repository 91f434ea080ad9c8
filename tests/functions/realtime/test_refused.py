"""Whom the gateway refuses, and what strangers learn from it: real clients against a real gateway."""

import http.client
import time
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.ports import LOOPBACK
from shared.domain.directory import Person, PersonRole
from tests.functions.realtime.browser import Browser
from tests.functions.realtime.conftest import Starts
from tests.functions.realtime.gateways import ORIGIN, token
from tests.functions.realtime.school import ADA, LENA, OMAR, School

EVE = "eve@elsewhere.example"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
@pytest.mark.parametrize("shown", [None, "", "a.b.c", 7, {"a": 1}, "expired", "forged", "long"])
def test_without_a_good_token_nobody_is_connected(starts: Starts, chrome: Browser, shown: object, transport: str) -> None:
    made = {
        "expired": token(OMAR, good_for=timedelta(minutes=-5), issued=timedelta(hours=1)),
        "forged": token(OMAR)[:-6] + "AAAAAA",
        "long": "x" * 5000,
    }
    tab = chrome.open(starts().url, made.get(str(shown), shown), transports=[transport])
    assert tab.until("connect_error") == "Invalid or expired token"
    assert tab.all("connect") == []
    assert '"unauthorised"' in tab.raw()


def test_a_token_that_expires_ends_the_connection(starts: Starts, school: School, chrome: Browser) -> None:
    school.begins()
    tab = chrome.open(starts().url, token(OMAR, good_for=timedelta(seconds=3)), "maths")
    tab.until("activeSessionsData")
    assert tab.until("disconnect") == "io server disconnect"
    assert tab.all("activeSessionsError") == [{"message": "Invalid or expired token", "code": "unauthorised"}]


def test_somebody_who_was_signed_out_is_not_let_in(starts: Starts, school: School, chrome: Browser) -> None:
    person = Person(OMAR, (PersonRole.STUDENT,), signed_out_at=datetime.now(UTC))
    school.house.people.save([(None, person)])
    tab = chrome.open(starts().url, token(OMAR, issued=timedelta(minutes=5)))
    assert tab.until("connect_error") == "Invalid or expired token"


def test_another_s_course_and_one_that_there_is_not_are_answered_alike_and_a_stranger_hears_nothing(
    starts: Starts, school: School, chrome: Browser
) -> None:
    gateway = starts()
    school.enters(OMAR, LENA)
    eve, ada = chrome.open(gateway.url, token(EVE, "teacher")), chrome.open(gateway.url, token(ADA, "teacher"), "maths")
    ada.until("activeSessionsData")
    eve.until("connect")
    answers = []
    for course in ("maths", "no such course"):
        for event in ("subscribeToCourse", "checkActiveSessions"):
            answer = eve.ask(event, {"course_id": course})
            assert answer.pop("course_id") == course
            answers.append(answer)
    assert answers == [{"success": False, "message": "There is no such course, or you do not belong to it."}] * 4
    assert len(eve.all("activeSessionsError")) == 4
    eve.ask("unsubscribeFromCourse", {"course_id": "maths"})
    eve.forget()
    held = school.begins()
    school.passes(1)
    school.sees("join", OMAR)
    registration = school.registers(LENA)
    ada.until("userJoinedMeeting")
    school.unregisters(LENA, registration)
    ada.until("userLeftMeeting")
    school.ends()
    ada.until("courseSessionEnded")
    ada.until("activeSessionsData", where=lambda told: told["activeSessions"] == [])
    canaries = (held.session_id, held.class_id, "maths", "algebra", "omar", "lena", "ada", "abc-mnop-xyz")
    assert [canary for canary in canaries if canary in eve.raw().lower()] == []
    assert eve.all("activeSessionsData") == []


@pytest.mark.parametrize(
    "told", [(), (None,), ("maths",), (7,), ([],), ({},), ({"course_id": 7},), ({"course_id": ""},), ({"course_id": "x" * 129},)]
)
def test_an_event_without_a_course_is_answered_with_what_is_missing(
    starts: Starts, chrome: Browser, told: tuple[object, ...]
) -> None:
    tab = chrome.open(starts().url, token(OMAR))
    for event in ("subscribeToCourse", "unsubscribeFromCourse", "checkActiveSessions"):
        answer = tab.ask(event, *told)
        assert not answer["success"]
        assert "course_id" in answer["message"]
    assert tab.ask("noSuchEvent", 1)["success"] is False
    assert tab.all("disconnect") == []


def test_one_connection_follows_fifty_courses(starts: Starts, chrome: Browser) -> None:
    tab = chrome.open(starts().url, token("boss@school.example", "admin"))
    for number in range(50):
        if number >= 25:
            time.sleep(0.1)
        assert tab.follow(f"course {number}")["success"], number
    time.sleep(0.3)
    assert "at most 50 courses" in tab.follow("one more")["message"]
    assert tab.follow("course 7")["success"]


def test_a_flood_is_slowed_down_and_then_cut_off(starts: Starts, school: School, chrome: Browser) -> None:
    gateway = starts()
    school.begins()
    flooding, other = chrome.open(gateway.url, token(OMAR), reconnection=False), chrome.open(gateway.url, token(LENA), "maths")
    other.until("activeSessionsData")
    flooding.until("connect")
    for _ in range(60):
        flooding.emit("checkActiveSessions", {"course_id": "maths"})
    assert flooding.until("activeSessionsError")["message"] == "Too many events; slow down."
    assert flooding.all("disconnect") == []
    for _ in range(200):
        flooding.emit("checkActiveSessions", {"course_id": "maths"})
    flooding.until("disconnect")
    assert other.ask("checkActiveSessions", {"course_id": "maths"})["success"]
    assert gateway.health()["connections"] == 1


@pytest.mark.parametrize("transport", ["websocket", "polling"])
@pytest.mark.parametrize("size", [17_000, 1_000_000])
def test_a_frame_that_is_too_large_ends_its_connection_only(starts: Starts, chrome: Browser, transport: str, size: int) -> None:
    gateway = starts()
    tab, other = (chrome.open(gateway.url, token(who), transports=[transport], reconnection=False) for who in (OMAR, LENA))
    tab.until("connect")
    other.until("connect")
    tab.emit("subscribeToCourse", {"course_id": "x" * size})
    tab.until("disconnect")
    assert not other.ask("subscribeToCourse", {"course_id": "nothing"})["success"]


def test_an_origin_that_is_not_configured_is_refused(starts: Starts) -> None:
    gateway = starts()
    for origin, status in ((ORIGIN, 200), ("https://evil.example", 400), (f"{ORIGIN}.evil.example", 400)):
        connection = http.client.HTTPConnection(LOOPBACK, gateway.port, timeout=10)
        connection.request("GET", "/socket.io/?EIO=4&transport=polling", headers={"Origin": origin})
        response = connection.getresponse()
        assert (response.status, response.headers.get("Access-Control-Allow-Origin")) == (
            status,
            origin if status == 200 else None,
        )
        response.read()
        connection.close()


def test_a_websocket_of_another_origin_is_refused(starts: Starts, chrome: Browser) -> None:
    gateway = starts()
    evil = chrome.open(gateway.url, token(OMAR), extraHeaders={"Origin": "https://evil.example"})
    good = chrome.open(gateway.url, token(OMAR), extraHeaders={"Origin": ORIGIN})
    good.until("connect")
    evil.until("connect_error")
    assert evil.all("connect") == []


def test_a_gateway_that_is_full_says_so(starts: Starts, chrome: Browser) -> None:
    gateway = starts(REALTIME_CONNECTIONS="1")
    chrome.open(gateway.url, token(OMAR)).until("connect")
    late = chrome.open(gateway.url, token(LENA), reconnection=False)
    assert "full" in late.until("connect_error")
    assert late.all("connect") == []
