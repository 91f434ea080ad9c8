"""What every store of courses does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.domain.directory import Course
from shared.domain.errors import NotFound
from shared.people_ports import Courses
from tests.builders import at
from tests.fake_people import MemoryCourses
from tests.fakes import no_sleep

ADA, BEA, OMAR, LENA = (f"{name}@school.example" for name in ("ada", "bea", "omar", "lena"))
MATH = Course("Math 7/b", "Mathematics", (ADA, BEA), (OMAR, LENA), "55001", at(-60))
ART = Course("Art", "Art", (BEA,), (OMAR,))
LATIN = Course("Latin", "Latin")


@pytest.fixture(params=["memory", "firestore"])
def courses(request: pytest.FixtureRequest) -> Iterator[Courses]:
    if request.param == "memory":
        yield MemoryCourses()
    else:
        from shared.adapters.firestore.courses import FirestoreCourses

        yield FirestoreCourses(request.getfixturevalue("database"), no_sleep)


@pytest.fixture
def filled(courses: Courses) -> Courses:
    for each in (MATH, ART, LATIN):
        assert courses.save(None, each)
    return courses


def ids(courses: Courses, email: str | None, limit: int) -> list[list[str]]:
    """The ids on all pages."""
    pages, token = [], None
    while True:
        page = courses.page(email, limit, token)
        pages.append([each.course_id for each in page.items])
        token = page.next_token
        if token is None:
            return pages


def test_a_course_comes_back_as_it_was_stored_whatever_it_is_called(filled: Courses) -> None:
    for course in (MATH, ART, LATIN):
        found = filled.get(course.course_id)
        assert found is not None
        assert found.value == course
    assert filled.get("Greek") is None
    assert filled.get("../people") is None


def test_lists_go_by_id_and_hold_what_somebody_teaches_or_takes(filled: Courses) -> None:
    assert ids(filled, None, 2) == [["Art", "Latin"], ["Math 7/b"]]
    assert ids(filled, BEA, 1) == [["Art"], ["Math 7/b"]]
    assert ids(filled, LENA, 5) == [["Math 7/b"]]
    assert ids(filled, "nobody@school.example", 5) == [[]]


@pytest.mark.parametrize("token", ["f" * 32, "not/an/id", "Art"])
def test_a_foreign_token_is_no_page(filled: Courses, token: str) -> None:
    with pytest.raises(NotFound):
        filled.page(None, 5, token)


def test_of_two_who_change_a_course_the_second_is_refused_and_a_lost_reply_is_not(filled: Courses) -> None:
    before = filled.get("Art")
    assert before is not None
    one = replace(ART, student_emails=(), rev=2)
    assert filled.save(before, one)
    assert not filled.save(before, replace(ART, name="Fine art", rev=2))
    assert not filled.save(None, replace(ART, name="Fine art"))
    assert filled.save(before, one)
    assert ids(filled, OMAR, 5) == [["Math 7/b"]]


def test_a_course_of_five_thousand_students_is_stored(courses: Courses) -> None:
    many = tuple(f"student-{number:04}@school.example" for number in range(5000))
    course = replace(LATIN, student_emails=many)
    assert courses.save(None, course)
    found = courses.get("Latin")
    assert found is not None
    assert found.value == course
    assert ids(courses, many[-1], 5) == [["Latin"]]


def test_a_course_that_was_changed_meanwhile_is_not_deleted(filled: Courses) -> None:
    before = filled.get("Art")
    assert before is not None
    assert filled.save(before, replace(ART, name="Fine art", rev=2))
    assert not filled.delete(before)
    now = filled.get("Art")
    assert now is not None
    assert now.value.name == "Fine art"
    assert filled.delete(now)
    assert filled.delete(now)
    assert filled.get("Art") is None
