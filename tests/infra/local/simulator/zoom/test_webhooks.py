"""How events are delivered: signed, in every mode, and again when the endpoint is in trouble."""

import json
from collections import Counter

import pytest

from tests.infra.local.simulator.zoom.zooming import HOST, SECRET, Endpoint, Zoomed


def class_of(zoom: Zoomed, pupils: int) -> int:
    """A meeting with a host and so many pupils, all there; its number."""
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    for at in range(pupils):
        zoom.joins(number, f"Zoë {at}", "12:01")
    return number


def test_each_event_is_signed_over_its_bytes_and_tracked_by_itself(zoom: Zoomed, heard: Endpoint) -> None:
    class_of(zoom, 2)
    zoom.deliveries()
    assert len(heard.came) == 5
    assert all(hook.is_signed for hook in heard.came)
    assert {hook.headers["x-zm-request-timestamp"] for hook in heard.came} == {"1789473600"}
    assert len({hook.headers["x-zm-trackingid"] for hook in heard.came}) == 5
    assert {hook.headers["content-type"] for hook in heard.came} == {"application/json; charset=utf-8"}


def test_what_was_sent_and_answered_can_be_looked_at(zoom: Zoomed, heard: Endpoint) -> None:
    heard.statuses = [204]
    number = zoom.bare()
    (delivery,) = zoom.deliveries()
    assert (delivery["event"], delivery["meeting"]) == ("meeting.created", number)
    assert delivery["body"].encode() == heard.came[0].body
    (attempt,) = delivery["attempts"]
    assert (attempt["status"], attempt["trouble"], attempt["timestamp"]) == (204, None, "1789473600")


def test_events_of_one_meeting_go_out_in_order(zoom: Zoomed, heard: Endpoint) -> None:
    class_of(zoom, 20)
    zoom.deliveries()
    joined = [hook.person["user_name"] for hook in heard.came if hook.name == "participant_joined"]
    assert joined == ["Ada", *(f"Zoë {at}" for at in range(20))]


def test_off_sends_nothing_and_forgets_it(zoom: Zoomed, heard: Endpoint) -> None:
    zoom.sim.told("/zoom/push", mode="off")
    class_of(zoom, 1)
    zoom.sim.told("/zoom/push", mode="on")
    assert (zoom.deliveries(), heard.came) == ([], [])


def test_duplicate_sends_each_twice_in_other_bytes(zoom: Zoomed, heard: Endpoint) -> None:
    zoom.sim.told("/zoom/push", mode="duplicate")
    class_of(zoom, 3)
    zoom.deliveries()
    assert set(Counter(json.dumps(hook.told, sort_keys=True) for hook in heard.came).values()) == {2}
    first, second = (hook for hook in heard.came if hook.about.get("participant", {}).get("user_name") == "Zoë 0")
    assert first.body != second.body
    assert first.is_signed
    assert second.is_signed


def test_shuffle_loses_nothing_and_keeps_no_order(zoom: Zoomed, heard: Endpoint) -> None:
    zoom.sim.told("/zoom/push", mode="shuffle")
    class_of(zoom, 30)
    zoom.deliveries()
    told = [hook.person["user_name"] for hook in heard.came if hook.name == "participant_joined"]
    in_order = ["Ada", *(f"Zoë {at}" for at in range(30))]
    assert sorted(told) == sorted(in_order)
    assert told != in_order


def test_late_sends_later(zoom: Zoomed, heard: Endpoint) -> None:
    assert zoom.sim.told("/zoom/push", mode="late", late_ms=700) == {"mode": "late", "late_ms": 700}
    zoom.bare()
    assert heard.came == []
    assert zoom.sim.order("/zoom/deliveries", method="GET").json()["under_way"] == 1
    zoom.deliveries()
    assert heard.names() == ["created"]


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 429, 201])
def test_what_is_refused_or_not_rightly_taken_is_never_sent_again(zoom: Zoomed, heard: Endpoint, status: int) -> None:
    heard.statuses = [status, 200]
    zoom.set(retry_scale=0)
    zoom.bare()
    (delivery,) = zoom.deliveries()
    assert [one["status"] for one in delivery["attempts"]] == [status]


def test_an_endpoint_in_trouble_is_tried_three_times_more(zoom: Zoomed, heard: Endpoint) -> None:
    heard.statuses = [503, 500, 502, 599, 200]
    zoom.set(retry_scale=0)
    zoom.bare()
    (delivery,) = zoom.deliveries()
    assert [one["status"] for one in delivery["attempts"]] == [503, 500, 502, 599]
    assert len({hook.headers["x-zm-trackingid"] for hook in heard.came}) == 4
    assert len({hook.body for hook in heard.came}) == 1


def test_retries_end_when_one_is_taken(zoom: Zoomed, heard: Endpoint) -> None:
    heard.statuses = [500, 200]
    zoom.set(retry_scale=0)
    zoom.bare()
    (delivery,) = zoom.deliveries()
    assert [one["status"] for one in delivery["attempts"]] == [500, 200]


@pytest.mark.parametrize(("restamp", "timestamps"), [(False, 1), (True, 2)])
def test_retries_carry_the_first_timestamp_unless_set_otherwise(
    zoom: Zoomed, heard: Endpoint, *, restamp: bool, timestamps: int
) -> None:
    heard.statuses = [500, 200]
    zoom.set(retry_scale=1 / 600, restamp_retries=restamp)
    zoom.bare()
    heard.until_asked()
    zoom.sim.clock.move(minutes=5)
    zoom.deliveries()
    assert len({hook.headers["x-zm-request-timestamp"] for hook in heard.came}) == timestamps
    assert all(hook.is_signed for hook in heard.came)


def test_a_later_event_overtakes_one_that_is_tried_again(zoom: Zoomed, heard: Endpoint) -> None:
    number = class_of(zoom, 0)
    ben = zoom.joins(number, "Ben")
    zoom.deliveries()
    heard.came.clear()
    heard.statuses = [500, 200]
    zoom.set(retry_scale=1 / 600)
    zoom.does(number, "leave", user_id=ben)
    zoom.joins(number, "Ben")
    zoom.deliveries()
    assert heard.names() == ["participant_left", "participant_joined", "participant_left"]


def test_an_answer_after_three_seconds_is_none_and_the_event_is_sent_again(zoom: Zoomed, heard: Endpoint) -> None:
    heard.delays_s = [3.3, 0]
    zoom.set(retry_scale=0)
    zoom.bare()
    (delivery,) = zoom.deliveries()
    assert [(one["status"], one["trouble"]) for one in delivery["attempts"]] == [(None, "no answer within 3 s"), (200, None)]


def test_nobody_at_home_is_told_and_tried_again(zoom: Zoomed) -> None:
    zoom.set(webhook_url="http://127.0.0.1:9/nobody", webhook_secret=SECRET, retry_scale=0)
    zoom.bare()
    (delivery,) = zoom.deliveries()
    assert [one["status"] for one in delivery["attempts"]] == [None] * 4
    assert "ConnectError" in delivery["attempts"][0]["trouble"]


def test_without_an_endpoint_nothing_is_sent(zoom: Zoomed) -> None:
    class_of(zoom, 1)
    assert zoom.deliveries() == []


def test_an_endpoint_proves_that_it_knows_the_secret(zoom: Zoomed, heard: Endpoint) -> None:
    assert zoom.sim.told("/zoom/validate") == {"valid": True, "status": 200, "trouble": None}
    assert heard.came[0].is_signed
    assert heard.came[0].told["event"] == "endpoint.url_validation"


def test_an_endpoint_with_another_secret_or_another_answer_fails(zoom: Zoomed, heard: Endpoint) -> None:
    heard.lies = True
    assert zoom.sim.told("/zoom/validate")["valid"] is False
    heard.lies, heard.statuses = False, [401]
    assert zoom.sim.told("/zoom/validate") == {"valid": False, "status": 401, "trouble": "the answer is not the right one"}
    zoom.set(webhook_url="http://127.0.0.1:9/nobody")
    told = zoom.sim.told("/zoom/validate")
    assert (told["valid"], told["status"]) == (False, None)
