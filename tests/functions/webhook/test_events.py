"""Events of the bridge: what is understood, and what is said of the rest."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.events import EVENT_SCHEMA, FILED_SCHEMA, fact_in, filed, kept
from shared.domain.errors import InvalidInput
from shared.domain.evidence import Kind, Source
from shared.usecases.file_evidence import Filing, Outcome
from tests.builders import at

GUIDE = {
    "meetingId": "abc-defg-hij",
    "participantEmail": "Student@Email.com",
    "eventType": "exit",
    "timestamp": "2026-12-01T12:45:00Z",
}


def test_the_event_of_the_guide_is_a_fact() -> None:
    fact = fact_in(GUIDE, at(50))
    assert (fact.room, fact.kind, fact.at, fact.source) == ("google_meet:abcdefghij", Kind.LEAVE, at(45), Source.BRIDGE)
    assert fact.participant.email == "student@email.com"


def test_the_same_event_is_the_same_fact_whenever_it_comes_and_however_it_is_spelt() -> None:
    other = {**GUIDE, "meetingId": "ABCDEFGHIJ", "timestamp": "2026-12-01T13:45:00+01:00", "extra": [1]}
    assert fact_in(GUIDE, at(50)).evidence_id == fact_in(other, at(90)).evidence_id


def test_the_senders_own_id_makes_the_fact() -> None:
    one, two = ({**GUIDE, "eventId": "e1", "timestamp": t} for t in ("2026-12-01T12:45:00Z", "2026-12-01T12:46:00Z"))
    assert fact_in(one, at(0)).evidence_id == fact_in(two, at(0)).evidence_id


def test_two_devices_are_two_connections() -> None:
    web, phone = ({**GUIDE, "deviceType": device} for device in ("web", "phone"))
    assert fact_in(web, at(0)).connection != fact_in(phone, at(0)).connection


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"eventType": "dance"}, "eventType: Write join or exit."),
        ({"eventType": None}, "eventType: This field is required."),
        ({"timestamp": "2026-12-01T12:45:00"}, "says no zone"),
        ({"timestamp": "2026-02-30T12:45:00Z"}, "no such date"),
        ({"timestamp": 5}, "RFC 3339"),
        ({"participantEmail": "nobody"}, "no e-mail address"),
        ({"meetingId": ""}, "meetingId: The text is empty."),
        ({"meetingId": "x" * 129}, "more than 128"),
        ({"participantName": "a\x1bb"}, "control characters"),
        ({"deviceType": {"a": 1}}, "must be text"),
    ],
)
def test_what_cannot_be_understood_is_said_by_field(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput) as odd:
        fact_in({**GUIDE, **wrong}, at(0))
    assert told in odd.value.detail


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(InvalidInput) as odd:
        fact_in({}, at(0))
    assert [part.partition(":")[0] for part in odd.value.detail.split("; ")] == EVENT_SCHEMA["required"]


@given(
    st.dictionaries(
        st.sampled_from(list(EVENT_SCHEMA["properties"])), st.none() | st.text() | st.integers() | st.lists(st.text())
    )
)
def test_nothing_crashes_the_reader(event: dict[str, Any]) -> None:
    try:
        fact_in(event, at(0))
    except InvalidInput as odd:
        assert odd.detail  # noqa: PT017 - either outcome is fine, a crash is not


def test_answers_are_what_the_description_says() -> None:
    for answer in (filed(Filing(Outcome.SUCCESS, "s", "e")), filed(Filing(Outcome.PENDING, None, "e")), kept("q", "why")):
        jsonschema.validate(json.loads(answer), FILED_SCHEMA)
    jsonschema.validate(GUIDE, EVENT_SCHEMA)
