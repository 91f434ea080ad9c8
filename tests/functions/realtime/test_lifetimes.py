"""Gateways that die or are told to go, clients that are slow or cut off: whoever returns has the server's view."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import httpx

from infra.local.ports import LOOPBACK
from tests.functions.realtime.browser import Browser
from tests.functions.realtime.conftest import Starts
from tests.functions.realtime.gateways import Gateway, token
from tests.functions.realtime.school import ADA, LENA, OMAR, School


@contextmanager
def deaf_client(port: int, shown: str, course_id: str) -> Iterator[None]:
    """A client on the bare protocol that subscribes to a course, and fetches nothing that comes after it.

    It polls, because a socket's buffers in the kernel would take in megabytes for a client that reads nothing.
    """
    with httpx.Client(base_url=f"http://{LOOPBACK}:{port}", params={"EIO": "4", "transport": "polling"}) as client:
        sid = json.loads(client.get("/socket.io/").text[1:])["sid"]

        def say(text: str) -> None:
            assert client.post("/socket.io/", params={"sid": sid, "EIO": "4", "transport": "polling"}, content=text).is_success

        say("40" + json.dumps({"token": shown}))
        assert client.get("/socket.io/", params={"sid": sid, "EIO": "4", "transport": "polling"}).text.startswith("40{")
        say("42" + json.dumps(["subscribeToCourse", {"course_id": course_id}]))
        yield


def wait_for(gateway: Gateway, connections: int) -> None:
    """Wait until the gateway has so many connections."""
    give_up = time.monotonic() + 15
    while gateway.health()["connections"] != connections and time.monotonic() < give_up:
        time.sleep(0.05)
    assert gateway.health()["connections"] == connections


def test_after_a_gateway_was_killed_every_view_is_the_server_s_after_one_return(
    starts: Starts, school: School, chrome: Browser
) -> None:
    gateways = [starts(), starts()]
    urls = cycle([each.url for each in gateways])
    held = school.begins()
    tabs = [chrome.open(next(urls), token(who), "maths") for who in (OMAR, LENA, OMAR, LENA)]
    for tab in tabs:
        assert tab.until("activeSessionsData")["activeSessions"][0]["studentCount"] == 0
    dead, alive = gateways
    dead.kill()
    for tab in (tabs[0], tabs[2]):
        tab.until("disconnect")
        tab.forget()
    school.passes(1)
    school.sees("join", OMAR)
    school.sees("join", LENA)
    for tab in (tabs[1], tabs[3]):
        tab.until("activeSessionsData", where=lambda told: told["activeSessions"][0]["studentCount"] == 2)
    school.begins("geometry", meet_code="geo-metr-yyy", room="google_meet:geometryyy")
    dead.start()
    for tab in (tabs[0], tabs[2]):
        tab.until("connect")
        state = tab.until("activeSessionsData")
        assert {each["sessionId"]: each["studentCount"] for each in state["activeSessions"]}[held.session_id] == 2
        assert len(state["activeSessions"]) == 2
        assert len(tab.all("connect")) == 1
    assert alive.health()["ok"]


def test_a_gateway_that_is_told_to_end_is_gone_within_five_seconds_and_its_clients_come_again(
    starts: Starts, school: School, chrome: Browser
) -> None:
    gateway = starts()
    school.begins()
    tabs = [chrome.open(gateway.url, token(OMAR), "maths", transports=[way]) for way in ("websocket", "polling")]
    for tab in tabs:
        tab.until("activeSessionsData")
    assert gateway.stops_within() < 5
    for tab in tabs:
        assert tab.until("disconnect") in ("transport close", "transport error")
    gateway.start()
    for tab in tabs:
        tab.until("connect", 2)
        assert tab.until("activeSessionsData", 2)["activeSessions"]


def test_a_client_that_stops_reading_is_cut_off_and_costs_the_others_nothing(
    starts: Starts, school: School, chrome: Browser
) -> None:
    gateway = starts()
    school.begins()
    quick = chrome.open(gateway.url, token(LENA), "maths")
    quick.until("activeSessionsData")
    with deaf_client(gateway.port, token(ADA, "teacher"), "maths"):
        wait_for(gateway, connections=2)
        for kind in ("join", "leave") * 5:
            school.passes(1)
            school.crowd(kind, 80)
            began = time.monotonic()
            assert quick.ask("checkActiveSessions", {"course_id": "maths"})["success"]
            assert time.monotonic() - began < 2
        wait_for(gateway, connections=1)
        assert quick.all("disconnect") == []
        assert gateway.stops_within() < 5


def test_the_last_one_who_leaves_ends_the_listeners(starts: Starts, school: School, chrome: Browser) -> None:
    gateway = starts()
    school.begins()
    tabs = [chrome.open(gateway.url, token(OMAR), "maths") for _ in range(2)]
    for tab in tabs:
        tab.until("activeSessionsData")
    assert gateway.health() == {"ok": True, "connections": 2, "courses": 1, "listeners": 2}
    assert tabs[0].ask("unsubscribeFromCourse", {"course_id": "maths"}) == {"success": True, "course_id": "maths"}
    assert gateway.health()["courses"] == 1
    tabs[1].do("close")
    wait_for(gateway, connections=1)
    assert gateway.health() == {"ok": True, "connections": 1, "courses": 0, "listeners": 0}
