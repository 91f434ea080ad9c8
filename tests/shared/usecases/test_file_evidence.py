"""Taking in live events: durable first, folded once, never lost, never twice."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.attendance import Attendance
from shared.domain.errors import Stale, Unavailable
from shared.domain.evidence import Evidence
from shared.domain.sessions import Session
from shared.ports import AttendanceFilter, Fold, Versioned
from shared.usecases.file_evidence import Outcome
from tests.builders import ROOM, a_class, at, seen
from tests.fakes import Clock, MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House
from tests.shared.domain.test_presence import facts


def crash(_: str) -> Versioned[Session] | None:
    raise ZeroDivisionError


def with_class(house: House, *more: object) -> House:
    house.classes.add([a_class(), *more], None)  # type: ignore[list-item]
    house.clock.at = at(5)
    return house


def rows(house: House) -> dict[str | None, Attendance]:
    return {row.email: row for row in house.sessions.stream(AttendanceFilter(session_id=a_class().session_id))}


def heard(house: House) -> dict[str, object]:
    session = house.sessions.get(a_class().session_id)
    return dict(session.value.heard) if session else {}


def test_a_join_is_filed_folded_and_shown(house: House) -> None:
    filing = with_class(house).file(seen("join", at(1)))
    assert (filing.outcome, filing.session_id) == (Outcome.SUCCESS, a_class().session_id)
    assert rows(house)["omar@school.example"].is_present(at(2))
    assert house.evidence.pending_in(ROOM) == ()


def test_the_same_event_again_is_a_duplicate_and_changes_nothing(house: House) -> None:
    with_class(house).file(seen("join", at(1)))
    before = heard(house)
    filing = house.instance().file(seen("join", at(1), received_at=at(3)))
    assert (filing.outcome, filing.session_id) == (Outcome.DUPLICATE, a_class().session_id)
    assert heard(house) == before


def test_an_event_for_an_unknown_meeting_is_kept(house: House) -> None:
    filing = house.file(seen("join", at(1)))
    assert (filing.outcome, filing.session_id) == (Outcome.PENDING, None)
    assert house.evidence.pending_in(ROOM) != ()


def test_sixty_four_events_at_once_on_one_session_are_all_there_once(house: House) -> None:
    with_class(house)
    told = [seen("join", at(n / 60), f"email:p{n}@school.example") for n in range(64)]
    instances = [house.instance() for _ in range(4)]

    def file(number: int) -> Outcome:
        return instances[number % 4].file(told[number]).outcome

    with ThreadPoolExecutor(64) as pool:
        assert set(pool.map(file, range(64))) == {Outcome.SUCCESS}
    house.clock.passes(timedelta(minutes=1))
    house.tick()
    assert len(heard(house)) == 64
    assert len(rows(house)) == 64
    assert house.evidence.pending_in(ROOM) == ()


@settings(max_examples=50)
@given(st.lists(facts, min_size=1, max_size=15), st.integers(0, 2**31))
def test_any_order_any_repetition_any_instance_gives_the_same_attendance(told: Sequence[Evidence], seed: int) -> None:
    def attendance(order: Sequence[Evidence], instances: int) -> object:
        evidence = MemoryEvidence()
        house = with_class(House(MemoryClasses(), evidence, MemorySessions(evidence), clock=Clock(at(0))))
        doors = [house.instance() for _ in range(instances)]
        for number, fact in enumerate(order):
            doors[number % instances].file(fact)
        house.clock.at = at(200)
        house.tick()
        return (rows(house), heard(house))

    shuffled = [*told, *told]
    random.Random(seed).shuffle(shuffled)
    assert attendance(list(told), 1) == attendance(shuffled, 3)


def test_a_stored_event_is_acknowledged_even_when_folding_fails_and_the_tick_folds_it(house: House) -> None:
    with_class(house)
    door = house.instance()

    def broken(_: Sequence[Fold]) -> None:
        raise Stale("somebody else")

    object.__setattr__(door.fold, "sessions", type("Broken", (), {"store": staticmethod(broken), "get": house.sessions.get})())
    assert door.file(seen("join", at(1))).outcome is Outcome.SUCCESS
    assert heard(house) == {}
    house.clock.at = at(9)
    assert house.tick().bound == 1
    assert len(heard(house)) == 1


def test_an_event_that_could_not_be_stored_is_not_acknowledged() -> None:
    evidence = MemoryEvidence()
    house = with_class(House(MemoryClasses(), evidence, MemorySessions(evidence)))

    def down(_: Evidence) -> None:
        raise Unavailable("down")

    evidence.file = down  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        house.file(seen("join", at(1)))


def test_a_failure_that_nobody_foresaw_comes_with_the_acknowledgement() -> None:
    evidence = MemoryEvidence()
    house = with_class(House(MemoryClasses(), evidence, MemorySessions(evidence)))
    house.sessions.get = crash  # type: ignore[method-assign, assignment]
    filing = house.file(seen("join", at(1)))
    assert filing.outcome is Outcome.SUCCESS
    assert isinstance(filing.trouble, ZeroDivisionError)


def test_one_room_with_trouble_keeps_no_other_room_waiting() -> None:
    evidence = MemoryEvidence()
    house = with_class(
        House(MemoryClasses(), evidence, MemorySessions(evidence)), a_class("other", room="google_meet:zzzzzzzzzz")
    )
    evidence.file(seen("join", at(1)))
    evidence.file(seen("join", at(1), room="google_meet:zzzzzzzzzz"))
    real = house.sessions.get
    poisoned = a_class().session_id
    house.sessions.get = lambda i: crash(i) if i == poisoned else real(i)  # type: ignore[method-assign, assignment]
    house.clock.at = at(9)
    done = house.tick()
    assert (done.bound, done.left, len(done.troubles)) == (1, 1, 1)


def test_an_early_joiner_of_the_next_lesson_in_the_same_room_is_in_both(house: House) -> None:
    later = a_class("later", start_at=at(60), end_at=at(120))
    with_class(house, later)
    house.file(seen("join", at(55)))
    house.file(seen("leave", at(90)))
    found = {row.class_id: row.seconds(at(200)) for row in house.sessions.stream(AttendanceFilter())}
    assert found == {a_class().class_id: 5 * 60, later.class_id: 30 * 60}


def test_the_second_event_of_a_session_needs_no_read() -> None:
    evidence = MemoryEvidence()
    sessions = MemorySessions(evidence)
    lone = with_class(House(MemoryClasses(), evidence, sessions))
    lone.file(seen("join", at(1)))
    reads = sessions.reads
    lone.file(seen("leave", at(2)))
    assert sessions.reads == reads


def test_two_tellings_under_one_event_id_keep_the_first(house: House) -> None:
    with_class(house)
    house.file(replace(seen("join", at(1)), event_id="e1"))
    assert house.file(replace(seen("leave", at(5)), event_id="e1")).outcome is Outcome.DUPLICATE
    assert rows(house)["omar@school.example"].is_present(at(10))
