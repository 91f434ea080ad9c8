"""What Workspace Events refuses, and what it makes of a wish."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.infra.local.simulator.running import GUEST, STUDENT, TEACHER, TOPIC, Simulated, error_of, own_target, subscribing

JOINED = "google.workspace.meet.participant.v2.joined"
ADA = own_target(TEACHER)


def refusal(sim: Simulated, **more: Any) -> tuple[int, str]:
    """How a subscription is refused."""
    with pytest.raises(HttpError) as trouble:
        sim.subscribe(**more)
    error = error_of(trouble.value)
    return error["code"], error["message"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"targetResource": "//chat.googleapis.com/spaces/x"}, "target_resource"),
        ({"eventTypes": []}, "event_types"),
        ({"eventTypes": ["google.workspace.chat.message.v1.created"]}, "google.workspace.chat.message.v1.created"),
        ({"notificationEndpoint": {}}, "pubsub_topic"),
        ({"notificationEndpoint": {"pubsubTopic": "meet-events"}}, "pubsub_topic"),
        ({"payloadOptions": {"includeResource": True}}, "includeResource"),
        ({"ttl": "604801s"}, "604800"),
        ({"ttl": "-1s"}, "604800"),
        ({"ttl": "60s", "expireTime": "2026-09-16T00:00:00Z"}, "Only one"),
        ({"ttl": None, "expireTime": "2026-09-15T00:00:00Z"}, "ttl"),
        ({"colour": "red"}, "colour"),
        ({"driveOptions": {}}, "Drive"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_the_field_is_named(sim: Simulated, change: dict[str, Any], said: str) -> None:
    code, message = refusal(sim, **change)
    assert code == 400
    assert said in message


def test_nobody_subscribes_for_somebody_else_or_to_a_room_that_they_never_saw(sim: Simulated) -> None:
    assert refusal(sim, targetResource=own_target(STUDENT))[0] == 403
    told = sim.told("/meetings", owner_email=STUDENT)
    space = f"//meet.googleapis.com/{told['space']}"
    assert refusal(sim, targetResource=space)[0] == 403
    assert refusal(sim, targetResource="//meet.googleapis.com/spaces/none")[0] == 403
    sim.join(told["meet_code"], GUEST)
    assert sim.subscribe(GUEST, targetResource=space)["targetResource"] == space


@pytest.mark.parametrize(
    ("told", "expires"),
    [
        ({"ttl": "0s"}, "2026-09-22T12:00:00Z"),
        ({"ttl": "604800s"}, "2026-09-22T12:00:00Z"),
        ({"ttl": "90.5s"}, "2026-09-15T12:01:30.500Z"),
    ],
)
def test_a_subscription_lives_as_long_as_it_may_unless_less_is_asked_for(sim: Simulated, told: Any, expires: str) -> None:
    assert sim.subscribe(**told)["expireTime"] == expires


def test_an_end_can_be_asked_for_instead_of_a_duration(sim: Simulated) -> None:
    body = subscribing(expireTime="2026-09-16T00:00:00Z")
    del body["ttl"]
    made = sim.subscriptions().create(body=body).execute()["response"]
    assert made["expireTime"] == "2026-09-16T00:00:00Z"
    assert made["notificationEndpoint"] == {"pubsubTopic": TOPIC}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f'event_types:"{JOINED}"', 1),
        (f'event_types:"{JOINED}" AND target_resource="{ADA}"', 1),
        (f'(event_types:"{JOINED}" OR event_types:"x") AND target_resource="{ADA}"', 1),
        (f'( event_types:"x" OR event_types:"{JOINED}" )', 1),
        ('event_types:"x"', 0),
        (f'event_types:"{JOINED}" AND target_resource="{own_target(STUDENT)}"', 0),
    ],
)
def test_lists_hold_what_passes_the_filter(sim: Simulated, text: str, count: int) -> None:
    sim.subscribe()
    assert len(sim.subscriptions().list(filter=text).execute().get("subscriptions", [])) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        f'target_resource="{ADA}"',
        "event_types:joined",
        f'event_types:"{JOINED}" AND',
        f'event_types:"{JOINED}" OR target_resource="{ADA}"',
        f'event_types:"{JOINED}" OR event_types:"x" AND target_resource="{ADA}"',
        f'event_types:"{JOINED}" AND state="ACTIVE"',
    ],
)
def test_a_filter_without_an_event_type_or_in_another_form_is_refused(sim: Simulated, text: str) -> None:
    answer = sim.ask("/v1/subscriptions", params={"filter": text})
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert sim.ask("/v1/subscriptions").status_code == 400
