"""What every store of rulings does: the fake and the emulator alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.domain.rulings import Ruling, RulingKind
from shared.people_ports import Rulings
from tests.builders import a_class, at
from tests.fake_rulings import MemoryRulings
from tests.fakes import no_sleep

OMAR = "omar@school.example"
ALGEBRA, GRAMMAR = a_class("algebra").session_id, a_class("grammar").session_id


@pytest.fixture(params=["memory", "firestore"])
def rulings(request: pytest.FixtureRequest) -> Iterator[Rulings]:
    if request.param == "memory":
        yield MemoryRulings()
    else:
        from shared.adapters.firestore.rulings import FirestoreRulings

        yield FirestoreRulings(request.getfixturevalue("database"), no_sleep)


def excuse(session_id: str = ALGEBRA, minute: float = 0, reason: str = "ill") -> Ruling:
    return Ruling(session_id, RulingKind.EXCUSE, OMAR, "excused", "ada@school.example", at(minute), reason)


def test_rulings_are_found_by_session_by_what_they_are_about_and_by_id_the_oldest_first(rulings: Rulings) -> None:
    late, early, other = excuse(minute=5), excuse(minute=-5), excuse(GRAMMAR)
    status = Ruling(ALGEBRA, RulingKind.STATUS, f"email:{OMAR}", "present", "ada@school.example", at(70), "was there")
    rulings.add([late, early, other, status])
    assert rulings.of_session(ALGEBRA) == (early, late, status)
    assert rulings.about(OMAR) == (early, other, late)
    assert rulings.about(f"email:{OMAR}") == (status,)
    assert rulings.get(other.ruling_id) == other


def test_what_nobody_ruled_about_is_answered_with_nothing(rulings: Rulings) -> None:
    assert rulings.of_session(ALGEBRA) == ()
    assert rulings.about("nobody@school.example") == ()
    assert rulings.get("0" * 32) is None
    assert rulings.of_session("not/an/id") == ()
    assert rulings.get("not/an/id") is None
    rulings.add([])
    rulings.erase(["0" * 32, "not/an/id"])


def test_a_ruling_that_is_stored_already_is_fine_and_keeps_its_first_words(rulings: Rulings) -> None:
    first, new = excuse(), excuse(GRAMMAR)
    rulings.add([first])
    rulings.add([first, first])
    rulings.add([replace(first, reason="another reason"), new])
    assert rulings.about(OMAR) == tuple(sorted([first, new], key=lambda each: each.ruling_id))


def test_a_withdrawal_is_kept_beside_what_it_withdraws(rulings: Rulings) -> None:
    given = excuse()
    withdrawn = replace(given, at=at(1), is_withdrawn=True)
    rulings.add([given])
    rulings.add([withdrawn])
    assert rulings.of_session(ALGEBRA) == (given, withdrawn)


def test_two_hundred_are_stored_at_once_and_erased_for_good(rulings: Rulings) -> None:
    many = [excuse(a_class(f"class {number}").session_id) for number in range(200)]
    rulings.add(many)
    assert len(rulings.about(OMAR)) == 200
    rulings.erase([each.ruling_id for each in many[1:]])
    rulings.erase([each.ruling_id for each in many[1:]])
    assert rulings.about(OMAR) == (many[0],)
