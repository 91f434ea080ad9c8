"""The door of Zoom's webhook: what is durable or can never be better is acknowledged, and nothing is signed for strangers."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from functions.webhook.doors import zoom_event
from functions.webhook.wiring import Webhook
from shared.domain.accounts import Caller
from shared.domain.classes import Provider, with_due
from shared.domain.zoom import zoom_room
from shared.web.problems import Problem
from shared.web.routes import Asked
from shared.web.senders import ZOOM_UNSIGNED
from shared.web.zoom_signatures import signature
from tests.builders import a_class, at
from tests.house import DELAYS, House

SAMPLES = Path(__file__).parents[2] / "fixtures/zoom"
SECRETS = ("present-secret", "old-secret")
NUMBER = "84000000001"


class Door:
    """The door over a house, and when Zoom last proved to be there."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.beats: list[datetime] = []
        file, keep, by_session = house.file, house.evidence.quarantine, house.classes.by_session
        self.app = Webhook(file, keep, by_session, lambda: lambda _: "", house.clock, SECRETS, self.beats.append)

    def ask(self, body: bytes | dict[str, Any], secret: str | None = SECRETS[0]) -> dict[str, Any]:
        """The answer to a request that was let in, signed with `secret` or not at all."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(self.house.clock().timestamp()))
        headers = {"x-zm-signature": signature(secret, stamp, content), "x-zm-request-timestamp": stamp} if secret else {}
        with Flask("test").test_request_context(headers=headers):
            caller = Caller("zoom" if secret else ZOOM_UNSIGNED, "", "system")
            told: Any = request
            reply = zoom_event(Asked(told, caller, {}, content, "0" * 32), self.app)
        assert reply.status == 200
        assert isinstance(reply.body, str)
        answer: dict[str, Any] = json.loads(reply.body)
        return answer


@pytest.fixture
def door(house: House) -> Door:
    booked = a_class(provider=Provider.ZOOM, meet_code=NUMBER, room=zoom_room(NUMBER))
    house.classes.add([with_due(booked, DELAYS)], None)
    house.clock.at = at(1)
    house.tick()
    return Door(house)


def joined(**person: Any) -> dict[str, Any]:
    participant = {
        "user_id": "16778240",
        "user_name": "Omar",
        "email": "omar@school.example",
        "join_time": "2026-12-01T12:00:30Z",
    }
    meeting = {"id": NUMBER, "uuid": "abc==", "participant": {**participant, **person}}
    return {"event": "meeting.participant_joined", "event_ts": 1, "payload": {"object": meeting}}


def test_a_join_is_filed_and_seen_and_told_again_is_a_duplicate(door: Door) -> None:
    assert door.ask(joined()) == {"status": "filed", "detail": "success"}
    door.house.clock.passes(timedelta(minutes=5))
    assert door.ask(joined()) == {"status": "filed", "detail": "duplicate"}
    rows = [row for row in door.house.watch.one(a_class().session_id).rows if row.source]
    assert [(row.email, row.is_present(at(1))) for row in rows] == [("omar@school.example", True)]


def test_a_meeting_that_no_class_claims_for_a_day_leaves_no_trace(door: Door) -> None:
    private = joined()
    private["payload"]["object"]["id"] = 99999999999
    assert door.ask(private) == {"status": "filed", "detail": "pending"}
    house, room = door.house, zoom_room("99999999999")
    house.clock.at = at(10)
    house.tick()
    assert len(house.evidence.pending_in(room)) == 1
    house.clock.at = at(2 + 24 * 60)
    assert house.tick().erased == 1
    assert house.evidence.pending_in(room) == ()
    assert house.evidence.in_room(room, at(-600), at(600)) == ()


def test_whoever_came_long_before_a_class_is_not_erased(door: Door) -> None:
    door.ask(joined(join_time="2026-12-01T02:00:00Z"))
    house = door.house
    house.clock.at = at(2 + 24 * 60)
    assert house.tick().erased == 0
    assert len(house.evidence.in_room(zoom_room(NUMBER), at(-900), at(60))) == 1


def test_an_event_that_came_before_its_meeting_was_known_is_bound_when_it_is(door: Door) -> None:
    early = joined()
    early["payload"]["object"]["id"] = 84000000099
    door.ask(early)
    house = door.house
    house.clock.at = at(10)
    house.tick()
    late = a_class("late", provider=Provider.ZOOM, meet_code="84000000099", room=zoom_room("84000000099"))
    house.classes.add([with_due(late, DELAYS)], None)
    assert house.bind(late.room or "") == 1
    assert [row.email for row in house.watch.one(late.session_id).rows if row.source] == ["omar@school.example"]


def test_a_challenge_is_answered_with_the_secret_that_signed_it(door: Door) -> None:
    challenge = json.loads((SAMPLES / "webhook_endpoint_url_validation.json").read_text())
    token = challenge["payload"]["plainToken"]
    for secret in SECRETS:
        expected = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        assert door.ask(challenge, secret) == {"plainToken": token, "encryptedToken": expected}
    assert len(door.beats) == 2


def test_an_unsigned_challenge_is_answered_but_proves_nothing(door: Door) -> None:
    challenge = {"event": "endpoint.url_validation", "payload": {"plainToken": "abc-123"}}
    assert door.ask(challenge, None)["plainToken"] == "abc-123"
    assert door.beats == []


@pytest.mark.parametrize("token", ["v0:1700000000:{}", "", "a" * 129, "a b", None, 7])
def test_the_endpoint_signs_nothing_that_could_be_an_event(door: Door, token: object) -> None:
    for secret in (None, SECRETS[0]):
        with pytest.raises(Problem) as refusal:
            door.ask({"event": "endpoint.url_validation", "payload": {"plainToken": token}}, secret)
        assert refusal.value.told.status == 400


def test_an_unsigned_event_is_refused_whatever_it_holds(door: Door) -> None:
    for body in (joined(), joined(user_name="endpoint.url_validation"), b"endpoint.url_validation"):
        with pytest.raises(Problem) as refusal:
            door.ask(body, None)
        assert refusal.value.told.status == 401
    assert door.house.watch.one(a_class().session_id).session is None


@pytest.mark.parametrize("body", [b"{", b"[]", {"event": 1}, joined(join_time="yesterday"), joined(user_id=None)])
def test_an_authentic_event_that_cannot_be_read_is_kept(door: Door, body: Any) -> None:
    assert door.ask(body)["status"] == "quarantined"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("webhook_meeting_*.json")), ids=lambda path: path.stem)
def test_every_sample_is_read_or_ignored_by_name(door: Door, path: Path) -> None:
    told = door.ask(path.read_bytes())
    name = json.loads(path.read_text())["event"]
    assert told == {"status": "filed", "detail": "pending"} or told["detail"].startswith(f"{name}: ")
