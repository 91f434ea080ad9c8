"""What every store of parties does: the fake and the emulator alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.billing_ports import Parties, Party
from shared.domain.errors import NotFound
from tests.fake_billing import MemoryParties
from tests.fakes import no_sleep
from tests.shaky import WAYS, Died, ShakyClient
from tests.shaky import Line as Shaky

if TYPE_CHECKING:
    from google.cloud import firestore

MUM, DAD, OMAR, LENA = "mum@home.example", "dad@home.example", "omar@school.example", "lena@school.example"
HOME = Party(MUM, "EUR", "Mum Nasser", "1 Long Lane\nTown", (OMAR, LENA), 30)


def over(client: "firestore.Client") -> Parties:
    from shared.adapters.firestore.parties import FirestoreParties

    return FirestoreParties(client, no_sleep)


@pytest.fixture(params=["memory", "firestore"])
def parties(request: pytest.FixtureRequest) -> Parties:
    return MemoryParties() if request.param == "memory" else over(request.getfixturevalue("database"))


def changed(parties: Parties, **changes: object) -> bool:
    before = parties.get(MUM)
    assert before is not None
    return parties.save(before, replace(before.value, rev=before.value.rev + 1, **changes))  # type: ignore[arg-type]


def test_a_party_comes_back_as_it_was_entered(parties: Parties) -> None:
    assert parties.get(MUM) is None
    assert parties.save(None, HOME)
    found = parties.get(MUM)
    assert found is not None
    assert found.value == HOME
    assert parties.get_many([MUM, DAD, MUM]) == {MUM: HOME}
    assert parties.get_many([]) == {}


def test_who_enters_a_party_second_is_told_so_and_the_same_again_is_fine(parties: Parties) -> None:
    assert parties.save(None, HOME)
    assert parties.save(None, HOME)
    assert not parties.save(None, replace(HOME, currency="USD"))
    found = parties.get(MUM)
    assert found is not None
    assert found.value == HOME


def test_who_changes_an_old_version_is_told_so(parties: Parties) -> None:
    parties.save(None, HOME)
    before = parties.get(MUM)
    assert before is not None
    assert changed(parties, due_days=7)
    assert not parties.save(before, replace(HOME, due_days=60, rev=2))
    assert parties.save(before, replace(HOME, due_days=7, rev=2))
    assert changed(parties, students=(LENA,))
    found = parties.get(MUM)
    assert found is not None
    assert (found.value.due_days, found.value.students, found.value.rev) == (7, (LENA,), 3)


def test_a_student_s_bills_go_to_the_party_that_names_them_now(parties: Parties) -> None:
    parties.save(None, HOME)
    parties.save(None, Party(DAD, "EUR", students=("tim@school.example",)))
    found = parties.of_students([OMAR, "tim@school.example", "nobody@school.example", OMAR])
    assert {student: party.email for student, party in found.items()} == {OMAR: MUM, "tim@school.example": DAD}
    changed(parties, students=())
    assert parties.of_students([OMAR]) == {}
    assert parties.of_students([]) == {}


def test_of_several_that_name_a_student_the_first_address_is_the_party(parties: Parties) -> None:
    for email in (MUM, DAD):
        parties.save(None, Party(email, "EUR", students=(OMAR,)))
    assert parties.of_students([OMAR])[OMAR].email == DAD


def test_many_students_are_found_at_once(parties: Parties) -> None:
    students = [f"s{n:03d}@school.example" for n in range(95)]
    for first in range(0, 95, 5):
        parties.save(None, Party(f"p{first:03d}@home.example", "EUR", students=tuple(students[first : first + 5])))
    found = parties.of_students(students)
    assert {student: party.email for student, party in found.items()} == {
        student: f"p{n - n % 5:03d}@home.example" for n, student in enumerate(students)
    }


def test_pages_hold_each_party_once_by_address_and_a_foreign_token_is_refused(parties: Parties) -> None:
    emails = [f"p{n}@home.example" for n in range(5)]
    for email in reversed(emails):
        parties.save(None, Party(email, "EUR"))
    found, token = list[str](), None
    while True:
        page = parties.page(2, token)
        found += [each.email for each in page.items]
        token = page.next_token
        if token is None:
            break
    assert found == emails
    for foreign in ("f" * 32, "no id", "../x"):
        with pytest.raises(NotFound):
            parties.page(2, foreign)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at_commit", [1, 2])
def test_whichever_commit_is_disturbed_the_change_is_made_once(database: "firestore.Client", at_commit: int, way: str) -> None:
    parties = over(ShakyClient(database.project, Shaky(at_commit, way)))
    for wanted in (HOME, replace(HOME, due_days=7, rev=2)):
        before = parties.get(MUM)
        try:
            assert parties.save(before, wanted)
        except Died:
            assert parties.save(before, wanted)
    found = parties.get(MUM)
    assert found is not None
    assert (found.value.due_days, found.value.rev) == (7, 2)


def test_of_many_who_change_a_party_at_once_one_does(database: "firestore.Client") -> None:
    parties = over(database)
    parties.save(None, HOME)
    before = parties.get(MUM)
    assert before is not None
    with ThreadPoolExecutor(32) as threads:
        done = list(threads.map(lambda days: parties.save(before, replace(HOME, due_days=days, rev=2)), range(100, 132)))
    found = parties.get(MUM)
    assert found is not None
    assert [100 + n for n, is_done in enumerate(done) if is_done] == [found.value.due_days]
    assert found.version != before.version
