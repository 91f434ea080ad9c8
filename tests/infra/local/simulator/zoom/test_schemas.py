"""The schemas: Zoom's own examples fit them, and what Zoom would never say does not."""

import re
from typing import Any

import pytest

from infra.local.simulator.zoom.schemas import EVENTS, WrongOfOurOwn, must_be_right, wrong_in
from tests.infra.local.simulator.zoom.zooming import FIXTURES, sample

ANSWER_OF = {
    "error_124_invalid_token": "error",
    "error_3001_meeting_does_not_exist": "error",
    "error_300_next_page_token": "error",
    "error_429_rate": "error",
    "oauth_s2s_token_response": "token",
    "rest_meeting_registrant_created": "registrant_created",
    "rest_past_meeting": "past_meeting",
    "rest_past_meeting_instances": "instances",
    "rest_past_meeting_participants": "past_participants",
}

# Why no schema of ours describes these.
NOT_SPOKEN = {
    "rest_metrics_meeting_participants": "the dashboard, which needs a Business plan, is not simulated",
    "rest_report_meeting": "the summary of a report is not simulated: nothing asks for it",
    "rest_report_meeting_activities": "the log of a host's activities is not simulated: nothing asks for it",
    "url_validation_response_docs": "an answer to Zoom, not one of Zoom's",
    "webhook_app_deauthorized": "sent to published apps only",
    "webhook_meeting_participant_role_changed": "roles are not simulated",
    "webhook_request_headers_docs": "headers, not a body",
}


def as_zoom_writes(told: Any) -> Any:
    """An example with its times as Zoom writes them: those of answers were written anew by another program."""
    if isinstance(told, dict):
        return {name: as_zoom_writes(value) for name, value in told.items()}
    if isinstance(told, list):
        return [as_zoom_writes(one) for one in told]
    return re.sub(r"\.0{7}\+00:00$", "Z", told) if isinstance(told, str) else told


@pytest.mark.parametrize("name", sorted(path.stem for path in FIXTURES.glob("*.json")))
def test_every_example_of_zooms_fits_or_is_named_as_not_spoken(name: str) -> None:
    told = as_zoom_writes(sample(name))
    schema = ANSWER_OF.get(name) or (told.get("event", "") if name not in NOT_SPOKEN else None)
    if schema is None:
        assert NOT_SPOKEN[name]
        assert told.get("event") not in EVENTS
    else:
        told = with_uuids(told)
        assert wrong_in(schema, told) is None


def with_uuids(told: Any) -> Any:
    """An example with placeholders of uuids, which are no base64 of 16 bytes, made long enough."""
    if isinstance(told, dict):
        return {name: with_uuids(value) for name, value in told.items()}
    if isinstance(told, list):
        return [with_uuids(one) for one in told]
    return "4444AAAiAAAAAiAiAiiAiA==" if told == "4444AAAiAAAAAiAiAiiAii==" else told


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": 1234567890}, "payload.object.id"),
        ({"uuid": "no-uuid"}, "payload.object.uuid"),
        ({"start_time": "2021-07-13T21:44:51.000Z"}, "payload.object.start_time"),
        ({"colour": "red"}, "payload.object"),
    ],
)
def test_what_zoom_would_never_say_is_refused_with_its_place(change: dict[str, object], place: str) -> None:
    told = sample("webhook_meeting_ended")
    told["payload"]["object"] |= change
    assert (wrong_in("meeting.ended", told) or "").startswith(f"{place}: ")


def test_what_has_no_schema_is_refused() -> None:
    assert wrong_in("meeting.danced", {}) == "there is no schema of meeting.danced"


def test_a_wrong_word_of_our_own_is_said_loudly(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WrongOfOurOwn, match="participants_count"):
        must_be_right("past_meeting", as_zoom_writes(sample("rest_past_meeting")) | {"participants_count": "two"})
    assert "past_meeting is none of Zoom's" in caplog.text
