"""Charges and pay: what follows from a class for one of its people, or the question that has to be answered first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id
from shared.domain.money import Money
from shared.domain.rate_plans import RatePlan
from shared.domain.verdicts import AttendanceStatus


class Side(StrEnum):
    """Who owes whom: a student the organisation, or the organisation a teacher."""

    CHARGE = "charge"
    PAY = "pay"


class Doubt(StrEnum):
    """Why nothing can be billed for somebody yet."""

    UNKNOWN = "unknown"
    GUESSED = "guessed"
    UNIDENTIFIED = "unidentified"
    MAY_BE_STRANGER = "may_be_stranger"
    NOT_READ = "not_read"
    TEACHER_UNKNOWN = "teacher_unknown"
    NO_PLAN = "no_plan"
    NO_PRICE = "no_price"


REMEDIES: Mapping[Doubt, str] = {
    Doubt.UNKNOWN: "Nobody knows whether the person was there; read the meeting again, or override the status.",
    Doubt.GUESSED: "The person was found by name alone; confirm who it was in the review queue.",
    Doubt.UNIDENTIFIED: "Somebody was there whom nobody knows; say in the review queue who it was, or that it was a guest.",
    Doubt.MAY_BE_STRANGER: "The person was not seen, and somebody unknown was there; say in the review queue who that was.",
    Doubt.NOT_READ: "The meeting was not read to its end yet; it is billed after that.",
    Doubt.TEACHER_UNKNOWN: "Nobody knows whether the teacher was there; override the teacher's status.",
    Doubt.NO_PLAN: "No rate plan counts for this class; give one to the class, the student or teacher, the course or everything.",
    Doubt.NO_PRICE: "The rate plan has no price in this currency; add one, or change the payer's currency.",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a person is charged or paid: by whom or to whom, in which currency, by which plan.

    `discount_percent` is what a student is charged less, as a sibling.
    """

    party: str
    currency: str
    plan: RatePlan | None
    discount_percent: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """What one person owes, or earns, for one class, with what it rests on. `amount` is net of tax.

    `seconds` is the time that was counted; `digest` changes exactly when anything changes that the amount rests on.
    """

    side: Side
    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    start_at: datetime
    person: str
    party: str
    teacher_email: str
    amount: Money
    status: AttendanceStatus
    seconds: int
    plan_id: str
    plan_version: int
    tax_basis_points: int
    how: str
    digest: str
    makeup_days: int | None = None

    @property
    def item_id(self) -> str:
        """What it is about: there is one for each person of a class."""
        return item_id_of(self.side, self.session_id, self.person)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person has to answer before it can be billed."""

    side: Side
    session_id: str
    class_id: str
    subject: str
    start_at: datetime
    person: str | None
    display_name: str | None
    doubt: Doubt

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.doubt]


@dataclass(frozen=True, slots=True)
class Priced:
    """What follows from one class."""

    items: tuple[Item, ...] = ()
    questions: tuple[Question, ...] = ()


def item_id_of(side: Side, session_id: str, person: str) -> str:
    """The id of what one person owes or earns for one class."""
    return stable_id("item", side, session_id, person)
