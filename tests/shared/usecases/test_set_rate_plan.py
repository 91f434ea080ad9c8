"""Rate plans: a new version never touches the past, and what it is given to counts from an instant on."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import InvalidInput, Stale
from shared.domain.rate_plans import Price, Rate, RatePlan, Scope, usual_outcomes
from shared.domain.verdicts import AttendanceStatus
from shared.usecases.set_rate_plan import SetRatePlan, ShowRatePlans, ToAssign, ToSet
from tests.billed import THIRTY, TWENTY, a_plan
from tests.builders import at, minutes
from tests.fake_billing import MemoryRatePlans
from tests.fakes import Clock
from tests.tracked import BOSS

WANTED = ToSet("standard", "Standard", THIRTY, TWENTY, usual_outcomes(), (), 0, 0, 90, None, "A new term.")
GIVEN = ToAssign(Scope.EVERYTHING, "", "standard", None, "To begin with.")


@pytest.fixture
def story() -> SetRatePlan:
    """The story at noon."""
    return SetRatePlan(MemoryRatePlans(), Clock(at(0)))


def test_versions_are_counted_for_each_plan_and_kept(story: SetRatePlan) -> None:
    first = story(WANTED, BOSS)
    later = story(replace(WANTED, charge=TWENTY, effective_from=at(60)), BOSS)
    other = story(replace(WANTED, plan_id="art"), BOSS)
    assert [(each.plan_id, each.version, each.effective_from) for each in (first, later, other)] == [
        ("standard", 1, at(0)),
        ("standard", 2, at(60)),
        ("art", 1, at(0)),
    ]
    assert (first.by, first.reason) == (BOSS.email, "A new term.")
    assert ShowRatePlans(story.plans).versions() == (other, later, first)


def test_two_at_once_get_a_number_each() -> None:
    plans = MemoryRatePlans()
    story = SetRatePlan(plans, Clock(at(0)))
    plans.meanwhile = lambda: plans.add(a_plan())
    assert story(WANTED, BOSS).version == 2
    assert len(plans.all()) == 2


def test_whoever_loses_again_and_again_is_told() -> None:
    class Taken(MemoryRatePlans):
        """Somebody else is always first."""

        def add(self, plan: RatePlan) -> bool:  # noqa: ARG002 - the port's signature
            return False

    with pytest.raises(Stale):
        SetRatePlan(Taken(), Clock(at(0)))(WANTED, BOSS)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"effective_from": at(-1)}, "effective_from"),
        ({"charge": Rate((Price("EUR", 1), Price("EUR", 2)))}, "charge.prices"),
        ({"charge": Rate((Price("XXX", 1),))}, "charge.prices.currency"),
        ({"pay": Rate((Price("EUR", -1),))}, "pay.prices"),
        ({"pay": Rate((Price("EUR", 1, 5, 4),))}, "pay.prices.cap_minor"),
        ({"pay": Rate((Price("EUR", 1),), least_minutes=5, most_minutes=4)}, "pay.most_minutes"),
        ({"outcomes": {AttendanceStatus.UNKNOWN: usual_outcomes()[AttendanceStatus.LATE]}}, "outcomes"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_not_stored(story: SetRatePlan, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        story(replace(WANTED, **change), BOSS)
    assert refusal.value.field == field
    assert story.plans.all() == ()


def test_a_plan_is_given_from_now_on_and_taken_back(story: SetRatePlan) -> None:
    story(WANTED, BOSS)
    given = story.assign(GIVEN, BOSS)
    assert (given.effective_from, given.by) == (at(0), BOSS.email)
    story.clock.passes(minutes(5))  # type: ignore[attr-defined]
    taken = story.assign(replace(GIVEN, plan_id=None), BOSS)
    assert ShowRatePlans(story.plans).assignments() == (taken, given)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"effective_from": at(-1)}, "effective_from"),
        ({"plan_id": "absent"}, "plan_id"),
        ({"about": "math"}, "about"),
        ({"scope": Scope.COURSE}, "about"),
    ],
)
def test_what_cannot_be_given_is_refused(story: SetRatePlan, change: dict[str, Any], field: str) -> None:
    story(WANTED, BOSS)
    with pytest.raises(InvalidInput) as refusal:
        story.assign(replace(GIVEN, **change), BOSS)
    assert refusal.value.field == field
    assert story.plans.assignments() == ()
