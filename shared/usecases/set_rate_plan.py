"""Setting rate plans: a new version beside the old ones, and what plans are given to, from now on or later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.billing_ports import RatePlans
from shared.domain.accounts import Caller
from shared.domain.errors import InvalidInput, Stale
from shared.domain.money import MOST, checked_currency
from shared.domain.rate_plans import Assignment, Notice, Outcome, Rate, RatePlan, Scope, version_at
from shared.domain.verdicts import AttendanceStatus
from shared.ports import Clock
from shared.usecases.price_classes import EVERYTHING

ATTEMPTS = 4
PAST = "This counts from now on or later; classes that have begun keep the rates that they had."


@dataclass(frozen=True, slots=True)
class ToSet:
    """A version of a plan as it shall be, from when on, and why; None means from now on."""

    plan_id: str
    name: str
    charge: Rate
    pay: Rate
    outcomes: Mapping[AttendanceStatus, Outcome]
    notices: tuple[Notice, ...]
    sibling_percent: int
    tax_basis_points: int
    makeup_days: int
    effective_from: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ToAssign:
    """What a plan is given to; without a plan it is taken back there. None for the time means from now on."""

    scope: Scope
    about: str
    plan_id: str | None
    effective_from: datetime | None
    reason: str


@dataclass(frozen=True)
class SetRatePlan:
    """Store versions of plans, and give plans to classes, students, courses or everything."""

    plans: RatePlans
    clock: Clock

    def __call__(self, wanted: ToSet, caller: Caller) -> RatePlan:
        """The version that was stored. Two at once get a number each; raises `InvalidInput`, `Stale` or `Unavailable`."""
        now = self.clock()
        effective_from = wanted.effective_from or now
        if effective_from < now:
            raise InvalidInput("effective_from", PAST)
        _check_rate("charge", wanted.charge)
        _check_rate("pay", wanted.pay)
        if AttendanceStatus.UNKNOWN in wanted.outcomes:
            raise InvalidInput("outcomes", "Nothing follows from what is not known; leave `unknown` out.")
        for _ in range(ATTEMPTS):
            numbers = [each.version for each in self.plans.all() if each.plan_id == wanted.plan_id]
            added = RatePlan(
                plan_id=wanted.plan_id,
                version=max(numbers, default=0) + 1,
                name=wanted.name,
                effective_from=effective_from,
                charge=wanted.charge,
                pay=wanted.pay,
                outcomes=wanted.outcomes,
                notices=wanted.notices,
                sibling_percent=wanted.sibling_percent,
                tax_basis_points=wanted.tax_basis_points,
                makeup_days=wanted.makeup_days,
                by=caller.email or caller.subject,
                reason=wanted.reason,
            )
            if self.plans.add(added):
                return added
        raise Stale("Somebody else set the plan at the same time; look at its versions, then set it again.")

    def assign(self, wanted: ToAssign, caller: Caller) -> Assignment:
        """What was stored; raises `InvalidInput` or `Unavailable`."""
        now = self.clock()
        effective_from = wanted.effective_from or now
        if effective_from < now:
            raise InvalidInput("effective_from", PAST)
        if (wanted.scope is Scope.EVERYTHING) != (wanted.about == EVERYTHING):
            raise InvalidInput("about", "Name the class, the student, the teacher or the course; leave it out for everything.")
        if wanted.plan_id is not None and version_at(self.plans.all(), wanted.plan_id, effective_from) is None:
            raise InvalidInput(
                "plan_id", "No version of this plan counts by then; set one first, or give it from a later time on."
            )
        given = Assignment(
            scope=wanted.scope,
            about=wanted.about,
            plan_id=wanted.plan_id,
            effective_from=effective_from,
            by=caller.email or caller.subject,
            at=now,
            reason=wanted.reason,
        )
        self.plans.assign(given)
        return given


@dataclass(frozen=True)
class ShowRatePlans:
    """Look at plans and what they are given to."""

    plans: RatePlans

    def versions(self) -> tuple[RatePlan, ...]:
        """Every version, by plan, the newest first."""
        return tuple(sorted(self.plans.all(), key=lambda each: (each.plan_id, -each.version)))

    def assignments(self) -> tuple[Assignment, ...]:
        """Everything that plans were given to, the newest first."""
        return tuple(reversed(self.plans.assignments()))


def _check_rate(field: str, rate: Rate) -> None:
    """See that a rate can be meant; raises `InvalidInput`."""
    currencies = [price.currency for price in rate.prices]
    if len(set(currencies)) != len(currencies):
        raise InvalidInput(f"{field}.prices", "Give each currency once.")
    for price in rate.prices:
        checked_currency(price.currency, f"{field}.prices.currency")
        amounts = (price.rate_minor, price.minimum_minor, price.cap_minor or 0)
        if min(amounts) < 0 or max(amounts) > MOST:
            raise InvalidInput(f"{field}.prices", "Amounts are whole minor units from 0 up to what can be kept exact.")
        if price.cap_minor is not None and price.cap_minor < price.minimum_minor:
            raise InvalidInput(f"{field}.prices.cap_minor", "The cap lies below the minimum; give a higher one, or none.")
    if rate.most_minutes is not None and rate.most_minutes < rate.least_minutes:
        raise InvalidInput(f"{field}.most_minutes", "The most lies below the least; give a higher one, or none.")
