"""Charges and pay: what follows from a class for each of its people, by its evidence and the plans in force at its start.

What is unknown or guessed is a question and never an amount; a question blocks its own line and nothing else. One rounding
is made for each line, where the price meets the time (`Rate.amount`), and where a shared price is shared out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Basis
from shared.domain.ids import stable_id
from shared.domain.money import Money, rounded, shared_out
from shared.domain.rate_plans import Among, Charge, Minutes, Outcome, Price, Rate, RatePlan
from shared.domain.verdicts import AttendanceStatus

_AWAY = (AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW)


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
    Doubt.NO_PLAN: "No rate plan counts for this class; give one to the class, the student, the course, or everything.",
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


def priced(held: ScheduledClass, rows: Sequence[Attendance], charge: Mapping[str, Terms], pay: Mapping[str, Terms]) -> Priced:
    """What follows from a class that is over or was cancelled: `charge` are the students' terms, `pay` the staff's."""
    if held.status is Status.CANCELLED:
        return _cancelled(held, charge, pay)
    if held.status is not Status.COMPLETED:
        return Priced()
    return _Lesson(held, tuple(rows), charge, pay).priced()


@dataclass(frozen=True)
class _Due:
    """A student who is to be charged, before the price is made."""

    row: Attendance
    terms: Terms
    plan: RatePlan
    price: Price
    outcome: Outcome

    @property
    def percent(self) -> int:
        return self.outcome.charge_percent if self.outcome.charge is not Charge.WAIVE else 0


@dataclass(frozen=True)
class _Lesson:
    """One class that is over."""

    held: ScheduledClass
    rows: tuple[Attendance, ...]
    charge: Mapping[str, Terms]
    pay: Mapping[str, Terms]

    @property
    def staff(self) -> list[Attendance]:
        return [row for row in self.rows if row.role is Role.TEACHER and row.email is not None]

    @property
    def had_staff(self) -> bool | None:
        """Whether anybody taught; None while nobody can tell."""
        if any(_is_sure(row) and row.status.was_there for row in self.staff):
            return True
        is_open = any(row.status is AttendanceStatus.UNKNOWN or row.status.was_there for row in self.staff)
        return None if is_open or not self.staff else False

    def priced(self) -> Priced:
        due, questions = [], list(self._strangers())
        by_email = {row.email: row for row in self.rows if row.role is Role.STUDENT}
        for student, terms in sorted(self.charge.items()):
            found = self._due(student, by_email.get(student), terms)
            if isinstance(found, _Due):
                due.append(found)
            elif found is not None:
                questions.append(found)
        items = [*self._charged(due)]
        for row in self.staff:
            earned = self._earned(row)
            if isinstance(earned, Item):
                items.append(earned)
            elif earned is not None:
                questions.append(earned)
        return Priced(tuple(items), tuple(questions))

    def _strangers(self) -> Iterator[Question]:
        for row in self.rows:
            if row.email is None and not row.is_guest and row.seconds(self.held.end_at) > 0:
                yield _question(Side.CHARGE, self.held, Doubt.UNIDENTIFIED, None, row.display_name)

    def _due(self, student: str, row: Attendance | None, terms: Terms) -> "_Due | Question | None":
        """The student who is to be charged, why not yet, or None where nothing is owed."""
        name = row.display_name if row else None
        doubt = _doubt_of(row, self.held)
        if row is None or doubt is not None:
            return _question(Side.CHARGE, self.held, doubt or Doubt.NOT_READ, student, name)
        if row.status in _AWAY and row.ruling is None and any(self._strangers()):
            return _question(Side.CHARGE, self.held, Doubt.MAY_BE_STRANGER, student, name)
        had_staff = self.had_staff
        if had_staff is False:
            return None
        if had_staff is None:
            return _question(Side.CHARGE, self.held, Doubt.TEACHER_UNKNOWN, student, name)
        if terms.plan is None:
            return _question(Side.CHARGE, self.held, Doubt.NO_PLAN, student, name)
        price, outcome = terms.plan.charge.price_in(terms.currency), terms.plan.outcome_of(row.status)
        if price is None:
            return _question(Side.CHARGE, self.held, Doubt.NO_PRICE, student, name)
        return _Due(row, terms, terms.plan, price, outcome) if outcome is not None else None

    def _charged(self, due: Sequence[_Due]) -> Iterator[Item]:
        """What the students owe: each their own, or shares of one price for those of one plan and currency."""
        shares: dict[tuple[str, str], list[_Due]] = {}
        for each in due:
            if each.plan.charge.among is Among.SPLIT:
                shares.setdefault((each.plan.version_id, each.price.currency), []).append(each)
            else:
                seconds = _seconds(each.plan.charge, each.row, self.held)
                amount = each.plan.charge.amount(each.price, seconds, each.percent)
                yield self._item(each, _less(amount, each.terms.discount_percent), seconds)
        for those in shares.values():
            yield from self._shared(those)

    def _shared(self, those: Sequence[_Due]) -> Iterator[Item]:
        rate, price = those[0].plan.charge, those[0].price
        seconds = self.held.duration // timedelta(seconds=1)
        weights = [each.percent for each in those]
        parts = shared_out(rate.amount(price, seconds, max(weights)), weights) if any(weights) else [0] * len(those)
        for each, part in zip(those, parts, strict=True):
            yield self._item(each, part, seconds)

    def _item(self, due: _Due, amount_minor: int, seconds: int) -> Item:
        is_makeup = due.outcome.charge is Charge.MAKEUP
        how = _how(due.plan.charge, due.price, seconds, due.percent, due.terms.discount_percent)
        return _item(
            Side.CHARGE, self.held, due.row, due.terms, due.plan, amount_minor, seconds, how,
            makeup_days=due.plan.makeup_days if is_makeup else None,
        )  # fmt: skip

    def _earned(self, row: Attendance) -> "Item | Question | None":
        """What somebody of the staff earns; who did not come earns nothing."""
        terms = self.pay.get(row.email or "")
        if terms is None or row.status in (AttendanceStatus.NO_SHOW, AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED):
            return None
        doubt = _doubt_of(row, self.held)
        if doubt is not None:
            return _question(Side.PAY, self.held, doubt, row.email, row.display_name)
        if terms.plan is None:
            return _question(Side.PAY, self.held, Doubt.NO_PLAN, row.email, row.display_name)
        rate, price = terms.plan.pay, terms.plan.pay.price_in(terms.currency)
        if price is None:
            return _question(Side.PAY, self.held, Doubt.NO_PRICE, row.email, row.display_name)
        outcomes = [terms.plan.outcome_of(student.status) for student in self.rows if student.role is Role.STUDENT]
        percent = max((outcome.pay_percent for outcome in outcomes if outcome is not None), default=0)
        seconds = _seconds(rate, row, self.held)
        how = _how(rate, price, seconds, percent, 0)
        return _item(Side.PAY, self.held, row, terms, terms.plan, rate.amount(price, seconds, percent), seconds, how)


def _cancelled(held: ScheduledClass, charge: Mapping[str, Terms], pay: Mapping[str, Terms]) -> Priced:
    """A class that was cancelled with too little notice is charged and paid by its booked time; who shares a price shares it."""
    before_start = held.start_at - (held.cancelled_at or held.start_at)
    late, questions = [], []
    for side, terms_of in ((Side.CHARGE, charge), (Side.PAY, pay)):
        for person, terms in sorted(terms_of.items()):
            if terms.plan is None:
                continue
            notice = terms.plan.notice_for(before_start)
            percent = notice.charge_percent if side is Side.CHARGE else notice.pay_percent
            rate = terms.plan.charge if side is Side.CHARGE else terms.plan.pay
            price = rate.price_in(terms.currency)
            if percent and price is None:
                questions.append(_question(side, held, Doubt.NO_PRICE, person, None))
            elif percent and price is not None:
                late.append(_Late(side, person, terms, terms.plan, rate, price, percent))
    return Priced(tuple(_late_items(held, late, f"cancelled {_hours(before_start)} before the start; ")), tuple(questions))


@dataclass(frozen=True)
class _Late:
    """Somebody who is charged or paid for a class that was cancelled late."""

    side: Side
    person: str
    terms: Terms
    plan: RatePlan
    rate: Rate
    price: Price
    percent: int

    @property
    def is_shared(self) -> bool:
        return self.side is Side.CHARGE and self.rate.among is Among.SPLIT


def _late_items(held: ScheduledClass, late: Sequence[_Late], why: str) -> Iterator[Item]:
    """What each is charged or paid: those of one plan and currency that is shared get a part of one price."""
    seconds = held.duration // timedelta(seconds=1)
    shares: dict[tuple[str, str], list[_Late]] = {}
    for each in late:
        if each.is_shared:
            shares.setdefault((each.plan.version_id, each.price.currency), []).append(each)
        else:
            amount = each.rate.amount(each.price, seconds, each.percent)
            yield _late_item(held, each, _less(amount, each.terms.discount_percent), each.terms.discount_percent, why)
    for those in shares.values():
        parts = shared_out(those[0].rate.amount(those[0].price, seconds, those[0].percent), [1] * len(those))
        for each, part in zip(those, parts, strict=True):
            yield _late_item(held, each, part, 0, why)


def _late_item(held: ScheduledClass, each: _Late, amount_minor: int, discount_percent: int, why: str) -> Item:
    seconds = held.duration // timedelta(seconds=1)
    how = why + _how(each.rate, each.price, seconds, each.percent, discount_percent)
    return _item(each.side, held, each.person, each.terms, each.plan, amount_minor, seconds, how)


def _doubt_of(row: Attendance | None, held: ScheduledClass) -> Doubt | None:
    """Why somebody's row is not good enough for money."""
    if row is None:
        return Doubt.NOT_READ
    if row.status is AttendanceStatus.UNKNOWN:
        return Doubt.UNKNOWN if held.is_settled else Doubt.NOT_READ
    if row.ruling is not None:
        return None
    if row.basis not in (Basis.MEASURED, Basis.MANUAL) and not held.is_settled:
        return Doubt.NOT_READ
    return None if _is_sure(row) else Doubt.GUESSED


def _is_sure(row: Attendance) -> bool:
    """Whether it is known who it was, or a person said so."""
    return row.ruling is not None or row.match.is_sure or not row.status.was_there


def _seconds(rate: Rate, row: Attendance, held: ScheduledClass) -> int:
    """The time that a rate counts; who was not there is charged the booked time, where their status is charged at all."""
    if rate.minutes is Minutes.SCHEDULED or not row.status.was_there:
        return held.duration // timedelta(seconds=1)
    return row.seconds(held.end_at) if rate.minutes is Minutes.MEASURED else row.shared_seconds(held.end_at)


def _less(amount_minor: int, percent: int) -> int:
    """The amount less a discount: the discount is rounded, so that discount and rest add up to the amount."""
    return amount_minor - rounded(amount_minor * percent, 100)


def _how(rate: Rate, price: Price, seconds: int, percent: int, discount_percent: int) -> str:
    """How the amount came about, in words for whoever reads the bill."""
    unit = Money(price.rate_minor, price.currency).text
    counted = rate.counted_seconds(seconds)
    what = f"{unit} a lesson" if rate.per.value == "lesson" else f"{_minutes(counted)} at {unit} an hour"
    shared = ", shared" if rate.among is Among.SPLIT else ""
    percents = f", {percent} %" if percent != 100 else ""  # noqa: PLR2004 - all of it
    less = f", less {discount_percent} %" if discount_percent else ""
    return f"{what}{shared}{percents}{less}"


def _minutes(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds // 60}:{seconds % 60:02d} min"


def _hours(time: timedelta) -> str:
    hours, minutes = divmod(time // timedelta(minutes=1), 60)
    return f"{hours} h {minutes} min"


def _question(side: Side, held: ScheduledClass, doubt: Doubt, person: str | None, name: str | None) -> Question:
    return Question(side, held.session_id, held.class_id, held.subject, held.start_at, person, name, doubt)


def _item(  # noqa: PLR0913 - what a line says
    side: Side,
    held: ScheduledClass,
    row: Attendance | str,
    terms: Terms,
    plan: RatePlan,
    amount_minor: int,
    seconds: int,
    how: str,
    *,
    makeup_days: int | None = None,
) -> Item:
    person, status = (row, AttendanceStatus.EXCUSED) if isinstance(row, str) else (row.email or "", row.status)
    rests_on = [side, person, status, seconds, amount_minor, terms.currency, terms.party, plan.plan_id, plan.version, how]
    if not isinstance(row, str):
        rests_on += [row.match, row.basis, row.policy_version, row.ruling.ruling_id if row.ruling else None]
    return Item(
        side=side,
        session_id=held.session_id,
        class_id=held.class_id,
        course_id=held.course_id,
        subject=held.subject,
        start_at=held.start_at,
        person=person,
        party=terms.party,
        teacher_email=held.teacher_email,
        amount=Money(amount_minor, terms.currency),
        status=status,
        seconds=seconds,
        plan_id=plan.plan_id,
        plan_version=plan.version,
        tax_basis_points=plan.tax_basis_points if side is Side.CHARGE else 0,
        how=how,
        digest=stable_id("digest", json.dumps(rests_on, default=str)),
        makeup_days=makeup_days,
    )
