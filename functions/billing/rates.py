"""Rate plans on the wire: as they are asked to be, and as they are shown. Amounts are whole minor units."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.domain.errors import InvalidInput
from shared.domain.money import MOST
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
    usual_outcomes,
)
from shared.domain.verdicts import AttendanceStatus
from shared.usecases.price_classes import EVERYTHING
from shared.usecases.set_rate_plan import ToAssign, ToSet
from shared.web.fields import Answer, Asked, Instant, Key, LongText, Text

Status = Literal["present", "late", "left_early", "partial", "absent", "excused", "no_show"]
Amount = Annotated[int, Field(ge=0, le=MOST, strict=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Count = Annotated[int, Field(ge=0, le=1440, strict=True)]


class PriceAsked(Asked):
    """A rate in one currency; a line is at least the minimum and at most the cap, before discounts."""

    currency: Currency
    rate_minor: Amount
    minimum_minor: Amount = 0
    cap_minor: Amount | None = None


class RateAsked(Asked):
    """How a price is made. Time is rounded to steps first, then held between the least and the most."""

    prices: Annotated[list[PriceAsked], Field(min_length=1, max_length=20)]
    per: Literal["hour", "lesson"] = "hour"
    among: Literal["each", "split"] = "each"
    minutes: Literal["scheduled", "measured", "shared"] = "scheduled"
    step_minutes: Annotated[int, Field(ge=1, le=240, strict=True)] = 1
    rounding: Literal["up", "nearest", "down"] = "nearest"
    least_minutes: Count = 0
    most_minutes: Count | None = None

    def to_words(self) -> Rate:
        """The rate in the words of the domain."""
        prices = tuple(Price(each.currency, each.rate_minor, each.minimum_minor, each.cap_minor) for each in self.prices)
        kinds = (Per(self.per), Among(self.among), Minutes(self.minutes))
        return Rate(prices, *kinds, self.step_minutes, Rounding(self.rounding), self.least_minutes, self.most_minutes)


class OutcomeAsked(Asked):
    """What a status means for the student, at what percentage of the price, and for the pay of the staff."""

    status: Status
    charge: Literal["charge", "waive", "makeup"]
    charge_percent: Percent = 100
    pay_percent: Percent = 100


class NoticeAsked(Asked):
    """What a class costs and pays that is cancelled with less notice than this many hours."""

    hours: Annotated[int, Field(ge=1, le=720, strict=True)]
    charge_percent: Percent
    pay_percent: Percent


class PlanAsked(Asked):
    """A version of a plan, for classes that start from `effective_from` on; left out, from now on.

    A status that `outcomes` leaves out keeps what it usually means.
    """

    plan_id: Key
    name: Text
    charge: RateAsked
    pay: RateAsked
    outcomes: Annotated[tuple[OutcomeAsked, ...], Field(max_length=7)] = ()
    notices: Annotated[tuple[NoticeAsked, ...], Field(max_length=10)] = ()
    sibling_percent: Percent = 0
    tax_basis_points: Annotated[int, Field(ge=0, le=10_000, strict=True)] = 0
    makeup_days: Annotated[int, Field(ge=1, le=3650, strict=True)] = 90
    effective_from: Instant | None = None
    reason: LongText

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name, told in (("outcomes", [o.status for o in self.outcomes]), ("notices", [n.hours for n in self.notices])):
            if len(set(told)) != len(told):
                raise InvalidInput(name, "This says two things about the same; say one.")
        return self

    def to_words(self) -> ToSet:
        """The request in the words of the story."""
        outcomes = usual_outcomes()
        for each in self.outcomes:
            outcomes[AttendanceStatus(each.status)] = Outcome(Charge(each.charge), each.charge_percent, each.pay_percent)
        return ToSet(
            plan_id=self.plan_id,
            name=self.name,
            charge=self.charge.to_words(),
            pay=self.pay.to_words(),
            outcomes=outcomes,
            notices=tuple(Notice(each.hours, each.charge_percent, each.pay_percent) for each in self.notices),
            sibling_percent=self.sibling_percent,
            tax_basis_points=self.tax_basis_points,
            makeup_days=self.makeup_days,
            effective_from=self.effective_from,
            reason=self.reason,
        )


class AssignmentAsked(Asked):
    """What a plan is given to: a class, a student, a teacher, a course, or everything. Without `plan_id`: taken back."""

    scope: Literal["class", "student", "teacher", "course", "everything"]
    about: Key | None = None
    plan_id: Key | None = None
    effective_from: Instant | None = None
    reason: LongText

    def to_words(self) -> ToAssign:
        """The request in the words of the story."""
        return ToAssign(Scope(self.scope), self.about or EVERYTHING, self.plan_id, self.effective_from, self.reason)


class Shown(Answer):
    """A value of the domain, shown as it is."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class PricePart(Shown):
    """A rate in one currency."""

    currency: str
    rate_minor: int
    minimum_minor: int
    cap_minor: int | None


class RatePart(Shown):
    """How a price is made."""

    prices: list[PricePart]
    per: str
    among: str
    minutes: str
    step_minutes: int
    rounding: str
    least_minutes: int
    most_minutes: int | None


class OutcomePart(Answer):
    """What a status means."""

    status: str
    charge: str
    charge_percent: int
    pay_percent: int


class NoticePart(Shown):
    """What a class costs and pays that is cancelled with less notice than this many hours."""

    hours: int
    charge_percent: int
    pay_percent: int


class PlanPart(Answer):
    """One version of a plan."""

    plan_id: str
    version: int
    name: str
    effective_from: Instant
    charge: RatePart
    pay: RatePart
    outcomes: list[OutcomePart]
    notices: list[NoticePart]
    sibling_percent: int
    tax_basis_points: int
    makeup_days: int
    by: str | None
    reason: str | None

    @classmethod
    def of(cls, plan: RatePlan) -> Self:
        """The version on the wire."""
        return cls(
            plan_id=plan.plan_id,
            version=plan.version,
            name=plan.name,
            effective_from=plan.effective_from,
            charge=RatePart.model_validate(plan.charge),
            pay=RatePart.model_validate(plan.pay),
            outcomes=[
                OutcomePart(status=status, charge=each.charge, charge_percent=each.charge_percent, pay_percent=each.pay_percent)
                for status, each in plan.outcomes.items()
            ],
            notices=[NoticePart.model_validate(each) for each in plan.notices],
            sibling_percent=plan.sibling_percent,
            tax_basis_points=plan.tax_basis_points,
            makeup_days=plan.makeup_days,
            by=plan.by,
            reason=plan.reason,
        )


class AssignmentPart(Shown):
    """That a plan counts for something; null takes it back. `about` is empty for everything."""

    assignment_id: str
    scope: str
    about: str
    plan_id: str | None
    effective_from: Instant
    by: str
    at: Instant
    reason: str


class PlanBody(Answer):
    """A version of a plan."""

    plan: PlanPart


class AssignmentBody(Answer):
    """What a plan was given to."""

    assignment: AssignmentPart

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The assignment on the wire."""
        return cls(assignment=AssignmentPart.model_validate(assignment))


class PlansBody(Answer):
    """Every version of every plan, and what plans were given to, the newest first."""

    plans: list[PlanPart]
    assignments: list[AssignmentPart]

    @classmethod
    def of(cls, plans: Sequence[RatePlan], assignments: Sequence[Assignment]) -> Self:
        """The plans on the wire."""
        given = [AssignmentPart.model_validate(each) for each in assignments]
        return cls(plans=[PlanPart.of(each) for each in plans], assignments=given)
