"""What every store of rate plans does: the fake and the emulator alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.billing_ports import RatePlans
from shared.domain.rate_plans import (
    Among,
    Assignment,
    Charge,
    Minutes,
    Notice,
    Outcome,
    Per,
    Price,
    Rate,
    RatePlan,
    Rounding,
    Scope,
)
from shared.domain.verdicts import AttendanceStatus
from tests.builders import at
from tests.fake_billing import MemoryRatePlans
from tests.fakes import no_sleep
from tests.shaky import WAYS, Died, ShakyClient
from tests.shaky import Line as Shaky

if TYPE_CHECKING:
    from google.cloud import firestore

    from shared.adapters.firestore.rate_plans import FirestoreRatePlans

OMAR = "omar@school.example"
CHARGE = Rate(
    (Price("EUR", 3000, 500, 9000), Price("JPY", 4000)), Per.LESSON, Among.SPLIT, Minutes.SHARED, 15, Rounding.UP, 30, 90
)


def over(client: "firestore.Client", passed: list[float] | None = None) -> "FirestoreRatePlans":
    from shared.adapters.firestore.rate_plans import FirestoreRatePlans

    return FirestoreRatePlans(client, no_sleep, lambda: passed[0] if passed else 0.0)


@pytest.fixture(params=["memory", "firestore"])
def plans(request: pytest.FixtureRequest) -> RatePlans:
    return MemoryRatePlans() if request.param == "memory" else over(request.getfixturevalue("database"))


def plan(plan_id: str = "standard", version: int = 1, **changes: object) -> RatePlan:
    made = RatePlan(plan_id, version, "Standard", at(0), CHARGE, Rate((Price("EUR", 2000),)), by="root", reason="a new year")
    return replace(made, **changes)  # type: ignore[arg-type]


def given(about: str = OMAR, minute: float = 0, plan_id: str | None = "standard") -> Assignment:
    return Assignment(Scope.STUDENT, about, plan_id, at(0), "root", at(minute), "agreed")


def test_at_first_there_is_nothing(plans: RatePlans) -> None:
    assert plans.all() == ()
    assert plans.assignments() == ()


def test_versions_come_back_whole_by_plan_and_version(plans: RatePlans) -> None:
    outcomes = {AttendanceStatus.ABSENT: Outcome(Charge.MAKEUP, 50, 0), AttendanceStatus.PRESENT: Outcome(Charge.CHARGE)}
    second = plan("standard", 2, outcomes=outcomes, notices=(Notice(24, 50, 100),), sibling_percent=10, tax_basis_points=1900)
    tenth, first, other = plan("standard", 10), plan(), plan("exam")
    for each in (tenth, second, other, first):
        assert plans.add(each)
    assert plans.all() == (other, first, second, tenth)
    found = plans.all()[2].outcomes
    assert {type(status) for status in found} == {AttendanceStatus}
    assert plans.all()[2].outcome_of(AttendanceStatus.ABSENT) == outcomes[AttendanceStatus.ABSENT]


def test_a_number_is_given_once_and_the_same_again_is_fine(plans: RatePlans) -> None:
    assert plans.add(plan())
    assert plans.add(plan())
    assert not plans.add(plan(name="Another"))
    assert plans.all() == (plan(),)


def test_assignments_are_stored_once_and_come_back_the_oldest_first(plans: RatePlans) -> None:
    late, early, taken_back = given(minute=2), given("maths", 1), given(minute=3, plan_id=None)
    for each in (late, taken_back, early, late):
        plans.assign(each)
    assert plans.assignments() == (early, late, taken_back)


def test_what_one_adds_oneself_is_seen_at_once(plans: RatePlans) -> None:
    assert (plans.all(), plans.assignments()) == ((), ())
    plans.add(plan())
    plans.assign(given())
    assert (plans.all(), plans.assignments()) == ((plan(),), (given(),))


def test_what_another_adds_is_seen_within_a_minute(database: "firestore.Client") -> None:
    passed = [0.5]
    one, other = over(database, passed), over(database, passed)
    assert (one.all(), one.assignments()) == ((), ())
    other.add(plan())
    other.assign(given())
    passed[0] = 60.4
    assert (one.all(), one.assignments()) == ((), ())
    passed[0] = 60.5
    assert (one.all(), one.assignments()) == ((plan(),), (given(),))


def test_of_many_who_make_the_next_version_at_once_one_does(database: "firestore.Client") -> None:
    plans = over(database)
    with ThreadPoolExecutor(32) as threads:
        done = list(threads.map(lambda n: plans.add(plan(name=f"{n}")), range(32)))
    assert [f"{n}" for n, is_done in enumerate(done) if is_done] == [each.name for each in plans.all()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at_commit", [1, 2])
def test_whichever_commit_is_disturbed_each_is_stored_once(database: "firestore.Client", at_commit: int, way: str) -> None:
    plans = over(ShakyClient(database.project, Shaky(at_commit, way)))
    for act in (lambda: plans.add(plan()), lambda: plans.assign(given())):
        try:
            assert act() in (True, None)
        except Died:
            assert act() in (True, None)
    assert (plans.all(), plans.assignments()) == ((plan(),), (given(),))
