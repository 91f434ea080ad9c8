"""What everybody owes and earns, worked out a second time from the written rules, with exact fractions.

It reads classes, attendance rows, plans and payers as data and calls nothing of what it checks: neither the domain's money, nor
its plans, charges and invoices. Amounts are whole minor units.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from shared.billing_ports import Party
from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass

CHARGE, PAY = "charge", "pay"
THERE = frozenset({"present", "late", "left_early", "partial"})
NOT_SEEN = frozenset({"absent", "no_show"})
SURE = frozenset({"exact_id", "exact_email", "registered_session", "confirmed_alias"})
HALF = Fraction(1, 2)
Key = tuple[str, str, str]
"""A side, a session and a person: what there is one amount about."""


@dataclass(frozen=True)
class Owes:
    """What somebody owes or earns for one class, and to whom it is billed."""

    party: str
    currency: str
    minor: int


@dataclass
class Recomputed:
    """What follows from the evidence, and what nobody can answer yet: that stays as it was billed."""

    owed: dict[Key, Owes] = field(default_factory=dict)
    open: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class School:
    """Everything that amounts follow from. A student whom no party names pays for themselves, in `currency`."""

    classes: Sequence[ScheduledClass]
    rows: Iterable[Attendance]
    plans: Sequence[Any]
    assignments: Sequence[Any]
    parties: Mapping[str, Party]
    currency: str = "EUR"

    def recomputed(self, before: datetime) -> Recomputed:
        """What follows from all classes that start before an instant."""
        found, by_session = Recomputed(), dict[str, list[Attendance]]()
        for row in self.rows:
            by_session.setdefault(row.session_id, []).append(row)
        for held in self.classes:
            if held.start_at < before and held.status.value == "cancelled":
                self._cancelled(held, found)
            elif held.start_at < before and held.status.value == "completed":
                self._held(held, by_session.get(held.session_id, []), found)
        return found

    def _held(self, held: ScheduledClass, rows: list[Attendance], found: Recomputed) -> None:
        own = {row.email: row for row in rows if row.role.value == "student"}
        staff = [row for row in rows if row.role.value == "teacher" and row.email]
        stranger = any(row.email is None and not row.is_guest and time_in_class(row.stays, held) > 0 for row in rows)
        shares: dict[tuple[str, int, str], list[tuple[str, int, Any, Party]]] = {}
        for student in sorted(held.student_emails):
            key, row = (CHARGE, held.session_id, student), own.get(student)
            payer, plan = self.payer(student), self.plan(held, student)
            price = price_of(plan.charge, payer.currency) if plan else None
            maybe_stranger = row is not None and status(row) in NOT_SEEN and row.ruling is None and stranger
            taught = was_taught(staff)
            if row is None or not is_certain(row, held) or maybe_stranger or taught is None or (taught and price is None):
                found.open.add(key)
            elif taught and plan and price and status(row) in plan.outcomes:
                percent = percent_of(plan.outcomes[row.status])
                if plan.charge.among.value == "split":
                    shares.setdefault((plan.plan_id, plan.version, price.currency), []).append((student, percent, plan, payer))
                else:
                    amount = cost(plan.charge, price, counted(plan.charge, row, held), percent)
                    minor = amount - rounded(Fraction(amount * self.discount(plan, payer, student), 100))
                    found.owed[key] = Owes(payer.email, payer.currency, minor)
        self._split(held, shares, found)
        self._paid(held, staff, [row for row in rows if row.role.value == "student"], found)

    def _split(self, held: ScheduledClass, shares: Mapping[Any, list[tuple[str, int, Any, Party]]], found: Recomputed) -> None:
        for those in shares.values():
            rate, percents = those[0][2].charge, [percent for _, percent, _, _ in those]
            price = price_of(rate, those[0][3].currency)
            whole = cost(rate, price, booked(held), max(percents))
            for (student, _, _, payer), minor in zip(those, parts(whole, percents), strict=True):
                found.owed[CHARGE, held.session_id, student] = Owes(payer.email, payer.currency, minor)

    def _paid(self, held: ScheduledClass, staff: list[Attendance], students: list[Attendance], found: Recomputed) -> None:
        plan = self.plan(held, None)
        for row in staff:
            email = row.email or ""
            key, currency = (PAY, held.session_id, email), self._currency(email)
            price = price_of(plan.pay, currency) if plan else None
            if status(row) in {*NOT_SEEN, "excused"}:
                continue
            if not is_certain(row, held) or plan is None or price is None:
                found.open.add(key)
                continue
            percents = [plan.outcomes[each.status].pay_percent for each in students if each.status in plan.outcomes]
            minor = cost(plan.pay, price, counted(plan.pay, row, held), max(percents, default=0))
            found.owed[key] = Owes(email, currency, minor)

    def _cancelled(self, held: ScheduledClass, found: Recomputed) -> None:
        """Too little notice costs the booked time, at the percentage of the shortest notice that was missed."""
        notice = held.start_at - (held.cancelled_at or held.start_at)
        shares: dict[tuple[str, int, str], list[tuple[str, int, Any, Party]]] = {}
        for side, people in ((CHARGE, sorted(held.student_emails)), (PAY, held.teacher_emails)):
            for email in people:
                plan = self.plan(held, email if side == CHARGE else None)
                missed = [each for each in plan.notices if notice.total_seconds() < each.hours * 3600] if plan else []
                terms = min(missed, key=lambda each: each.hours, default=None)
                percent = 0 if terms is None else terms.charge_percent if side == CHARGE else terms.pay_percent
                party = self.payer(email) if side == CHARGE else Party(email, self._currency(email))
                if plan is None or percent == 0:
                    continue
                rate = plan.charge if side == CHARGE else plan.pay
                price = price_of(rate, party.currency)
                if price is None:
                    found.open.add((side, held.session_id, email))
                elif side == CHARGE and rate.among.value == "split":
                    shares.setdefault((plan.plan_id, plan.version, price.currency), []).append((email, percent, plan, party))
                else:
                    amount = cost(rate, price, booked(held), percent)
                    less = self.discount(plan, party, email) if side == CHARGE else 0
                    minor = amount - rounded(Fraction(amount * less, 100))
                    found.owed[side, held.session_id, email] = Owes(party.email, party.currency, minor)
        self._split(held, shares, found)

    def payer(self, student: str) -> Party:
        """Who pays for a student."""
        naming = sorted(email for email, party in self.parties.items() if student in party.students)
        return self.parties[naming[0]] if naming else self.parties.get(student) or Party(student, self.currency)

    def _currency(self, staff: str) -> str:
        return self.parties[staff].currency if staff in self.parties else self.currency

    def discount(self, plan: Any, payer: Party, student: str) -> int:
        """The percentage that a payer's second and further students are charged less."""
        place = payer.students.index(student) if student in payer.students else 0
        return int(plan.sibling_percent) if place > 0 else 0

    def plan(self, held: ScheduledClass, student: str | None) -> Any:
        """The version that counts: of what was given to the class, booked with it, given to the student, the course, or all."""
        chosen = self._given("class", held.class_id, held.start_at) or held.rate_plan_id
        if chosen is None and student is not None:
            chosen = self._given("student", student, held.start_at)
        if chosen is None and held.course_id is not None:
            chosen = self._given("course", held.course_id, held.start_at)
        chosen = chosen or self._given("everything", "", held.start_at)
        versions = [each for each in self.plans if each.plan_id == chosen and each.effective_from <= held.start_at]
        return max(versions, key=lambda each: (each.effective_from, each.version), default=None)

    def _given(self, scope: str, about: str, when: datetime) -> str | None:
        own = [a for a in self.assignments if (a.scope.value, a.about) == (scope, about) and a.effective_from <= when]
        return max(own, key=lambda a: (a.effective_from, a.at)).plan_id if own else None


def status(row: Attendance) -> str:
    """What is said of somebody."""
    return row.status.value


def is_certain(row: Attendance, held: ScheduledClass) -> bool:
    """Whether money may follow: it was read or said by a person, and it is known who it was."""
    if status(row) == "unknown":
        return False
    if row.ruling is not None:
        return True
    was_read = row.basis.value in {"measured", "manual"} or held.is_settled
    return was_read and (row.match.value in SURE or status(row) not in THERE)


def was_taught(staff: Sequence[Attendance]) -> bool | None:
    """Whether anybody who teaches was there; None while nobody knows."""
    if any(status(row) in THERE and (row.ruling is not None or row.match.value in SURE) for row in staff):
        return True
    away = [row for row in staff if status(row) not in {*THERE, "unknown"}]
    return False if staff and len(away) == len(staff) else None


def price_of(rate: Any, currency: str) -> Any:
    """The price in a currency; None where there is none."""
    return next((each for each in rate.prices if each.currency == currency), None)


def percent_of(outcome: Any) -> int:
    """What part of the price a status costs the student."""
    return 0 if outcome.charge.value == "waive" else int(outcome.charge_percent)


def booked(held: ScheduledClass) -> int:
    """Booked seconds."""
    return int((held.end_at - held.start_at).total_seconds())


def counted(rate: Any, row: Attendance, held: ScheduledClass) -> int:
    """The seconds that a rate counts: who was not there is charged the booked time."""
    if rate.minutes.value == "scheduled" or status(row) not in THERE:
        return booked(held)
    return time_in_class(row.stays if rate.minutes.value == "measured" else row.shared, held)


def time_in_class(stays: Iterable[Any], held: ScheduledClass) -> int:
    """Seconds of the class that are covered by any stay; one without an end lasts to the end of the class."""
    covered, upto = 0.0, held.start_at
    for stay in sorted(stays, key=lambda each: each.joined_at):
        begin, end = max(stay.joined_at, upto), min(stay.left_at or held.end_at, held.end_at)
        if begin < end:
            covered, upto = covered + (end - begin).total_seconds(), end
    return int(covered)


def cost(rate: Any, price: Any, seconds: int, percent: int) -> int:
    """A rate for some time: rounded once, half away from zero, then not below the minimum and not above the cap."""
    if percent == 0:
        return 0
    units = Fraction(1) if rate.per.value == "lesson" else Fraction(paid_minutes(rate, seconds), 60)
    amount = max(rounded(price.rate_minor * units * Fraction(percent, 100)), price.minimum_minor)
    return amount if price.cap_minor is None else min(amount, int(price.cap_minor))


def paid_minutes(rate: Any, seconds: int) -> int:
    """Whole minutes: the time in steps, up, down or to the nearest, then between the least and the most."""
    steps = Fraction(seconds, 60 * rate.step_minutes)
    whole = {"up": -(-steps // 1), "down": steps // 1, "nearest": (steps + HALF) // 1}[rate.rounding.value]
    minutes = max(int(whole) * rate.step_minutes, rate.least_minutes)
    return minutes if rate.most_minutes is None else min(minutes, int(rate.most_minutes))


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    nearest = int((abs(value) + HALF) // 1)
    return nearest if value >= 0 else -nearest


def parts(whole: int, weights: Sequence[int]) -> list[int]:
    """A whole in proportion to weights: what is left over goes one by one to the largest fractions, the first on a tie."""
    if not any(weights):
        return [0] * len(weights)
    exact = [Fraction(whole * weight, sum(weights)) for weight in weights]
    floors = [int(each // 1) for each in exact]
    order = sorted(range(len(exact)), key=lambda place: floors[place] - exact[place])
    for place in order[: whole - sum(floors)]:
        floors[place] += 1
    return floors


def gross_of(lines: Iterable[Any]) -> int:
    """All lines with tax: one rounding for each rate of tax, on the sum of its lines."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.tax_basis_points] = sums.get(line.tax_basis_points, 0) + line.net.amount_minor
    return sum(net + rounded(Fraction(net * points, 10_000)) for points, net in sums.items())


def billed(documents: Iterable[Any]) -> Iterator[tuple[tuple[str, str, Key], int]]:
    """Every line about a class by party, currency and what it is about; what packages paid of it is aside."""
    for each in documents:
        number = each.cancels or each.number
        side = PAY if number.startswith("PO-") else CHARGE
        for line in each.lines:
            if line.session_id is not None and line.package_id is None:
                yield (each.party, each.currency, (side, line.session_id, line.person)), line.net.amount_minor


def sums(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    """Sums by key; what comes to nothing is left out."""
    found: dict[Any, int] = {}
    for key, minor in pairs:
        found[key] = found.get(key, 0) + minor
    return {key: minor for key, minor in found.items() if minor}


def expected(now: Recomputed, before: Mapping[tuple[str, str, Key], int]) -> dict[tuple[str, str, Key], int]:
    """What the ledger must say by party, currency and item: what follows now, and of open questions what was billed before."""
    frozen = {place: minor for place, minor in before.items() if place[2] in now.open}
    fresh = {(each.party, each.currency, key): each.minor for key, each in now.owed.items() if each.minor}
    return frozen | fresh
