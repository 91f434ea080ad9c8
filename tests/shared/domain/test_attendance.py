"""One row for each person, and unknown is never absent."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.attendance_rows import attendance_of
from shared.domain.evidence import Basis, Evidence, PersonKind, Source
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session, SyncReport, SyncStatus
from tests.builders import a_class, at, seen
from tests.shared.domain.test_presence import facts

CLASS = a_class()
COMPLETE = SyncReport(SyncStatus.SUCCESS, at(61), "Synced", conferences=1, complete=True)
OMAR, LENA, ADA = "omar@school.example", "lena@school.example", "ada@school.example"


def rows_of(told: list[Evidence], **changes: object) -> dict[str | None, Attendance]:
    session = replace(Session(CLASS.session_id, CLASS.class_id).with_facts(told), **changes)  # type: ignore[arg-type]
    return {row.email or row.display_name: row for row in attendance_of(session, CLASS, extent_of(CLASS, []))}


def measured(ref: str, joined: datetime, left: datetime | None, connection: str) -> list[Evidence]:
    told = [seen("join", joined, ref, source=Source.MEET_API, connection=connection)]
    return told if left is None else [*told, seen("leave", left, ref, source=Source.MEET_API, connection=connection)]


def test_a_person_with_two_devices_is_one_row_and_present_once() -> None:
    told = [*measured("google:2", at(0), at(30), "laptop"), *measured("google:2", at(10), at(40), "phone")]
    rows = rows_of(told, identities={"google:2": OMAR}, measured_at=at(61))
    assert list(rows) == [OMAR]
    assert (rows[OMAR].seconds(at(61)), rows[OMAR].devices) == (40 * 60, 2)


def test_live_and_measured_telling_of_one_person_are_one_row() -> None:
    told = [seen("join", at(0)), *measured("google:2", at(1), at(59), "c")]
    rows = rows_of(told, identities={"google:2": OMAR}, measured_at=at(61))
    assert (list(rows), rows[OMAR].basis) == ([OMAR], Basis.MEASURED)


def test_a_student_who_was_not_seen_is_unknown_until_the_meeting_was_read_whole() -> None:
    partial = replace(COMPLETE, complete=False, status=SyncStatus.PENDING)
    assert rows_of([], sync=partial)[LENA].status is AttendanceStatus.UNKNOWN
    assert rows_of([], sync=COMPLETE)[LENA].status is AttendanceStatus.ABSENT


def test_nobody_is_absent_from_a_meeting_without_record() -> None:
    nothing = SyncReport(SyncStatus.NO_DATA, at(61), "No conference record found")
    assert {row.status for row in rows_of([], sync=nothing).values()} == {AttendanceStatus.UNKNOWN}


def test_an_anonymous_guest_named_like_a_student_is_not_the_student() -> None:
    told = [seen("join", at(0), "meet:anon-1", source=Source.MEET_API, connection="c", name="Omar")]
    rows = rows_of(told, sync=COMPLETE, measured_at=at(61))
    assert rows["Omar"].match is Match.UNMATCHED
    assert rows[OMAR].status is AttendanceStatus.ABSENT


def test_a_phone_that_nobody_knows_has_the_role_phone() -> None:
    fact = seen("join", at(0), "meet:pstn", source=Source.MEET_API, connection="c", name="+1 ••42")
    fact = replace(fact, participant=replace(fact.participant, kind=PersonKind.PHONE))
    assert rows_of([fact])["+1 ••42"].role is Role.PHONE


def test_somebody_with_a_known_address_who_is_not_enrolled_is_a_guest() -> None:
    row = rows_of([seen("join", at(0), "email:inspector@school.example")])["inspector@school.example"]
    assert (row.role, row.match) == (Role.GUEST, Match.UNMATCHED)


def test_who_came_and_went_before_the_bell_is_seen_but_not_present() -> None:
    row = rows_of([seen("join", at(-20)), seen("leave", at(-10))])[OMAR]
    assert (row.seconds(at(60)), row.join_at) == (0, at(-20))
    assert row.status is AttendanceStatus.UNKNOWN


def test_an_exit_that_nobody_heard_of_ends_with_the_class() -> None:
    row = rows_of([seen("join", at(10))])[OMAR]
    assert (row.seconds(at(30)), row.leave_at(at(30))) == (20 * 60, None)
    assert (row.seconds(at(600)), row.leave_at(at(600))) == (50 * 60, at(60))


def test_a_student_who_stays_from_the_lesson_before_is_present_from_the_bell() -> None:
    earlier = a_class("earlier", start_at=at(-60), end_at=at(0))
    session = Session(CLASS.session_id, CLASS.class_id).with_facts([seen("join", at(-50)), seen("leave", at(30))])
    (row,) = attendance_of(session, CLASS, extent_of(CLASS, [earlier]))
    assert (row.seconds(at(60)), row.join_at) == (30 * 60, at(0))


def test_who_was_only_in_the_lesson_before_has_no_row() -> None:
    earlier = a_class("earlier", start_at=at(-60), end_at=at(0))
    session = Session(CLASS.session_id, CLASS.class_id).with_facts([seen("join", at(-50)), seen("leave", at(-5))])
    assert attendance_of(session, CLASS, extent_of(CLASS, [earlier])) == ()


@given(st.lists(facts, max_size=25))
def test_each_person_has_one_row_and_never_more_than_the_lesson(told: list[Evidence]) -> None:
    session = Session(CLASS.session_id, CLASS.class_id, sync=COMPLETE, measured_at=at(61)).with_facts(told)
    rows = attendance_of(session, CLASS, extent_of(CLASS, []))
    assert len({row.row_id for row in rows}) == len(rows)
    assert {ADA, OMAR, LENA} == {row.email for row in rows}
    assert all(0 <= row.seconds(at(90)) <= 3600 for row in rows)
