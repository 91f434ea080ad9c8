"""Signing in: who gets in, as what, and which Google account is whose from then on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.accounts import SignedOut
from shared.domain.directory import Access, Person, PersonRole, person_id_of
from shared.domain.errors import Forbidden, NotFound
from shared.domain.identities import IdentityKind, Told, Word
from shared.usecases.sign_in import Account, SignedIn
from tests.builders import at
from tests.fake_user_sessions import ROOT, Desk, desk_over
from tests.fakes import MemoryEvidence
from tests.house import House

OMAR, ADA, LENA = "omar@school.example", "ada@school.example", "lena@school.example"
STUDENT, TEACHER, GUARDIAN = (PersonRole.STUDENT,), (PersonRole.TEACHER,), (PersonRole.GUARDIAN,)
NUMBER = "112233445566778899001"


@pytest.fixture
def desk(house: House, request: pytest.FixtureRequest) -> Desk:
    house.clock.at = at(0)
    is_memory = isinstance(house.evidence, MemoryEvidence)
    made = desk_over(house, None if is_memory else request.getfixturevalue("database"))
    made.enters(Person(OMAR, STUDENT, "Omar", "Nasser", 17), Person(ADA, TEACHER, "Ada", "Lovelace"), Person(LENA, STUDENT))
    return made


def comes(desk: Desk, email: str, number: str | None = NUMBER, name: str | None = "From Google") -> SignedIn:
    return desk.sign_in(Account(email, name, number, at(-1)))


def words(desk: Desk, number: str = NUMBER) -> list[tuple[str, Told]]:
    found = desk.house.identities.get_many([(IdentityKind.REF, f"google:{number}")])
    return [(word.email, word.told) for identity in found for word in identity.words]


def withdraws(desk: Desk, email: str, number: str = NUMBER) -> None:
    """An administrator takes back that this account is that person's."""
    desk.house.clock.passes(timedelta(minutes=1))
    word = Word(email, Told.SIGNED_IN, ROOT, desk.house.clock(), "was a mistake", is_withdrawn=True)
    desk.house.identities.tell(IdentityKind.REF, f"google:{number}", word)
    desk.house.clock.passes(timedelta(minutes=1))


def test_somebody_of_the_directory_gets_in_under_their_own_id(desk: Desk) -> None:
    signed_in = comes(desk, OMAR)
    caller = signed_in.caller
    assert (caller.subject, caller.email, caller.role, caller.name) == (person_id_of(OMAR), OMAR, "user", "From Google")
    assert signed_in.person is not None
    assert signed_in.person.student_number == 17


def test_without_a_name_of_the_issuers_the_directorys_is_taken(desk: Desk) -> None:
    assert comes(desk, OMAR, name=None).caller.name == "Omar Nasser"
    assert comes(desk, LENA, "2", None).caller.name is None


def test_nobody_else_gets_in_and_is_told_whom_to_ask(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        comes(desk, "stranger@gmail.example")
    assert "stranger@gmail.example" in refused.value.detail
    assert "administrator" in refused.value.detail
    assert words(desk) == []


def test_an_administrator_of_the_deployment_gets_in_without_being_entered(desk: Desk) -> None:
    signed_in = comes(desk, ROOT)
    assert (signed_in.caller.role, signed_in.person) == ("admin", None)
    assert words(desk) == [(ROOT, Told.SIGNED_IN)]


@pytest.mark.parametrize(
    ("roles", "access", "role"),
    [
        (STUDENT, None, "user"),
        (TEACHER, None, "teacher"),
        (GUARDIAN, None, "user"),
        ((), None, "user"),
        ((*STUDENT, *TEACHER), None, "teacher"),
        (STUDENT, Access.TEACHER, "teacher"),
        (STUDENT, Access.ADMIN, "admin"),
        (TEACHER, Access.USER, "user"),
        (TEACHER, Access.ADMIN, "admin"),
    ],
)
def test_the_role_is_the_directorys(desk: Desk, roles: tuple[PersonRole, ...], access: Access | None, role: str) -> None:
    desk.enters(Person("new@school.example", roles, access=access))
    assert comes(desk, "new@school.example").caller.role == role


def test_what_the_directory_takes_from_an_administrator_is_gone(desk: Desk) -> None:
    desk.enters(Person(ROOT, TEACHER, access=Access.TEACHER))
    assert comes(desk, ROOT).caller.role == "teacher"


def test_a_google_account_is_remembered_once_however_often_one_comes(desk: Desk) -> None:
    for minute in range(3):
        desk.house.clock.at = at(minute)
        comes(desk, OMAR)
    (identity,) = desk.house.identities.of_person(OMAR)
    assert identity.key == f"google:{NUMBER}"
    assert [(word.email, word.told, word.by, word.at) for word in identity.words] == [(OMAR, Told.SIGNED_IN, OMAR, at(0))]
    assert identity.rev == 1


def test_an_account_of_another_issuer_is_let_in_and_not_remembered(desk: Desk) -> None:
    assert comes(desk, OMAR, None).caller.email == OMAR
    assert desk.house.identities.of_person(OMAR) == ()


def test_what_a_roster_said_of_the_account_is_confirmed_by_signing_in(desk: Desk) -> None:
    desk.house.identities.tell(IdentityKind.REF, f"google:{NUMBER}", Word(OMAR, Told.IMPORTED, ADA, at(-9)))
    comes(desk, OMAR)
    assert words(desk) == [(OMAR, Told.IMPORTED), (OMAR, Told.SIGNED_IN)]


@pytest.mark.parametrize("told", list(Told))
def test_an_account_that_is_known_as_somebody_elses_is_kept_out(desk: Desk, told: Told) -> None:
    desk.house.identities.tell(IdentityKind.REF, f"google:{NUMBER}", Word(LENA, told, ADA, at(-9)))
    with pytest.raises(Forbidden) as refused:
        comes(desk, OMAR)
    assert "withdraw" in refused.value.detail
    assert LENA not in refused.value.detail
    assert words(desk) == [(LENA, told)]


def test_an_address_that_signed_in_with_another_account_is_kept_out(desk: Desk) -> None:
    comes(desk, OMAR)
    with pytest.raises(Forbidden) as refused:
        comes(desk, OMAR, "999")
    assert "withdraw" in refused.value.detail
    assert NUMBER not in refused.value.detail
    assert words(desk, "999") == []
    assert comes(desk, OMAR).caller.email == OMAR


def test_after_an_administrator_withdrew_the_old_one_the_new_one_is_taken(desk: Desk) -> None:
    comes(desk, OMAR)
    withdraws(desk, OMAR)
    desk.house.clock.at = at(10)
    comes(desk, OMAR, "999")
    assert words(desk, "999") == [(OMAR, Told.SIGNED_IN)]


def test_after_an_account_was_withdrawn_from_one_person_it_may_be_anothers(desk: Desk) -> None:
    comes(desk, LENA)
    withdraws(desk, LENA)
    desk.house.clock.at = at(10)
    assert comes(desk, OMAR).caller.email == OMAR
    (identity,) = desk.house.identities.get_many([(IdentityKind.REF, f"google:{NUMBER}")])
    assert identity.word is not None
    assert identity.word.email == OMAR


def test_a_name_or_a_zoom_account_that_is_the_persons_stands_in_nobodys_way(desk: Desk) -> None:
    for kind, key in ((IdentityKind.NAME, "omar nasser"), (IdentityKind.REF, "zoom:user:7")):
        desk.house.identities.tell(kind, key, Word(OMAR, Told.CONFIRMED, ADA, at(-9)))
    comes(desk, OMAR)
    assert words(desk) == [(OMAR, Told.SIGNED_IN)]


def test_a_credential_from_before_the_sign_out_opens_nothing(desk: Desk) -> None:
    known = desk.house.people.get(OMAR)
    assert known is not None
    assert desk.house.people.save([(known, replace(known.value, signed_out_at=at(0), rev=2))])
    with pytest.raises(SignedOut):
        comes(desk, OMAR)
    assert words(desk) == []
    assert desk.sign_in(Account(OMAR, None, NUMBER, at(0))).caller.email == OMAR
