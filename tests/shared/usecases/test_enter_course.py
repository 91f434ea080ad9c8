"""Entering courses: who may see and change which, and rosters that lose nobody."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Course
from shared.domain.errors import Forbidden, NotFound, NotInThisState, Stale
from shared.ports import Versioned
from shared.usecases.enter_course import MOST_ENROLLED, EnterCourse, ToEnter
from tests.builders import at
from tests.fake_people import MemoryCourses
from tests.fakes import Clock

BOSS = Caller("boss", "boss@school.example", "admin")
ADA, BEA = Caller("ada", "ada@school.example", "teacher"), Caller("bea", "bea@school.example", "teacher")
OMAR, LENA = Caller("omar", "omar@school.example", "user"), Caller("lena", "lena@school.example", "user")
MATH = Course("math", "Mathematics", (ADA.email,), (OMAR.email,), "55001", at(-60))


@dataclass
class Contended(MemoryCourses):
    """Courses in which somebody else writes before each of the first `rivals` writes."""

    rivals: list[Callable[[], None]] = field(default_factory=list)

    def save(self, before: Versioned[Course] | None, after: Course) -> bool:
        """See the port."""
        if self.rivals:
            self.rivals.pop(0)()
        return super().save(before, after)

    def delete(self, before: Versioned[Course]) -> bool:
        """See the port."""
        if self.rivals:
            self.rivals.pop(0)()
        return super().delete(before)

    def has(self, course: Course) -> None:
        """Somebody stores a course."""
        assert MemoryCourses.save(self, self.get(course.course_id), course)


@pytest.fixture
def courses() -> Contended:
    found = Contended()
    found.has(MATH)
    return found


@pytest.fixture
def enter(courses: Contended) -> EnterCourse:
    return EnterCourse(courses, Clock(at(0)))


def stored(courses: Contended) -> Course:
    found = courses.get("math")
    assert found is not None
    return found.value


@pytest.mark.parametrize("caller", [BOSS, ADA, OMAR])
def test_a_course_is_seen_by_its_people_and_administrators(enter: EnterCourse, caller: Caller) -> None:
    assert enter.get("math", caller) == MATH
    assert enter.page(caller, 5, None).items == (MATH,)


@pytest.mark.parametrize("caller", [BEA, LENA])
def test_a_foreign_course_is_answered_as_none(enter: EnterCourse, caller: Caller) -> None:
    told = []
    for course_id in ("math", "greek"):
        for ask in (lambda c: enter.get(c, caller), lambda c: enter.enrol(c, LENA.email, caller)):
            with pytest.raises(NotFound) as refusal:
                ask(course_id)
            told.append(refusal.value.detail)
    assert set(told) == {"No such course."}
    assert enter.page(caller, 5, None).items == ()


def test_a_student_of_a_course_does_not_change_its_roster(courses: Contended, enter: EnterCourse) -> None:
    with pytest.raises(NotFound):
        enter.remove("math", OMAR.email, OMAR)
    courses.has(replace(MATH, teacher_emails=(OMAR.email,)))
    with pytest.raises(NotFound):
        enter.remove("math", OMAR.email, OMAR)


def test_an_administrator_enters_a_course_and_what_is_left_out_stays(courses: Contended, enter: EnterCourse) -> None:
    made = enter.enter(ToEnter("art", "Art", (BEA.email,)), BOSS)
    assert made == Course("art", "Art", (BEA.email,), entered_at=at(0))
    changed = enter.enter(ToEnter("math", "Algebra", student_emails=(LENA.email,)), BOSS)
    assert changed == stored(courses) == replace(MATH, name="Algebra", student_emails=(LENA.email,), rev=2)


def test_entering_the_same_again_writes_nothing(courses: Contended, enter: EnterCourse) -> None:
    assert enter.enter(ToEnter("math", "Mathematics", (ADA.email,), (OMAR.email,)), BOSS) == MATH
    assert enter.enrol("math", OMAR.email, ADA) == MATH
    assert enter.remove("math", LENA.email, ADA) == MATH
    assert courses.writes == 1


def test_only_an_administrator_enters_and_deletes_courses(courses: Contended, enter: EnterCourse) -> None:
    with pytest.raises(Forbidden):
        enter.enter(ToEnter("math", "Algebra"), ADA)
    with pytest.raises(Forbidden):
        enter.delete("math", ADA)
    assert stored(courses) == MATH
    enter.delete("math", BOSS)
    assert courses.get("math") is None
    with pytest.raises(NotFound):
        enter.delete("math", BOSS)


def test_the_teacher_of_a_course_changes_its_roster(courses: Contended, enter: EnterCourse) -> None:
    assert enter.enrol("math", LENA.email, ADA).student_emails == (OMAR.email, LENA.email)
    assert enter.remove("math", OMAR.email, ADA) == stored(courses) == replace(MATH, student_emails=(LENA.email,), rev=3)


def test_a_roster_has_an_end(courses: Contended, enter: EnterCourse) -> None:
    full = replace(MATH, student_emails=tuple(f"s{number}@school.example" for number in range(MOST_ENROLLED)))
    courses.has(full)
    with pytest.raises(NotInThisState, match="at most 5000"):
        enter.enrol("math", OMAR.email, ADA)
    assert enter.enrol("math", "s1@school.example", ADA) == full


def test_of_two_who_enrol_at_the_same_time_both_get_in(courses: Contended, enter: EnterCourse) -> None:
    courses.rivals = [lambda: courses.has(replace(MATH, student_emails=(OMAR.email, "kim@school.example"), rev=2))]
    assert enter.enrol("math", LENA.email, ADA).student_emails == (OMAR.email, "kim@school.example", LENA.email)


def test_who_loses_twice_is_told_to_look_again(courses: Contended, enter: EnterCourse) -> None:
    def rival() -> None:
        courses.has(replace(MATH, name=f"Mathematics {courses.writes}", rev=courses.writes + 1))

    for change in (
        lambda: enter.enrol("math", LENA.email, ADA),
        lambda: enter.enter(ToEnter("math", "Algebra"), BOSS),
        lambda: enter.delete("math", BOSS),
    ):
        courses.rivals = [rival, rival]
        with pytest.raises(Stale, match="look again"):
            change()
        assert stored(courses).student_emails == (OMAR.email,)
