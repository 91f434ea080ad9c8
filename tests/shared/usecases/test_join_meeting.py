"""Registering for a meeting: a claim that is stored once, tells nobody what meetings there are, and is never presence."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from shared import system
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.evidence import Basis, Evidence, Kind, Source
from shared.domain.user_sessions import LONGEST, UserSession
from shared.ports import AttendanceFilter
from shared.usecases.claims import Claims
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.join_meeting import Registration, username_of
from shared.usecases.pseudonymise import Pseudonymise
from tests.builders import ROOM, a_class, at, seen
from tests.fake_user_sessions import Desk, MemoryUserSessions, desk_over
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

OMAR = Caller("omar-1", "omar@school.example", "user", "Omar Nasser")
LENA = Caller("lena-1", "lena@school.example", "user", "Lena Holm")
CODE = Registration("abc-mnop-xyz", device="Desktop")


@pytest.fixture
def desk(house: House, request: pytest.FixtureRequest) -> Desk:
    house.clock.at = at(0)
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return desk_over(house, None if is_memory else request.getfixturevalue("database"))


def in_memory(fold: object = None) -> Desk:
    evidence = MemoryEvidence()
    house = House(MemoryClasses(), evidence, MemorySessions(evidence))
    house.clock.at = at(0)
    return Desk(house, MemoryUserSessions(evidence), fold=fold)  # type: ignore[arg-type]


def claims_in(desk: Desk) -> list[Evidence]:
    found = desk.house.evidence.in_room(ROOM, at(-900), at(900))
    return [fact for fact in found if fact.source is Source.APP_SESSION]


def row_of(desk: Desk, email: str) -> Attendance:
    (row,) = desk.house.sessions.rows(AttendanceFilter(email=email), 5, None).items
    return row


def test_a_registration_says_who_from_which_device_for_which_meeting_and_until_when(desk: Desk) -> None:
    joined = desk.join(Registration("ABC-MNOP-XYZ", "Omar N.", "Phone"), OMAR)
    made = joined.registration
    assert (made.subject, made.email, made.username, made.role) == ("omar-1", OMAR.email, "Omar Nasser", "user")
    assert (made.meeting_id, made.room, made.participant_name, made.device) == ("ABC-MNOP-XYZ", ROOM, "Omar N.", "Phone")
    assert (made.joined_at, made.expires_at, made.left_at) == (at(0), at(0) + LONGEST, None)
    assert (joined.person, joined.trouble) == (None, None)
    stored = desk.registrations.get(made.session_id)
    assert stored is not None
    assert stored.value == made


def test_its_claim_is_evidence_under_the_registrations_own_id(desk: Desk) -> None:
    made = desk.join(Registration("abc-mnop-xyz", "Omar N.", "Phone"), OMAR).registration
    (fact,) = claims_in(desk)
    assert (fact.kind, fact.at, fact.connection) == (Kind.JOIN, at(0), made.session_id)
    assert fact.event_id == f"{made.session_id}/join"
    assert (fact.participant.ref, fact.participant.display_name) == (f"email:{OMAR.email}", "Omar N.")
    assert fact.participant.device == "Phone"


def test_a_click_is_no_presence(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    desk.join(CODE, OMAR)
    desk.house.clock.passes(timedelta(minutes=50))
    row = row_of(desk, OMAR.email)
    assert (row.basis, row.registered_at) == (Basis.CLAIMED, at(0))
    assert row.stays == ()
    assert row.seconds(desk.house.clock()) == 0


def test_beside_what_was_seen_a_click_adds_no_second(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    desk.join(CODE, OMAR)
    desk.house.file(seen("join", at(5)))
    desk.house.file(seen("leave", at(25)))
    row = row_of(desk, OMAR.email)
    assert row.basis is Basis.LIVE
    assert row.seconds(at(60)) == 20 * 60


def test_registering_twice_from_one_device_is_registering_once(desk: Desk) -> None:
    first = desk.join(CODE, OMAR).registration
    desk.house.clock.passes(timedelta(minutes=3))
    for spelling in ("abc-mnop-xyz", "ABCMNOPXYZ", "https://meet.google.com/abc-mnop-xyz?authuser=1"):
        assert desk.join(replace(CODE, meeting_id=spelling, participant_name="Somebody else"), OMAR).registration == first
    assert len(claims_in(desk)) == 1


def test_each_device_and_each_person_has_their_own(desk: Desk) -> None:
    told = [(CODE, OMAR), (replace(CODE, device="Phone"), OMAR), (replace(CODE, device=None), OMAR), (CODE, LENA)]
    assert len({desk.join(*each).registration.session_id for each in told}) == 4
    assert len(claims_in(desk)) == 4


def test_a_subject_of_another_address_is_another_person_and_an_address_the_same_one(desk: Desk) -> None:
    first = desk.join(CODE, OMAR).registration
    namesake = desk.join(CODE, replace(LENA, subject=OMAR.subject)).registration
    assert (namesake.email, namesake.session_id == first.session_id) == (LENA.email, False)
    assert desk.join(CODE, replace(OMAR, subject="112233")).registration.session_id == first.session_id


def test_32_at_once_from_one_device_get_one_registration(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    join = replace(desk.join, new_id=system.new_id)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: join(CODE, OMAR), range(32)))
    assert len({each.registration.session_id for each in answers}) == 1
    assert all(each.trouble is None for each in answers)
    assert len(claims_in(desk)) == 1


def test_a_meeting_that_nobody_knows_is_taken_like_any_other(desk: Desk) -> None:
    desk.house.classes.add([a_class()], None)
    stranger = Caller("s", "stranger@elsewhere.example", "user")
    known, unknown = desk.join(CODE, stranger), desk.join(replace(CODE, meeting_id="zzz-zzzz-zzz"), stranger)
    alike = replace(unknown.registration, session_id=known.registration.session_id, meeting_id="abc-mnop-xyz", room=ROOM)
    assert known.registration == alike
    assert known.person == unknown.person


def test_a_claim_before_the_class_is_booked_finds_it_later(desk: Desk) -> None:
    desk.join(CODE, OMAR)
    desk.house.classes.add([a_class(booked_at=at(1))], None)
    desk.house.bind(ROOM)
    assert row_of(desk, OMAR.email).registered_at == at(0)


@pytest.mark.parametrize("meeting_id", ["123 4567 890", "123-4567-890", "1234567890"])
def test_a_zoom_number_is_known_in_any_spelling(desk: Desk, meeting_id: str) -> None:
    assert desk.join(Registration(meeting_id), OMAR).registration.room == "zoom:1234567890"


@pytest.mark.parametrize("meeting_id", ["algebra", "12345", "abc-mnop", "https://evil.example/", "abc-mnop-xyz-abc", "../x"])
def test_what_names_no_meeting_is_refused_by_name(desk: Desk, meeting_id: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.join(Registration(meeting_id), OMAR)
    assert refused.value.field == "meetingId"
    assert desk.registrations.of_person(OMAR.email, 5, None).items == ()


def test_without_a_name_one_goes_by_the_tokens_and_without_that_by_the_address(desk: Desk) -> None:
    nameless = replace(OMAR, name=None)
    assert desk.join(CODE, OMAR).registration.participant_name == "Omar Nasser"
    made = desk.join(replace(CODE, device="Phone"), nameless).registration
    assert (made.participant_name, made.username) == (None, "omar")
    assert [username_of(each) for each in (OMAR, nameless)] == ["Omar Nasser", "omar"]


def test_the_directory_says_who_it_is(desk: Desk) -> None:
    omar = Person(OMAR.email, (PersonRole.STUDENT,), "Omar", "Nasser", 17)
    desk.enters(omar)
    assert desk.join(CODE, OMAR).person == omar
    assert desk.join(CODE, LENA).person is None


def test_whoever_was_forgotten_is_claimed_under_the_pseudonym_only(desk: Desk) -> None:
    desk.house.forgotten.add([f"email:{OMAR.email}"], "forgotten-1", at(-5))
    desk.join(Registration("abc-mnop-xyz", "Omar N."), OMAR)
    (fact,) = claims_in(desk)
    assert OMAR.email not in str(fact)
    assert "Omar" not in str(fact)


def broken(fact: Evidence) -> None:
    raise RuntimeError(fact.connection)


def test_what_goes_wrong_after_it_is_stored_undoes_nothing() -> None:
    desk = in_memory(broken)
    desk.house.classes.add([a_class()], None)
    joined = desk.join(CODE, OMAR)
    assert isinstance(joined.trouble, RuntimeError)
    assert desk.registrations.get(joined.registration.session_id) is not None
    assert [fact.connection for fact in desk.house.evidence.pending_in(ROOM)] == [joined.registration.session_id]
    assert desk.join(CODE, OMAR).trouble is None


def test_what_was_not_folded_the_tick_folds() -> None:
    desk = in_memory(broken)
    desk.house.classes.add([a_class()], None)
    desk.join(CODE, OMAR)
    desk.house.clock.passes(timedelta(minutes=2))
    desk.house.tick()
    assert row_of(desk, OMAR.email).registered_at == at(0)
    assert desk.house.evidence.pending_in(ROOM) == ()


def test_folding_may_be_left_to_the_tick_altogether() -> None:
    desk = in_memory()
    in_room = ClassesInRoom(desk.house.classes, desk.house.clock, timedelta())
    later = replace(desk.join, claims=Claims(Pseudonymise(desk.house.forgotten), in_room, None))
    desk.house.classes.add([a_class()], None)
    assert later(CODE, OMAR).trouble is None
    assert len(desk.house.evidence.pending_in(ROOM)) == 1


class Away(MemoryUserSessions):
    """A store that does not answer."""

    def join(self, wanted: UserSession, fact: Evidence) -> UserSession:  # noqa: ARG002 - the port's form
        raise Unavailable("The database does not answer right now; try again in a moment.")


def test_what_could_not_be_stored_was_not_done() -> None:
    evidence = MemoryEvidence()
    desk = Desk(House(MemoryClasses(), evidence, MemorySessions(evidence)), Away(evidence))
    with pytest.raises(Unavailable):
        desk.join(CODE, OMAR)
    assert evidence.facts == {}
