"""Rate plans: what students owe and teachers earn for a class, by what came of it. Versions take effect from a day on.

A version counts for the classes that start from its `effective_from` on, so that a change never touches the past.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.ids import stable_id
from shared.domain.money import rounded
from shared.domain.verdicts import AttendanceStatus

HOUR_SECONDS = 3600


class Per(StrEnum):
    """What the rate is for."""

    HOUR = "hour"
    LESSON = "lesson"


class Among(StrEnum):
    """Whether each student owes the rate, or all who are charged share it."""

    EACH = "each"
    SPLIT = "split"


class Minutes(StrEnum):
    """Which time counts: as booked, the person's own in class, or that together with the other side."""

    SCHEDULED = "scheduled"
    MEASURED = "measured"
    SHARED = "shared"


class Rounding(StrEnum):
    """Which way time is rounded to whole steps."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class Charge(StrEnum):
    """What a status means for the student: owed, not owed, or owed and given back as a lesson to make up."""

    CHARGE = "charge"
    WAIVE = "waive"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class Price:
    """A rate in one currency, in minor units; a line is at least `minimum_minor` and at most `cap_minor`, before discounts."""

    currency: str
    rate_minor: int
    minimum_minor: int = 0
    cap_minor: int | None = None

    def held(self, amount_minor: int) -> int:
        """The amount between minimum and cap."""
        amount = max(amount_minor, self.minimum_minor)
        return amount if self.cap_minor is None else min(amount, self.cap_minor)


@dataclass(frozen=True, slots=True)
class Rate:
    """How a price is made. Time is rounded to steps of `step_minutes` first, then held between the least and the most."""

    prices: tuple[Price, ...]
    per: Per = Per.HOUR
    among: Among = Among.EACH
    minutes: Minutes = Minutes.SCHEDULED
    step_minutes: int = 1
    rounding: Rounding = Rounding.NEAREST
    least_minutes: int = 0
    most_minutes: int | None = None

    def price_in(self, currency: str) -> Price | None:
        """The price in a currency, if there is one."""
        return next((price for price in self.prices if price.currency == currency), None)

    def counted_seconds(self, seconds: int) -> int:
        """The time that is paid for, in whole seconds."""
        step = 60 * self.step_minutes
        whole, rest = divmod(seconds, step)
        is_up = rest > 0 and (self.rounding is Rounding.UP or (self.rounding is Rounding.NEAREST and 2 * rest >= step))
        counted = max((whole + is_up) * step, 60 * self.least_minutes)
        return counted if self.most_minutes is None else min(counted, 60 * self.most_minutes)

    def amount(self, price: Price, seconds: int, percent: int) -> int:
        """What some time costs in minor units, at a percentage: rounded once, then held between minimum and cap."""
        if percent == 0:
            return 0
        if self.per is Per.LESSON:
            return price.held(rounded(price.rate_minor * percent, 100))
        return price.held(rounded(price.rate_minor * self.counted_seconds(seconds) * percent, HOUR_SECONDS * 100))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a status means: for the student, at what percentage of the price, and for the teacher's pay."""

    charge: Charge
    charge_percent: int = 100
    pay_percent: int = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """A class that is cancelled with less notice than this many hours is charged and paid at these percentages."""

    hours: int
    charge_percent: int
    pay_percent: int


def usual_outcomes() -> dict[AttendanceStatus, Outcome]:
    """Whoever came owes; who was absent without notice owes too; who was excused does not."""
    came, away = Outcome(Charge.CHARGE), Outcome(Charge.CHARGE, 100, 100)
    return {
        AttendanceStatus.PRESENT: came,
        AttendanceStatus.LATE: came,
        AttendanceStatus.LEFT_EARLY: came,
        AttendanceStatus.PARTIAL: came,
        AttendanceStatus.ABSENT: away,
        AttendanceStatus.NO_SHOW: away,
        AttendanceStatus.EXCUSED: Outcome(Charge.WAIVE, 0, 0),
    }


@dataclass(frozen=True, slots=True)
class RatePlan:
    """One version of a plan. Percentages are whole; `tax_basis_points` are hundredths of a percent of the net sum.

    `sibling_percent` is what every student of a payer after the first one is charged less, where each owes the rate.
    `makeup_days` is how long a lesson to make up is good for.
    """

    plan_id: str
    version: int
    name: str
    effective_from: datetime
    charge: Rate
    pay: Rate
    outcomes: Mapping[AttendanceStatus, Outcome] = field(default_factory=usual_outcomes)
    notices: tuple[Notice, ...] = ()
    sibling_percent: int = 0
    tax_basis_points: int = 0
    makeup_days: int = 90
    by: str | None = None
    reason: str | None = None

    @property
    def version_id(self) -> str:
        """The id of this version; two people who make the next one at once meet at it."""
        return stable_id("rate_plan", self.plan_id, str(self.version))

    def outcome_of(self, status: AttendanceStatus) -> Outcome | None:
        """What a status means; None for `unknown`, of which nothing follows."""
        return self.outcomes.get(status)

    def notice_for(self, before_start: timedelta) -> Notice:
        """What a cancellation that long before the start costs: nothing with notice enough."""
        due = [notice for notice in self.notices if before_start < timedelta(hours=notice.hours)]
        return min(due, key=lambda notice: notice.hours, default=Notice(0, 0, 0))


class Scope(StrEnum):
    """What a plan is given to; the narrower one wins. Given to a teacher it is for what that one earns: a wage of their own."""

    CLASS = "class"
    STUDENT = "student"
    TEACHER = "teacher"
    COURSE = "course"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a plan counts for something, for classes that start from an instant on. Without a plan it is taken back."""

    scope: Scope
    about: str
    plan_id: str | None
    effective_from: datetime
    by: str
    at: datetime
    reason: str

    @property
    def assignment_id(self) -> str:
        """A function of what it says, so that it is given once."""
        return stable_id(
            "assignment", self.scope, self.about, self.plan_id or "", self.effective_from.isoformat(), self.at.isoformat()
        )


def version_at(versions: Iterable[RatePlan], plan_id: str, start_at: datetime) -> RatePlan | None:
    """The version of a plan that counts for a class: of those in effect at its start, the one that was made last."""
    own = [each for each in versions if each.plan_id == plan_id and each.effective_from <= start_at]
    return max(own, key=lambda each: (each.effective_from, each.version), default=None)


def assigned_at(assignments: Sequence[Assignment], wanted: Sequence[tuple[Scope, str]], start_at: datetime) -> str | None:
    """The plan that counts for a class that starts then: of the first of what is `wanted` that one was given to."""
    for scope, about in wanted:
        own = [a for a in assignments if a.scope is scope and a.about == about and a.effective_from <= start_at]
        last = max(own, key=lambda a: (a.effective_from, a.at, a.plan_id or ""), default=None)
        if last is not None and last.plan_id is not None:
            return last.plan_id
    return None
