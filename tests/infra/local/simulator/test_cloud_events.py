"""Events as messages, held against Google's own examples."""

import json
from typing import Any

from infra.local.simulator import instants
from infra.local.simulator.cloud_events import EXPIRED, LIFECYCLE, REMINDER, SUSPENDED, lifecycle_event, meet_event
from infra.local.simulator.subscriptions import CONFERENCE_STARTED, PARTICIPANT_JOINED, Subscription
from tests.infra.local.simulator.running import TEACHER, fixture, own_target

AT = instants.parsed("2026-09-15T15:31:02.911002Z")
ONE = Subscription("u1", TEACHER, own_target(TEACHER), [PARTICIPANT_JOINED], "t", AT, AT, AT + instants.SECOND)
STAY = "conferenceRecords/c1/participants/p1/participantSessions/s1"


def data_like(name: str) -> Any:
    """What an example's data look like, without its values."""
    return {outer: set(inner) for outer, inner in fixture(f"workspace_events/{name}")["data"].items()}


def test_a_join_is_told_in_attributes_as_google_tells_it() -> None:
    sample = fixture("workspace_events/pubsub_push_meet_joined_space_target")["message"]
    message = meet_event(ONE, PARTICIPANT_JOINED, STAY, AT).message()
    assert message.attributes.keys() == sample["attributes"].keys()
    told = {name: value for name, value in message.attributes.items() if name != "ce-id"}
    source = f"//workspaceevents.googleapis.com/{ONE.name}"
    assert told == {
        "ce-source": source,
        "ce-subject": own_target(TEACHER),
        "ce-type": "google.workspace.meet.participant.v2.joined",
        "ce-time": "2026-09-15T15:31:02.911002Z",
        "ce-specversion": "1.0",
        "ce-datacontenttype": "application/json",
    }
    assert (json.loads(message.data), message.ordering_key) == ({"participantSession": {"name": STAY}}, source)


def test_a_conference_is_named_as_one() -> None:
    data = meet_event(ONE, CONFERENCE_STARTED, "conferenceRecords/c1", AT).data
    assert data == {"conferenceRecord": {"name": "conferenceRecords/c1"}}
    assert data.keys() == fixture("workspace_events/data_conference").keys()


def test_each_event_has_an_id_of_its_own() -> None:
    assert len({meet_event(ONE, PARTICIPANT_JOINED, STAY, AT).event_id for _ in range(50)}) == 50


def test_structured_mode_puts_the_whole_event_into_the_data() -> None:
    event = meet_event(ONE, PARTICIPANT_JOINED, STAY, AT)
    message = event.message(structured=True)
    told = json.loads(message.data)
    assert message.attributes == {"content-type": "application/cloudevents+json; charset=UTF-8"}
    assert {f"ce-{name}": value for name, value in told.items() if name != "data"} == event.message().attributes
    assert told["data"] == {"participantSession": {"name": STAY}}


def test_lifecycle_events_are_about_the_subscription_in_snake_case() -> None:
    ONE.suspension_reason = "USER_SCOPE_REVOKED"
    for kind, sample in ((REMINDER, "expiration_reminder"), (EXPIRED, "expired"), (SUSPENDED, "suspended")):
        event = lifecycle_event(ONE, kind, AT)
        told = fixture(f"workspace_events/lifecycle_{sample}")
        assert event.event_type == told["type"]
        assert {outer: set(inner) for outer, inner in event.data.items()} == data_like(f"lifecycle_{sample}")
        assert event.subject == event.source == f"//workspaceevents.googleapis.com/{ONE.name}"
        assert event.event_type.startswith(LIFECYCLE)
    assert lifecycle_event(ONE, SUSPENDED, AT).data["subscription"]["suspension_reason"] == "USER_SCOPE_REVOKED"
    assert lifecycle_event(ONE, EXPIRED, AT).data["subscription"]["expire_time"] == "2026-09-15T15:31:03.911002Z"
