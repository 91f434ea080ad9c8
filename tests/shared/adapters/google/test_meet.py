"""Tests of reading Meet's own records: against a small Meet that pages, refuses and forgets, then against the simulator."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.google.meet import GoogleMeet
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind
from shared.ports import MeetingReading
from tests.shared.adapters.google.lessons import LESSON
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.rooms import ADA, CODE, SPACE, SmallMeet, anonymous, by_phone, signed_in
from tests.shared.adapters.google.scripted import NOT_FOUND, Answer, Asked, Script, ScriptedGoogle, error, scripted_google
from tests.shared.adapters.google.simulated import Simulator, written

HALF = timedelta(minutes=30)
START = datetime(2026, 9, 15, 15, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after the lesson's start."""
    return START + timedelta(minutes=minutes)


def meet_at(google: ScriptedGoogle, machine: FakeMachine | None = None, **env: str) -> GoogleMeet:
    """The adapter."""
    machine = machine or FakeMachine()
    return GoogleMeet(google.apis(machine), google.settings(**env), machine)


def reading_of(script: Script) -> MeetingReading:
    """What is read of the half hour of the lesson, with half an hour around it."""
    with scripted_google(script) as google:
        return meet_at(google).read(ADA, CODE, at(-30), at(60))


def a_lesson() -> tuple[SmallMeet, str]:
    """A Meet with one conference that is over."""
    meet = SmallMeet()
    return meet, meet.conference("a1", at(-1), at(31))


def test_a_room_that_google_does_not_know_has_no_conferences() -> None:
    reading = reading_of(lambda _: NOT_FOUND)
    assert (reading.conferences, reading.stays, reading.identities, reading.expires_at) == (0, (), {}, None)


def test_a_room_in_which_nobody_was_has_no_conferences() -> None:
    assert reading_of(SmallMeet()).conferences == 0


def test_a_lesson_is_read_with_everybody_who_was_in_it() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(1, "Ada Teacher"), (at(0), at(30)))
    meet.joins(record, anonymous("anon"), (at(3), at(28)))
    meet.joins(record, by_phone("pstn"), (at(10), at(15)))
    meet.emails = {"1": "Ada.Teacher@school.example"}
    reading = reading_of(meet)
    assert [(stay.ref, stay.kind) for stay in reading.stays] == [
        ("google:1", PersonKind.SIGNED_IN),
        ("meet:a1/anon", PersonKind.ANONYMOUS),
        ("meet:a1/pstn", PersonKind.PHONE),
    ]
    assert reading.stays[0].connection == f"{record}/participants/1/participantSessions/s0"
    assert (reading.stays[0].joined_at, reading.stays[0].left_at) == (at(0), at(30))
    assert reading.identities == {"google:1": "ada.teacher@school.example"}
    assert (reading.conferences, reading.is_over, reading.expires_at) == (1, True, at(31) + timedelta(days=30))


def test_a_rejoin_and_a_second_device_are_stays_of_one_person() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(0), at(10)), (at(12), at(30)), (at(13), at(20)))
    reading = reading_of(meet)
    assert {stay.ref for stay in reading.stays} == {"google:2"}
    assert [stay.joined_at for stay in reading.stays] == [at(0), at(12), at(13)]
    assert len({stay.connection for stay in reading.stays}) == 3


def test_a_session_that_is_still_open_means_that_the_meeting_is_not_over() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(18), None))
    reading = reading_of(meet)
    assert reading.stays[0].left_at is None
    assert not reading.is_over


def test_a_conference_without_an_end_is_not_over_although_all_have_left() -> None:
    meet = SmallMeet()
    record = meet.conference("a1", at(0), None)
    meet.joins(record, signed_in(2), (at(1), at(5)))
    assert not reading_of(meet).is_over


def test_all_conferences_that_met_the_window_count_and_no_others() -> None:
    meet = SmallMeet()
    for name, begin, end in [
        ("week_ago", -9000, -8970),
        ("early", -40, -10),
        ("main", -5, 20),
        ("again", 22, 31),
        ("next", 61, 90),
    ]:
        record = meet.conference(name, at(begin), at(end))
        meet.joins(record, signed_in(2), (at(begin), at(end)))
    with scripted_google(meet) as google:
        reading = meet_at(google).read(ADA, CODE, at(-30), at(60))
    assert reading.conferences == 3
    assert [stay.joined_at for stay in reading.stays] == [at(-40), at(-5), at(22)]
    assert reading.expires_at == at(-10) + timedelta(days=30)
    assert not any("week_ago" in path or "next" in path for path in google.paths())


def test_google_is_asked_for_the_space_and_for_conferences_that_may_still_be_on() -> None:
    meet, _ = a_lesson()
    with scripted_google(meet) as google:
        meet_at(google).read(ADA, CODE, at(-30), at(60))
    asked = next(asked for asked in google.asked if asked.path == "/v2/conferenceRecords")
    told = asked.param("filter") or ""
    assert told == (
        f'space.name = "{SPACE}" AND start_time>="2026-09-14T15:00:00.000000Z" AND start_time<="2026-09-15T16:30:00.000000Z"'
    )
    assert asked.param("pageSize") == "100"
    assert {asked.subject for asked in google.asked} == {ADA}


def test_every_page_of_every_list_is_read() -> None:
    meet = SmallMeet(page=3)
    for number in range(4):
        record = meet.conference(f"c{number}", at(number), at(number + 1))
        for person in range(7):
            meet.joins(record, signed_in(person), *((at(number), at(number + 1)) for _ in range(4)))
    reading = reading_of(meet)
    assert reading.conferences == 4
    assert len(reading.stays) == len({stay.connection for stay in reading.stays}) == 4 * 7 * 4


def test_a_conference_that_vanishes_half_way_is_treated_as_gone() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(0), at(30)))
    meet.conference("vanished", at(0), at(2))
    reading = reading_of(lambda asked: NOT_FOUND if "vanished" in asked.path else meet(asked))
    assert (reading.conferences, len(reading.stays)) == (1, 1)


def test_a_participant_who_vanishes_half_way_is_treated_as_gone() -> None:
    meet, record = a_lesson()
    for person in range(3):
        meet.joins(record, signed_in(person), (at(0), at(30)))
    reading = reading_of(lambda asked: NOT_FOUND if "participants/1/" in asked.path else meet(asked))
    assert {stay.ref for stay in reading.stays} == {"google:0", "google:2"}


@pytest.mark.parametrize("where", ["/v2/spaces", "/v2/conferenceRecords", "/participants", "/participantSessions"])
def test_a_no_at_any_step_is_a_refusal_that_names_the_organiser(where: str) -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(0), at(30)))

    def refuse(asked: Asked) -> Answer:
        return error(403, "Permission denied") if asked.path.startswith(where) or asked.path.endswith(where) else meet(asked)

    with pytest.raises(UpstreamRefused, match=ADA) as refusal:
        reading_of(refuse)
    assert refusal.value.title == "Insufficient permissions"


def test_a_meet_that_stays_busy_is_a_matter_of_time() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(0), at(30)))
    with pytest.raises(Unavailable):
        reading_of(lambda asked: error(503) if "participantSessions" in asked.path else meet(asked))


def test_a_passing_429_does_not_lose_anybody() -> None:
    meet, record = a_lesson()
    for person in range(20):
        meet.joins(record, signed_in(person), (at(0), at(30)))
    refused: set[str] = set()

    def busy_at_first(asked: Asked) -> Answer:
        if asked.path in refused or "participantSessions" not in asked.path:
            return meet(asked)
        refused.add(asked.path)
        return error(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED")

    assert len(reading_of(busy_at_first).stays) == 20


def test_no_address_at_all_is_no_reason_to_lose_the_attendance() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(2), (at(0), at(30)))
    reading = reading_of(lambda asked: error(403) if "/v2/" not in asked.path else meet(asked))
    assert (len(reading.stays), reading.identities) == (1, {})


def test_every_read_counts_towards_the_organisers_quota() -> None:
    meet, record = a_lesson()
    for person in range(9):
        meet.joins(record, signed_in(person), (at(0), at(30)))
    machine = FakeMachine()
    with scripted_google(meet) as google:
        adapter = meet_at(google, machine, MEET_READS_PER_MINUTE="12")
        adapter.read(ADA, CODE, at(-30), at(60))
        assert machine.now == 1000
        adapter.read(ADA, CODE, at(-30), at(60))
    assert machine.now > 1060
    assert sum(1 for path in google.paths() if path.startswith("GET /v2/")) == 24


def test_a_retry_counts_as_a_read_too() -> None:
    meet, _ = a_lesson()
    answers = [error(503), error(503)]
    machine = FakeMachine()
    with scripted_google(lambda asked: answers.pop() if answers else meet(asked)) as google:
        meet_at(google, machine, MEET_READS_PER_MINUTE="4").read(ADA, CODE, at(-30), at(60))
    assert len(google.asked) == 5
    assert machine.now > 1060


def seconds_to_read(google: ScriptedGoogle, threads: int) -> float:
    """How long a lesson of a hundred takes, from the first connection on."""
    machine = FakeMachine()
    adapter = GoogleMeet(google.apis(machine), google.settings(), machine, threads)
    began = time.perf_counter()
    reading = adapter.read(ADA, CODE, at(-30), at(60))
    took = time.perf_counter() - began
    assert len(reading.stays) == len(reading.identities) == 100
    assert machine.slept == []
    return took


def test_a_hundred_participants_take_at_most_a_seventh_of_the_time_one_by_one() -> None:
    """40 ms an answer; one by one is measured too, by the same adapter with one thread. The best of three counts."""
    meet, record = a_lesson()
    for person in range(100):
        meet.joins(record, signed_in(person), (at(0), at(30)))
    meet.emails = {str(person): f"p{person}@school.example" for person in range(100)}
    with scripted_google(meet, latency=0.04) as google:
        one_by_one = seconds_to_read(google, threads=1)
        together = min(seconds_to_read(google, threads=16) for _ in range(3))
    assert together <= 0.15 * one_by_one


def test_a_whole_lesson_in_the_simulator(simulator: Simulator) -> None:
    link = simulator.calendar().put(LESSON)
    assert link is not None
    code = link.code
    teacher = simulator.joins(code, ADA, -2)
    laptop = simulator.joins(code, "omar@school.example", 1, device="laptop")
    phone = simulator.joins(code, "omar@school.example", 5, device="phone")
    simulator.leaves(code, laptop, 10)
    again = simulator.joins(code, "omar@school.example", 12, device="laptop")
    guest = simulator.joins(code, "gina@mail.example", 2)
    nobody = simulator.joins(code, None, 3, "anonymous", display_name="Lena")
    caller = simulator.joins(code, None, 4, "phone", display_name="+15550100042")
    simulator.now = LESSON.end_at
    live = simulator.meet().read(ADA, code, LESSON.start_at - HALF, LESSON.end_at + HALF)
    assert (live.conferences, live.is_over, len(live.stays)) == (1, False, 7)
    for device in (phone, again, guest, nobody, caller, teacher):
        simulator.leaves(code, device, 29)
    simulator.joins(code, ADA, 29.5)
    simulator.tell(f"meetings/{code}/end", at=written(30))
    reading = simulator.meet().read(ADA, code, LESSON.start_at - HALF, LESSON.end_at + HALF)
    assert (reading.conferences, reading.is_over, len(reading.stays)) == (2, True, 8)
    kinds = {stay.kind for stay in reading.stays}
    assert kinds == {PersonKind.SIGNED_IN, PersonKind.ANONYMOUS, PersonKind.PHONE}
    omar = next(ref for ref, email in reading.identities.items() if email == "omar@school.example")
    assert sum(1 for stay in reading.stays if stay.ref == omar) == 3
    assert set(reading.identities.values()) == {ADA, "omar@school.example"}
    assert reading.expires_at == LESSON.start_at + timedelta(minutes=29, days=30)


def test_a_hundred_and_thirty_strangers_and_two_hundred_pupils_in_the_simulator(simulator: Simulator) -> None:
    simulator.tell("settings", meet_quota_per_minute=None)
    simulator.tell("meetings", meet_code="abc-mnop-xyz", owner_email=ADA)
    for number in range(330):
        domain = "school" if number < 200 else "mail"
        simulator.joins("abc-mnop-xyz", f"pupil{number}@{domain}.example", 1)
    simulator.tell("meetings/abc-mnop-xyz/end", at=written(20))
    simulator.now = LESSON.end_at
    reading = simulator.meet().read(ADA, "abc-mnop-xyz", LESSON.start_at, LESSON.end_at)
    assert len({stay.ref for stay in reading.stays}) == 330
    assert len(reading.identities) == 200


def test_somebody_elses_meeting_is_refused_by_the_simulator(simulator: Simulator) -> None:
    simulator.tell("meetings", meet_code="abc-mnop-xyz", owner_email=ADA)
    with pytest.raises(UpstreamRefused, match=r"bob@school\.example"):
        simulator.meet().read("bob@school.example", "abc-mnop-xyz", LESSON.start_at, LESSON.end_at)


def test_the_simulators_quota_is_never_met(simulator: Simulator) -> None:
    simulator.tell("meetings", meet_code="abc-mnop-xyz", owner_email=ADA)
    for number in range(250):
        simulator.joins("abc-mnop-xyz", f"pupil{number}@school.example", 1)
    meet = simulator.meet()
    for _ in range(2):
        assert len(meet.read(ADA, "abc-mnop-xyz", LESSON.start_at, LESSON.end_at).stays) == 250
    assert simulator.machine.slept == []
