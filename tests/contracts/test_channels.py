"""What every store of push channels and of refusals does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.channels import Channel, ChannelState, dropped
from shared.ports import Channels, Connections, ConnectionTrouble
from tests.builders import at
from tests.fake_feeds import MemoryChannels, MemoryConnections
from tests.fakes import no_sleep

ADA, BEA = "ada@school.example", "bea@school.example"


@pytest.fixture(params=["memory", "firestore"])
def channels(request: pytest.FixtureRequest) -> Iterator[Channels]:
    if request.param == "memory":
        yield MemoryChannels()
    else:
        from shared.adapters.firestore.channels import FirestoreChannels

        yield FirestoreChannels(request.getfixturevalue("database"), no_sleep)


@pytest.fixture(params=["memory", "firestore"])
def connections(request: pytest.FixtureRequest) -> Iterator[Connections]:
    if request.param == "memory":
        yield MemoryConnections()
    else:
        from shared.adapters.firestore.connections import FirestoreConnections

        yield FirestoreConnections(request.getfixturevalue("database"))


def changed(channels: Channels, teacher: str, **changes: object) -> Channel:
    before = channels.get(teacher)
    assert before is not None
    after = replace(before.value, rev=before.value.rev + 1, **changes)  # type: ignore[arg-type]
    assert channels.save(before, after)
    return after


def test_a_channel_is_wanted_once_and_again_after_it_was_given_up(channels: Channels) -> None:
    assert channels.want(ADA, at(0))
    assert channels.want(ADA, at(1))
    changed(channels, ADA, state=ChannelState.ACTIVE, name="subscriptions/a", due_at=at(30))
    assert not channels.want(ADA, at(2))
    before = channels.get(ADA)
    assert before is not None
    channels.save(before, dropped(before.value, at(3)))
    assert channels.want(ADA, at(4))
    found = channels.get(ADA)
    assert found is not None
    assert (found.value.state, found.value.due_at) == (ChannelState.WANTED, at(4))


def test_channels_are_found_by_teacher_by_name_and_by_what_is_due(channels: Channels) -> None:
    for minute, teacher in enumerate((BEA, ADA)):
        channels.want(teacher, at(minute))
    active = changed(channels, ADA, state=ChannelState.ACTIVE, name="subscriptions/a", due_at=at(30))
    assert channels.named("subscriptions/a") == active
    assert channels.named("subscriptions/b") is None
    assert channels.get_many([ADA, "nobody@school.example"]) == {ADA: active}
    assert channels.get_many([]) == {}
    assert [one.value.teacher_email for one in channels.due(at(29), 10)] == [BEA]
    assert [one.value.teacher_email for one in channels.due(at(30), 10)] == [BEA, ADA]
    assert len(channels.due(at(30), 1)) == 1
    assert [one.teacher_email for one in channels.all(10)] == [ADA, BEA]
    changed(channels, BEA, due_at=None)
    assert [one.value.teacher_email for one in channels.due(at(60), 10)] == [ADA]


def test_of_two_who_change_a_channel_the_second_is_refused(channels: Channels) -> None:
    channels.want(ADA, at(0))
    before = channels.get(ADA)
    assert before is not None
    one = replace(before.value, name="subscriptions/one", rev=2)
    assert channels.save(before, one)
    assert not channels.save(before, replace(before.value, name="subscriptions/two", rev=2))
    assert channels.save(before, one)
    assert channels.get_many([ADA]) == {ADA: one}


def test_a_refusal_stands_since_it_began_until_the_service_works(connections: Connections) -> None:
    connections.refused("Meet", ADA, "Insufficient permissions", "Grant it.", at(0))
    connections.refused("Meet", ADA, "Insufficient permissions", "Grant it now.", at(5))
    connections.refused("Calendar", BEA, "No valid credentials found", "Ask again.", at(6))
    meet = ConnectionTrouble("Meet", ADA, "Insufficient permissions", "Grant it now.", at(0), at(5))
    assert connections.troubles() == (
        ConnectionTrouble("Calendar", BEA, "No valid credentials found", "Ask again.", at(6), at(6)),
        meet,
    )
    connections.works("Calendar", BEA)
    connections.works("Calendar", BEA)
    assert connections.troubles() == (meet,)
    later = at(5) + timedelta(hours=1)
    connections.refused("Meet", ADA, "Meet API not enabled", "Enable it.", later)
    assert connections.troubles() == (ConnectionTrouble("Meet", ADA, "Meet API not enabled", "Enable it.", later, later),)
