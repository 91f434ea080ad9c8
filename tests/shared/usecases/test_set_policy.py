"""Setting the policy, over both stores: a new version takes over what nobody changed, and two at once lose nothing."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.domain.errors import InvalidInput, Stale
from shared.domain.policies import DEFAULT_POLICY, Policy
from shared.people_ports import Policies
from shared.usecases.set_policy import ATTEMPTS, SetPolicy, ShowPolicy, ToSet
from tests.builders import at
from tests.fake_policies import MemoryPolicies
from tests.fakes import Clock
from tests.house import House
from tests.tracked import BOSS


def setting(house: House) -> SetPolicy:
    house.clock.at = at(0)
    return SetPolicy(house.policies, house.clock)


def test_a_version_counts_from_now_on_and_keeps_what_nobody_changed(house: House) -> None:
    stored = setting(house)(ToSet({"grace_minutes": 3, "warn_below_percent": None}, None, "A new term."), BOSS)
    assert (stored.version, stored.effective_from, stored.at) == (1, at(0), at(0))
    assert (stored.by, stored.reason) == (BOSS.email, "A new term.")
    assert (stored.grace_minutes, stored.warn_below_percent) == (3, None)
    assert (stored.left_early_minutes, stored.statuses) == (DEFAULT_POLICY.left_early_minutes, DEFAULT_POLICY.statuses)
    show = ShowPolicy(house.policies, house.clock)
    assert show.at(None) == stored
    assert show.at(at(-1)) == DEFAULT_POLICY
    assert show.all() == (stored, DEFAULT_POLICY)


def test_it_takes_over_from_the_version_that_counts_at_that_time(house: House) -> None:
    set_policy = setting(house)
    set_policy(ToSet({"grace_minutes": 3}, at(100), "Ahead."), BOSS)
    sooner = set_policy(ToSet({"minimum_minutes": 7}, at(50), "Sooner."), BOSS)
    later = set_policy(ToSet({"auto_absent": False}, at(150), "Later."), BOSS)
    assert (sooner.version, sooner.grace_minutes, sooner.minimum_minutes) == (2, DEFAULT_POLICY.grace_minutes, 7)
    assert (later.version, later.grace_minutes, later.minimum_minutes) == (3, 3, DEFAULT_POLICY.minimum_minutes)
    show = ShowPolicy(house.policies, house.clock)
    assert [show.at(at(minute)).version for minute in (49, 50, 100, 150)] == [0, 2, 1, 3]


def test_nothing_that_has_begun_is_judged_anew(house: House) -> None:
    with pytest.raises(InvalidInput, match="from now on or later"):
        setting(house)(ToSet({}, at(-1), "Too late."), BOSS)
    assert house.policies.all() == ()


def test_of_two_at_once_each_gets_a_number() -> None:
    policies = MemoryPolicies()
    set_policy = SetPolicy(policies, Clock(at(0)))
    policies.meanwhile = lambda: set_policy(ToSet({"grace_minutes": 1}, None, "I was first."), BOSS)
    second = set_policy(ToSet({"minimum_minutes": 2}, None, "I was second."), BOSS)
    assert [each.version for each in policies.all()] == [1, 2]
    assert (second.version, second.grace_minutes, second.minimum_minutes) == (2, 1, 2)


@dataclass
class Contested:
    """A store in which somebody else is always faster."""

    kept: list[Policy] = field(default_factory=list)

    def all(self) -> tuple[Policy, ...]:
        """See the port."""
        return tuple(self.kept)

    def add(self, policy: Policy) -> bool:
        """See the port."""
        self.kept.append(Policy(version=policy.version, effective_from=policy.effective_from, reason="Theirs."))
        return False


def test_whoever_always_comes_second_is_told_so() -> None:
    contested = Contested()
    policies: Policies = contested
    with pytest.raises(Stale, match="look at the versions"):
        SetPolicy(policies, Clock(at(0)))(ToSet({}, at(0) + timedelta(days=1), "Again and again."), BOSS)
    assert [each.version for each in contested.kept] == list(range(1, ATTEMPTS + 1))
