"""Looking at warnings, over both stores: for whose eyes each is."""

from dataclasses import replace

import pytest

from shared.delivery_ports import WarningFilter, Warnings
from shared.domain.accounts import Caller
from shared.domain.directory import Person, PersonRole
from shared.domain.warnings import AttendanceWarning, WarningKind
from shared.usecases.show_warnings import ShowWarnings
from tests.builders import at
from tests.fake_deliveries import MemoryWarnings
from tests.fake_people import MemoryPeople
from tests.fakes import no_sleep
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER

MUM = Caller("mum", "mum@home.example", "user")
ART_TEACHER_AND_MUM = Caller("mum", MUM.email, "teacher")


def warned(student: str, teacher: str, minute: int, course: str = "math") -> AttendanceWarning:
    return AttendanceWarning(
        kind=WarningKind.LOW_SHARE,
        student_email=student,
        course_id=course,
        session_id=f"{minute:032x}",
        class_id=f"{minute:032x}",
        subject="Algebra",
        teacher_email=teacher,
        start_at=at(minute),
        line=75,
        taken=4,
        share_percent=50,
        absences_in_row=1,
        raised_at=at(minute + 90),
    )


OMARS, LENAS = warned(OMAR, ADA, 1), warned(LENA, BEA, 2, "art")
ENDED = replace(warned(OMAR, BEA, 3, "art"), ended_at=at(500), rev=2)


@pytest.fixture(params=["memory", "firestore"])
def show(request: pytest.FixtureRequest) -> ShowWarnings:
    people, warnings = MemoryPeople(), MemoryWarnings()
    people.put(Person(LENA, (PersonRole.STUDENT,), guardian_emails=(MUM.email,)), Person(OMAR, (PersonRole.STUDENT,)))
    stored: Warnings = warnings
    if request.param == "firestore":
        from shared.adapters.firestore.warnings import FirestoreWarnings

        stored = FirestoreWarnings(request.getfixturevalue("database"), no_sleep)
    assert stored.store([(None, each) for each in (OMARS, LENAS, ENDED)], [])
    return ShowWarnings(stored, people)


@pytest.mark.parametrize(
    ("caller", "wanted", "expected"),
    [
        (BOSS, WarningFilter(), [ENDED, LENAS, OMARS]),
        (BOSS, WarningFilter(is_standing=True), [LENAS, OMARS]),
        (BOSS, WarningFilter(course_id="art", student_email=OMAR), [ENDED]),
        (TEACHER, WarningFilter(), [OMARS]),
        (TEACHER, WarningFilter(student_email=LENA), []),
        (TEACHER, WarningFilter(teacher_email=BEA), []),
        (OTHER, WarningFilter(course_id="art"), [ENDED, LENAS]),
        (STUDENT, WarningFilter(), [ENDED, OMARS]),
        (STUDENT, WarningFilter(student_email=OMAR, is_standing=False), [ENDED]),
        (STUDENT, WarningFilter(student_email=LENA), []),
        (STUDENT, WarningFilter(student_email="absent@school.example"), []),
        (MUM, WarningFilter(), []),
        (MUM, WarningFilter(student_email=LENA), [LENAS]),
        (MUM, WarningFilter(student_email=OMAR), []),
        (ART_TEACHER_AND_MUM, WarningFilter(student_email=LENA), [LENAS]),
        (ART_TEACHER_AND_MUM, WarningFilter(), []),
    ],
)
def test_everybody_sees_what_is_theirs(
    show: ShowWarnings, caller: Caller, wanted: WarningFilter, expected: list[AttendanceWarning]
) -> None:
    assert list(show(wanted, 10, None, caller).items) == expected


def test_a_long_list_comes_in_pages(show: ShowWarnings) -> None:
    first = show(WarningFilter(), 2, None, BOSS)
    second = show(WarningFilter(), 2, first.next_token, BOSS)
    assert (first.items, second.items, second.next_token) == ((ENDED, LENAS), (OMARS,), None)
