"""Seeing registrations: one's own always, a teacher their classes', an administrator all, and nobody whether there are others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from shared.domain.accounts import Caller
from shared.domain.classes import Status
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import NotFound
from shared.domain.user_sessions import LONGEST, UserSession
from shared.usecases.join_meeting import Registration
from shared.usecases.watch_user_sessions import MOST_COUNTED, student_among
from tests.builders import ROOM, a_class, at
from tests.fake_user_sessions import Desk, MemoryUserSessions, desk_over
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

OMAR = Caller("omar-1", "omar@school.example", "user", "Omar Nasser")
LENA = Caller("lena-1", "lena@school.example", "user", "Lena Holm")
ADA = Caller("ada-1", "ada@school.example", "teacher", "Ada")
BEA = Caller("bea-1", "bea@school.example", "teacher", "Bea")
ROOT = Caller("root-1", "root@school.example", "admin")
CODE, DAY = "abc-mnop-xyz", 24 * 60


@pytest.fixture
def desk(house: House, request: pytest.FixtureRequest) -> Desk:
    house.clock.at = at(0)
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return desk_over(house, None if is_memory else request.getfixturevalue("database"))


def joins(desk: Desk, caller: Caller, minute: float = 0, device: str = "Desktop", meeting_id: str = CODE) -> None:
    desk.house.clock.at = at(minute)
    desk.join(Registration(meeting_id, device=device), caller)


def seen_by(desk: Desk, caller: Caller, meeting_id: str = CODE) -> list[str]:
    return [each.registration.email for each in desk.watch.of_meeting(meeting_id, caller).participants]


def absent(story: Callable[[], object]) -> str:
    with pytest.raises(NotFound) as refused:
        story()
    return refused.value.detail


def test_everybody_sees_their_own_and_nobody_elses(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    joins(desk, OMAR)
    joins(desk, LENA)
    joins(desk, OMAR, 1, "Phone")
    found = desk.watch.of_meeting(CODE, OMAR)
    assert [(each.registration.email, each.registration.device) for each in found.participants] == [
        (OMAR.email, "Desktop"),
        (OMAR.email, "Phone"),
    ]
    assert found.about == ()


def test_whoever_has_none_cannot_tell_whether_there_is_such_a_meeting(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    joins(desk, OMAR)
    told = {absent(partial(desk.watch.of_meeting, code, who)) for code in (CODE, "zzz-zzzz-zzz") for who in (LENA, BEA)}
    assert len(told) == 1


def test_a_teacher_sees_those_of_their_classes_and_it_is_said_which(desk: Desk) -> None:
    algebra = a_class()
    history = a_class("history", start_at=at(300), end_at=at(360), teacher_email=BEA.email)
    desk.house.classes.add([algebra, history], None)
    joins(desk, OMAR)
    joins(desk, LENA, 299)
    assert seen_by(desk, ADA) == [OMAR.email]
    assert seen_by(desk, BEA) == [LENA.email]
    assert desk.watch.of_meeting(CODE, BEA).about == (history.session_id,)
    assert desk.watch.of_meeting(CODE, ROOT).about == (algebra.session_id, history.session_id)


def test_somebody_with_the_role_of_a_user_teaches_nothing(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    joins(desk, OMAR)
    absent(partial(desk.watch.of_meeting, CODE, replace(ADA, role="user")))


def test_a_teacher_whose_class_nobody_registered_for_sees_that(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    found = desk.watch.of_meeting(CODE, ADA)
    assert (found.participants, found.about) == ((), ())


def test_whoever_registers_early_is_registered_for_the_next_class(desk: Desk) -> None:
    desk.house.classes.add([a_class(start_at=at(600), end_at=at(660))], None)
    joins(desk, OMAR)
    assert seen_by(desk, ADA) == [OMAR.email]


def test_what_would_have_expired_before_the_class_is_not_of_it(desk: Desk) -> None:
    desk.house.classes.add([a_class(start_at=at(0) + LONGEST, end_at=at(60) + LONGEST)], None)
    joins(desk, OMAR)
    assert seen_by(desk, ADA) == []
    assert seen_by(desk, ROOT) == [OMAR.email]


def test_a_cancelled_class_shows_its_teacher_nobody(desk: Desk) -> None:
    desk.house.classes.add([a_class(status=Status.CANCELLED)], None)
    joins(desk, OMAR)
    assert seen_by(desk, ADA) == []


def test_in_a_meeting_of_no_class_an_administrator_sees_all_and_the_room_is_named(desk: Desk) -> None:
    joins(desk, OMAR)
    joins(desk, LENA)
    found = desk.watch.of_meeting(CODE, ROOT)
    assert len(found.participants) == 2
    assert found.about == (ROOM,)


def test_what_is_left_expired_or_a_month_old(desk: Desk) -> None:
    joins(desk, OMAR)
    desk.house.clock.at = at(30 * DAY)
    assert seen_by(desk, OMAR) == [OMAR.email]
    desk.house.clock.passes(timedelta(seconds=1))
    absent(partial(desk.watch.of_meeting, CODE, OMAR))


def test_students_are_shown_as_the_directory_has_them(desk: Desk) -> None:
    omar = Person(OMAR.email, (PersonRole.STUDENT,), "Omar", "Nasser", 17)
    desk.enters(omar, Person(ADA.email, (PersonRole.TEACHER,), "Ada"))
    for who in (OMAR, LENA, ADA):
        joins(desk, who)
    found = {each.registration.email: each.student for each in desk.watch.of_meeting(CODE, ROOT).participants}
    assert found == {OMAR.email: omar, LENA.email: None, ADA.email: None}
    assert student_among({}, OMAR.email) is None


@pytest.mark.parametrize("meeting_id", ["algebra", "12", "abc", "..", "%2e"])
def test_what_names_no_meeting_is_not_found(desk: Desk, meeting_id: str) -> None:
    for who in (OMAR, ADA, ROOT):
        absent(partial(desk.watch.of_meeting, meeting_id, who))
        absent(partial(desk.watch.theirs_to_end, meeting_id, who))


def test_the_numbers_count_people_once_and_only_who_is_registered_now(desk: Desk) -> None:
    desk.enters(Person(OMAR.email, (PersonRole.STUDENT,)), Person(ADA.email, (PersonRole.TEACHER,)))
    joins(desk, LENA, -12 * 60)
    joins(desk, OMAR)
    joins(desk, OMAR, device="Phone")
    joins(desk, ADA, meeting_id="zzz-zzzz-zzz")
    joins(desk, ROOT)
    desk.leave(desk.join(Registration(CODE), BEA).registration.session_id, BEA)
    told = desk.watch.stats()
    assert (told.sessions, told.users, told.meetings, told.students) == (4, 3, 2, 1)
    assert dict(told.roles) == {"user": 1, "teacher": 1, "admin": 1}
    assert (told.is_more, told.waiting, told.last_run) == (False, 1, None)
    desk.expire()
    told = desk.watch.stats()
    assert (told.waiting, told.last_run) == (0, (at(0), {"expired": 1}))


def test_somebody_whose_role_changed_counts_under_the_newest(desk: Desk) -> None:
    joins(desk, OMAR)
    joins(desk, replace(OMAR, role="teacher"), 1, "Phone")
    assert dict(desk.watch.stats().roles) == {"teacher": 1}


class Crowded(MemoryUserSessions):
    """A store with more registrations than anybody counts."""

    def active(self, now: datetime, limit: int) -> tuple[UserSession, ...]:
        return (super().active(now, limit) * limit)[:limit]


def test_numbers_that_are_not_whole_say_so() -> None:
    evidence = MemoryEvidence()
    desk = Desk(House(MemoryClasses(), evidence, MemorySessions(evidence)), Crowded(evidence))
    assert not desk.watch.stats().is_more
    joins(desk, OMAR)
    told = desk.watch.stats()
    assert (told.is_more, told.sessions, told.users) == (True, MOST_COUNTED, 1)
