"""Ending registrations: one's own, everybody's by the teacher, and those whose time is over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from shared.domain.accounts import Caller
from shared.domain.errors import NotFound
from shared.domain.evidence import Evidence, Kind, Source
from shared.domain.ids import stable_id
from shared.domain.user_sessions import LONGEST, UserSession
from shared.ports import AttendanceFilter
from shared.usecases.join_meeting import Registration
from tests.builders import ROOM, a_class, at
from tests.fake_user_sessions import Desk, desk_over
from tests.fakes import MemoryEvidence
from tests.house import House

OMAR = Caller("omar-1", "omar@school.example", "user", "Omar Nasser")
LENA = Caller("lena-1", "lena@school.example", "user", "Lena Holm")
ADA = Caller("ada-1", "ada@school.example", "teacher", "Ada")
BEA = Caller("bea-1", "bea@school.example", "teacher", "Bea")
ROOT = Caller("root-1", "root@school.example", "admin")
CODE = "abc-mnop-xyz"


@pytest.fixture
def desk(house: House, request: pytest.FixtureRequest) -> Desk:
    house.clock.at = at(0)
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return desk_over(house, None if is_memory else request.getfixturevalue("database"))


def joins(desk: Desk, caller: Caller = OMAR, device: str = "Desktop", meeting_id: str = CODE) -> str:
    return desk.join(Registration(meeting_id, device=device), caller).registration.session_id


def found(desk: Desk, session_id: str) -> UserSession:
    known = desk.registrations.get(session_id)
    assert known is not None
    return known.value


def leaves(desk: Desk) -> list[Evidence]:
    facts = desk.house.evidence.in_room(ROOM, at(-900), at(900))
    return [fact for fact in facts if fact.source is Source.APP_SESSION and fact.kind is Kind.LEAVE]


def absent(story: Callable[[], object]) -> str:
    with pytest.raises(NotFound) as refused:
        story()
    return refused.value.detail


def test_leaving_ends_it_and_says_so_as_evidence(desk: Desk) -> None:
    session_id = joins(desk)
    desk.house.clock.passes(timedelta(minutes=45))
    left = desk.leave(session_id, OMAR)
    (ended,) = left.registrations
    assert (ended.joined_at, ended.left_at, ended.ended_by) == (at(0), at(45), OMAR.email)
    assert found(desk, session_id) == ended
    assert not ended.is_active(at(45))
    (fact,) = leaves(desk)
    assert (fact.at, fact.connection, fact.event_id) == (at(45), session_id, f"{session_id}/leave")
    assert fact.participant.ref == f"email:{OMAR.email}"
    assert left.troubles == ()


def test_coming_and_going_by_clicks_alone_is_no_attendance(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    session_id = joins(desk)
    desk.house.clock.passes(timedelta(minutes=55))
    desk.leave(session_id, OMAR)
    (row,) = desk.house.sessions.rows(AttendanceFilter(email=OMAR.email), 5, None).items
    assert row.seconds(at(60)) == 0


def test_leaving_without_having_joined_twice_late_or_for_somebody_else_is_the_same_refusal(desk: Desk) -> None:
    hers, mine = joins(desk, LENA), joins(desk)
    old = joins(desk, device="Phone")
    told = [
        absent(partial(desk.leave, each, OMAR)) for each in (hers, stable_id("u", "none"), "user123_1_1640000000000", "", "a/b")
    ]
    desk.leave(mine, OMAR)
    told.append(absent(partial(desk.leave, mine, OMAR)))
    told.append(absent(partial(desk.leave, hers, ROOT)))
    desk.house.clock.passes(LONGEST)
    told.append(absent(partial(desk.leave, old, OMAR)))
    assert len(set(told)) == 1
    assert "join-meeting" in told[0]
    assert found(desk, hers).left_at is None
    assert len(leaves(desk)) == 1


def test_of_two_devices_one_may_leave_and_the_other_stays(desk: Desk) -> None:
    laptop, phone = joins(desk), joins(desk, device="Phone")
    desk.leave(laptop, OMAR)
    assert found(desk, phone).is_active(at(1))
    assert joins(desk, device="Phone") == phone
    assert joins(desk) != laptop


def test_of_many_who_leave_at_once_one_is_told_that_it_did(desk: Desk) -> None:
    session_id = joins(desk)

    def leaves_now(_: int) -> bool:
        try:
            desk.leave(session_id, OMAR)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert any(pool.map(leaves_now, range(8)))
    assert found(desk, session_id).left_at == at(0)
    assert len(leaves(desk)) == 1


def test_a_teacher_ends_the_meeting_for_everybody_who_registered(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    ids = [joins(desk), joins(desk, device="Phone"), joins(desk, LENA)]
    gone = joins(desk, LENA, "Tablet")
    desk.leave(gone, LENA)
    desk.house.clock.passes(timedelta(minutes=50))
    ended = desk.end("ABCMNOPXYZ", ADA)
    assert {each.session_id for each in ended.registrations} == set(ids)
    assert {(found(desk, each).left_at, found(desk, each).ended_by) for each in ids} == {(at(50), ADA.email)}
    assert found(desk, gone).ended_by == LENA.email
    assert len(leaves(desk)) == 4
    assert desk.end(CODE, ADA).registrations == ()


def test_a_teacher_ends_what_is_registered_for_their_own_classes_only(desk: Desk) -> None:
    hers = a_class("history", start_at=at(300), end_at=at(360), teacher_email=BEA.email)
    desk.house.classes.add([a_class(), hers], None)
    algebra = joins(desk)
    desk.house.clock.at = at(299)
    history = joins(desk, LENA)
    (ended,) = desk.end(CODE, BEA).registrations
    assert ended.session_id == history
    assert found(desk, algebra).is_active(at(299))
    assert len(desk.end(CODE, ROOT).registrations) == 1


def test_whoever_does_not_teach_it_cannot_tell_whether_there_is_such_a_meeting(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    session_id = joins(desk)
    told = {absent(partial(desk.end, code, caller)) for code in (CODE, "zzz-zzzz-zzz") for caller in (BEA, OMAR, LENA)}
    assert len(told) == 1
    assert found(desk, session_id).is_active(at(0))


def test_an_administrator_ends_a_meeting_of_no_class_too(desk: Desk) -> None:
    session_id = joins(desk, meeting_id="zzz-zzzz-zzz")
    assert [each.session_id for each in desk.end("zzz-zzzz-zzz", ROOT).registrations] == [session_id]
    assert desk.end("yyy-yyyy-yyy", ROOT).registrations == ()


def test_a_page_that_was_closed_without_leaving_is_closed_when_its_time_is_over(desk: Desk) -> None:
    session_id = joins(desk)
    desk.house.clock.at = at(0) + LONGEST - timedelta(seconds=1)
    assert desk.expire() == {"expired_registrations": 0}
    desk.house.clock.passes(timedelta(seconds=1))
    assert not found(desk, session_id).is_active(desk.house.clock())
    assert desk.expire() == {"expired_registrations": 1}
    closed = found(desk, session_id)
    assert (closed.left_at, closed.ended_by, closed.rev) == (None, "expired", 2)
    assert leaves(desk) == []
    assert desk.expire() == {"expired_registrations": 0}


def test_closing_is_bounded_takes_the_oldest_first_and_tells_when_it_ran(desk: Desk) -> None:
    ids = []
    for minute in range(5):
        desk.house.clock.at = at(minute)
        ids.append(joins(desk, device=f"device {minute}"))
    desk.house.clock.at = at(60) + LONGEST
    assert desk.expire(3) == {"expired_registrations": 3}
    assert [found(desk, each).ended_by for each in ids] == ["expired"] * 3 + [None] * 2
    assert desk.beat.last() == (at(60) + LONGEST, {"expired": 3})
    assert desk.expire(3) == {"expired_registrations": 2}


def broken(fact: Evidence) -> None:
    raise RuntimeError(fact.connection)


def test_what_goes_wrong_after_it_is_stored_undoes_nothing(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    ids = [joins(desk), joins(desk, LENA)]
    claims = replace(desk.claims, fold=broken)
    left = replace(desk.leave, claims=claims)(ids[0], OMAR)
    ended = replace(desk.end, claims=claims)(CODE, ADA)
    assert [type(each) for each in (*left.troubles, *ended.troubles)] == [RuntimeError, RuntimeError]
    assert [found(desk, each).left_at for each in ids] == [at(0), at(0)]
    assert {fact.connection for fact in desk.house.evidence.pending_in(ROOM)} == set(ids)
