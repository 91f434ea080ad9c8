"""Totals over both stores: what is added up, and for whose eyes."""

from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus
from shared.domain.directory import Person, PersonRole
from shared.domain.totals import CourseTotal, StudentTotal, TeacherTotal
from shared.usecases.total_attendance import Grouping, TotalAttendance, Totals, ToTotal
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, Tracked, on, stay, tracked_over

S = AttendanceStatus
MUM = Caller("mum", "mum@home.example", "user")
STRANGER = Caller("zoe", "zoe@school.example", "user")


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    """Two classes of Ada's that were held, one of Bea's with Ada, and one of Ada's to come. Omar missed the second."""
    is_memory = isinstance(house.evidence, MemoryEvidence)
    tracked = tracked_over(house, None if is_memory else request.getfixturevalue("database"))
    everybody = (stay("google:1", 0, 60), stay("google:2", 0, 60), stay("google:3", 0, 60))
    tracked.holds(*everybody, name="first", course_id="math")
    tracked.holds(stay("google:1", 0, 60, day=1), stay("google:3", 15, 60, day=1), name="second", day=1, course_id="math")
    both = {"teacher_email": BEA, "co_teacher_emails": (ADA,), "student_emails": (LENA,)}
    tracked.holds(stay("google:1", 0, 30, day=2), stay("google:3", 0, 60, day=2), name="third", day=2, course_id="art", **both)
    tracked.books("fourth", day=9, course_id="math")
    return tracked


def totals(tracked: Tracked, by: str, caller: Caller, **wanted: Any) -> Totals:
    house = tracked.house
    total = TotalAttendance(house.classes, house.sessions, house.people, house.policies, house.clock)
    return total(ToTotal(Grouping(by), **wanted), caller)


def students(told: Totals) -> dict[str, StudentTotal]:
    return {each.email: each for each in told.rows if isinstance(each, StudentTotal)}


def teachers(told: Totals) -> dict[str, TeacherTotal]:
    return {each.email: each for each in told.rows if isinstance(each, TeacherTotal)}


def courses(told: Totals) -> dict[str | None, CourseTotal]:
    return {each.course_id: each for each in told.rows if isinstance(each, CourseTotal)}


def test_an_administrator_sees_every_student(tracked: Tracked) -> None:
    told = totals(tracked, "student", BOSS)
    found = students(told)
    assert told.about == ("*",)
    assert set(found) == {OMAR, LENA}
    omar, lena = found[OMAR].tally, found[LENA].tally
    assert (omar.counts, omar.to_come, omar.begun) == ({S.PRESENT: 1, S.ABSENT: 1}, 1, 2)
    assert (omar.taken_share, omar.all_share, omar.possible_share) == (5000, 5000, 6667)
    assert (found[OMAR].longest_run, found[OMAR].current_run) == (1, 1)
    assert (lena.counts, lena.to_come) == ({S.PRESENT: 2, S.LATE: 1}, 1)
    assert (lena.attended_s, lena.scheduled_s, lena.shared_s) == (9900, 10800, 8100)


def test_a_student_sees_the_own_totals_whatever_is_asked(tracked: Tracked) -> None:
    own = totals(tracked, "student", STUDENT)
    assert set(students(own)) == {OMAR}
    assert own.about == ()
    assert totals(tracked, "student", STUDENT, student_email=OMAR).rows == own.rows
    for wanted in ({"student_email": LENA}, {"student_email": "absent@school.example"}):
        assert totals(tracked, "student", STUDENT, **wanted) == Totals((), ())
    assert totals(tracked, "course", STUDENT).rows == ()
    assert totals(tracked, "teacher", STUDENT).rows == ()
    assert totals(tracked, "teacher", STUDENT, teacher_email=OMAR).rows == ()
    assert totals(tracked, "student", STRANGER).rows == ()


def test_a_guardian_sees_the_own_students(tracked: Tracked) -> None:
    people = tracked.house.people
    assert people.save([(people.get(LENA), Person(LENA, (PersonRole.STUDENT,), guardian_emails=(MUM.email,)))])
    told = totals(tracked, "student", MUM)
    assert (set(students(told)), told.about) == ({LENA}, (LENA,))
    assert totals(tracked, "student", MUM, student_email=LENA) == told
    assert totals(tracked, "student", MUM, student_email=OMAR) == Totals((), ())


def test_a_teacher_sees_the_own_classes(tracked: Tracked) -> None:
    of_ada, of_bea = totals(tracked, "student", TEACHER), totals(tracked, "student", OTHER)
    assert students(of_ada)[LENA].tally.begun == 3
    assert (set(students(of_bea)), students(of_bea)[LENA].tally.begun) == ({LENA}, 1)
    assert totals(tracked, "student", OTHER, student_email=OMAR).rows == ()
    assert students(totals(tracked, "student", TEACHER, student_email=OMAR))[OMAR].tally.begun == 2
    assert set(courses(totals(tracked, "course", OTHER))) == {"art"}
    shared = totals(tracked, "student", TEACHER, teacher_email=BEA)
    assert students(shared)[LENA].tally.begun == 1
    assert totals(tracked, "student", TEACHER, course_id="art", student_email=LENA).about == (LENA,)


def test_courses_add_up_everybodys_places(tracked: Tracked) -> None:
    found = courses(totals(tracked, "course", BOSS))
    assert set(found) == {"math", "art"}
    assert (found["math"].classes, found["math"].students) == (2, 2)
    assert found["math"].tally.counts == {S.PRESENT: 2, S.ABSENT: 1, S.LATE: 1}
    assert found["math"].tally.to_come == 2
    of_omar = courses(totals(tracked, "course", BOSS, student_email=OMAR))
    assert (of_omar["math"].students, of_omar["math"].tally.begun) == (1, 2)


def test_teachers_taught_and_missed(tracked: Tracked) -> None:
    found = teachers(totals(tracked, "teacher", BOSS))
    assert set(found) == {ADA, BEA}
    assert (found[ADA].tally.there, found[ADA].tally.attended_s, found[ADA].missed) == (3, 9000, 0)
    assert found[ADA].students.taken_share == 8000
    assert (found[BEA].tally.there, found[BEA].missed, found[BEA].tally.counts) == (0, 0, {S.ABSENT: 1})


def test_a_teacher_sees_no_other_teachers_totals(tracked: Tracked) -> None:
    own = totals(tracked, "teacher", OTHER)
    assert (set(teachers(own)), own.about) == ({BEA}, ())
    assert totals(tracked, "teacher", OTHER, teacher_email=ADA) == Totals((), ())
    assert set(teachers(totals(tracked, "teacher", TEACHER))) == {ADA}
    assert totals(tracked, "teacher", BOSS, teacher_email=ADA).about == (ADA,)


def test_what_a_teacher_taught_in_place_of_another_is_theirs(tracked: Tracked) -> None:
    tracked.holds(stay("google:1", 0, 60, day=3), name="fifth", day=3, teacher_email=BEA, student_emails=(OMAR,))
    for caller, wanted in ((BOSS, {}), (BOSS, {"teacher_email": ADA}), (TEACHER, {})):
        ada = teachers(totals(tracked, "teacher", caller, **wanted))[ADA]
        assert (ada.tally.there, ada.tally.attended_s) == (4, 12600)


def test_one_students_share_of_a_teachers_classes_counts_these_classes_alone(tracked: Tracked) -> None:
    ada = teachers(totals(tracked, "teacher", BOSS, teacher_email=ADA, student_email=OMAR))[ADA]
    assert (ada.tally.there, ada.tally.begun, ada.students.taken_share) == (2, 2, 5000)


def test_only_the_time_that_was_asked_for(tracked: Tracked) -> None:
    told = totals(tracked, "student", BOSS, start_from=on(1, 0), start_before=on(2, 0))
    assert {email: total.tally.begun for email, total in students(told).items()} == {OMAR: 1, LENA: 1}
    assert students(told)[OMAR].tally.to_come == 0
