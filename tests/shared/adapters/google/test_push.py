"""Tests of subscribing to a teacher's meetings, against a small Workspace Events that takes its time, refuses and forgets."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.google.push import EVENT_TYPES, OPERATION_PAUSES, GoogleMeetPush
from shared.domain.channels import ChannelState, RemoteSubscription
from shared.domain.errors import DomainError, Unavailable, UpstreamRefused
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.scripted import (
    NOT_FOUND,
    Answer,
    Asked,
    Script,
    ScriptedGoogle,
    error,
    in_turn,
    scripted_google,
)
from tests.shared.adapters.google.subscriptions import ADA, OWN_ID, TARGET, TOPIC, SmallEvents, subscription

FIXTURES = Path(__file__).parents[3] / "fixtures/google/workspace_events"
NAME = "subscriptions/meet-1"
EXPIRES_AT = datetime(2026, 9, 21, 8, 0, 0, 123456, tzinfo=UTC)
RENEWED_UNTIL = datetime(2026, 9, 28, 8, tzinfo=UTC)


def fixture(name: str) -> Any:
    """An answer of Google's."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def push_at(google: ScriptedGoogle, machine: FakeMachine | None = None, topic: str = TOPIC) -> GoogleMeetPush:
    """The adapter."""
    machine = machine or FakeMachine()
    return GoogleMeetPush(google.apis(machine), topic, machine)


def created(script: Script, machine: FakeMachine | None = None) -> RemoteSubscription:
    """What subscribing comes to."""
    with scripted_google(script) as google:
        return push_at(google, machine).create(ADA, OWN_ID)


def test_a_teacher_is_known_to_google_by_the_id_of_people_me() -> None:
    with scripted_google(lambda _: (200, {"resourceName": f"people/{OWN_ID}", "etag": "x"})) as google:
        assert push_at(google).google_id(ADA) == OWN_ID
    (asked,) = google.asked
    assert (asked.path, asked.param("personFields"), asked.subject) == ("/v1/people/me", "metadata", ADA)


@pytest.mark.parametrize("answer", [{}, {"resourceName": "people/me"}])
def test_a_teacher_whom_google_does_not_name_is_asked_for_again(answer: dict[str, Any]) -> None:
    with scripted_google(lambda _: (200, answer)) as google, pytest.raises(Unavailable, match=ADA):
        push_at(google).google_id(ADA)


def test_a_subscription_asks_for_names_alone_and_for_as_long_as_google_lets() -> None:
    with scripted_google(SmallEvents()) as google:
        remote = push_at(google).create(ADA, OWN_ID)
    assert remote == RemoteSubscription("subscriptions/meet-2", ChannelState.ACTIVE, EXPIRES_AT)
    (asked,) = google.asked
    wanted = fixture("subscription_create_request_user_target")
    wanted["notificationEndpoint"]["pubsubTopic"] = TOPIC
    assert asked.body == wanted
    assert (asked.method, asked.subject) == ("POST", ADA)


def test_what_google_answers_at_once_is_read() -> None:
    remote = created(lambda _: (200, fixture("operation_create_done")))
    assert remote == RemoteSubscription("subscriptions/meet-spaces-czpBQkNERUY", ChannelState.ACTIVE, EXPIRES_AT)


def test_an_operation_that_takes_its_time_is_waited_for() -> None:
    machine = FakeMachine()
    assert created(SmallEvents(polls=3), machine).state is ChannelState.ACTIVE
    assert machine.slept == list(OPERATION_PAUSES[:3])


def test_an_operation_that_takes_too_long_is_tried_again_and_then_found() -> None:
    events = SmallEvents(polls=100)
    machine = FakeMachine()
    with pytest.raises(Unavailable, match="still at work"):
        created(events, machine)
    assert machine.slept == list(OPERATION_PAUSES)
    events.polls = 0
    assert created(events).name == "subscriptions/meet-2"
    assert len(events.there) == 1


def test_an_operation_that_google_forgot_is_no_lost_subscription() -> None:
    def forgets(asked: Asked) -> Answer:
        return NOT_FOUND if "operations" in asked.path else (200, {"name": "operations/op1"})

    with scripted_google(forgets) as google, pytest.raises(Unavailable, match="operations/op1"):
        push_at(google).renew(ADA, NAME)


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (7, UpstreamRefused, r"meet-api-event-push@system\.gserviceaccount\.com"),
        (3, UpstreamRefused, "MEET_EVENTS_TOPIC"),
        (5, UpstreamRefused, "MEET_EVENTS_TOPIC"),
        (16, UpstreamRefused, "Domain-wide delegation"),
        (8, Unavailable, "busy"),
        (14, Unavailable, "busy"),
        (2, Unavailable, "busy"),
    ],
)
def test_an_operation_that_fails_is_refused_like_a_call_that_fails(code: int, kind: type[DomainError], said: str) -> None:
    with pytest.raises(kind, match=said):
        created(SmallEvents(failure={"code": code, "message": "No."}))


def test_an_operation_may_say_too_that_there_is_one_already() -> None:
    events = SmallEvents()
    name = events.holds(subscription())
    details = fixture("error_already_exists")["error"]["details"]
    details[0]["metadata"]["current_subscription"] = name
    failed = {"name": "operations/op1", "done": True, "error": {"code": 6, "message": "There.", "details": details}}
    remote = created(lambda asked: (200, failed) if asked.path == "/v1/subscriptions" else events(asked))
    assert remote == RemoteSubscription(name, ChannelState.ACTIVE, RENEWED_UNTIL)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_topic_that_google_may_not_use_is_named_in_the_remedy(status: int) -> None:
    with pytest.raises(UpstreamRefused, match="role Pub/Sub Publisher") as refusal:
        created(lambda _: error(status, "no"))
    assert ADA in refusal.value.detail


def test_without_a_topic_nothing_is_asked_of_google() -> None:
    with scripted_google(SmallEvents()) as google, pytest.raises(UpstreamRefused, match="MEET_EVENTS_TOPIC") as refusal:
        push_at(google, topic="").create(ADA, OWN_ID)
    assert refusal.value.title == "No topic for Meet events"
    assert google.asked == []


@pytest.mark.parametrize("is_naming", [True, False])
def test_a_second_subscription_is_the_first_one_renewed(is_naming: bool) -> None:  # noqa: FBT001 - pytest's form
    events = SmallEvents(is_naming=is_naming)
    events.holds(subscription())
    with scripted_google(events) as google:
        remote = push_at(google).create(ADA, OWN_ID)
    assert remote == RemoteSubscription(NAME, ChannelState.ACTIVE, RENEWED_UNTIL)
    how = f"GET /v1/{NAME}" if is_naming else "GET /v1/subscriptions"
    assert google.paths() == ["POST /v1/subscriptions", how, f"PATCH /v1/{NAME}"]


def test_a_subscription_is_looked_for_by_every_event_type_and_its_target() -> None:
    events = SmallEvents(is_naming=False)
    events.holds(subscription())
    with scripted_google(events) as google:
        push_at(google).create(ADA, OWN_ID)
    types = " OR ".join(f'event_types:"{each}"' for each in EVENT_TYPES)
    assert google.asked[1].param("filter") == f'({types}) AND target_resource="{TARGET}"'


def test_a_subscription_is_looked_for_on_every_page_past_deleted_ones() -> None:
    events = SmallEvents()
    name = events.holds(subscription(7))
    pages: dict[str | None, dict[str, Any]] = {
        None: {"subscriptions": [subscription(1, state="DELETED")], "nextPageToken": "p2"},
        "p2": {"subscriptions": [subscription(7)]},
    }

    def answer(asked: Asked) -> Answer:
        if asked.path != "/v1/subscriptions":
            return events(asked)
        return error(409, "There.", "ALREADY_EXISTS") if asked.method == "POST" else (200, pages[asked.param("pageToken")])

    assert created(answer).name == name


def test_the_one_that_was_named_and_is_gone_is_looked_for() -> None:
    events = SmallEvents()
    name = events.holds(subscription(7))
    refusal = (409, fixture("error_already_exists"))
    remote = created(lambda asked: refusal if asked.method == "POST" else events(asked))
    assert remote.name == name


@pytest.mark.parametrize(
    "changes", [{"notificationEndpoint": {"pubsubTopic": "projects/old/topics/meet"}}, {"eventTypes": list(EVENT_TYPES[:1])}]
)
def test_a_subscription_that_tells_another_topic_or_less_is_made_anew(changes: dict[str, Any]) -> None:
    events = SmallEvents()
    events.holds(subscription(**changes))
    with scripted_google(events) as google:
        remote = push_at(google).create(ADA, OWN_ID)
    assert remote.name == "subscriptions/meet-2"
    assert list(events.there) == ["subscriptions/meet-2"]
    assert google.paths()[-2:] == [f"DELETE /v1/{NAME}", "POST /v1/subscriptions"]


def test_a_subscription_that_vanishes_meanwhile_is_made_anew() -> None:
    events = SmallEvents()
    events.holds(subscription())

    def vanishes(asked: Asked) -> Answer:
        if asked.method == "PATCH":
            events.there.clear()
        return events(asked)

    assert created(vanishes).name == "subscriptions/meet-2"


def test_one_that_google_neither_shows_nor_lets_make_is_a_matter_of_time() -> None:
    def hides(asked: Asked) -> Answer:
        return error(409, "There.", "ALREADY_EXISTS") if asked.method == "POST" else (200, {})

    with pytest.raises(Unavailable, match="does not show it"):
        created(hides)


def test_a_suspended_one_that_is_found_is_told_as_suspended() -> None:
    events = SmallEvents()
    events.holds(subscription(state="SUSPENDED", suspensionReason="USER_SCOPE_REVOKED"))
    remote = created(lambda asked: error(400, "suspended") if asked.method == "PATCH" else events(asked))
    assert (remote.state, remote.reason) == (ChannelState.SUSPENDED, "USER_SCOPE_REVOKED")


def test_renewing_asks_for_the_longest_life_from_now() -> None:
    events = SmallEvents()
    events.holds(subscription())
    with scripted_google(events) as google:
        assert push_at(google).renew(ADA, NAME) == RemoteSubscription(NAME, ChannelState.ACTIVE, RENEWED_UNTIL)
    (asked,) = google.asked
    assert (asked.method, asked.param("updateMask"), asked.body) == ("PATCH", "ttl", {"ttl": "0s"})


def test_renewing_one_that_was_suspended_without_our_knowing_tells_that_it_is() -> None:
    script = in_turn(error(400, "suspended"), (200, fixture("subscription_suspended")))
    with scripted_google(script) as google:
        remote = push_at(google).renew(ADA, "subscriptions/meet-spaces-czpBQkNERUY")
    assert remote is not None
    assert (remote.state, remote.reason) == (ChannelState.SUSPENDED, "USER_SCOPE_REVOKED")


def test_renewing_one_that_delivers_and_may_not_be_renewed_is_a_refusal() -> None:
    script = in_turn(error(403, "no"), (200, fixture("subscription_active")))
    with scripted_google(script) as google, pytest.raises(UpstreamRefused):
        push_at(google).renew(ADA, NAME)


def test_an_answer_that_does_not_show_the_subscription_is_asked_for_it() -> None:
    script = in_turn((200, {"name": "operations/op1", "done": True}), (200, subscription()))
    with scripted_google(script) as google:
        assert push_at(google).renew(ADA, NAME) == RemoteSubscription(NAME, ChannelState.ACTIVE, EXPIRES_AT)


def test_a_new_subscription_without_a_name_is_looked_for_the_next_time() -> None:
    with pytest.raises(Unavailable, match=ADA):
        created(lambda _: (200, {"name": "operations/op1", "done": True}))


def test_reactivating_lets_a_suspended_one_deliver_again() -> None:
    events = SmallEvents()
    events.holds(subscription(state="SUSPENDED", suspensionReason="ENDPOINT_NOT_FOUND"))
    with scripted_google(events) as google:
        remote = push_at(google).reactivate(ADA, NAME)
    assert remote == RemoteSubscription(NAME, ChannelState.ACTIVE, EXPIRES_AT)
    assert google.paths() == [f"POST /v1/{NAME}:reactivate"]


def test_reactivating_one_that_delivers_is_fine_though_google_refuses_it() -> None:
    with scripted_google(in_turn(error(400, "not suspended"), (200, subscription()))) as google:
        remote = push_at(google).reactivate(ADA, NAME)
    assert remote is not None
    assert remote.state is ChannelState.ACTIVE


def test_reactivating_one_that_google_keeps_suspended_is_a_refusal() -> None:
    script = in_turn(error(403, "no"), (200, fixture("subscription_suspended")))
    with scripted_google(script) as google, pytest.raises(UpstreamRefused, match="Pub/Sub Publisher"):
        push_at(google).reactivate(ADA, NAME)


def test_a_subscription_that_is_gone_is_none_whatever_is_asked_of_it() -> None:
    with scripted_google(SmallEvents()) as google:
        push = push_at(google)
        assert (push.get(ADA, NAME), push.renew(ADA, NAME), push.reactivate(ADA, NAME)) == (None, None, None)
        push.delete(ADA, NAME)


def test_a_subscription_is_taken_down() -> None:
    events = SmallEvents(polls=1)
    events.holds(subscription())
    with scripted_google(events) as google:
        push_at(google).delete(ADA, NAME)
    assert events.there == {}


@pytest.mark.parametrize("method", ["renew", "reactivate", "delete"])
def test_a_change_that_meets_another_one_is_a_matter_of_time(method: str) -> None:
    with scripted_google(lambda _: error(409, "busy", "ABORTED")) as google, pytest.raises(Unavailable, match="still at work"):
        getattr(push_at(google), method)(ADA, NAME)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("ACTIVE", ChannelState.ACTIVE),
        ("SUSPENDED", ChannelState.SUSPENDED),
        ("DELETED", ChannelState.GONE),
        ("STATE_UNSPECIFIED", ChannelState.SUSPENDED),
        ("PAUSED", ChannelState.SUSPENDED),
    ],
)
def test_only_a_subscription_that_google_calls_active_delivers(told: str, state: ChannelState) -> None:
    with scripted_google(lambda _: (200, subscription(state=told))) as google:
        remote = push_at(google).get(ADA, NAME)
    assert remote is not None
    assert remote.state is state
