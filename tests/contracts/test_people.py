"""What every directory of people does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.domain.directory import Access, Person, PersonRole
from shared.domain.errors import NotFound
from shared.people_ports import People, PersonFilter
from tests.builders import at
from tests.fake_people import MemoryPeople
from tests.fakes import no_sleep

STUDENT, TEACHER, GUARDIAN = PersonRole.STUDENT, PersonRole.TEACHER, PersonRole.GUARDIAN
MUM, DAD = "mum@home.example", "dad@home.example"
OMAR = Person("omar@school.example", (STUDENT,), "Omar", "Nasser", 17, "Physics", (MUM, DAD), Access.USER, at(3), at(-60))
LENA = Person("lena@school.example", (STUDENT, GUARDIAN), "Lena", guardian_emails=(DAD,))
ADA = Person("ada@school.example", (TEACHER,))
NOBODY = "nobody@school.example"


@pytest.fixture(params=["memory", "firestore"])
def people(request: pytest.FixtureRequest) -> Iterator[People]:
    if request.param == "memory":
        yield MemoryPeople()
    else:
        from shared.adapters.firestore.people import FirestorePeople

        yield FirestorePeople(request.getfixturevalue("database"), no_sleep)


@pytest.fixture
def filled(people: People) -> People:
    assert people.save([(None, each) for each in (OMAR, LENA, ADA)])
    return people


def emails(people: People, wanted: PersonFilter, limit: int) -> list[list[str]]:
    """The addresses on all pages."""
    pages, token = [], None
    while True:
        page = people.page(wanted, limit, token)
        pages.append([each.email for each in page.items])
        token = page.next_token
        if token is None:
            return pages


def test_somebody_comes_back_as_they_were_stored_by_address_and_by_id(filled: People) -> None:
    by_email, by_id = filled.get(OMAR.email), filled.by_id(OMAR.person_id)
    assert by_email is not None
    assert by_id is not None
    assert by_email.value == by_id.value == OMAR
    assert filled.get_many([ADA.email, NOBODY, OMAR.email, OMAR.email]) == {ADA.email: ADA, OMAR.email: OMAR}


def test_who_is_not_there_is_answered_with_nobody(filled: People) -> None:
    assert filled.get(NOBODY) is None
    assert filled.by_id("f" * 32) is None
    assert filled.by_id("not/an/id") is None
    assert filled.get_many([]) == {}


def test_lists_go_by_address_and_hold_whom_they_are_about(filled: People) -> None:
    assert emails(filled, PersonFilter(), 2) == [[ADA.email, LENA.email], [OMAR.email]]
    assert emails(filled, PersonFilter(STUDENT), 1) == [[LENA.email], [OMAR.email]]
    assert emails(filled, PersonFilter(GUARDIAN), 5) == [[LENA.email]]
    assert emails(filled, PersonFilter(guardian_email=DAD), 1) == [[LENA.email], [OMAR.email]]
    assert emails(filled, PersonFilter(guardian_email=MUM), 5) == [[OMAR.email]]
    assert emails(filled, PersonFilter(guardian_email=NOBODY), 5) == [[]]


def test_a_list_by_role_and_guardian_holds_each_once_however_its_pages_fall(filled: People) -> None:
    for limit in (1, 2, 3):
        found = [each for page in emails(filled, PersonFilter(STUDENT, MUM), limit) for each in page]
        assert found == [OMAR.email]


@pytest.mark.parametrize("token", ["f" * 32, "not/an/id"])
def test_a_foreign_token_is_no_page(filled: People, token: str) -> None:
    with pytest.raises(NotFound):
        filled.page(PersonFilter(), 5, token)


def test_of_two_who_change_a_person_the_second_is_refused(filled: People) -> None:
    before = filled.get(ADA.email)
    assert before is not None
    one, other = replace(ADA, first_name="Ada", rev=2), replace(ADA, first_name="Augusta", rev=2)
    assert filled.save([(before, one)])
    assert not filled.save([(before, other)])
    assert not filled.save([(None, other)])
    assert filled.get_many([ADA.email]) == {ADA.email: one}


def test_who_lost_only_the_reply_is_told_that_it_was_stored(filled: People) -> None:
    before = filled.get(ADA.email)
    assert before is not None
    changes = [(before, replace(ADA, first_name="Ada", rev=2)), (None, Person(NOBODY, (STUDENT,)))]
    assert filled.save(changes)
    assert filled.save(changes)


def test_of_several_people_all_are_stored_or_none(filled: People) -> None:
    assert not filled.save([(None, Person(NOBODY, (STUDENT,))), (None, replace(ADA, first_name="Another"))])
    assert filled.get(NOBODY) is None


def test_four_hundred_are_stored_at_once(people: People) -> None:
    many = [Person(f"student-{number:03}@school.example", (STUDENT,), "A" * 100, "B" * 100) for number in range(400)]
    assert people.save([(None, each) for each in many])
    assert list(people.get_many([each.email for each in many]).values()) == many


def test_who_is_forgotten_is_gone_and_may_be_forgotten_again(filled: People) -> None:
    assert filled.delete(OMAR.email)
    assert filled.get(OMAR.email) is None
    assert filled.delete(OMAR.email)
    assert filled.delete(NOBODY)


def test_who_was_changed_meanwhile_is_not_forgotten(filled: People) -> None:
    before = filled.get(ADA.email)
    assert before is not None
    after = replace(ADA, department="Mathematics", rev=2)
    assert filled.save([(before, after)])
    assert not filled.delete(ADA.email, before)
    now = filled.get(ADA.email)
    assert now is not None
    assert now.value == after
    assert filled.delete(ADA.email, now)
    assert filled.delete(ADA.email, now)
    assert filled.get(ADA.email) is None
