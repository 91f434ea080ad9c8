"""Finding people: everybody for an administrator, own courses' for a teacher, oneself and one's students for anybody."""

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Course, Person, PersonRole, person_id_of
from shared.domain.errors import Forbidden, NotFound
from shared.usecases.find_people import FindPeople
from tests.fake_people import MemoryCourses, MemoryPeople

STUDENT, TEACHER, GUARDIAN = PersonRole.STUDENT, PersonRole.TEACHER, PersonRole.GUARDIAN
BOSS = Caller("boss", "boss@school.example", "admin")
ADA, BEA = Caller("ada", "ada@school.example", "teacher"), Caller("bea", "bea@school.example", "teacher")
OMAR, LENA = Caller("omar", "omar@school.example", "user"), Caller("lena", "lena@school.example", "user")
MUM = Caller("mum", "mum@home.example", "user")
EVERYBODY = (BOSS, ADA, BEA, OMAR, LENA, MUM)
MATH = Course("math", "Mathematics", (ADA.email,), (OMAR.email, "unknown@school.example"))
ART = Course("art", "Art", (BEA.email,), (LENA.email, ADA.email))


@pytest.fixture
def find() -> FindPeople:
    people, courses = MemoryPeople(), MemoryCourses()
    people.put(
        Person(ADA.email, (TEACHER, STUDENT), "Ada"),
        Person(BEA.email, (TEACHER,), "Bea"),
        Person(OMAR.email, (STUDENT,), "Omar", guardian_emails=(MUM.email,)),
        Person(LENA.email, (STUDENT,), "Lena"),
        Person(MUM.email, (GUARDIAN,)),
    )
    for course in (MATH, ART):
        courses.save(None, course)
    return FindPeople(people, courses)


def seen_by(find: FindPeople, email: str, role: PersonRole) -> list[str]:
    """Who is shown somebody."""
    found, told = [], set()
    for caller in EVERYBODY:
        try:
            found.append((caller.subject, find.one(email, role, caller).email))
        except NotFound as refusal:
            told.add(refusal.detail)
    assert told <= {"No such person."}
    assert {each for _, each in found} <= {email}
    return [subject for subject, _ in found]


def test_each_person_is_shown_to_those_who_have_to_do_with_them(find: FindPeople) -> None:
    assert seen_by(find, OMAR.email, STUDENT) == ["boss", "ada", "omar", "mum"]
    assert seen_by(find, LENA.email, STUDENT) == ["boss", "bea", "lena"]
    assert seen_by(find, ADA.email, STUDENT) == ["boss", "ada", "bea"]
    assert seen_by(find, ADA.email, TEACHER) == ["boss", "ada"]
    assert seen_by(find, MUM.email, GUARDIAN) == ["boss", "ada", "mum"]


def test_who_has_not_the_role_is_nobody_even_to_an_administrator(find: FindPeople) -> None:
    assert seen_by(find, OMAR.email, TEACHER) == []
    assert seen_by(find, "unknown@school.example", STUDENT) == []


def test_a_teacher_lists_those_around_own_courses_only(find: FindPeople) -> None:
    def emails(caller: Caller, role: PersonRole) -> list[str]:
        return [each.email for each in find.page(role, caller, 9, None).items]

    assert emails(BOSS, STUDENT) == [ADA.email, LENA.email, OMAR.email]
    assert emails(ADA, STUDENT) == [OMAR.email]
    assert emails(BEA, STUDENT) == [ADA.email, LENA.email]
    assert emails(ADA, TEACHER) == [ADA.email]
    assert emails(ADA, GUARDIAN) == [MUM.email]
    assert emails(BEA, GUARDIAN) == []
    assert emails(Caller("new", "new@school.example", "teacher"), STUDENT) == []


@pytest.mark.parametrize("caller", [OMAR, MUM])
def test_nobody_else_lists_people(find: FindPeople, caller: Caller) -> None:
    for role in PersonRole:
        with pytest.raises(Forbidden):
            find.page(role, caller, 9, None)


@pytest.mark.parametrize("caller", [BOSS, BEA])
def test_pages_hold_each_once(find: FindPeople, caller: Caller) -> None:
    first = find.page(STUDENT, caller, 1, None)
    found, token = list(first.items), first.next_token
    while token is not None:
        page = find.page(STUDENT, caller, 1, token)
        found, token = [*found, *page.items], page.next_token
    assert found == list(find.page(STUDENT, caller, 9, None).items)
    assert len(found) > 1


def test_a_token_of_somebody_elses_list_is_no_page(find: FindPeople) -> None:
    with pytest.raises(NotFound):
        find.page(STUDENT, BEA, 1, person_id_of(OMAR.email))
    with pytest.raises(NotFound):
        find.page(STUDENT, BOSS, 1, "f" * 32)


def test_everybody_sees_their_own(find: FindPeople) -> None:
    mum = find.own(MUM)
    assert (mum.person, mum.courses, [each.email for each in mum.wards]) == (
        Person(MUM.email, (GUARDIAN,)),
        (),
        [OMAR.email],
    )
    ada = find.own(ADA)
    assert [each.course_id for each in ada.courses] == ["art", "math"]
    assert ada.wards == ()
    nobody = find.own(Caller("x", "x@school.example", "user"))
    assert (nobody.person, nobody.courses, nobody.wards) == (None, (), ())


def test_a_person_is_found_by_id_as_well(find: FindPeople) -> None:
    assert find.email_of(person_id_of(OMAR.email)) == OMAR.email
    assert find.email_of("x@school.example") == "x@school.example"
    with pytest.raises(NotFound):
        find.email_of("f" * 32)


def test_a_teacher_of_more_courses_than_a_page_holds_sees_all_their_students(find: FindPeople) -> None:
    for number in range(150):
        course = Course(f"c{number}", "Course", (ADA.email,), (LENA.email,) if number == 149 else ())
        find.courses.save(None, course)
    assert len(find.own(ADA).courses) == 152
    assert [each.email for each in find.page(STUDENT, ADA, 9, None).items] == [LENA.email, OMAR.email]
