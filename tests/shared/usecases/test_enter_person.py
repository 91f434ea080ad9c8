"""Entering people: roles come and go, what is not given stays, and nobody's change is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from shared.domain.accounts import Caller
from shared.domain.directory import Access, Person, PersonRole
from shared.domain.errors import Forbidden, NotFound, NotInThisState, Stale
from shared.ports import Versioned
from shared.usecases.enter_person import EnterPerson
from tests.builders import at
from tests.fake_people import MemoryPeople
from tests.fakes import Clock

STUDENT, TEACHER, GUARDIAN = PersonRole.STUDENT, PersonRole.TEACHER, PersonRole.GUARDIAN
BOSS = Caller("boss", "boss@school.example", "admin")
ADA = Caller("ada", "ada@school.example", "teacher")
OMAR, MUM = "omar@school.example", "mum@home.example"


@dataclass
class Contended(MemoryPeople):
    """A directory in which somebody else writes before each of the first `rivals` writes."""

    rivals: list[Callable[[], None]] = field(default_factory=list)

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """See the port."""
        if self.rivals:
            self.rivals.pop(0)()
        return super().save(changes)

    def delete(self, email: str, before: Versioned[Person] | None = None) -> bool:
        """See the port."""
        if self.rivals:
            self.rivals.pop(0)()
        return super().delete(email, before)


@pytest.fixture
def people() -> Contended:
    return Contended()


@pytest.fixture
def enter(people: Contended) -> EnterPerson:
    return EnterPerson(people, Clock(at(0)))


def stored(people: MemoryPeople, email: str = OMAR) -> Person:
    found = people.get(email)
    assert found is not None
    return found.value


def test_somebody_new_is_entered_with_what_is_given(people: Contended, enter: EnterPerson) -> None:
    person = enter.enter(OMAR, STUDENT, {"first_name": "Omar", "student_number": 17}, BOSS)
    assert person == stored(people) == Person(OMAR, (STUDENT,), "Omar", student_number=17, entered_at=at(0))


def test_what_is_not_given_stays_and_so_do_other_roles(people: Contended, enter: EnterPerson) -> None:
    enter.enter(OMAR, STUDENT, {"first_name": "Omar", "last_name": "Nasser", "department": "Physics"}, BOSS)
    person = enter.enter(OMAR, TEACHER, {"first_name": "Umar", "department": None}, BOSS)
    assert person == stored(people)
    assert (person.roles, person.first_name, person.last_name, person.department) == ((STUDENT, TEACHER), "Umar", "Nasser", None)
    assert person.rev == 2


def test_entering_the_same_again_writes_nothing(people: Contended, enter: EnterPerson) -> None:
    given = {"first_name": "Omar", "guardian_emails": (MUM,)}
    first = enter.enter(OMAR, STUDENT, given, BOSS)
    writes = people.writes
    assert enter.enter(OMAR, STUDENT, given, BOSS) == first
    assert people.writes == writes


def test_guardians_are_entered_by_their_address_and_keep_what_they_are(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(ADA.email, (TEACHER,), "Ada"))
    enter.enter(OMAR, STUDENT, {"guardian_emails": (MUM, ADA.email)}, BOSS)
    assert stored(people, MUM) == Person(MUM, (GUARDIAN,), entered_at=at(0))
    assert (stored(people, ADA.email).roles, stored(people, ADA.email).first_name) == ((TEACHER, GUARDIAN), "Ada")


def test_who_pays_for_themselves_is_student_and_guardian(people: Contended, enter: EnterPerson) -> None:
    assert enter.enter(OMAR, STUDENT, {"guardian_emails": (OMAR,)}, BOSS).roles == (STUDENT, GUARDIAN)
    assert stored(people).roles == (STUDENT, GUARDIAN)


def test_only_an_administrator_changes_the_directory(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(OMAR, (STUDENT,)))
    writes = people.writes
    with pytest.raises(Forbidden):
        enter.enter(OMAR, STUDENT, {}, ADA)
    with pytest.raises(Forbidden):
        enter.take_away(OMAR, STUDENT, ADA)
    with pytest.raises(Forbidden):
        enter.sign_out(Person(OMAR, ()).person_id, ADA)
    assert people.writes == writes


def test_an_administrator_gives_access_to_others_but_not_to_themselves(people: Contended, enter: EnterPerson) -> None:
    assert enter.enter(OMAR, STUDENT, {"access": "teacher"}, BOSS).access is Access.TEACHER
    assert enter.enter(OMAR, STUDENT, {"access": None}, BOSS).access is None
    people.put(Person(BOSS.email, (TEACHER,), access=Access.ADMIN))
    for access in ("user", None):
        with pytest.raises(Forbidden, match="own access"):
            enter.enter(BOSS.email, TEACHER, {"access": access}, BOSS)
    assert enter.enter(BOSS.email, TEACHER, {"access": "admin", "first_name": "Bo"}, BOSS).first_name == "Bo"
    assert stored(people, BOSS.email).access is Access.ADMIN


def test_whoever_has_no_role_left_goes(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(OMAR, (STUDENT, TEACHER), "Omar"))
    enter.take_away(OMAR, STUDENT, BOSS)
    assert stored(people).roles == (TEACHER,)
    enter.take_away(OMAR, TEACHER, BOSS)
    assert people.get(OMAR) is None
    with pytest.raises(NotFound):
        enter.take_away(OMAR, TEACHER, BOSS)


@pytest.mark.parametrize("kept", [{"access": Access.USER}, {"signed_out_at": at(-5)}])
def test_who_must_be_refused_later_is_remembered_without_a_role(
    people: Contended, enter: EnterPerson, kept: dict[str, object]
) -> None:
    before = replace(Person(OMAR, (TEACHER,)), **kept)  # type: ignore[arg-type]
    people.put(before)
    enter.take_away(OMAR, TEACHER, BOSS)
    assert stored(people) == replace(before, roles=(), rev=2)


def test_a_guardian_whom_a_student_still_has_stays(people: Contended, enter: EnterPerson) -> None:
    enter.enter(OMAR, STUDENT, {"guardian_emails": (MUM,)}, BOSS)
    with pytest.raises(NotInThisState, match="another one first"):
        enter.take_away(MUM, GUARDIAN, BOSS)
    enter.enter(OMAR, STUDENT, {"guardian_emails": ()}, BOSS)
    enter.take_away(MUM, GUARDIAN, BOSS)
    assert people.get(MUM) is None


def test_signing_out_is_remembered_with_its_instant(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(OMAR, (STUDENT,), "Omar"))
    person = enter.sign_out(Person(OMAR, ()).person_id, BOSS)
    assert person == stored(people) == Person(OMAR, (STUDENT,), "Omar", signed_out_at=at(0), rev=2)
    for absent in ("f" * 32, "courses"):
        with pytest.raises(NotFound):
            enter.sign_out(absent, BOSS)


def test_a_change_that_lost_a_race_is_made_again_on_top_of_the_other(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(OMAR, (STUDENT,), "Omar"))
    people.rivals = [lambda: people.put(Person(OMAR, (STUDENT,), "Omar", "Nasser", rev=2))]
    person = enter.enter(OMAR, STUDENT, {"department": "Physics"}, BOSS)
    assert person == stored(people)
    assert (person.last_name, person.department, person.rev) == ("Nasser", "Physics", 3)


def test_who_was_entered_anew_while_being_taken_away_stays(people: Contended, enter: EnterPerson) -> None:
    people.put(Person(OMAR, (STUDENT,)))
    people.rivals = [lambda: people.put(Person(OMAR, (STUDENT, TEACHER), "Omar", rev=2))]
    enter.take_away(OMAR, STUDENT, BOSS)
    assert stored(people) == Person(OMAR, (TEACHER,), "Omar", rev=3)


def test_who_loses_twice_is_told_to_look_again(people: Contended, enter: EnterPerson) -> None:
    def rival() -> None:
        people.put(Person(OMAR, (STUDENT,), "Omar", rev=people.writes + 1))

    rival()
    for change in (
        lambda: enter.enter(OMAR, STUDENT, {"first_name": "Umar"}, BOSS),
        lambda: enter.take_away(OMAR, STUDENT, BOSS),
        lambda: enter.sign_out(Person(OMAR, ()).person_id, BOSS),
    ):
        people.rivals = [rival, rival]
        with pytest.raises(Stale, match="look again"):
            change()
        assert stored(people).roles == (STUDENT,)
