"""What every store of identities does: the fake and the emulator alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shared import system
from shared.domain.identities import Identity, IdentityKind, Told, Word, identity_id_of
from shared.people_ports import Identities
from tests.builders import at
from tests.fake_people import MemoryIdentities
from tests.fakes import no_sleep

OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"
REF, NAME = IdentityKind.REF, IdentityKind.NAME


@pytest.fixture(params=["memory", "firestore"])
def identities(request: pytest.FixtureRequest) -> Iterator[Identities]:
    if request.param == "memory":
        yield MemoryIdentities()
    else:
        from shared.adapters.firestore.identities import FirestoreIdentities

        yield FirestoreIdentities(request.getfixturevalue("database"), no_sleep)


def word(email: str = OMAR, minute: float = 0, **changes: object) -> Word:
    return replace(Word(email, Told.CONFIRMED, ADA, at(minute), "I know him"), **changes)  # type: ignore[arg-type]


def test_what_was_told_is_found_by_kind_and_key(identities: Identities) -> None:
    told = identities.tell(REF, "google:1", word())
    assert told == Identity(REF, "google:1", (word(),), 1)
    assert identities.get_many([(REF, "google:1"), (REF, "google:2"), (NAME, "google:1"), (REF, "google:1")]) == (told,)
    assert identities.get_many([]) == ()


def test_words_are_added_and_the_same_one_only_once(identities: Identities) -> None:
    for each in (word(), word(LENA, 1), word(minute=2, is_withdrawn=True), word(), word(LENA, 1)):
        told = identities.tell(NAME, "om", each)
    assert told.words == (word(), word(LENA, 1), word(minute=2, is_withdrawn=True))
    assert told.rev == 3
    assert told.word == word(LENA, 1)
    assert identities.get_many([(NAME, "om")]) == (told,)


def test_everything_about_a_person_is_found_withdrawn_or_not(identities: Identities) -> None:
    first = identities.tell(REF, "google:1", word())
    name = identities.tell(NAME, "om", word(is_withdrawn=True))
    identities.tell(NAME, "len", word(LENA))
    assert identities.of_person(OMAR) == tuple(sorted((first, name), key=lambda each: each.identity_id))
    assert identities.of_person("nobody@school.example") == ()


def test_of_those_who_tell_at_the_same_time_nobody_is_lost(request: pytest.FixtureRequest) -> None:
    from shared.adapters.firestore.identities import FirestoreIdentities

    identities = FirestoreIdentities(request.getfixturevalue("database"), system.sleep)
    words = [word(minute=minute) for minute in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda each: identities.tell(REF, "google:1", each), words))
    (found,) = identities.get_many([(REF, "google:1")])
    assert sorted(found.words, key=lambda each: each.at) == words
    assert found.rev == 4


def test_what_is_erased_is_gone_and_may_be_erased_again(identities: Identities) -> None:
    kept = identities.tell(REF, "google:1", word())
    for number in range(2, 5):
        identities.tell(REF, f"google:{number}", word())
    erased = [identity_id_of(REF, f"google:{number}") for number in range(2, 5)]
    identities.erase(erased)
    identities.erase([*erased, "f" * 32, "not/an/id"])
    identities.erase([])
    assert identities.of_person(OMAR) == (kept,)
