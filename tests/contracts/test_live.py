"""The live view as the real store gives it: written with the class and with the fold, heard by whoever watches the course."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from google.cloud import firestore

from shared.adapters.firestore.courses import FirestoreCourses
from shared.adapters.firestore.live import MOST_WATCHED, FirestoreLive
from shared.domain.classes import ScheduledClass, Status
from shared.domain.directory import Course
from shared.domain.live import LiveSession
from tests.builders import a_class, at, minutes, seen
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.house import House

LENA = "lena@school.example"
WAIT_S = 10


class Told:
    """What a watch told, so that a test can wait for it."""

    def __init__(self) -> None:
        self.states: list[Mapping[str, LiveSession]] = []
        self.read_at: list[datetime] = []
        self._news = threading.Condition()

    def __call__(self, state: Mapping[str, LiveSession], read_at: datetime) -> None:
        with self._news:
            self.states.append(state)
            self.read_at.append(read_at)
            self._news.notify_all()

    def until(self, count: int) -> Mapping[str, LiveSession]:
        """The last state, once so many were told."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.states) >= count, WAIT_S), self.states
            return self.states[-1]


@contextmanager
def watching(live: FirestoreLive, told: Told) -> Iterator[None]:
    watch = live.watch("maths", at(-60), told)
    try:
        assert watch.is_alive
        yield
    finally:
        watch.stop()
        assert not watch.is_alive


def opened(house: House, name: str = "algebra") -> ScheduledClass:
    """A class of the course that has begun."""
    house.classes.add([a_class(name, course_id="maths", due_at=at(0))], None)
    house.clock.at = at(0)
    house.tick()
    return house.classes.get(a_class(name).class_id)


def only(state: Mapping[str, LiveSession]) -> LiveSession:
    (session,) = state.values()
    return session


def test_a_class_that_opens_fills_and_closes_is_told_at_every_step(database: firestore.Client) -> None:
    house, live, told = firestore_house(database), FirestoreLive(database), Told()
    with watching(live, told):
        assert told.until(1) == {}
        held = opened(house)
        session = only(told.until(2))
        assert (session.held.is_on, session.held.people, session.people) == (True, held.people, {})
        house.clock.at = at(5)
        house.file(seen("join", at(5)))
        session = only(told.until(3))
        assert [(person.email, person.is_present) for person in session.people.values()] == [("omar@school.example", True)]
        assert session.students_inside == 1
        house.clock.at = held.end_at
        house.tick()
        session = only(told.until(4))
        assert session.held.status is Status.COMPLETED
    assert told.read_at == sorted(told.read_at)
    revs = [session.rev for state in told.states for session in state.values()]
    assert revs == sorted(set(revs))
    assert live.of_course("maths", at(-60)) == told.states[-1]


def test_people_who_come_before_the_class_opens_are_in_its_view_from_the_beginning(database: firestore.Client) -> None:
    house, live = firestore_house(database), FirestoreLive(database)
    house.classes.add([a_class(course_id="maths", due_at=at(0))], None)
    house.clock.at = at(-3)
    house.file(seen("join", at(-3), f"email:{LENA}"))
    assert live.of_course("maths", at(-60)) == {}
    house.clock.at = at(0)
    house.tick()
    assert [person.email for person in only(live.of_course("maths", at(-60))).people.values()] == [LENA]


def test_a_row_that_gives_way_to_another_leaves_the_view(database: firestore.Client) -> None:
    house, live = firestore_house(database), FirestoreLive(database)
    held = opened(house)
    house.clock.at = at(5)
    house.file(seen("join", at(5), "meet:c1/p7", name="Omar", connection="c7"))
    (unknown,) = only(live.of_course("maths", at(-60))).people.values()
    assert unknown.email is None
    session = house.sessions.get(held.session_id)
    assert session is not None
    house.fold.store(session, replace(session.value, identities={"meet:c1/p7": LENA}), held, (held,))
    people = only(live.of_course("maths", at(-60))).people
    assert [person.email for person in people.values()] == [LENA]


def test_only_classes_of_a_course_write_a_view(database: firestore.Client) -> None:
    house = firestore_house(database)
    house.classes.add([a_class(due_at=at(0))], None)
    house.clock.at = at(1)
    house.tick()
    house.file(seen("join", at(1)))
    assert list(database.collection("live").stream()) == []


def test_what_is_watched_is_bounded_and_leaves_old_classes_out(database: firestore.Client) -> None:
    house, live = firestore_house(database), FirestoreLive(database)
    held = opened(house)
    assert live.of_course("maths", held.end_at) == {}
    assert live.of_course("physics", at(-60)) == {}
    original = database.collection("live").document(held.session_id).get().to_dict()
    batch = database.batch()
    for number in range(MOST_WATCHED + 5):
        copy = {**(original or {}), "end_at": held.end_at + minutes(number)}
        batch.set(database.collection("live").document(f"{number:032x}"), copy)
    batch.commit()
    assert len(live.of_course("maths", at(-60))) == MOST_WATCHED


def test_a_roster_is_told_at_once_and_after_every_change(database: firestore.Client) -> None:
    courses, live = FirestoreCourses(database, no_sleep), FirestoreLive(database)
    told: list[frozenset[str]] = []
    news = threading.Condition()

    def hear(members: frozenset[str]) -> None:
        with news:
            told.append(members)
            news.notify_all()

    def heard(count: int) -> frozenset[str]:
        with news:
            assert news.wait_for(lambda: len(told) >= count, WAIT_S)
            return told[-1]

    watch = live.watch_roster("maths", hear)
    try:
        assert heard(1) == frozenset()
        courses.save(None, Course("maths", "Maths", ("ada@school.example",), (LENA,)))
        assert heard(2) == {"ada@school.example", LENA}
        found = courses.get("maths")
        assert found is not None
        courses.save(found, replace(found.value, student_emails=(), rev=found.value.rev + 1))
        assert heard(3) == {"ada@school.example"}
    finally:
        watch.stop()
