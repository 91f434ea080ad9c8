"""Subscribers are told what happens in the rooms that they subscribed to, and to their subscriptions."""

import json
import time
from pathlib import Path

from tests.infra.local.simulator.running import STUDENT, TEACHER, TOPIC, SetClock, Simulated, own_target, simulator

JOINED, LEFT, STARTED, ENDED = "participant.v2.joined", "participant.v2.left", "conference.v2.started", "conference.v2.ended"
REMINDER, EXPIRED = (f"google.workspace.events.subscription.v1.{word}" for word in ("expirationReminder", "expired"))


def test_coming_and_going_is_told_with_names_only_and_google_knows_the_names(sim: Simulated) -> None:
    sim.subscribe()
    code = sim.room()
    device = sim.join(code, STUDENT, "2026-09-15T12:00:00.123456Z")
    assert {topic for topic, _ in sim.published} == {TOPIC}
    times = [message.attributes["ce-time"] for _, message in sim.published]
    started, joined = sim.heard(2)
    assert (started["type"], joined["type"], times) == (STARTED, JOINED, ["2026-09-15T12:00:00.123456Z"] * 2)
    meet = sim.google("meet")
    record = meet.conferenceRecords().get(name=started["conferenceRecord"]["name"]).execute()
    sessions = meet.conferenceRecords().participants().participantSessions()
    stay = sessions.get(name=joined["participantSession"]["name"]).execute()
    assert record["startTime"] == stay["startTime"] == times[0]
    sim.leave(code, device, "2026-09-15T12:30:00Z")
    assert sim.heard(2) == [joined | {"type": LEFT}, started | {"type": ENDED}]


def test_the_end_of_a_meeting_tells_of_everybody(sim: Simulated) -> None:
    sim.subscribe()
    code = sim.room()
    sim.join(code, STUDENT)
    sim.join(code, TEACHER)
    sim.heard(3)
    sim.told(f"/meetings/{code}/end")
    assert [one["type"] for one in sim.heard(3)] == [LEFT, LEFT, ENDED]


def test_only_owners_hear_and_only_what_they_asked_for(sim: Simulated) -> None:
    sim.subscribe(STUDENT)
    mine = sim.subscribe(eventTypes=[f"google.workspace.meet.{LEFT}"])
    code = sim.room(TEACHER)
    sim.leave(code, sim.join(code, STUDENT))
    (message,) = [message for _, message in sim.published]
    assert message.attributes["ce-type"] == f"google.workspace.meet.{LEFT}"
    assert message.attributes["ce-source"] == f"//workspaceevents.googleapis.com/{mine['name']}"
    assert message.attributes["ce-subject"] == own_target(TEACHER)


def test_a_room_that_is_subscribed_to_alone_is_heard_beside_the_owners_all(sim: Simulated) -> None:
    told = sim.told("/meetings", owner_email=TEACHER)
    space = f"//meet.googleapis.com/{told['space']}"
    sim.subscribe()
    sim.subscribe(targetResource=space)
    sim.join(told["meet_code"], STUDENT)
    assert sorted(message.attributes["ce-subject"] for _, message in sim.published) == sorted([own_target(TEACHER), space] * 2)
    assert len({message.attributes["ce-id"] for _, message in sim.published}) == 4


def test_an_order_that_is_refused_tells_nothing(sim: Simulated) -> None:
    sim.subscribe()
    code = sim.room()
    assert sim.order(f"/meetings/{code}/leave", {"device_session_id": "x"}).status_code == 404
    assert sim.published == []


def test_a_suspended_subscription_hears_nothing_until_it_is_reactivated(sim: Simulated) -> None:
    made = sim.subscribe()
    sim.told("/subscriptions/suspend", name=made["name"])
    sim.published.clear()
    code = sim.room()
    sim.join(code, STUDENT)
    assert sim.published == []
    sim.subscriptions().reactivate(name=made["name"], body={}).execute()
    sim.join(code, STUDENT)
    assert [one["type"] for one in sim.heard(1)] == [JOINED]


def test_the_way_of_publishing_is_the_one_that_is_set(sim: Simulated) -> None:
    sim.subscribe()
    code = sim.room()
    sim.told("/push", mode="off")
    sim.join(code, STUDENT)
    assert sim.published == []
    sim.told("/push", mode="duplicate")
    sim.join(code, STUDENT)
    assert len(sim.published) in (2, 3)
    assert len({message.attributes["ce-id"] for _, message in sim.published}) == 1
    sim.heard(2)
    sim.told("/push", mode="late", late_ms=200)
    sim.join(code, STUDENT)
    assert sim.published == []
    assert [one["type"] for one in sim.heard(1)] == [JOINED]
    sim.told("/push", mode="shuffle")
    for _ in range(5):
        sim.join(code, STUDENT)
    assert sim.published == []
    assert [one["type"] for one in sim.heard(5)] == [JOINED] * 5
    sim.told("/push", mode="on", structured=True)
    sim.join(code, STUDENT)
    assert json.loads(sim.published[0][1].data)["type"] == f"google.workspace.meet.{JOINED}"


def test_the_end_of_a_subscription_is_told_before_and_when_it_comes(sim: Simulated) -> None:
    made = sim.subscribe()
    subscription = {"subscription": {"name": made["name"], "expire_time": made["expireTime"]}}
    for move, told in ((7 * 24 - 12, REMINDER), (11, REMINDER), (1, EXPIRED)):
        sim.clock.move(hours=move)
        assert sim.heard(1) == [{"type": told, **subscription}]
    assert sim.ask(f"/v1/{made['name']}").status_code == 404


def test_an_end_that_came_while_the_simulator_was_off_is_told_at_the_next_start(tmp_path: Path) -> None:
    clock = SetClock()
    with simulator(tmp_path / "simulator.json", clock) as sim:
        sim.subscribe()
    clock.move(days=8)
    with simulator(tmp_path / "simulator.json", clock) as sim:
        assert [one["type"] for one in sim.heard(1)] == [EXPIRED]
        time.sleep(0.7)
        assert sim.published == []
