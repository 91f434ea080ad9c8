"""Attendance by the meeting's name, over both stores: which class is meant, who sees whom, and who registered."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.classes import Provider
from shared.domain.errors import NotFound
from shared.domain.evidence import Basis, Source
from shared.domain.matches import Match
from shared.usecases.enriched_attendance import MeetingAttendance, WhichMeeting
from shared.usecases.join_meeting import Registration
from tests.builders import a_class, seen
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import ADA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, Tracked, on, stay, tracked_over

CODE = "abc-mnop-xyz"
WHOLE = (stay("google:1", 0, 60), stay("google:2", 0, 60), stay("meet:p", 10, 40, "Kitchen"))


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def of_meeting(tracked: Tracked, caller: Caller = TEACHER, meeting_id: str = CODE, **which: Any) -> MeetingAttendance:
    """The meeting as the caller sees it."""
    return tracked.app.of_meeting(WhichMeeting(meeting_id, **which), caller)


def emails(found: MeetingAttendance) -> set[str | None]:
    """Who is told of."""
    return {each.row.email if each.row else each.registration.email if each.registration else "?" for each in found.participants}


def weekly(tracked: Tracked) -> list[str]:
    """Three classes in one room: one was held yesterday, one today, one is tomorrow. The clock is after today's."""
    tomorrow = tracked.books("third", 1)
    yesterday = tracked.holds(*(stay("google:1", 0, 60, day=-1),), name="first", day=-1, booked_at=on(-9, 0))
    today = tracked.holds(*WHOLE, name="second")
    return [held.session_id for held in (yesterday, today, tomorrow)]


def session_of(found: MeetingAttendance) -> str | None:
    return found.held.session_id if found.held else None


# ---- which class


@pytest.mark.parametrize("spelling", [CODE, "ABC-MNOP-XYZ", "abcmnopxyz", " AbcMnopXyz "])
def test_every_spelling_of_a_code_names_the_meeting(tracked: Tracked, spelling: str) -> None:
    held = tracked.holds(*WHOLE)
    assert session_of(of_meeting(tracked, meeting_id=spelling)) == held.session_id


def test_it_is_the_class_that_is_on_and_between_classes_the_one_that_began_last(tracked: Tracked) -> None:
    _, today, tomorrow = weekly(tracked)
    assert session_of(of_meeting(tracked)) == today
    tracked.house.clock.at = on(1, -40)
    assert session_of(of_meeting(tracked)) == today
    for minute in (-20, 0, 59, 200):
        tracked.house.clock.at = on(1, minute)
        assert session_of(of_meeting(tracked)) == tomorrow
    tracked.house.clock.at = on(90, 0)
    assert session_of(of_meeting(tracked)) == tomorrow


def test_another_class_is_picked_by_its_session_or_its_day(tracked: Tracked) -> None:
    yesterday, today, _ = weekly(tracked)
    assert session_of(of_meeting(tracked, session_id=yesterday)) == yesterday
    assert session_of(of_meeting(tracked, on=date(2026, 11, 30))) == yesterday
    assert session_of(of_meeting(tracked, on=date(2026, 12, 1))) == today
    elsewhere = tracked.books("elsewhere", 3, room="google_meet:otherrooms", meet_code="oth-erro-oms")
    for which in ({"on": date(2026, 11, 29)}, {"session_id": elsewhere.session_id}, {"session_id": "0" * 32}):
        with pytest.raises(NotFound):
            of_meeting(tracked, **which)


def test_a_day_is_the_day_where_the_class_is(tracked: Tracked) -> None:
    held = tracked.books(start_at=on(0, 360), end_at=on(0, 420), timezone="Asia/Tokyo")
    tracked.house.clock.at = on(0, 380)
    assert session_of(of_meeting(tracked, on=date(2026, 12, 2))) == held.session_id
    with pytest.raises(NotFound):
        of_meeting(tracked, on=date(2026, 12, 1))


def test_zooms_number_names_a_meeting_and_its_account_is_told(tracked: Tracked) -> None:
    room = "zoom:98765432100"
    held = a_class(provider=Provider.ZOOM, room=room, meet_code="98765432100", meet_link=None)
    tracked.house.classes.add([held], None)
    tracked.house.clock.at = on(0, 5)
    zoom = seen("join", on(0, 1), "zoom:user:x7", source=Source.ZOOM_WEBHOOK, room=room, name="Omar", address=OMAR)
    tracked.house.file(zoom)
    found = of_meeting(tracked, meeting_id="987 6543 2100")
    (omar,) = [each for each in found.participants if each.row and each.row.email == OMAR]
    assert omar.zoom_user_id == "x7"
    assert omar.row is not None
    assert omar.row.is_present(on(0, 5))


# ---- who sees whom


def test_the_teacher_and_an_administrator_see_everybody_with_the_directorys_words(tracked: Tracked) -> None:
    tracked.holds(*WHOLE)
    for caller in (TEACHER, BOSS):
        found = of_meeting(tracked, caller)
        assert emails(found) == {ADA, OMAR, LENA, None}
        assert found.shows_others_than(caller.email)
    people = {each.row.email: each.person for each in of_meeting(tracked).participants if each.row}
    omar = people[OMAR]
    assert omar is not None
    assert (omar.student_number, omar.department, people[None]) == (12345, "Science", None)


def test_a_student_sees_themselves(tracked: Tracked) -> None:
    tracked.holds(*WHOLE)
    tracked.house.clock.at = on(0, 5)
    tracked.desk.join(Registration(CODE), Caller("lena-1", LENA, "user"))
    found = of_meeting(tracked, STUDENT)
    assert emails(found) == {OMAR}
    assert found.registrations == ()
    assert not found.shows_others_than(OMAR)


def test_one_row_of_somebody_else_is_somebody_elses(tracked: Tracked) -> None:
    tracked.holds(stay("google:2", 0, 60), student_emails=(OMAR,), teacher_email=OTHER.email, day=0)
    found = of_meeting(tracked, BOSS)
    assert found.shows_others_than(BOSS.email)
    assert found.shows_others_than(OMAR)


def test_unknown_and_foreign_meetings_are_the_same(tracked: Tracked) -> None:
    tracked.holds(*WHOLE)
    told = set()
    for caller, meeting_id in (
        (OTHER, CODE),
        (Caller("eve-1", "eve@x.example", "user"), CODE),
        (TEACHER, "zzz-zzzz-zzz"),
        (BOSS, "123456789"),
        (BOSS, "nonsense"),
    ):
        with pytest.raises(NotFound) as refused:
            of_meeting(tracked, caller, meeting_id)
        told.add(refused.value.detail)
    assert told == {"No such meeting."}


# ---- registrations


def test_who_registered_is_told_beside_the_row_and_a_claim_alone_is_no_time(tracked: Tracked) -> None:
    tracked.books()
    tracked.house.clock.at = on(0, -3)
    tracked.desk.join(Registration(CODE, "Omar N.", "Phone"), STUDENT)
    tracked.house.clock.at = on(0, 1)
    tracked.desk.join(Registration(CODE), Caller("lena-1", LENA, "user"))
    tracked.house.file(seen("join", on(0, 2)))
    tracked.house.clock.at = on(0, 10)
    told = {each.row.email: each for each in of_meeting(tracked).participants if each.row}
    registration = told[OMAR].registration
    assert registration is not None
    assert registration.username == "Omar Nasser"
    omar, lena = told[OMAR].row, told[LENA].row
    assert omar is not None
    assert lena is not None
    assert (omar.seconds(on(0, 10)), omar.registered_at) == (480, on(0, -3))
    assert (lena.seconds(on(0, 10)), lena.basis, lena.match) == (0, Basis.CLAIMED, Match.EXACT_EMAIL)
    assert len(of_meeting(tracked).registrations) == 2


def test_a_registration_of_hours_before_counts_while_it_stands(tracked: Tracked) -> None:
    tracked.holds(*WHOLE)
    tracked.house.clock.at = on(0, -240)
    tracked.desk.join(Registration(CODE), STUDENT)
    left = tracked.desk.join(Registration(CODE), Caller("lena-1", LENA, "user")).registration
    tracked.house.clock.passes(timedelta(hours=1))
    tracked.desk.leave(left.session_id, Caller("lena-1", LENA, "user"))
    tracked.house.clock.at = on(0, 70)
    assert [each.email for each in of_meeting(tracked).registrations] == [OMAR]


def test_who_registered_early_is_told_of_before_the_class_knows_them(tracked: Tracked) -> None:
    tracked.books()
    tracked.house.clock.at = on(0, -240)
    tracked.desk.join(Registration(CODE), STUDENT)
    tracked.house.clock.at = on(0, -10)
    found = of_meeting(tracked)
    (omar,) = found.participants
    assert (omar.row, emails(found), omar.person is not None) == (None, {OMAR}, True)
    assert found.shows_others_than(ADA)
    assert emails(of_meeting(tracked, STUDENT)) == {OMAR}
    assert emails(of_meeting(tracked, Caller("lena-1", LENA, "user"))) == set()


def test_whoever_registered_for_the_lesson_before_is_not_the_next_ones_to_know(tracked: Tracked) -> None:
    tracked.books(
        "before", start_at=on(0, -60), end_at=on(0, 0), teacher_email=OTHER.email, student_emails=(OMAR, "ida@x.example")
    )
    tracked.books("next", student_emails=(OMAR,))
    tracked.house.clock.at = on(0, -50)
    for caller in (STUDENT, Caller("ida-1", "ida@x.example", "user")):
        tracked.desk.join(Registration(CODE), caller)
    tracked.house.clock.at = on(0, 10)
    assert [each.email for each in of_meeting(tracked).registrations] == [OMAR]
    assert emails(of_meeting(tracked)) == {OMAR}


def test_a_meeting_without_a_class_tells_ones_own_registrations_and_an_administrator_all(tracked: Tracked) -> None:
    tracked.house.clock.at = on(0, 0)
    lena = Caller("lena-1", LENA, "user")
    for caller in (STUDENT, lena):
        tracked.desk.join(Registration("555 666 7777"), caller)
    for caller, seen_by in ((STUDENT, {OMAR}), (lena, {LENA}), (BOSS, {OMAR, LENA})):
        found = of_meeting(tracked, caller, "5556667777")
        assert (found.held, emails(found)) == (None, seen_by)
        assert {each.row for each in found.participants} == {None}
        assert found.shows_others_than(caller.email) is (caller is BOSS)
    for caller, which in ((TEACHER, {}), (STUDENT, {"on": date(2026, 12, 1)}), (STUDENT, {"session_id": "0" * 32})):
        with pytest.raises(NotFound, match="No such meeting"):
            of_meeting(tracked, caller, "5556667777", **which)


def test_whoever_has_nothing_to_do_with_the_class_sees_the_own_registration_and_no_class(tracked: Tracked) -> None:
    tracked.holds(*WHOLE)
    eve = Caller("eve-1", "eve@x.example", "user")
    tracked.desk.join(Registration(CODE), eve)
    found = of_meeting(tracked, eve)
    assert (found.held, emails(found)) == (None, {eve.email})
