"""A month of classes as the store has them once they were read, with all that a bill may meet in it; and what changes later.

The rows are made as sessions draw them, by chance from a seed, so that a thousand classes are there in a second.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shared.billing_ports import Party
from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Basis, Source
from shared.domain.ids import stable_id
from shared.domain.presence import Stay
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
from shared.domain.rulings import Ruling, RulingKind
from tests.billed import DECEMBER, Billed, given
from tests.builders import a_class, at
from tests.recomputed import School

THERE = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.PARTIAL)
AWAY = (AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW, AttendanceStatus.EXCUSED, AttendanceStatus.UNKNOWN)
LENGTHS = (30, 45, 50, 60, 90, 95)
A_STEP = timedelta(seconds=1)


def prices(euros: int, dollars: int, **held: Any) -> tuple[Price, ...]:
    """A price in both currencies, in minor units."""
    return Price("EUR", euros, **held), Price("USD", dollars, **held)


def every_plan() -> tuple[RatePlan, ...]:
    """One plan of each kind, and a second version that counts from the middle of the month on."""
    pay = Rate(prices(2001, 2203), minutes=Minutes.MEASURED, step_minutes=5, rounding=Rounding.DOWN)
    strict = {
        **usual_outcomes(),
        AttendanceStatus.ABSENT: Outcome(Charge.CHARGE, 50, 33),
        AttendanceStatus.PARTIAL: Outcome(Charge.CHARGE, 75, 90),
        AttendanceStatus.NO_SHOW: Outcome(Charge.MAKEUP, 100, 100),
    }
    notices = (Notice(24, 50, 50), Notice(2, 100, 100))
    kinds: dict[str, dict[str, Any]] = {
        "hour": {"charge": Rate(prices(3333, 3551), minutes=Minutes.MEASURED), "sibling_percent": 15, "tax_basis_points": 1900},
        "lesson": {"charge": Rate(prices(2499, 2701), Per.LESSON), "sibling_percent": 7, "outcomes": strict, "notices": notices},
        "split": {
            "charge": Rate(prices(9999, 11111), among=Among.SPLIT),
            "tax_basis_points": 700,
            "outcomes": strict,
            "notices": notices,
        },
        "shared": {
            "charge": Rate(
                prices(2900, 3100, minimum_minor=500, cap_minor=2600), minutes=Minutes.SHARED, step_minutes=15, least_minutes=30
            ),
            "outcomes": strict,
            "notices": notices,
        },
        "upward": {
            "charge": Rate(prices(3001, 3299), minutes=Minutes.MEASURED, step_minutes=7, rounding=Rounding.UP, most_minutes=80),
            "sibling_percent": 33,
            "tax_basis_points": 1999,
            "notices": (Notice(48, 25, 0),),
        },
        "euros": {"charge": Rate((Price("EUR", 1000),))},
    }
    plans = [RatePlan(name, 1, name.title(), at(-99999), **{"pay": pay, **told}) for name, told in sorted(kinds.items())]
    hour = next(each for each in plans if each.plan_id == "hour")
    later = replace(hour, version=2, effective_from=at(14 * 1440), charge=replace(hour.charge, prices=prices(3457, 3701)))
    return (*plans, later)


@dataclass
class Month:
    """Classes, their rows and who pays, in memory; `changed` is told of every row and class that is written later."""

    classes: dict[str, ScheduledClass]
    rows: dict[str, Attendance]
    plans: tuple[RatePlan, ...]
    assignments: tuple[Assignment, ...]
    parties: tuple[Party, ...]
    chance: Random
    store: Callable[[Iterable[Attendance], Iterable[str]], None] = lambda _rows, _gone: None
    own: dict[str, set[str]] = field(default_factory=dict)

    @property
    def students(self) -> list[str]:
        """Everybody who takes a class."""
        return sorted({student for held in self.classes.values() for student in held.student_emails})

    @property
    def teachers(self) -> list[str]:
        """Everybody who teaches or stood in."""
        stood_in = {row.email for row in self.rows.values() if row.role is Role.TEACHER and row.email}
        return sorted(stood_in | {email for held in self.classes.values() for email in held.teacher_emails})

    def school(self) -> School:
        """All that amounts follow from, as it is now."""
        parties = {each.email: each for each in self.parties}
        return School(list(self.classes.values()), list(self.rows.values()), self.plans, self.assignments, parties)

    def rows_of(self, held: ScheduledClass) -> list[Attendance]:
        """The rows of a class."""
        return [self.rows[row_id] for row_id in sorted(self.own.get(held.session_id, ()))]

    def write(self, rows: Sequence[Attendance], gone: Sequence[str] = ()) -> None:
        """Replace rows, as a session does that is folded anew."""
        for row_id in gone:
            session_id = self.rows.pop(row_id).session_id
            self.own[session_id].discard(row_id)
        for row in rows:
            self.rows[row.row_id] = row
            self.own.setdefault(row.session_id, set()).add(row.row_id)
        self.store(rows, gone)

    def late_evidence(self, held: ScheduledClass) -> None:
        """Somebody is seen after all, somebody goes, a question is answered, or a person says what somebody was."""
        rows = self.rows_of(held)
        row = self.chance.choice(rows)
        kind = self.chance.choice(("came", "left", "ruled", "confirmed", "unsure"))
        if row.email is None:
            self.write((), [row.row_id])
        elif kind == "came":
            self.write([seen(row, self.chance, self.chance.choice(THERE))])
        elif kind == "left":
            self.write([unseen(row, self.chance.choice(AWAY[:2]))])
        elif kind == "ruled":
            self.write([ruled(row, self.chance.choice((*THERE, *AWAY[:3])))])
        elif kind == "confirmed":
            self.write([replace(row, match=Match.CONFIRMED_ALIAS)])
        else:
            self.write([replace(unseen(row, AttendanceStatus.UNKNOWN), ruling=None)])


def seen(row: Attendance, chance: Random, status: AttendanceStatus) -> Attendance:
    """The row of somebody who was there, for a time that chance chose to the second; sometimes with a gap, or without an end."""
    whole = int((row.end_at - row.start_at).total_seconds())
    came = chance.choice((-60, 0, 0, chance.randrange(whole // 3)))
    went = chance.choice((whole, whole, whole + 90, chance.randrange(whole // 2, whole)))
    begin, end = row.start_at + came * A_STEP, row.start_at + went * A_STEP
    gap = row.start_at + (whole // 2 - 20) * A_STEP
    stays = (
        (Stay(begin, gap), Stay(gap + 33 * A_STEP, end))
        if chance.random() < 0.2 and gap + 33 * A_STEP < end
        else (Stay(begin, None if chance.random() < 0.05 else end),)
    )
    shared = (Stay(max(begin, row.start_at) + chance.randrange(200) * A_STEP, end),)
    return replace(row, status=status, stays=stays, shared=shared, basis=Basis.MEASURED, source=Source.MEET_API, ruling=None)


def unseen(row: Attendance, status: AttendanceStatus) -> Attendance:
    """The row of somebody who was not there, or of whom nobody knows."""
    return replace(row, status=status, stays=(), shared=(), source=None, match=Match.EXACT_EMAIL, ruling=None)


def ruled(row: Attendance, status: AttendanceStatus) -> Attendance:
    """The row as a person says that it is."""
    ruling = Ruling(row.session_id, RulingKind.STATUS, f"email:{row.email}", status.value, "boss", row.end_at, "I was there.")
    return replace(row, status=status, ruling=ruling)


def a_month(
    classes: int, students: int, pool: int, teachers: int, seed: int = 6, *, start: datetime = DECEMBER.start, days: int = 31
) -> Month:
    """So many classes with so many students each, of a pool of so many; half of them in families, a third in dollars."""
    chance = Random(seed)
    month = Month({}, {}, every_plan(), (), _families(pool, teachers, chance), chance)
    for number in range(classes):
        held = _a_class(number, students, pool, teachers, start, days, chance)
        month.classes[held.class_id] = held
        if held.status is Status.COMPLETED:
            month.write(list(_rows(held, teachers, chance)))
    month.assignments = _assignments(list(month.classes.values()), pool, chance)
    return month


def student(number: int) -> str:
    """A student's address."""
    return f"s{number}@school.example"


def teacher(number: int) -> str:
    """A teacher's address."""
    return f"t{number}@school.example"


def opened(month: Month, billed: Billed) -> Billed:
    """The plans and parties of a month, entered where the stories find them."""
    for plan in month.plans:
        assert billed.shop.plans.add(plan)
    for assignment in month.assignments:
        billed.shop.plans.assign(assignment)
    for party in month.parties:
        assert billed.shop.parties.save(None, party)
    return billed


def _families(pool: int, teachers: int, chance: Random) -> tuple[Party, ...]:
    """Families of up to three, in their currency; who is in none pays alone and in euros. Some staff is paid in dollars."""
    parties, number = [], 0
    while number < pool:
        size = chance.choice((0, 1, 1, 2, 3))
        if size:
            children = tuple(student(each) for each in range(number, min(number + size, pool)))
            parties.append(Party(f"p{number}@home.example", chance.choice(("EUR", "EUR", "USD")), students=children))
        number += max(size, 1)
    parties += [Party(teacher(each), "USD") for each in range(0, teachers, 4)]
    return tuple(parties)


def _assignments(classes: Sequence[ScheduledClass], pool: int, chance: Random) -> tuple[Assignment, ...]:
    """Most by course, some students and classes apart; classes without a course have no plan, unless somebody gave one."""
    plan_of_course = ("hour", "lesson", "split", "shared", "upward", "split", "hour", "euros")
    found = [given(Scope.COURSE, f"course-{number}", plan) for number, plan in enumerate(plan_of_course)]
    found += [given(Scope.STUDENT, student(number), chance.choice(("lesson", "split", "upward"))) for number in range(0, pool, 9)]
    found += [given(Scope.STUDENT, student(9), None, effective_from=at(20 * 1440))]
    some = chance.sample(list(classes), len(classes) // 20)
    return (*found, *(given(Scope.CLASS, held.class_id, chance.choice(("hour", "lesson", "split"))) for held in some))


def _a_class(number: int, students: int, pool: int, teachers: int, start: datetime, days: int, chance: Random) -> ScheduledClass:
    begins = start + timedelta(days=number % days, hours=8 + number // days % 10, minutes=number % 4 * 15)
    ends = begins + timedelta(minutes=chance.choice(LENGTHS))
    is_cancelled = chance.random() < 0.08
    return a_class(
        f"lesson {number}",
        teacher_email=teacher(number % teachers),
        student_emails=tuple(student(each) for each in chance.sample(range(pool), students)),
        course_id=None if number % 50 == 7 else f"course-{number % 8}",
        rate_plan_id="shared" if number % 40 == 3 else None,
        start_at=begins,
        end_at=ends,
        booked_at=begins - timedelta(days=9),
        status=Status.CANCELLED if is_cancelled else Status.COMPLETED,
        cancelled_at=begins - timedelta(hours=chance.choice((1, 10, 30, 60, 200))) if is_cancelled else None,
        is_settled=chance.random() < 0.9,
        due_at=None,
    )


def _rows(held: ScheduledClass, teachers: int, chance: Random) -> Iterable[Attendance]:
    """Nearly all come; some are late or away, guessed or unknown, and now and then a stranger or a substitute is there."""
    for email in held.student_emails:
        row = _row(held, email, Role.STUDENT)
        status = chance.choices((*THERE, *AWAY), (70, 6, 4, 4, 5, 5, 4, 2))[0]
        came = seen(row, chance, status) if status.was_there else unseen(row, status)
        yield replace(came, match=Match.UNIQUE_NAME) if status.was_there and chance.random() < 0.02 else came
    fate = chance.random()
    own = _row(held, held.teacher_email, Role.TEACHER)
    if fate < 0.94:
        yield seen(own, chance, AttendanceStatus.PRESENT)
    else:
        yield unseen(own, AttendanceStatus.UNKNOWN if fate > 0.985 else AttendanceStatus.ABSENT)
    if fate > 0.97:
        substitute = teacher((int(held.teacher_email[1 : held.teacher_email.index("@")]) + 1) % teachers)
        yield seen(_row(held, substitute, Role.TEACHER), chance, AttendanceStatus.PRESENT)
    if chance.random() < 0.05:
        yield replace(seen(_row(held, None, Role.GUEST), chance, AttendanceStatus.PRESENT), match=Match.UNMATCHED)


def _row(held: ScheduledClass, email: str | None, role: Role) -> Attendance:
    return Attendance(
        row_id=stable_id("attendance", held.session_id, email or "somebody"),
        session_id=held.session_id,
        class_id=held.class_id,
        course_id=held.course_id,
        subject=held.subject,
        teacher_email=held.teacher_email,
        start_at=held.start_at,
        end_at=held.end_at,
        email=email,
        display_name="Somebody" if email is None else None,
        role=role,
        match=Match.EXACT_ID,
        status=AttendanceStatus.PRESENT,
        stays=(),
        devices=1,
        source=Source.MEET_API,
        basis=Basis.MEASURED,
    )
