"""What every store of policies does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.domain.policies import DEFAULT_POLICY, STATUS_NAMES, Policy
from shared.people_ports import Policies
from tests.builders import at
from tests.fake_policies import MemoryPolicies
from tests.fakes import no_sleep

if TYPE_CHECKING:
    from google.cloud import firestore

ADA = "ada@school.example"


@pytest.fixture(params=["memory", "firestore"])
def policies(request: pytest.FixtureRequest) -> Iterator[Policies]:
    if request.param == "memory":
        yield MemoryPolicies()
    else:
        from shared.adapters.firestore.policies import FirestorePolicies

        yield FirestorePolicies(request.getfixturevalue("database"), no_sleep, lambda: 0.0)


def version(number: int, **changes: object) -> Policy:
    told = replace(DEFAULT_POLICY, version=number, effective_from=at(number), by=ADA, at=at(0), reason="A new term.")
    return replace(told, **changes)  # type: ignore[arg-type]


def test_at_first_there_are_none(policies: Policies) -> None:
    assert policies.all() == ()


def test_versions_come_back_whole_and_by_number(policies: Policies) -> None:
    renamed = tuple(replace(name, label=f"{name.label} !", points=name.points // 2) for name in STATUS_NAMES)
    second = version(2, statuses=renamed, warn_below_percent=None, student_no_show_minutes=20, auto_absent=False)
    tenth, first = version(10), version(1, grace_minutes=0)
    for each in (second, tenth, first):
        assert policies.add(each)
    assert policies.all() == (first, second, tenth)


def test_a_number_is_given_once_and_what_is_stored_stays(policies: Policies) -> None:
    assert policies.add(version(1))
    assert not policies.add(version(1, grace_minutes=1))
    assert policies.all() == (version(1),)


def test_the_same_version_told_again_is_stored_already(policies: Policies) -> None:
    assert policies.add(version(1))
    assert policies.add(version(1))
    assert policies.all() == (version(1),)


def test_what_one_adds_oneself_is_seen_at_once(policies: Policies) -> None:
    assert policies.all() == ()
    policies.add(version(1))
    assert policies.all() == (version(1),)


def test_what_another_adds_is_seen_within_a_minute(database: "firestore.Client") -> None:
    from shared.adapters.firestore.policies import FirestorePolicies

    passed = [0.0]
    one, other = (FirestorePolicies(database, no_sleep, lambda: passed[0]) for _ in range(2))
    assert one.all() == ()
    other.add(version(1))
    passed[0] = 59.9
    assert one.all() == ()
    passed[0] = 60.0
    assert one.all() == (version(1),)


def test_who_finds_a_number_taken_sees_who_took_it(database: "firestore.Client") -> None:
    from shared.adapters.firestore.policies import FirestorePolicies

    one, other = (FirestorePolicies(database, no_sleep, lambda: 0.0) for _ in range(2))
    assert one.all() == ()
    assert other.add(version(1))
    assert not one.add(version(1, grace_minutes=3))
    assert one.all() == (version(1),)
