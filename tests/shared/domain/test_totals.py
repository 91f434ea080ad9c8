"""Totals: what many sessions say about one student, course or teacher, whatever the order in which they are read."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Basis, Source
from shared.domain.ids import stable_id
from shared.domain.policies import STATUS_NAMES, Policy
from shared.domain.presence import Stay
from shared.domain.totals import (
    Place,
    Tally,
    by_course,
    by_student,
    by_teacher,
    places_of,
    runs_of,
    share_of,
    tallied,
)
from tests.builders import a_class, at

S = AttendanceStatus
DAY = 24 * 60
ADA, BEA, OMAR, LENA = "ada@school.example", "bea@school.example", "omar@school.example", "lena@school.example"
LETTERS = {
    "P": S.PRESENT, "L": S.LATE, "E": S.LEFT_EARLY, "H": S.PARTIAL, "A": S.ABSENT, "N": S.NO_SHOW, "X": S.EXCUSED, "?": S.UNKNOWN,
}  # fmt: skip
NOW = at(1000 * DAY)
POLICIES = {0: Policy(), 1: Policy(version=1, statuses=tuple(replace(name, points=name.points // 3) for name in STATUS_NAMES))}


def on(day: int, name: str = "algebra", **changes: Any) -> ScheduledClass:
    """A class on a day."""
    return a_class(f"{name} {day}", start_at=at(day * DAY), end_at=at(day * DAY + 60), course_id="math", **changes)


def row(held: ScheduledClass, status: S, email: str = OMAR, role: Role = Role.STUDENT, **changes: Any) -> Attendance:
    """A row of a class; whoever was there was there for half an hour, ten minutes of it with the other side."""
    there = status.was_there
    told = Attendance(
        row_id=stable_id("attendance", held.session_id, email),
        session_id=held.session_id,
        class_id=held.class_id,
        course_id=held.course_id,
        subject=held.subject,
        teacher_email=held.teacher_email,
        start_at=held.start_at,
        end_at=held.end_at,
        email=email,
        display_name=email.partition("@")[0].title(),
        role=role,
        match=Match.EXACT_EMAIL,
        status=status,
        stays=(Stay(held.start_at, held.start_at + (at(30) - at(0))),) if there else (),
        devices=int(there),
        source=Source.BRIDGE,
        basis=Basis.MEASURED,
        shared=(Stay(held.start_at, held.start_at + (at(10) - at(0))),) if there else (),
        co_teacher_emails=held.co_teacher_emails,
    )
    return replace(told, **changes)


def students(classes: list[ScheduledClass], rows: list[Attendance], now: Any = NOW) -> tuple[Place, ...]:
    return places_of(Role.STUDENT, classes, rows, POLICIES.__getitem__, now)


def tally_of(letters: str) -> Tally:
    """Omar's sessions, one a day."""
    classes = [on(day, student_emails=(OMAR,)) for day in range(len(letters))]
    rows = [row(held, LETTERS[letter]) for held, letter in zip(classes, letters, strict=True)]
    return tallied(students(classes, rows))


@pytest.mark.parametrize(
    ("letters", "taken", "points", "shares"),
    [
        ("", 0, 0, (None, None, None)),
        ("?", 0, 0, (None, 0, 0)),
        ("PPP", 3, 300, (10000, 10000, 10000)),
        ("PPA", 3, 200, (6667, 6667, 6667)),
        ("PA?", 2, 100, (5000, 3333, 3333)),
        ("PH", 2, 150, (7500, 7500, 7500)),
        ("XA", 2, 100, (5000, 5000, 5000)),
        ("LEN", 3, 200, (6667, 6667, 6667)),
        ("AAAAAAAH", 8, 50, (625, 625, 625)),
    ],
)
def test_shares_are_over_what_was_taken_over_all_and_over_what_is_possible(
    letters: str, taken: int, points: int, shares: tuple[int | None, ...]
) -> None:
    tally = tally_of(letters)
    assert (tally.begun, tally.taken, tally.points) == (len(letters), taken, points)
    assert (tally.taken_share, tally.all_share, tally.possible_share) == shares


@pytest.mark.parametrize(
    ("letters", "longest", "current"),
    [("", 0, 0), ("AAP", 2, 0), ("PAN", 2, 2), ("AXA?A", 3, 3), ("AHA", 1, 1), ("AAAPA", 3, 1), ("A?X", 1, 1), ("ALAEA", 1, 1)],
)
def test_a_run_is_of_absences_that_follow_one_another(letters: str, longest: int, current: int) -> None:
    classes = [on(day, student_emails=(OMAR,)) for day in range(len(letters))]
    places = students(classes, [row(held, LETTERS[letter]) for held, letter in zip(classes, letters, strict=True)])
    assert runs_of(reversed(places)) == (longest, current)


def test_who_is_booked_and_was_not_read_yet_is_unknown_and_never_absent() -> None:
    held = on(0)
    tally = tallied(students([held], [row(held, S.PRESENT)]))
    assert tally.counts == {S.PRESENT: 1, S.UNKNOWN: 1}
    assert (tally.taken, tally.begun, tally.taken_share, tally.all_share) == (1, 2, 10000, 5000)
    assert (tally.attended_s, tally.scheduled_s, tally.shared_s) == (1800, 7200, 600)


def test_a_class_to_come_counts_for_what_is_possible_alone() -> None:
    past, future = on(0, student_emails=(OMAR,)), on(2, student_emails=(OMAR,))
    excused_ahead = row(future, S.EXCUSED)
    for rows in ([row(past, S.ABSENT)], [row(past, S.ABSENT), excused_ahead]):
        tally = tallied(students([past, future], rows, at(DAY)))
        assert (tally.begun, tally.to_come, tally.scheduled_s) == (1, 1, 3600)
        assert (tally.taken_share, tally.all_share, tally.possible_share) == (0, 0, 5000)


def test_a_class_that_is_on_is_unknown_until_it_ends_and_its_time_counts_already() -> None:
    held = on(0, student_emails=(OMAR,), status=Status.ACTIVE)
    rows = [row(held, S.PRESENT)]
    during, after = tallied(students([held], rows, at(20))), tallied(students([held], rows, at(60)))
    assert (during.counts, during.taken, during.points, during.attended_s) == ({S.UNKNOWN: 1}, 0, 0, 1200)
    assert (during.all_share, during.possible_share) == (0, 10000)
    assert (after.counts, after.points, after.attended_s) == ({S.PRESENT: 1}, 100, 1800)


def test_a_cancelled_class_counts_for_nothing() -> None:
    held = on(0, status=Status.CANCELLED)
    assert students([held], [row(held, S.UNKNOWN)]) == ()


def test_guests_teachers_and_people_without_an_address_are_no_students() -> None:
    held = on(0, student_emails=())
    others = [
        row(held, S.PRESENT, "guest@home.example", Role.GUEST),
        row(held, S.PRESENT, ADA, Role.TEACHER),
        row(held, S.PRESENT, email=OMAR, role=Role.PHONE),
        replace(row(held, S.PRESENT), email=None),
    ]
    assert students([held], others) == ()


def test_each_session_is_worth_what_its_own_policy_said() -> None:
    first, second = on(0, student_emails=(OMAR,)), on(1, student_emails=(OMAR,))
    tally = tallied(students([first, second], [row(first, S.PRESENT), row(second, S.PRESENT, policy_version=1)]))
    assert (tally.points, tally.taken_share) == (133, 6650)


def test_students_come_by_address_with_the_name_they_had_last() -> None:
    first, second = on(0), on(1)
    rows = [row(second, S.ABSENT, display_name="Omar N."), row(first, S.PRESENT), row(first, S.LATE, LENA)]
    lena, omar = by_student(students([first, second], rows))
    assert (lena.email, lena.name, lena.tally.counts) == (LENA, "Lena", {S.LATE: 1, S.UNKNOWN: 1})
    assert (omar.email, omar.name, omar.longest_run, omar.current_run) == (OMAR, "Omar N.", 1, 1)


def test_courses_come_by_id_and_classes_of_none_at_the_end() -> None:
    maths = [on(0), on(1), on(1001)]
    loose = on(2, name="loose")
    loose = replace(loose, course_id=None, student_emails=(OMAR,))
    rows = [row(maths[0], S.PRESENT), row(loose, S.ABSENT)]
    told = by_course(students([loose, *maths], rows))
    assert [(each.course_id, each.classes, each.students) for each in told] == [("math", 2, 2), (None, 1, 1)]
    assert told[0].tally.counts == {S.PRESENT: 1, S.UNKNOWN: 3}
    assert told[0].tally.to_come == 2


def test_a_teachers_totals_are_of_the_own_classes_and_the_students_share_in_them() -> None:
    alone, shared, missed = on(0), on(1, co_teacher_emails=(BEA,)), on(2)
    rows = [
        row(alone, S.PRESENT, ADA, Role.TEACHER),
        row(alone, S.PRESENT),
        row(alone, S.ABSENT, LENA),
        row(shared, S.ABSENT, ADA, Role.TEACHER),
        row(shared, S.PRESENT, BEA, Role.TEACHER),
        row(shared, S.PRESENT),
        row(missed, S.NO_SHOW, ADA, Role.TEACHER),
        row(missed, S.ABSENT),
    ]
    classes = [alone, shared, missed]
    own = places_of(Role.TEACHER, classes, rows, POLICIES.__getitem__, NOW)
    ada, bea = by_teacher(own, students(classes, rows), classes)
    assert (ada.email, ada.tally.there, ada.missed, ada.tally.begun) == (ADA, 1, 1, 3)
    assert (ada.tally.attended_s, ada.tally.shared_s) == (1800, 600)
    assert ada.students.taken_share == 5000
    assert (bea.email, bea.tally.there, bea.missed, bea.students.taken_share) == (BEA, 1, 0, 10000)
    assert by_teacher(own, students(classes, rows), classes, (BEA,)) == (bea,)


def test_a_substitute_taught_what_was_booked_with_another() -> None:
    held = on(0)
    rows = [row(held, S.PRESENT, BEA, Role.TEACHER), row(held, S.ABSENT, ADA, Role.TEACHER), row(held, S.PRESENT)]
    own = places_of(Role.TEACHER, [held], rows, POLICIES.__getitem__, NOW)
    ada, bea = by_teacher(own, students([held], rows), [held])
    assert (ada.tally.there, ada.students.begun) == (0, 2)
    assert (bea.tally.there, bea.tally.attended_s, bea.students.begun) == (1, 1800, 0)


@pytest.mark.parametrize(("points", "sessions", "share"), [(0, 0, None), (1, 3, 33), (2, 3, 67), (1, 8, 13), (100, 3, 3333)])
def test_a_share_is_exact_and_rounds_half_up(points: int, sessions: int, share: int | None) -> None:
    assert share_of(points, sessions) == share


@st.composite
def registers(draw: st.DrawFn) -> tuple[list[ScheduledClass], list[Attendance], int]:
    """Classes around now, with rows of some of their students, by one of two policies."""
    days = draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    classes = [on(day, status=draw(st.sampled_from([Status.COMPLETED, Status.CANCELLED]))) for day in days]
    rows = [
        row(held, draw(st.sampled_from(S)), email, policy_version=draw(st.integers(0, 1)))
        for held in classes
        for email in (OMAR, LENA)
        if draw(st.booleans())
    ]
    return classes, rows, draw(st.integers(0, 31 * DAY))


@given(registers(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(
    register: tuple[list[ScheduledClass], list[Attendance], int], luck: random.Random
) -> None:
    classes, rows, now = register
    mixed_classes, mixed_rows = [*classes, *classes], [*rows, *rows]
    luck.shuffle(mixed_classes)
    luck.shuffle(mixed_rows)
    one, other = students(classes, rows, at(now)), students(mixed_classes, mixed_rows, at(now))
    assert by_student(one) == by_student(other)
    assert by_course(one) == by_course(other)


@given(registers())
def test_what_is_counted_adds_up(register: tuple[list[ScheduledClass], list[Attendance], int]) -> None:
    classes, rows, now = register
    places = students(classes, rows, at(now))
    for total in by_student(places):
        tally = total.tally
        assert tally.taken + tally.counts.get(S.UNKNOWN, 0) == tally.begun
        booked = [held for held in classes if held.is_held and total.email in held.student_emails]
        assert tally.begun == sum(1 for held in booked if held.start_at <= at(now))
        assert tally.begun + tally.to_come == len(booked)
        assert tally.there <= tally.taken
        assert tally.shared_s <= tally.attended_s <= tally.scheduled_s
        absent = tally.counts.get(S.ABSENT, 0) + tally.counts.get(S.NO_SHOW, 0)
        assert 0 <= total.current_run <= total.longest_run <= absent
    assert sum(total.tally.points for total in by_course(places)) == sum(total.tally.points for total in by_student(places))


@given(registers())
def test_shares_lie_in_order_between_nothing_and_all(register: tuple[list[ScheduledClass], list[Attendance], int]) -> None:
    classes, rows, now = register
    for total in by_student(students(classes, rows, at(now))):
        taken, every, possible = total.tally.taken_share, total.tally.all_share, total.tally.possible_share
        assert all(share is None or 0 <= share <= 10000 for share in (taken, every, possible))
        if taken is not None:
            assert every is not None
            assert taken >= every
        if every is not None:
            assert possible is not None
            assert possible >= every
        assert (taken is None) == (total.tally.taken == 0)
