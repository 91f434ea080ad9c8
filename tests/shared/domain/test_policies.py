"""Policies: which version counts for a class, and what a new one may be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import InvalidInput
from shared.domain.policies import DEFAULT_POLICY, STATUS_NAMES, Policy, checked, policy_at
from tests.builders import at, minutes


def version(number: int, effective: float) -> Policy:
    return Policy(version=number, effective_from=at(effective))


def test_before_any_version_the_one_built_in_counts() -> None:
    assert policy_at([], at(0)) is DEFAULT_POLICY
    assert policy_at([version(1, 10)], at(9)) is DEFAULT_POLICY


def test_a_version_counts_from_its_first_instant_until_a_later_one_does() -> None:
    first, second = version(1, 0), version(2, 60)
    assert policy_at([second, first], at(0)) == first
    assert policy_at([second, first], at(59.9)) == first
    assert policy_at([second, first], at(60)) == second


def test_of_two_versions_from_one_instant_the_later_number_counts() -> None:
    assert policy_at([version(2, 0), version(1, 0)], at(5)).version == 2


def test_a_version_that_is_set_later_for_sooner_does_not_undo_one_ahead() -> None:
    ahead, now = version(1, 100), version(2, 0)
    assert policy_at([ahead, now], at(50)) == now
    assert policy_at([ahead, now], at(100)) == ahead


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(-50, 50)), unique_by=lambda told: told[0]), st.integers(-60, 60))
def test_a_version_that_counts_later_changes_nothing_before(told: list[tuple[int, int]], start: int) -> None:
    versions = [version(number, effective) for number, effective in told]
    counts = policy_at(versions, at(start))
    assert policy_at([*versions, version(99, start + 1)], at(start)) == counts
    assert policy_at(reversed(versions), at(start)) == counts
    assert counts is DEFAULT_POLICY or (counts.effective_from is not None and counts.effective_from <= at(start))


def test_what_has_begun_keeps_its_policy() -> None:
    assert checked(version(1, 0), at(0)).version == 1
    with pytest.raises(InvalidInput, match="what has begun keeps"):
        checked(version(1, 0), at(0) + minutes(0.01))
    with pytest.raises(InvalidInput, match="from now on or later"):
        checked(Policy(version=1), at(0))


@pytest.mark.parametrize(
    "statuses", [STATUS_NAMES[1:], (*STATUS_NAMES, STATUS_NAMES[0]), (*STATUS_NAMES[1:], replace(STATUS_NAMES[0], status="here"))]
)
def test_every_status_has_one_name(statuses: tuple[object, ...]) -> None:
    with pytest.raises(InvalidInput, match="Name each status once"):
        checked(replace(version(1, 0), statuses=statuses), at(0))  # type: ignore[arg-type]


def test_the_built_in_policy_names_every_status_and_unknown_is_worth_nothing() -> None:
    assert {name.status for name in DEFAULT_POLICY.statuses} == {status.value for status in AttendanceStatus}
    assert DEFAULT_POLICY.points_of("unknown") == 0
    assert DEFAULT_POLICY.label_of("no_show") == "No-show"
    assert (DEFAULT_POLICY.points_of("nonsense"), DEFAULT_POLICY.label_of("nonsense")) == (0, "nonsense")
