"""What every list of the forgotten, and of erasures under way, does: the fake and the emulator alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from google.cloud import firestore

from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
from shared.domain.subjects import Subject, is_pseudonym, pseudonym_from
from shared.people_ports import Erasure, Erasures, Forgotten
from tests.builders import at
from tests.fake_privacy import MemoryErasures, MemoryForgotten
from tests.fakes import Clock, Ids, no_sleep

OMAR, REF = "email:omar@school.example", "google:112233445566778899001"
ONE, OTHER = pseudonym_from("1"), pseudonym_from("2")


@pytest.fixture
def clock() -> Clock:
    return Clock(at(0))


@pytest.fixture(params=["memory", "firestore"])
def instance(request: pytest.FixtureRequest, clock: Clock) -> Callable[[], Forgotten]:
    """Makes instances that share one store."""
    if request.param == "memory":
        forgotten = MemoryForgotten()
        return lambda: forgotten
    database: Any = request.getfixturevalue("database")
    return lambda: FirestoreForgotten(database, clock, Ids())


@pytest.fixture(params=["memory", "firestore"])
def erasures(request: pytest.FixtureRequest) -> Erasures:
    if request.param == "memory":
        return MemoryErasures()
    return FirestoreErasures(request.getfixturevalue("database"), no_sleep)


def test_who_was_forgotten_is_known_by_any_of_their_refs_and_nobody_else_is(instance: Callable[[], Forgotten]) -> None:
    forgotten = instance()
    assert forgotten.pseudonym_of([OMAR]) == {}
    assert forgotten.add([OMAR, REF], ONE, at(0)) == ONE
    assert forgotten.pseudonym_of([REF, OMAR, "email:lena@school.example"]) == {OMAR: ONE, REF: ONE}
    assert instance().pseudonym_of([REF]) == {REF: ONE}


def test_the_first_pseudonym_of_an_address_stays(instance: Callable[[], Forgotten]) -> None:
    assert instance().add([OMAR], ONE, at(0)) == ONE
    assert instance().add([OMAR, REF], OTHER, at(1)) == ONE
    assert instance().pseudonym_of([OMAR, REF]) == {OMAR: ONE, REF: ONE}


def test_another_instance_knows_after_a_minute(instance: Callable[[], Forgotten], clock: Clock) -> None:
    reader, writer = instance(), instance()
    reader.pseudonym_of([OMAR])
    writer.add([OMAR], ONE, clock.at)
    clock.at = at(1.1)
    assert reader.pseudonym_of([OMAR]) == {OMAR: ONE}
    writer.add([REF], OTHER, at(-5))
    clock.at = at(2.2)
    assert reader.pseudonym_of([REF, OMAR]) == {OMAR: ONE, REF: OTHER}


def test_the_store_holds_no_address_and_no_plain_digest(database: firestore.Client, clock: Clock) -> None:
    FirestoreForgotten(database, clock, Ids()).add([OMAR, REF], ONE, at(0))
    other = FirestoreForgotten(database, clock, Ids(500))
    assert other.pseudonym_of([OMAR]) == {OMAR: ONE}
    told = [(each.id, each.to_dict()) for each in database.collection("forgotten").stream()]
    assert len(told) == 2
    assert "omar" not in str(told)
    assert {is_pseudonym(fields["pseudonym"]) for _, fields in told if fields} == {True}


def test_knowing_costs_no_read_within_a_minute(database: firestore.Client, clock: Clock) -> None:
    reader = FirestoreForgotten(database, clock, Ids())
    reader.pseudonym_of([OMAR])
    FirestoreForgotten(database, clock, Ids()).add([OMAR], ONE, clock.at)
    clock.at = at(0.9)
    assert reader.pseudonym_of([OMAR]) == {}


def test_of_many_who_forget_somebody_at_once_all_get_one_pseudonym(instance: Callable[[], Forgotten]) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: instance().add([OMAR, REF], pseudonym_from(str(n)), at(0)), range(8)))
    assert len(set(told)) == 1
    assert instance().pseudonym_of([OMAR, REF]) == {OMAR: told[0], REF: told[0]}


def test_an_erasure_is_kept_until_it_is_finished_and_the_second_writer_is_refused(erasures: Erasures) -> None:
    subject = Subject("omar@school.example", frozenset({"Omar Nasser"}), frozenset({REF}), ("c" * 32,))
    job = Erasure(subject, ONE, at(0))
    assert erasures.get(subject.email) is None
    assert erasures.save(None, job)
    assert erasures.save(None, job)
    assert not erasures.save(None, replace(job, pseudonym=OTHER))
    before = erasures.get(subject.email)
    assert before is not None
    assert before.value == job
    further = replace(job, place="classes/x", rev=2)
    assert erasures.save(before, further)
    assert not erasures.save(before, replace(further, place="sessions/y"))
    older = Erasure(Subject("lena@school.example"), OTHER, at(-5))
    erasures.save(None, older)
    assert erasures.all(10) == (older, further)
    assert erasures.all(1) == (older,)
    erasures.finished(subject.email)
    erasures.finished(subject.email)
    assert erasures.all(10) == (older,)
