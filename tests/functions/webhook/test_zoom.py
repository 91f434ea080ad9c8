"""Zoom's events: who came and went by what they tell, and everything else refused by name."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.zoom import (
    EVENT_SCHEMA,
    IGNORED,
    TAKEN_SCHEMA,
    Challenge,
    Facts,
    Ignored,
    answer,
    answer_to_challenge,
    read,
)
from shared.domain.errors import InvalidInput
from shared.domain.evidence import Evidence, Kind, Participant, PersonKind, Source
from shared.domain.presence import heard_with, stays_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "zoom"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
UUID = "4444AAAiAAAAAiAiAiiAii=="
JOINED = datetime(2021, 7, 13, 21, 44, 51, tzinfo=UTC)
Json = dict[str, Any]

# What becomes of each sample: the kind of evidence, or None where it is no evidence.
SAMPLES: dict[str, Kind | None] = {
    "app_deauthorized": None,
    "meeting_created": None,
    "meeting_deleted": None,
    "meeting_ended": Kind.END,
    "meeting_participant_admitted": None,
    "meeting_participant_jbh_joined": None,
    "meeting_participant_jbh_waiting": None,
    "meeting_participant_joined": Kind.JOIN,
    "meeting_participant_joined_breakout_room": Kind.JOIN,
    "meeting_participant_joined_waiting_room": None,
    "meeting_participant_left": Kind.LEAVE,
    "meeting_participant_left_breakout_room": Kind.LEAVE,
    "meeting_participant_left_waiting_room": None,
    "meeting_participant_put_in_waiting_room": Kind.LEAVE,
    "meeting_participant_role_changed": None,
    "meeting_registration_created": None,
    "meeting_started": None,
    "meeting_updated": None,
}
HEADERS = "request_headers_docs"
ALL_SAMPLES = sorted({path.stem.removeprefix("webhook_") for path in FIXTURES.glob("webhook_*.json")} - {HEADERS})


def sample(name: str) -> Json:
    event: Json = json.loads((FIXTURES / f"webhook_{name}.json").read_text())
    return event


def fact_of(event: Json, received_at: datetime = NOW) -> Evidence:
    told = read(event, received_at)
    assert isinstance(told, Facts)
    (fact,) = told.facts
    return fact


def joined(**person: Any) -> Json:
    """A guest who is known by nothing but a name joined."""
    event = sample("meeting_participant_joined")
    nobody = {"id": "", "participant_user_id": "", "email": "", "registrant_id": None, "phone_number": ""}
    event["payload"]["object"]["participant"] |= nobody | person
    return event


def bound(phone: str, computer: str) -> Json:
    """A phone leg turned out to be somebody's voice."""
    event = joined(user_id=phone, phone_number="15550100", bind_user_id=computer, bind_participant_uuid="B")
    event["event"] = "meeting.participant_bind"
    return event


@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_every_sample_is_evidence_or_refused_by_name(name: str) -> None:
    event = sample(name)
    told = read(event, NOW)
    if name == "endpoint_url_validation":
        assert told == Challenge("qgg8vlvZRS6UYooatFL8Aw")
    elif SAMPLES[name] is None:
        assert isinstance(told, Ignored)
        assert (told.event, told.why) == (event["event"], IGNORED[event["event"]])
    else:
        assert isinstance(told, Facts)
        assert [fact.kind for fact in told.facts] == [SAMPLES[name]]


def test_a_registrant_who_joined_is_known_by_the_registration() -> None:
    fact = fact_of(sample("meeting_participant_joined"))
    assert (fact.room, fact.source, fact.at, fact.received_at) == ("zoom:1234567890", Source.ZOOM_WEBHOOK, JOINED, NOW)
    assert fact.connection == f"{UUID}/55555AAAiAAAAAiAiAiiAii"
    assert fact.participant == Participant("zoom:registrant:abcdefghij0-klmnopq23456", "Jill Chill")
    assert fact.event_id is None


def test_a_join_and_its_leave_are_one_stay_of_one_connection() -> None:
    event = sample("meeting_participant_left")
    event["payload"]["object"]["participant"]["leave_time"] = "2021-07-13T22:14:51Z"
    (heard,) = heard_with({}, [fact_of(event), fact_of(sample("meeting_participant_joined"))]).values()
    (stay,) = stays_of(heard)
    assert (stay.joined_at, stay.left_at) == (JOINED, JOINED + timedelta(minutes=30))


def test_an_event_that_comes_again_is_the_same_fact() -> None:
    late = sample("meeting_participant_joined")
    late["payload"]["object"]["id"] = 1234567890
    late["payload"]["object"]["participant"]["join_time"] = "2021-07-13T23:44:51+02:00"
    again = fact_of(late, NOW + timedelta(minutes=85))
    assert again.evidence_id == fact_of(sample("meeting_participant_joined")).evidence_id


def test_a_number_as_a_number_and_as_text_is_one_room() -> None:
    event = joined()
    event["payload"]["object"]["id"] = 1234567890
    assert fact_of(event).room == fact_of(joined()).room == "zoom:1234567890"


@pytest.mark.parametrize("nobody", [None, ""])
def test_a_registration_that_is_null_or_empty_is_none(nobody: str | None) -> None:
    who = fact_of(joined(registrant_id=nobody)).participant
    assert (who.ref, who.kind) == (f"zoom:{UUID}/55555AAAiAAAAAiAiAiiAii", PersonKind.ANONYMOUS)


def test_somebody_who_is_logged_in_is_known_by_the_account() -> None:
    who = fact_of(joined(participant_user_id="acc1", id="old", email="Ada@School.Example")).participant
    assert (who.ref, who.address) == ("zoom:user:acc1", "ada@school.example")
    assert fact_of(joined(id="old")).participant.ref == "zoom:user:old"


def test_an_address_that_is_none_is_left_out() -> None:
    assert fact_of(joined(email="Jill")).participant.ref.startswith(f"zoom:{UUID}/")
    assert fact_of(joined(email="jill@example.com")).participant.ref == "email:jill@example.com"


def test_somebody_of_whom_only_a_phone_number_is_known_is_a_phone() -> None:
    who = fact_of(joined(phone_number="15550100")).participant
    assert who.kind is PersonKind.PHONE
    assert "15550100" not in repr(who)
    assert fact_of(joined(phone_number="15550100", participant_user_id="acc1")).participant.kind is PersonKind.SIGNED_IN


def test_the_address_on_the_internet_is_never_kept() -> None:
    assert "203.0.113.7" not in repr(fact_of(joined(public_ip="203.0.113.7", private_ip="203.0.113.7")))


def test_a_long_name_is_cut_and_control_characters_go() -> None:
    assert fact_of(joined(user_name="x" * 1000)).participant.display_name == "x" * 300
    assert fact_of(joined(user_name="Ada\x1b\x85 B\n")).participant.display_name == "Ada  B"
    assert fact_of(joined(user_name="\x07")).participant.display_name is None
    assert fact_of(joined(user_name=7)).participant.display_name is None


def test_a_breakout_room_is_another_place_of_the_same_person() -> None:
    fact = fact_of(sample("meeting_participant_joined_breakout_room"))
    assert fact.connection == f"{UUID}/FkQbpP2UR028mDrwzEahqw==/31228928"
    assert fact_of(sample("meeting_participant_left_breakout_room")).connection == fact.connection


@pytest.mark.parametrize(("uuid", "own"), [("P-1", "P-1"), ("", "1234567890"), (None, "1234567890")])
def test_a_guest_in_a_breakout_room_is_who_was_in_the_main_room(uuid: str | None, own: str) -> None:
    event = sample("meeting_participant_joined_breakout_room")
    nobody = {"id": "", "participant_user_id": "", "email": "", "registrant_id": "", "phone_number": ""}
    event["payload"]["object"]["participant"] |= nobody | {"participant_uuid": uuid}
    before = fact_of(joined(user_id="1234567890", participant_uuid=uuid)).participant
    assert fact_of(event).participant.ref == before.ref == f"zoom:{UUID}/{own}"


def test_who_is_put_into_the_waiting_room_has_left() -> None:
    fact = fact_of(sample("meeting_participant_put_in_waiting_room"))
    assert (fact.kind, fact.at) == (Kind.LEAVE, JOINED)
    assert fact.connection == fact_of(sample("meeting_participant_joined")).connection


def test_a_phone_leg_is_bound_to_the_computer_at_the_events_own_time() -> None:
    fact = fact_of(bound("16779264", "16778240"))
    assert (fact.kind, fact.connection, fact.bound_to) == (Kind.BIND, f"{UUID}/16779264", f"{UUID}/16778240")
    assert fact.at == datetime(2021, 7, 14, 2, 44, 51, 572_000, tzinfo=UTC)


def test_the_end_of_a_meeting_is_that_of_all_its_connections() -> None:
    fact = fact_of(sample("meeting_ended"))
    assert (fact.connection, fact.at, fact.participant.ref) == (
        UUID,
        datetime(2021, 7, 13, 23, 0, 51, tzinfo=UTC),
        "zoom:meeting",
    )
    event = sample("meeting_ended")
    del event["payload"]["object"]["end_time"]
    assert fact_of(event).at == datetime(2021, 7, 14, 2, 44, 51, 572_000, tzinfo=UTC)


def test_an_unknown_event_is_refused_by_name() -> None:
    assert read({"event": "meeting.dance\n", "payload": {}}, NOW) == Ignored(
        "meeting.dance ", "unknown: not an event that Rollcall knows"
    )


@pytest.mark.parametrize("token", ["v0:1:{}", "", None, 7, "a" * 129])
def test_a_challenge_that_would_sign_something_has_no_token(token: object) -> None:
    assert read({"event": "endpoint.url_validation", "payload": {"plainToken": token}}, NOW) == Challenge(None)


def _set(*path: str) -> Callable[[Json, object], None]:
    def put(event: Json, value: object) -> None:
        part = event
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = value

    return put


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", None),
        ("event", 7),
        ("payload", None),
        ("payload.object", []),
        ("payload.object.id", "12a"),
        ("payload.object.id", True),
        ("payload.object.id", "１２"),
        ("payload.object.uuid", ""),
        ("payload.object.uuid", "x" * 201),
        ("payload.object.participant", "Ada"),
        ("payload.object.participant.user_id", None),
        ("payload.object.participant.user_id", {"a": 1}),
        ("payload.object.participant.user_id", "a\x1b"),
        ("payload.object.participant.registrant_id", ["x"]),
        ("payload.object.participant.join_time", "2021-07-13T21:44:51"),
        ("payload.object.participant.join_time", "yesterday"),
        ("payload.object.participant.join_time", None),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(field: str, value: object) -> None:
    event = joined()
    _set(*field.split("."))(event, value)
    with pytest.raises(InvalidInput) as odd:
        read(event, NOW)
    assert odd.value.field == field


@pytest.mark.parametrize("sent_at", [None, "1626230691572", True, 10**15, -(10**13), 10**18])
def test_a_binding_without_a_time_is_odd(sent_at: object) -> None:
    event = bound("1", "2") | {"event_ts": sent_at}
    with pytest.raises(InvalidInput) as odd:
        read(event, NOW)
    assert odd.value.field == "event_ts"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@given(st.sampled_from([name for name, kind in SAMPLES.items() if kind]), st.data())
def test_nothing_in_an_event_crashes_the_reader(name: str, data: st.DataObject) -> None:
    event = copy.deepcopy(sample(name))
    meeting = event["payload"]["object"]
    part = data.draw(st.sampled_from([event, event["payload"], meeting, meeting.get("participant", meeting)]))
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
    try:
        told = read(event, NOW)
    except InvalidInput as odd:
        assert odd.field  # noqa: PT017 - either outcome is fine, a crash is not
    else:
        assert isinstance(told, Facts | Ignored)


def test_events_and_answers_are_what_the_description_says() -> None:
    for name in SAMPLES:
        jsonschema.validate(sample(name), EVENT_SCHEMA)
    for text in (answer("filed", "x"), answer("ignored", "y"), answer_to_challenge("a", "0" * 64)):
        jsonschema.validate(json.loads(text), TAKEN_SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"status": "filed"}, TAKEN_SCHEMA)


def test_the_answer_to_a_challenge_has_the_form_that_zoom_documents() -> None:
    documented = json.loads((FIXTURES / "url_validation_response_docs.json").read_text())
    assert json.loads(answer_to_challenge(documented["plainToken"], documented["encryptedToken"])) == documented
