"""One push channel for each teacher who has classes, whatever Google does to it."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.channels import Channel, ChannelState
from shared.domain.classes import Provider
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import TaskKind
from tests.builders import a_class, at
from tests.fake_feeds import FakePush
from tests.house import House

TEACHER = a_class().teacher_email


def booked(house: House) -> FakePush:
    house.classes.add([a_class()], None)
    house.want(TEACHER)
    assert house.push is not None
    return house.push


def channel(house: House) -> Channel:
    found = house.channels.get(TEACHER)
    assert found is not None
    return found.value


def test_a_wanted_channel_is_made_and_then_delivers(house: House) -> None:
    push = booked(house)
    assert not channel(house).delivers(house.clock())
    assert house.keep() == {"channels": 1, "channels_failed": 0}
    assert channel(house).delivers(house.clock())
    assert push.calls == ["google_id", "create"]
    assert house.keep() == {"channels": 0, "channels_failed": 0}


def test_a_channel_is_looked_at_by_the_clock_and_renewed_every_day(house: House) -> None:
    push = booked(house)
    house.keep()
    push.calls.clear()
    for _ in range(49):
        house.clock.passes(timedelta(minutes=30))
        house.classes.save([(v, replace(v.value, start_at=house.clock(), end_at=house.clock() + timedelta(hours=1)))
                            for v in house.classes.versioned([a_class().class_id])])  # fmt: skip
        house.keep()
    assert push.calls.count("renew") == 1
    assert push.calls.count("get") == 48
    assert channel(house).expires_at == push.there[channel(house).name or ""].expires_at


def test_a_silent_channel_is_not_trusted_for_longer_than_two_hours(house: House) -> None:
    booked(house)
    house.keep()
    house.clock.passes(timedelta(hours=2, seconds=1))
    assert not channel(house).delivers(house.clock())


def test_a_suspended_channel_is_reactivated(house: House) -> None:
    push = booked(house)
    house.keep()
    push.suspends("ENDPOINT_PERMISSION_DENIED")
    house.clock.passes(timedelta(minutes=31))
    house.keep()
    assert push.calls[-2:] == ["get", "reactivate"]
    assert channel(house).state is ChannelState.ACTIVE
    assert channel(house).trouble is None


def test_a_channel_that_stays_suspended_says_why_and_what_to_do(house: House) -> None:
    push = booked(house)
    house.keep()
    push.suspends("ENDPOINT_PERMISSION_DENIED")
    push.stuck = True
    house.clock.passes(timedelta(minutes=31))
    assert house.keep()["channels_failed"] == 1
    told = channel(house)
    assert told.state is ChannelState.SUSPENDED
    assert told.trouble == "Google suspended the subscription: ENDPOINT_PERMISSION_DENIED"
    assert "Pub/Sub Publisher" in (told.remedy or "")
    assert not told.delivers(house.clock())
    push.stuck = False
    house.clock.passes(timedelta(minutes=2))
    house.keep()
    assert channel(house).trouble is None


def test_a_channel_that_google_deleted_is_made_anew(house: House) -> None:
    push = booked(house)
    house.keep()
    push.there.clear()
    house.clock.passes(timedelta(minutes=31))
    house.keep()
    assert push.calls[-2:] == ["get", "create"]
    assert channel(house).delivers(house.clock())


def test_a_refusal_is_a_state_with_a_remedy_and_is_tried_again_later_and_later(house: House) -> None:
    push = booked(house)
    push.trouble = UpstreamRefused("Insufficient permissions", "Grant the scope.")
    pauses = []
    for _ in range(8):
        assert house.keep() == {"channels": 1, "channels_failed": 1}
        due_at = channel(house).due_at
        assert due_at is not None
        pauses.append(due_at - house.clock())
        house.clock.at = due_at
    assert (channel(house).trouble, channel(house).remedy) == ("Insufficient permissions", "Grant the scope.")
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == timedelta(hours=1)
    push.trouble = None
    house.keep()
    assert channel(house).delivers(house.clock())


def test_google_being_away_is_no_refusal_of_a_person(house: House) -> None:
    push = booked(house)
    push.trouble = Unavailable("busy")
    house.keep()
    assert channel(house).trouble == "Google does not answer"


def test_a_teacher_without_classes_keeps_no_channel_and_gets_one_again_with_the_next_class(house: House) -> None:
    push = booked(house)
    house.keep()
    house.clock.at = at(60) + timedelta(days=3)
    house.keep()
    assert push.there == {}
    assert channel(house).state is ChannelState.UNWANTED
    assert channel(house).due_at is None
    again = replace(a_class("later"), start_at=house.clock() + timedelta(hours=5), end_at=house.clock() + timedelta(hours=6))
    house.classes.add([again], None)
    house.instance().want(TEACHER)
    house.keep()
    assert channel(house).delivers(house.clock())


def test_a_class_that_begins_soon_gets_a_channel_though_nobody_asked(house: House) -> None:
    house.classes.add([a_class()], None)
    house.clock.at = at(-30)
    house.keep()
    assert channel(house).delivers(house.clock())


def test_two_runs_at_once_make_one_subscription(house: House) -> None:
    push = booked(house)
    before = house.channels.get(TEACHER)
    house.keep()
    assert before is not None
    house.keep._seen_to(before)  # the other run saw the channel before this one wrote
    assert len(push.there) == 1
    assert channel(house).delivers(house.clock())


def test_one_teacher_is_seen_to_at_once_when_a_task_says_so(house: House) -> None:
    booked(house)
    assert [task.about for task in house.tasks.of(TaskKind.CHANNEL)] == [TEACHER]
    made = house.keep.one(TEACHER)
    assert made is not None
    assert made.delivers(house.clock())
    assert house.keep.one("nobody@school.example") is None


def test_a_teacher_who_teaches_on_zoom_needs_no_channel_of_google(house: House) -> None:
    house.classes.add([a_class(provider=Provider.ZOOM)], None)
    house.clock.at = at(-30)
    house.keep()
    assert house.channels.get(TEACHER) is None
    house.want(TEACHER)
    house.keep()
    assert house.push is not None
    assert house.push.calls == []
    assert channel(house).state is ChannelState.UNWANTED
