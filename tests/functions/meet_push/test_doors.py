"""The door of Google's pushes: acknowledged is what is durable or what no repetition would mend."""

import json
from typing import Any

import pytest
from flask import Flask, request

from functions.meet_push.doors import workspace_event
from functions.meet_push.wiring import MeetPush
from shared.domain.accounts import Caller
from shared.domain.classes import with_due
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind
from shared.ports import Conference, MeasuredStay
from shared.web.routes import Asked
from tests.builders import a_class, at
from tests.functions.meet_push.test_cloud_events import JOINED, VISIT, binary
from tests.house import DELAYS, House

RECORD = "conferenceRecords/r"


def ask(house: House, body: bytes) -> dict[str, Any]:
    """What the door answers, with its status."""
    app = MeetPush(house.meet_events, house.evidence.quarantine, house.clock)
    with Flask("test").test_request_context():
        asked = Asked(request._get_current_object(), Caller("push", "", "system"), {}, body, "0" * 32)  # type: ignore[attr-defined]
        reply = workspace_event(asked, app)
    assert isinstance(reply.body, str)
    return {"code": reply.status, **json.loads(reply.body)}


def ready(house: House) -> bytes:
    """A class that is on and somebody who joined; the push that says so."""
    house.classes.add([with_due(a_class(), DELAYS)], None)
    house.want(a_class().teacher_email)
    house.keep()
    house.clock.at = at(0)
    house.tick()
    house.visits.conferences[RECORD] = Conference(RECORD, "abc-mnop-xyz", at(0), None)
    house.visits.there[VISIT] = MeasuredStay(VISIT, "google:7", "Omar", PersonKind.SIGNED_IN, at(1), None)
    channel = house.channels.get_many([a_class().teacher_email])[a_class().teacher_email]
    told = binary(JOINED, {"participantSession": {"name": VISIT}})
    told["message"]["attributes"]["ce-source"] = f"//workspaceevents.googleapis.com/{channel.name}"
    return json.dumps(told).encode()


def test_a_join_is_filed(house: House) -> None:
    body = ready(house)
    assert ask(house, body) == {"code": 200, "status": "filed", "detail": "1 facts, 1 of them new"}
    assert ask(house, body) == {"code": 200, "status": "filed", "detail": "1 facts, 0 of them new"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"message": 1}', b"\xff", b'{"message": {"data": "e30="}}'])
def test_what_cannot_be_read_is_kept_and_acknowledged(house: House, body: bytes) -> None:
    assert ask(house, body)["status"] == "quarantined"


def test_what_meet_refuses_to_tell_is_kept_and_acknowledged_with_the_remedy(house: House) -> None:
    body = ready(house)
    house.visits.trouble = UpstreamRefused("Insufficient permissions", "Grant the scope.")
    assert ask(house, body) == {"code": 200, "status": "quarantined", "detail": "Insufficient permissions: Grant the scope."}


def test_what_time_mends_is_not_acknowledged(house: House) -> None:
    body = ready(house)
    house.visits.trouble = Unavailable("busy")
    with pytest.raises(Unavailable):
        ask(house, body)
