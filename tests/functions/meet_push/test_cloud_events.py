"""Google's events on the wire: every sample is read, or refused by name."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.meet_push.cloud_events import event_in
from shared.domain.errors import InvalidInput
from shared.usecases.file_meet_events import MeetEvent, Said
from shared.web.strict_json import strict_json

SAMPLES = Path(__file__).parents[2] / "fixtures/google/workspace_events"
VISIT = "conferenceRecords/r/participants/p/participantSessions/s"
SOURCE = "//workspaceevents.googleapis.com/subscriptions/sub-1"


def push(data: object, **attributes: str) -> dict[str, Any]:
    """A push as Pub/Sub sends it."""
    encoded = base64.b64encode(json.dumps(data).encode()).decode()
    message = {"attributes": attributes, "data": encoded, "messageId": "1", "publishTime": "2026-09-15T15:31:02.911Z"}
    return {"message": message, "subscription": "projects/p/subscriptions/push"}


def binary(kind: str, data: object, **more: str) -> dict[str, Any]:
    attributes = {"ce-id": "e1", "ce-type": kind, "ce-source": SOURCE, "ce-time": "2026-09-15T15:31:02.911002123Z"}
    return push(data, **attributes, **more)


def structured(kind: str, data: object) -> dict[str, Any]:
    event = {"id": "e1", "type": kind, "source": SOURCE, "time": "2026-09-15T15:31:02Z", "specversion": "1.0", "data": data}
    return push(event, **{"content-type": "application/cloudevents+json; charset=utf-8"})


def sample(name: str) -> dict[str, Any]:
    return strict_json((SAMPLES / f"{name}.json").read_bytes())


def read(told: dict[str, Any]) -> MeetEvent:
    event = event_in(told)
    assert isinstance(event, MeetEvent)
    return event


def test_the_sample_push_of_a_join_names_its_visit() -> None:
    event = read(sample("pubsub_push_meet_joined_space_target"))
    assert event.said is Said.JOINED
    assert event.subscription == "subscriptions/meet-spaces-czpBQkNERUY"
    assert event.resource.startswith("conferenceRecords/b9f2c0d4-1111-4a4a-9c9c-0000000000a1/participants/1048200000")
    assert event.said_at == datetime(2026, 9, 15, 15, 31, 2, 911002, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("participant.v2.joined", "data_participant_session", Said.JOINED),
        ("participant.v2.left", "data_participant_session", Said.LEFT),
        ("conference.v2.started", "data_conference", Said.STARTED),
        ("conference.v2.ended", "data_conference", Said.ENDED),
    ],
)
@pytest.mark.parametrize("mode", [binary, structured])
def test_each_event_of_meet_is_read_in_either_mode(kind: str, data: str, said: Said, mode: Any) -> None:
    event = read(mode(f"google.workspace.meet.{kind}", sample(data)))
    assert (event.event_id, event.said, event.subscription) == ("e1", said, "subscriptions/sub-1")
    assert event.resource.startswith("conferenceRecords/CONFERENCE_RECORD_ID")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("google.workspace.meet.recording.v2.fileGenerated", "data_recording"),
        ("google.workspace.meet.transcript.v2.fileGenerated", "data_transcript"),
        ("google.workspace.meet.smartNote.v2.fileGenerated", "data_smart_note"),
    ],
)
def test_recordings_transcripts_and_notes_are_refused_by_name(kind: str, data: str) -> None:
    why = event_in(binary(kind, sample(data)))
    assert isinstance(why, str)
    assert why.startswith(kind)


def test_the_event_of_another_product_is_refused_by_name() -> None:
    why = event_in(sample("pubsub_message_docs_sample"))
    assert why == "google.workspace.chat.message.v1.created: not an event that Rollcall asked for"


@pytest.mark.parametrize(
    ("name", "said", "reason"),
    [
        ("lifecycle_expiration_reminder", Said.REMINDED, None),
        ("lifecycle_expired", Said.EXPIRED, None),
        ("lifecycle_suspended", Said.SUSPENDED, "ENDPOINT_PERMISSION_DENIED"),
    ],
)
def test_lifecycle_messages_are_read_in_either_mode(name: str, said: Said, reason: str | None) -> None:
    told = sample(name)
    for event in (read(push(told, **{"content-type": "application/cloudevents+json"})), read(binary(told["type"], told["data"]))):
        assert (event.said, event.subscription, event.reason) == (said, "subscriptions/SUBSCRIPTION_ID", reason)


def test_a_binary_event_without_a_time_has_that_of_its_publication() -> None:
    told = binary("google.workspace.meet.participant.v2.joined", {"participantSession": {"name": VISIT}})
    del told["message"]["attributes"]["ce-time"]
    assert read(told).said_at == datetime(2026, 9, 15, 15, 31, 2, 911000, tzinfo=UTC)


JOINED = "google.workspace.meet.participant.v2.joined"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "message"),
        ({"message": "text"}, "message"),
        ({"message": {"attributes": ["x"]}}, "message.attributes"),
        ({"message": {"attributes": {}}}, "message.data"),
        ({"message": {"attributes": {}, "data": "%%%"}}, "message.data"),
        ({"message": {"attributes": {}, "data": "AQIDBA=="}}, "message.data"),
        (push({}), "type"),
        (push({}, **{"ce-type": JOINED}), "source"),
        (binary(JOINED, {}), "data.participantSession"),
        (binary(JOINED, {"participantSession": {"name": "spaces/x"}}), "data.participantSession.name"),
        (binary(JOINED, {"participantSession": {"name": VISIT + "/../x"}}), "data.participantSession.name"),
        (binary(JOINED, {"participantSession": {"name": ["x"]}}), "data.participantSession.name"),
        (structured(JOINED, "text"), "data"),
    ],
)
def test_what_cannot_be_read_names_the_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as odd:
        event_in(told)
    assert odd.value.field == field


@pytest.mark.parametrize("name", ["text", "binary", "duplicatedFields"])
def test_pushes_that_carry_no_event_at_all_are_odd_and_not_a_crash(name: str) -> None:
    told = strict_json((SAMPLES.parents[1] / f"gcp/pubsub_push_body_{name}.json").read_bytes())
    with pytest.raises(InvalidInput):
        event_in(told)
