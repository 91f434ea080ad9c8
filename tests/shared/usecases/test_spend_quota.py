"""A quota spent a share at a time: few calls, never more than the limit, and no stop while the store is away."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.errors import Unavailable
from shared.usecases import spend_quota
from shared.usecases.spend_quota import ALONE_SECONDS, SpendQuota
from tests.fake_quotas import MemoryQuotas
from tests.fakes import Clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMIT = 600


class House:
    """Some instances over one store of counters, with one clock."""

    def __init__(self, instances: int = 1) -> None:
        self.clock = Clock(NOON)
        self.quotas = MemoryQuotas()
        self.instances = [SpendQuota(self.quotas, self.clock, self.ticks) for _ in range(instances)]

    def ticks(self) -> float:
        return (self.clock.at - NOON).total_seconds() + 1000

    def spends(self, times: int, limit: int = LIMIT, key: str = "ada", instance: int = 0) -> int:
        """How many of so many uses were there."""
        return sum(self.instances[instance](key, limit) is None for _ in range(times))


def test_all_of_the_limit_can_be_used_and_not_one_more() -> None:
    house = House()
    assert house.spends(LIMIT) == LIMIT
    assert house.spends(100) == 0


def test_most_uses_cost_nothing() -> None:
    house = House()
    house.spends(LIMIT + 1000)
    assert house.quotas.asked <= 20


def test_who_is_refused_learns_when_to_come_again_and_then_may() -> None:
    house = House()
    house.clock.passes(timedelta(seconds=20))
    house.spends(LIMIT)
    assert house.instances[0]("ada", LIMIT) == NOON + timedelta(minutes=1)
    house.clock.passes(timedelta(seconds=39))
    assert house.spends(1) == 0
    house.clock.passes(timedelta(seconds=1))
    assert house.spends(LIMIT + 1) == LIMIT


@pytest.mark.parametrize("limit", [1, 2, 9, 10, 11, 99, 600])
@pytest.mark.parametrize("instances", [1, 3, 20])
def test_all_instances_together_never_exceed_the_limit(instances: int, limit: int) -> None:
    house = House(instances)
    granted = sum(house.spends(1, limit, instance=turn % instances) for turn in range(3 * limit))
    assert granted <= limit
    assert granted >= limit - instances * max(0, limit // 10 - 1)


def test_a_few_requests_to_each_of_many_instances_are_all_served() -> None:
    house = House(40)
    assert sum(house.spends(3, instance=number) for number in range(40)) == 120


def test_at_most_a_tenth_lies_unused_with_an_instance() -> None:
    house = House(2)
    for used in (1, 10, 100, 300):
        house.clock.passes(timedelta(minutes=1))
        assert house.spends(used) == used
        assert LIMIT - used - LIMIT // 10 <= house.spends(LIMIT, instance=1) <= LIMIT - used


def test_thirty_two_threads_of_two_instances_never_exceed_the_limit() -> None:
    house = House(2)
    with ThreadPoolExecutor(32) as pool:
        spent = list(pool.map(lambda turn: house.spends(10, 100, instance=turn % 2), range(32)))
    assert 80 <= sum(spent) <= 100


def test_one_key_says_nothing_about_another() -> None:
    house = House()
    assert house.spends(LIMIT + 1) == LIMIT
    assert house.spends(1, key="bea") == 1


def test_while_the_store_is_away_each_instance_counts_alone_and_asks_it_seldom() -> None:
    house = House(2)
    house.quotas.trouble = Unavailable("away")
    assert house.spends(LIMIT + 50) == LIMIT
    assert house.spends(LIMIT + 50, instance=1) == LIMIT
    assert house.quotas.asked == 2


def test_what_was_given_before_the_store_went_away_counts() -> None:
    house = House()
    assert house.spends(7) == 7
    house.quotas.trouble = Unavailable("away")
    assert house.spends(LIMIT) == LIMIT - 7


def test_the_store_is_asked_again_when_it_may_be_back() -> None:
    house = House()
    house.quotas.trouble = Unavailable("away")
    house.spends(1)
    house.quotas.trouble = None
    house.clock.passes(timedelta(seconds=ALONE_SECONDS - 1))
    house.spends(1)
    assert house.quotas.asked == 1
    house.clock.passes(timedelta(seconds=1))
    house.spends(1)
    assert house.quotas.asked == 2


def test_memory_holds_no_more_keys_than_it_should() -> None:
    house = House()
    for number in range(spend_quota.MOST_KEYS + 10):
        house.spends(1, key=str(number))
    assert len(house.instances[0]._shares) <= spend_quota.MOST_KEYS
    kept = Counter(share.ends_at for share in house.instances[0]._shares.values())
    house.clock.passes(timedelta(minutes=1))
    assert kept
    assert house.spends(1, key="another") == 1
