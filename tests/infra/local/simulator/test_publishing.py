"""The ways to publish: at once, not at all, more than once, in any order, late."""

import asyncio
from collections import Counter

import pytest

from infra.local.pubsub.messages import PubsubMessage
from infra.local.simulator.publishing import HELD_S, Mode, Publisher, PushSettings

TEN = [str(number).encode() for number in range(10)]


def published(settings: PushSettings, wait_s: float = 0, reset: bool = False) -> list[bytes]:  # noqa: FBT001, FBT002
    """What comes of ten messages within a time."""
    came: list[bytes] = []

    async def publish() -> None:
        publisher = Publisher(lambda _, message: came.append(message.data))
        publisher.set(settings)
        for data in TEN:
            publisher.publish("t", PubsubMessage(data))
        if reset:
            publisher.reset()
        await asyncio.sleep(wait_s)

    asyncio.run(publish())
    return came


def test_messages_come_at_once_and_in_order_unless_something_else_is_set() -> None:
    assert published(PushSettings()) == TEN


def test_nothing_comes_when_it_is_off() -> None:
    assert published(PushSettings("off"), 0.4) == []


def test_each_message_comes_two_or_three_times() -> None:
    counts = Counter(published(PushSettings("duplicate", seed=1)))
    assert (set(counts), set(counts.values())) == (set(TEN), {2, 3})


def test_messages_are_held_back_and_come_in_another_order() -> None:
    assert published(PushSettings("shuffle"), 0.1) == []
    came = published(PushSettings("shuffle", seed=1), 0.5)
    assert came != TEN
    assert sorted(came) == TEN


@pytest.mark.parametrize("mode", ["duplicate", "shuffle"])
def test_the_same_seed_does_the_same_again(mode: Mode) -> None:
    once, again, other = (published(PushSettings(mode, seed=seed), 0.4) for seed in (5, 5, 6))
    assert once == again != other


def test_late_messages_come_late() -> None:
    assert published(PushSettings("late", late_ms=300), 0.15) == []
    assert published(PushSettings("late", late_ms=100), 0.3) == TEN


@pytest.mark.parametrize("mode", ["shuffle", "late"])
def test_a_reset_forgets_what_is_held_back(mode: Mode) -> None:
    assert published(PushSettings(mode, late_ms=50), 0.5, reset=True) == []


def test_what_is_held_back_comes_after_another_way_is_set() -> None:
    came: list[bytes] = []

    async def publish() -> None:
        publisher = Publisher(lambda _, message: came.append(message.data))
        publisher.set(PushSettings("shuffle"))
        publisher.publish("t", PubsubMessage(b"held"))
        publisher.set(PushSettings("off"))
        publisher.publish("t", PubsubMessage(b"dropped"))
        await asyncio.sleep(HELD_S * 2)

    asyncio.run(publish())
    assert came == [b"held"]


def test_nobody_has_to_listen() -> None:
    Publisher(None).publish("t", PubsubMessage(b"{}"))
