"""Charges and pay: exact, from evidence alone, and a question wherever somebody would have to guess."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.charges import Doubt, Item, Priced, Side, Terms, priced
from shared.domain.classes import Status
from shared.domain.evidence import Basis, Source
from shared.domain.ids import stable_id
from shared.domain.money import Money
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
    assigned_at,
    usual_outcomes,
    version_at,
)
from shared.domain.rulings import Ruling, RulingKind
from tests.builders import a_class, at

OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"
HELD = replace(a_class(), status=Status.COMPLETED, is_settled=True, course_id="maths")
THIRTY, TWENTY = Rate((Price("EUR", 3000),)), Rate((Price("EUR", 2000),))
PLAN = RatePlan("standard", 1, "Standard", at(-9999), THIRTY, TWENTY)


def row(
    email: str | None, status: AttendanceStatus = AttendanceStatus.PRESENT, *stays: tuple[float, float], **changes: Any
) -> Attendance:
    times = tuple(Stay(at(came), at(went)) for came, went in stays or ([(0, 60)] if status.was_there else []))
    made = Attendance(
        row_id=stable_id("row", email or "x"),
        session_id=HELD.session_id,
        class_id=HELD.class_id,
        course_id="maths",
        subject="algebra",
        teacher_email=ADA,
        start_at=HELD.start_at,
        end_at=HELD.end_at,
        email=email,
        display_name=None,
        role=Role.TEACHER if email == ADA else Role.GUEST if email is None else Role.STUDENT,
        match=Match.EXACT_ID if email else Match.UNMATCHED,
        status=status,
        stays=times,
        devices=1,
        source=Source.MEET_API,
        basis=Basis.MEASURED,
        shared=times,
    )
    return replace(made, **changes)


def terms(plan: RatePlan | None = PLAN, **changes: Any) -> Terms:
    return replace(Terms("mum@home.example", "EUR", plan), **changes)


def of(*rows: Attendance, plan: RatePlan | None = PLAN, held: Any = HELD, **changes: Any) -> Priced:
    return priced(held, (row(ADA), *rows), {OMAR: terms(plan, **changes), LENA: terms(plan)}, {ADA: Terms(ADA, "EUR", plan)})


def owed(told: Priced, person: str = OMAR) -> int | None:
    found = [each.amount.amount_minor for each in told.items if each.person == person]
    return found[0] if found else None


def doubts(told: Priced) -> set[tuple[str | None, Doubt]]:
    return {(each.person, each.doubt) for each in told.questions}


def both(
    status: AttendanceStatus = AttendanceStatus.PRESENT, *stays: tuple[float, float], **changes: Any
) -> tuple[Attendance, Attendance]:
    return row(OMAR, status, *stays, **changes), row(LENA)


def test_an_hour_costs_the_hours_rate_and_pays_the_teacher() -> None:
    told = of(*both())
    assert (owed(told), owed(told, LENA), owed(told, ADA)) == (3000, 3000, 2000)
    assert told.questions == ()
    item = next(each for each in told.items if each.person == OMAR)
    assert (item.side, item.party, item.how) == (Side.CHARGE, "mum@home.example", "60 min at 30.00 EUR an hour")


@pytest.mark.parametrize(
    ("status", "amount"),
    [(status, 3000) for status in AttendanceStatus if status not in (AttendanceStatus.EXCUSED, AttendanceStatus.UNKNOWN)]
    + [(AttendanceStatus.EXCUSED, 0)],
)
def test_each_status_is_charged_as_the_plan_says(status: AttendanceStatus, amount: int) -> None:
    assert owed(of(*both(status))) == amount


def test_an_outcome_may_charge_a_part_and_give_a_lesson_back() -> None:
    outcomes = {**usual_outcomes(), AttendanceStatus.ABSENT: Outcome(Charge.MAKEUP, 50, 0)}
    told = of(*both(AttendanceStatus.ABSENT), plan=replace(PLAN, outcomes=outcomes))
    (item,) = (each for each in told.items if each.person == OMAR)
    assert (item.amount, item.makeup_days) == (Money(1500, "EUR"), 90)
    waived = {**usual_outcomes(), AttendanceStatus.ABSENT: Outcome(Charge.WAIVE, 100, 0)}
    assert owed(of(*both(AttendanceStatus.ABSENT), plan=replace(PLAN, outcomes=waived))) == 0


def test_what_is_unknown_is_a_question_and_nobody_elses() -> None:
    told = of(*both(AttendanceStatus.UNKNOWN))
    assert doubts(told) == {(OMAR, Doubt.UNKNOWN)}
    assert (owed(told), owed(told, LENA), owed(told, ADA)) == (None, 3000, 2000)
    assert told.questions[0].remedy.startswith("Nobody knows whether the person was there")


def test_a_guess_is_never_billed_until_a_person_says_so() -> None:
    assert doubts(of(*both(match=Match.UNIQUE_NAME))) == {(OMAR, Doubt.GUESSED)}
    ruling = Ruling(HELD.session_id, RulingKind.STATUS, f"email:{OMAR}", "present", ADA, at(90), "I saw him")
    assert owed(of(*both(match=Match.UNIQUE_NAME, ruling=ruling))) == 3000


def test_a_stranger_is_a_question_about_nobody_and_blocks_nobody() -> None:
    told = of(*both(), row(None))
    assert doubts(told) == {(None, Doubt.UNIDENTIFIED)}
    assert owed(told) == 3000


def test_somebody_absent_beside_a_stranger_may_be_the_stranger() -> None:
    told = of(*both(AttendanceStatus.ABSENT), row(None))
    assert doubts(told) == {(None, Doubt.UNIDENTIFIED), (OMAR, Doubt.MAY_BE_STRANGER)}
    assert (owed(told), owed(told, LENA)) == (None, 3000)
    ruling = Ruling(HELD.session_id, RulingKind.STATUS, f"email:{OMAR}", "absent", ADA, at(90), "he wrote that he is ill")
    assert owed(of(*both(AttendanceStatus.ABSENT, ruling=ruling), row(None))) == 3000


def test_a_guest_whom_a_person_let_pass_raises_no_question_and_is_nobody_of_ours() -> None:
    told = of(*both(AttendanceStatus.ABSENT), row(None, is_guest=True))
    assert (doubts(told), owed(told), owed(told, LENA)) == (set(), 3000, 3000)


def test_nothing_is_billed_before_the_meeting_was_read() -> None:
    unread = replace(HELD, is_settled=False)
    assert doubts(of(*both(basis=Basis.LIVE), held=unread)) == {(OMAR, Doubt.NOT_READ)}
    assert doubts(of(row(LENA), held=unread)) == {(OMAR, Doubt.NOT_READ)}
    assert owed(of(*both(basis=Basis.LIVE))) == 3000
    assert of(*both(), held=replace(HELD, status=Status.ACTIVE)) == Priced()


def test_without_the_teacher_nobody_owes_and_a_teacher_nobody_knows_of_is_a_question() -> None:
    missing = priced(HELD, (row(ADA, AttendanceStatus.NO_SHOW), *both(AttendanceStatus.ABSENT)), {OMAR: terms()}, {ADA: terms()})
    assert missing == Priced()
    unknown = priced(HELD, (row(ADA, AttendanceStatus.UNKNOWN), *both()), {OMAR: terms()}, {ADA: terms()})
    assert doubts(unknown) == {(OMAR, Doubt.TEACHER_UNKNOWN), (ADA, Doubt.UNKNOWN)}


def test_a_plan_or_a_price_that_is_missing_is_a_question() -> None:
    assert doubts(of(*both(), plan=None)) == {(OMAR, Doubt.NO_PLAN), (LENA, Doubt.NO_PLAN), (ADA, Doubt.NO_PLAN)}
    assert doubts(of(*both(), currency="GBP")) == {(OMAR, Doubt.NO_PRICE)}


def test_measured_and_shared_minutes_are_those_of_the_person() -> None:
    measured = replace(PLAN, charge=replace(THIRTY, minutes=Minutes.MEASURED))
    assert owed(of(*both(AttendanceStatus.PARTIAL, (0, 20)), plan=measured)) == 1000
    shared = replace(PLAN, charge=replace(THIRTY, minutes=Minutes.SHARED))
    alone = both(AttendanceStatus.PARTIAL, (0, 20), shared=(Stay(at(5), at(10)),))
    assert owed(of(*alone, plan=shared)) == 250
    assert owed(of(*both(AttendanceStatus.ABSENT), plan=measured)) == 3000


@pytest.mark.parametrize(
    ("changes", "stay", "amount"),
    [
        ({"step_minutes": 15, "rounding": Rounding.UP}, 16, 1500),
        ({"step_minutes": 15, "rounding": Rounding.DOWN}, 29, 750),
        ({"step_minutes": 15, "rounding": Rounding.NEAREST}, 22.5, 1500),
        ({"step_minutes": 15, "rounding": Rounding.NEAREST}, 22.4, 750),
        ({"least_minutes": 30}, 5, 1500),
        ({"most_minutes": 45}, 60, 2250),
        ({"prices": (Price("EUR", 3000, minimum_minor=1200),)}, 5, 1200),
        ({"prices": (Price("EUR", 3000, cap_minor=2800),)}, 60, 2800),
        ({"per": Per.LESSON}, 5, 3000),
    ],
)
def test_time_is_rounded_and_held_and_so_is_the_price(changes: dict[str, Any], stay: float, amount: int) -> None:
    plan = replace(PLAN, charge=replace(THIRTY, minutes=Minutes.MEASURED, **changes))
    assert owed(of(*both(AttendanceStatus.PARTIAL, (0, stay)), plan=plan)) == amount


def test_a_split_price_is_shared_by_those_who_are_charged() -> None:
    plan = replace(PLAN, charge=Rate((Price("EUR", 1001),), per=Per.LESSON, among=Among.SPLIT))
    told = of(*both(), plan=plan)
    assert sorted((owed(told) or 0, owed(told, LENA) or 0)) == [500, 501]
    alone = of(*both(AttendanceStatus.EXCUSED), plan=plan)
    assert (owed(alone), owed(alone, LENA)) == (0, 1001)


def test_a_sibling_is_charged_less() -> None:
    assert owed(of(*both(), discount_percent=15)) == 2550


def test_a_late_cancellation_is_charged_by_its_notice_and_an_early_one_not() -> None:
    plan = replace(PLAN, notices=(Notice(24, 50, 0), Notice(2, 100, 50)))

    def cancelled(hours: float) -> Priced:
        held = replace(HELD, status=Status.CANCELLED, cancelled_at=HELD.start_at - timedelta(hours=hours))
        return of(plan=plan, held=held)

    assert (owed(cancelled(25)), owed(cancelled(24))) == (None, None)
    assert (owed(cancelled(23)), owed(cancelled(23), ADA)) == (1500, None)
    assert (owed(cancelled(1)), owed(cancelled(1), ADA)) == (3000, 1000)
    assert "cancelled 1 h 0 min before the start" in cancelled(1).items[0].how


def test_a_split_price_of_a_late_cancellation_is_shared_and_not_owed_by_each() -> None:
    shared = Rate((Price("EUR", 3001),), among=Among.SPLIT)
    plan = replace(PLAN, charge=shared, notices=(Notice(24, 50, 100),), sibling_percent=50)
    held = replace(HELD, status=Status.CANCELLED, cancelled_at=HELD.start_at - timedelta(hours=3))
    told = of(plan=plan, held=held, discount_percent=50)
    assert (owed(told, LENA), owed(told), owed(told, ADA)) == (751, 750, 2000)
    assert all("shared" in each.how for each in told.items if each.side is Side.CHARGE)


def test_a_co_teacher_who_came_is_paid_and_one_who_did_not_is_not() -> None:
    bea = "bea@school.example"
    rows = (row(ADA), row(bea, role=Role.TEACHER), *both())
    pay = {ADA: Terms(ADA, "EUR", PLAN), bea: Terms(bea, "EUR", PLAN)}
    assert owed(priced(HELD, rows, {}, pay), bea) == 2000
    gone = (row(ADA), row(bea, AttendanceStatus.NO_SHOW, role=Role.TEACHER), *both())
    assert owed(priced(HELD, gone, {}, pay), bea) is None


def test_a_version_counts_from_its_day_on_and_the_narrower_plan_wins() -> None:
    later = replace(PLAN, version=2, effective_from=at(100))
    assert version_at([PLAN, later], "standard", at(99)) == PLAN
    assert version_at([PLAN, later], "standard", at(100)) == later
    assert version_at([later], "standard", at(0)) is None
    every = Assignment(Scope.EVERYTHING, "", "standard", at(-100), "root", at(-100), "to begin with")
    own = Assignment(Scope.STUDENT, OMAR, "reduced", at(0), "root", at(0), "a scholarship")
    wanted = [(Scope.STUDENT, OMAR), (Scope.EVERYTHING, "")]
    assert assigned_at([every, own], wanted, at(-1)) == "standard"
    assert assigned_at([every, own], wanted, at(0)) == "reduced"
    assert assigned_at([every, own, replace(own, plan_id=None, at=at(9), effective_from=at(5))], wanted, at(6)) == "standard"
    assert assigned_at([], wanted, at(0)) is None


rates = st.builds(
    Rate,
    prices=st.builds(lambda minor: (Price("EUR", minor),), st.integers(0, 10**7)),
    per=st.sampled_from(Per),
    among=st.sampled_from(Among),
    minutes=st.sampled_from(Minutes),
    step_minutes=st.integers(1, 60),
    rounding=st.sampled_from(Rounding),
)
presences = st.tuples(st.integers(0, 3600), st.integers(0, 3600)).map(sorted)


@given(rates, presences, st.integers(0, 100))
def test_an_amount_is_off_the_exact_price_by_at_most_half_a_unit(rate: Rate, presence: list[int], percent: int) -> None:
    came, went = presence
    plan = replace(PLAN, charge=rate, outcomes={**usual_outcomes(), AttendanceStatus.PARTIAL: Outcome(Charge.CHARGE, percent)})
    told = priced(
        HELD,
        (row(ADA), row(OMAR, AttendanceStatus.PARTIAL, (came / 60, went / 60))),
        {OMAR: terms(plan)},
        {},
    )
    (item,) = told.items
    seconds = 3600 if rate.minutes is Minutes.SCHEDULED or rate.among is Among.SPLIT else went - came
    exact = Fraction(rate.prices[0].rate_minor * percent, 100)
    if rate.per is Per.HOUR:
        exact *= Fraction(rate.counted_seconds(seconds), 3600)
    assert abs(item.amount.amount_minor - exact) <= Fraction(1, 2)
    assert abs(rate.counted_seconds(seconds) - seconds) < rate.step_minutes * 60


@given(st.lists(st.sampled_from(AttendanceStatus), min_size=1, max_size=20), st.integers(0, 10**7))
def test_shares_of_a_lesson_add_up_to_the_lesson(statuses: list[AttendanceStatus], minor: int) -> None:
    plan = replace(PLAN, charge=Rate((Price("EUR", minor),), per=Per.LESSON, among=Among.SPLIT))
    students = [f"s{number}@school.example" for number in range(len(statuses))]
    rows = [row(email, status) for email, status in zip(students, statuses, strict=True)]
    told = priced(HELD, (row(ADA), *rows), dict.fromkeys(students, terms(plan)), {})
    charged = [status for status in statuses if status not in (AttendanceStatus.EXCUSED, AttendanceStatus.UNKNOWN)]
    assert sum(item.amount.amount_minor for item in told.items) == (minor if charged else 0)
    assert len(told.items) + len(told.questions) == len(students)


@given(st.permutations([OMAR, LENA, "max@school.example"]))
def test_the_order_of_rows_changes_nothing(order: list[str]) -> None:
    plan = replace(PLAN, charge=Rate((Price("EUR", 1000),), per=Per.LESSON, among=Among.SPLIT))
    told = priced(HELD, (row(ADA), *map(row, order)), dict.fromkeys(order, terms(plan)), {})
    assert {item.person: item.amount.amount_minor for item in told.items} == {LENA: 334, "max@school.example": 333, OMAR: 333}


def test_the_digest_changes_with_what_the_amount_rests_on_and_with_nothing_else() -> None:
    def digest(told: Priced) -> str:
        return next(each.digest for each in told.items if each.person == OMAR)

    def same(one: Item, other: Item) -> bool:
        return one.digest == other.digest

    first = of(*both())
    assert digest(first) == digest(of(*both(display_name="Omar N.", devices=3)))
    assert digest(first) != digest(of(*both(match=Match.CONFIRMED_ALIAS)))
    assert digest(first) != digest(of(*both(AttendanceStatus.LATE)))
    assert same(first.items[0], of(*both()).items[0])
