"""The port `Sessions`: what every store of sessions and attendance rows does."""

from dataclasses import replace

import pytest

from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import ScheduledClass
from shared.domain.errors import NotFound, Stale
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session, SyncReport, SyncStatus
from shared.ports import MOST_SESSIONS, AttendanceFilter, Fold
from tests.builders import ROOM, a_class, at, seen
from tests.house import House

REPORT = SyncReport(SyncStatus.SUCCESS, at(61), "Synced 1 participants", "nothing", 1, complete=True, expires_at=at(9999))


def a_fold(held: ScheduledClass, **changes: object) -> Fold:
    """The first fold of a class's session: one student, and the roster."""
    session = Session(held.session_id, held.class_id, identities={"google:2": "omar@school.example"}, sync=REPORT)
    session = session.with_facts([seen("join", held.start_at), seen("leave", held.end_at)])
    rows = attendance_of(session, held, extent_of(held, []))
    session = replace(session, rows=tuple(sorted(row.row_id for row in rows)), measured_at=at(61), rev=1)
    return replace(Fold(None, session, rows, (), ()), **changes)  # type: ignore[arg-type]


def test_a_session_and_its_rows_come_back_as_they_were_stored(house: House) -> None:
    fold = a_fold(a_class())
    house.sessions.store([fold])
    found = house.sessions.get(fold.after.session_id)
    assert found is not None
    assert found.value == fold.after
    assert set(house.sessions.stream(AttendanceFilter())) == set(fold.rows)
    assert house.sessions.get_many([fold.after.session_id, "0" * 32]) == {fold.after.session_id: fold.after}


def test_an_absent_session_is_none(house: House) -> None:
    assert house.sessions.get("0" * 32) is None
    assert house.sessions.get("a/b") is None
    assert house.sessions.get_many([]) == {}


def test_only_the_first_of_two_folds_is_stored(house: House) -> None:
    (stored,) = house.sessions.store([a_fold(a_class())])
    with pytest.raises(Stale):
        house.sessions.store([replace(a_fold(a_class()), after=replace(stored.value, rev=7))])
    newer = replace(stored.value, rev=2)
    house.sessions.store([Fold(stored, newer, (), (), ())])
    with pytest.raises(Stale):
        house.sessions.store([Fold(stored, replace(stored.value, rev=3), (), (), ())])
    found = house.sessions.get(newer.session_id)
    assert found is not None
    assert found.value == newer


def test_the_version_of_a_store_serves_for_the_next_one(house: House) -> None:
    folds = [a_fold(a_class("one")), a_fold(a_class("two"))]
    versions = house.sessions.store(folds)
    again = [Fold(v, replace(v.value, rev=2), (), (v.value.rows[0],), ()) for v in versions]
    assert [v.value.rev for v in house.sessions.store(again)] == [2, 2]
    assert len(list(house.sessions.stream(AttendanceFilter()))) == 4


def test_one_stale_session_leaves_the_others_alone_too(house: House) -> None:
    house.sessions.store([a_fold(a_class("one"))])
    with pytest.raises(Stale):
        house.sessions.store([a_fold(a_class("two")), a_fold(a_class("one"), after=replace(a_fold(a_class("one")).after, rev=9))])
    assert house.sessions.get(a_class("two").session_id) is None


def test_folded_facts_are_forgotten_in_the_same_commit(house: House) -> None:
    fact = seen("join", at(0))
    house.evidence.file(fact)
    house.sessions.store([a_fold(a_class(), consumed=(fact,))])
    assert house.evidence.pending_in(ROOM) == ()


def test_rows_are_listed_newest_class_first_and_by_pages(house: House) -> None:
    classes = [a_class(f"c{i}", start_at=at(i * 100), end_at=at(i * 100 + 60)) for i in range(3)]
    for held in classes:
        house.sessions.store([a_fold(held)])
    seen_ids, token = [], None
    while True:
        page = house.sessions.rows(AttendanceFilter(), 2, token)
        seen_ids += [row.row_id for row in page.items]
        token = page.next_token
        if token is None:
            break
    every = list(house.sessions.stream(AttendanceFilter()))
    assert seen_ids == [row.row_id for row in every]
    assert [row.start_at for row in every] == sorted((row.start_at for row in every), reverse=True)
    assert len(set(seen_ids)) == 9
    with pytest.raises(NotFound):
        house.sessions.rows(AttendanceFilter(), 2, "f" * 32)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (AttendanceFilter(), 6),
        (AttendanceFilter(session_id=a_class("one").session_id), 3),
        (AttendanceFilter(email="omar@school.example"), 2),
        (AttendanceFilter(email="omar@school.example", teacher_email="ada@school.example", start_from=at(100)), 1),
        (AttendanceFilter(teacher_email="bob@school.example"), 0),
        (AttendanceFilter(course_id="maths"), 3),
        (AttendanceFilter(start_before=at(100)), 3),
        (AttendanceFilter(session_ids=(a_class("one").session_id,)), 3),
        (AttendanceFilter(session_ids=(a_class("one").session_id, a_class("two").session_id, "0" * 32)), 6),
        (AttendanceFilter(session_ids=(a_class("one").session_id, a_class("two").session_id), start_from=at(100)), 3),
    ],
)
def test_filters_say_which_rows_are_listed(house: House, wanted: AttendanceFilter, count: int) -> None:
    house.sessions.store([a_fold(a_class("one", course_id="maths"))])
    house.sessions.store([a_fold(a_class("two", start_at=at(100), end_at=at(160)))])
    assert len(list(house.sessions.stream(wanted))) == count
    assert len(house.sessions.rows(wanted, 10, None).items) == count


def test_as_many_sessions_as_may_be_named_are_answered_newest_class_first(house: House) -> None:
    classes = [a_class(f"c{i}", start_at=at(i * 100), end_at=at(i * 100 + 60)) for i in range(MOST_SESSIONS + 1)]
    house.sessions.store([a_fold(held) for held in classes])
    named = tuple(held.session_id for held in classes[1:])
    rows = list(house.sessions.stream(AttendanceFilter(session_ids=named)))
    assert [row.session_id for row in rows] == [session_id for session_id in reversed(named) for _ in range(3)]
