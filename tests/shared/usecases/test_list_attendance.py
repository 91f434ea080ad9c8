"""Listing attendance, over both stores: for whose eyes each row is, and lists of one status that lose and invent nobody."""

from dataclasses import replace

import pytest

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, AttendanceStatus
from shared.domain.directory import Person, PersonRole
from shared.ports import AttendanceFilter
from shared.usecases.list_attendance import ListAttendance
from shared.usecases.rule_attendance import ToRule
from tests.fakes import MemorySessions
from tests.house import House
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, Tracked, stay, tracked_over

MUM = Caller("mum", "mum@home.example", "user")
ABSENT, PRESENT, EXCUSED = AttendanceStatus.ABSENT, AttendanceStatus.PRESENT, AttendanceStatus.EXCUSED


@pytest.fixture
def school(house: House, request: pytest.FixtureRequest) -> Tracked:
    """Three days of one class: Omar comes each day, Lena on the second alone."""
    is_memory = isinstance(house.sessions, MemorySessions)
    tracked = tracked_over(house, None if is_memory else request.getfixturevalue("database"))
    lena = house.people.get(LENA)
    assert lena is not None
    assert house.people.save([(lena, Person(LENA, (PersonRole.STUDENT,), guardian_emails=(MUM.email,)))])
    for day in range(3):
        here = [stay(ref, 0, 60, day=day) for ref in ("google:1", "google:2", *(("google:3",) if day == 1 else ()))]
        tracked.holds(*here, name=f"day {day}", day=day)
    return tracked


def listing(school: Tracked) -> ListAttendance:
    return ListAttendance(school.house.sessions, school.house.people)


def told(rows: tuple[Attendance, ...]) -> list[tuple[str, str | None, str]]:
    return [(row.subject, row.email, row.status.value) for row in rows]


def paged(lists: ListAttendance, status: AttendanceStatus, limit: int) -> list[tuple[Attendance, ...]]:
    pages, token = [], None
    while True:
        page = lists.page(AttendanceFilter(), status, limit, token)
        pages.append(page.items)
        token = page.next_token
        if token is None:
            return pages


def test_a_list_of_one_status_is_whole_however_it_is_cut_into_pages(school: Tracked) -> None:
    wanted = AttendanceFilter()
    whole = [row for row in listing(school).page(wanted, None, 100, None).items if row.status is PRESENT]
    assert len(whole) == 7
    for limit in (1, 2, 7, 100):
        pages = paged(listing(school), PRESENT, limit)
        assert [row for page in pages for row in page] == whole
        assert max(len(page) for page in pages) <= limit
    assert list(listing(school).stream(wanted, PRESENT)) == whole


def test_a_page_that_read_enough_goes_on_where_it_stopped(school: Tracked) -> None:
    pages = paged(replace(listing(school), most_read=4, at_once=2), ABSENT, 10)
    assert len(pages) > 1
    found = told(tuple(row for page in pages for row in page))
    assert found == [("day 2", LENA, "absent"), ("day 0", LENA, "absent")]


def test_a_status_that_a_person_ruled_is_the_one_that_is_found(school: Tracked) -> None:
    last = listing(school).page(AttendanceFilter(email=LENA), None, 1, None).items[0]
    school.app.rule.override(ToRule(last.session_id, EXCUSED, "Her train.", LENA), TEACHER)
    assert told(tuple(listing(school).stream(AttendanceFilter(), EXCUSED))) == [("day 2", LENA, "excused")]
    assert told(tuple(listing(school).stream(AttendanceFilter(), ABSENT))) == [("day 0", LENA, "absent")]


@pytest.mark.parametrize(
    ("caller", "asked", "seen"),
    [
        (BOSS, None, {ADA, OMAR, LENA}),
        (TEACHER, None, {ADA, OMAR, LENA}),
        (TEACHER, OMAR, {OMAR}),
        (OTHER, None, set()),
        (OTHER, OMAR, set()),
        (STUDENT, None, {OMAR}),
        (STUDENT, LENA, set()),
        (MUM, None, set()),
        (MUM, LENA, {LENA}),
        (MUM, OMAR, set()),
        (Caller("bea", BEA, "user"), LENA, set()),
    ],
)
def test_nobody_sees_more_than_is_theirs(school: Tracked, caller: Caller, asked: str | None, seen: set[str]) -> None:
    lists = listing(school)
    own = lists.own(AttendanceFilter(email=asked), caller)
    assert {row.email for row in lists.page(own, None, 100, None).items} == seen
    assert {row.email for row in lists.stream(own, PRESENT)} <= seen
