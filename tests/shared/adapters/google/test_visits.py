"""Tests of reading what Meet's events are about, against a small Meet, and what each reading costs."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.google.access import GoogleApis, local
from shared.adapters.google.apis import Api
from shared.adapters.google.quota import ReadQuotas
from shared.adapters.google.visits import LIST_FROM, LIVE_FOR, UNTOLD_FOR, GoogleVisits
from shared.config import read_settings
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind
from shared.ports import Conference, MeasuredStay, VisitNews
from tests.shared.adapters.google.lessons import START as LESSON_AT
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.rooms import ADA, CODE, SPACE, SmallMeet, anonymous, by_phone, signed_in
from tests.shared.adapters.google.scripted import NOT_FOUND, Answer, Asked, Json, Script, ScriptedGoogle, error, scripted_google
from tests.shared.adapters.google.simulated import Simulator

Toll = Callable[[], None] | None
START = datetime(2026, 9, 15, 15, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after the lesson's start."""
    return START + timedelta(minutes=minutes)


def visits_at(google: ScriptedGoogle, machine: FakeMachine | None = None, **env: str) -> GoogleVisits:
    """The adapter."""
    machine = machine or FakeMachine()
    return GoogleVisits(google.apis(machine), google.settings(**env), machine)


def a_lesson() -> tuple[SmallMeet, str]:
    """A Meet with one conference that is on."""
    meet = SmallMeet()
    return meet, meet.conference("a1", at(-1), None)


def visit_of(record: str, person: Json, number: int = 0) -> str:
    """The resource name of a participant's visit."""
    return f"{record}/participants/{person['own']}/participantSessions/s{number}"


def news_of(record: str, person: Json, minutes: float, number: int = 0) -> VisitNews:
    """That something happened to a participant's visit, said a second later."""
    return VisitNews(visit_of(record, person, number), at(minutes) + timedelta(seconds=1))


def read(script: Script, record: str, news: Iterable[VisitNews]) -> tuple[tuple[MeasuredStay, ...], Counter[str]]:
    """The stays, and how often each kind of read was made."""
    with scripted_google(script) as google:
        stays = visits_at(google).visits(ADA, record, tuple(news))
    return stays, reads_of(google)


def reads_of(google: ScriptedGoogle) -> Counter[str]:
    """How often what was read: `participants` is the list, `participant` and `session` are one each."""
    kinds = {2: "record", 3: "participants", 4: "participant", 6: "session"}
    return Counter(kinds[path.removeprefix("GET /v2/").count("/") + 1] for path in google.paths() if "Records/" in path)


def test_a_conference_is_told_with_its_room_and_its_time() -> None:
    meet = SmallMeet()
    name = meet.conference("a1", at(-1), at(31))
    with scripted_google(meet) as google:
        assert visits_at(google).conference(ADA, name) == Conference(name, CODE, at(-1), at(31))
    assert google.paths() == ["GET /v2/conferenceRecords/a1", f"GET /v2/{SPACE}"]
    assert {asked.subject for asked in google.asked} == {ADA}


def test_a_code_in_any_spelling_is_written_one_way() -> None:
    meet = SmallMeet()
    name = meet.conference("a1", at(-1), at(31))
    spelt = (200, {"name": SPACE, "meetingCode": CODE.replace("-", "").upper()})
    with scripted_google(lambda asked: spelt if "spaces" in asked.path else meet(asked)) as google:
        conference = visits_at(google).conference(ADA, name)
    assert conference is not None
    assert conference.meet_code == CODE


def test_a_conference_that_is_on_is_told_from_memory_for_a_minute() -> None:
    meet, name = a_lesson()
    machine = FakeMachine()
    with scripted_google(meet) as google:
        visits = visits_at(google, machine)
        assert visits.conference(ADA, name) == Conference(name, CODE, at(-1), None)
        meet.records[0]["endTime"] = "2026-09-15T16:00:00Z"
        machine.sleep(LIVE_FOR)
        assert visits.conference(ADA, name) == Conference(name, CODE, at(-1), None)
        machine.sleep(1)
        assert visits.conference(ADA, name) == Conference(name, CODE, at(-1), at(30))
    assert google.paths() == ["GET /v2/conferenceRecords/a1", f"GET /v2/{SPACE}", "GET /v2/conferenceRecords/a1"]


def test_a_conference_that_is_over_is_told_from_memory_for_good() -> None:
    meet = SmallMeet()
    name = meet.conference("a1", at(-1), at(31))
    machine = FakeMachine()
    with scripted_google(meet) as google:
        visits = visits_at(google, machine)
        visits.conference(ADA, name)
        machine.sleep(86400)
        visits.conference(ADA, name)
    assert len(google.asked) == 2


def test_what_one_organiser_was_told_is_not_told_to_another() -> None:
    meet, name = a_lesson()
    with scripted_google(lambda asked: meet(asked) if asked.subject == ADA else error(403)) as google:
        visits = visits_at(google)
        visits.conference(ADA, name)
        with pytest.raises(UpstreamRefused, match=r"bob@school\.example"):
            visits.conference("bob@school.example", name)


@pytest.mark.parametrize("gone", ["/v2/conferenceRecords", "/v2/spaces"])
def test_a_conference_that_meet_does_not_have_is_none(gone: str) -> None:
    meet, name = a_lesson()
    with scripted_google(lambda asked: NOT_FOUND if asked.path.startswith(gone) else meet(asked)) as google:
        assert visits_at(google).conference(ADA, name) is None


@pytest.mark.parametrize(
    "name", ["", "conferenceRecords/", "conferenceRecords/a/participants/b", "spaces/a", "conferenceRecords/.."]
)
def test_a_name_that_no_conference_has_is_not_asked_for(name: str) -> None:
    with scripted_google(SmallMeet()) as google:
        assert visits_at(google).conference(ADA, name) is None
    assert google.asked == []


def test_a_visit_is_told_as_a_full_reading_would_tell_it() -> None:
    meet, record = a_lesson()
    people = (signed_in(2), anonymous("anon"), by_phone("pstn"))
    for person in people:
        meet.joins(record, person, (at(1), at(9)))
    stays, _ = read(meet, record, [news_of(record, person, 9) for person in people])
    assert stays == (
        MeasuredStay(visit_of(record, people[0]), "google:2", "Omar Student", PersonKind.SIGNED_IN, at(1), at(9)),
        MeasuredStay(visit_of(record, people[1]), "meet:a1/anon", "Lena", PersonKind.ANONYMOUS, at(1), at(9)),
        MeasuredStay(visit_of(record, people[2]), "meet:a1/pstn", "+1 555-***-**42", PersonKind.PHONE, at(1), at(9)),
    )


def test_a_few_news_cost_two_reads_each_and_later_ones_of_the_same_people_one() -> None:
    meet, record = a_lesson()
    people = [signed_in(number) for number in range(LIST_FROM - 1)]
    for person in people:
        meet.joins(record, person, (at(0), at(5)), (at(6), None))
    with scripted_google(meet) as google:
        visits = visits_at(google)
        first = visits.visits(ADA, record, [news_of(record, person, 0) for person in people])
        assert reads_of(google) == {"participant": LIST_FROM - 1, "session": LIST_FROM - 1}
        again = visits.visits(ADA, record, [news_of(record, person, 6, 1) for person in people])
    assert [(stay.joined_at, stay.left_at) for stay in first] == [(at(0), at(5))] * len(people)
    assert [(stay.joined_at, stay.left_at) for stay in again] == [(at(6), None)] * len(people)
    assert reads_of(google) == {"participant": LIST_FROM - 1, "session": 2 * (LIST_FROM - 1)}


def test_thirty_joins_at_once_cost_one_list_instead_of_sixty_reads() -> None:
    meet, record = a_lesson()
    people = [signed_in(number) for number in range(30)]
    for number, person in enumerate(people):
        meet.joins(record, person, (at(number / 60), None))
    stays, reads = read(meet, record, [news_of(record, person, number / 60) for number, person in enumerate(people)])
    assert reads == {"participants": 1}
    assert [(stay.ref, stay.connection, stay.joined_at, stay.left_at) for stay in stays] == [
        (f"google:{number}", visit_of(record, person), at(number / 60), None) for number, person in enumerate(people)
    ]


def test_a_list_of_many_pages_is_read_whole() -> None:
    meet, record = a_lesson()
    meet.page = 4
    people = [anonymous(f"anon{number}") for number in range(10)]
    for person in people:
        meet.joins(record, person, (at(0), None))
    stays, reads = read(meet, record, [news_of(record, person, 0) for person in people])
    assert (len(stays), reads) == (10, {"participants": 3})


def test_in_a_burst_only_what_the_list_cannot_tell_is_asked_for_one_by_one() -> None:
    meet, record = a_lesson()
    new = [signed_in(number) for number in range(5)]
    for person in new:
        meet.joins(record, person, (at(10), None))
    again, second, left = signed_in(11), signed_in(12), signed_in(13)
    meet.joins(record, again, (at(0), at(5)), (at(10), None))
    meet.joins(record, second, (at(0), None), (at(10), None))
    meet.joins(record, left, (at(10), at(10.01)))
    news = [*(news_of(record, person, 10) for person in new), news_of(record, again, 10, 1), news_of(record, second, 10, 1)]
    stays, reads = read(meet, record, [*news, news_of(record, left, 10)])
    assert reads == {"participants": 1, "session": 3}
    assert {stay.ref: (stay.joined_at, stay.left_at) for stay in stays} == {
        **{f"google:{number}": (at(10), None) for number in range(5)},
        "google:11": (at(10), None),
        "google:12": (at(10), None),
        "google:13": (at(10), at(10.01)),
    }


def test_two_devices_that_come_at_once_are_both_asked_for() -> None:
    meet, record = a_lesson()
    people = [signed_in(number) for number in range(5)]
    for person in people:
        meet.joins(record, person, (at(0), None), (at(0.01), None))
    news = [news_of(record, person, 0, device) for person in people for device in (0, 1)]
    stays, reads = read(meet, record, news)
    assert (len({stay.connection for stay in stays}), reads) == (10, {"participants": 1, "session": 10})


def test_news_told_twice_are_one_visit() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(1), (at(0), None))
    news = [news_of(record, signed_in(1), 0), news_of(record, signed_in(1), 0), news_of(record, signed_in(1), 4)]
    stays, reads = read(meet, record, news)
    assert (len(stays), reads) == (1, {"participant": 1, "session": 1})


def test_when_everybody_leaves_at_once_nobody_is_asked_for_who_is_known() -> None:
    meet, record = a_lesson()
    people = [signed_in(number) for number in range(30)]
    for person in people:
        meet.joins(record, person, (at(0), None))
    with scripted_google(meet) as google:
        visits = visits_at(google)
        visits.visits(ADA, record, [news_of(record, person, 0) for person in people])
        for sessions in meet.sessions.values():
            sessions[0]["endTime"] = "2026-09-15T16:00:00Z"
        stays = visits.visits(ADA, record, [news_of(record, person, 30) for person in people])
    assert {(stay.joined_at, stay.left_at) for stay in stays} == {(at(0), at(30))}
    assert reads_of(google) == {"participants": 1, "session": 30}


def test_somebody_whom_the_list_does_not_show_yet_is_asked_for() -> None:
    meet, record = a_lesson()
    people = [signed_in(number) for number in range(6)]
    for person in people:
        meet.joins(record, person, (at(0), None))

    def late(asked: Asked) -> Answer:
        if asked.path.endswith("/participants"):
            return 200, {"participants": meet.people[record][:5]}
        return meet(asked)

    stays, reads = read(late, record, [news_of(record, person, 0) for person in people])
    assert (len(stays), reads) == (6, {"participants": 1, "participant": 1, "session": 1})


@pytest.mark.parametrize("gone", ["participants/1", "participants/1/participantSessions/s0"])
def test_a_visit_or_participant_that_is_gone_is_left_out(gone: str) -> None:
    meet, record = a_lesson()
    for number in range(3):
        meet.joins(record, signed_in(number), (at(0), None))
    news = [news_of(record, signed_in(number), 0) for number in range(3)]
    stays, _ = read(lambda asked: NOT_FOUND if asked.path.endswith(gone) else meet(asked), record, news)
    assert [stay.ref for stay in stays] == ["google:0", "google:2"]


def test_a_conference_that_is_gone_has_no_visits() -> None:
    news = [news_of("conferenceRecords/a1", signed_in(number), 0) for number in range(LIST_FROM)]
    stays, reads = read(lambda _: NOT_FOUND, "conferenceRecords/a1", news)
    assert (stays, reads) == ((), {"participants": 1})


@pytest.mark.parametrize(
    "name",
    [
        "",
        "conferenceRecords/a1",
        "conferenceRecords/a1/participants/1",
        "conferenceRecords/a1/participants/1/participantSessions/",
        "conferenceRecords/a1/participants/../participantSessions/s0",
        "conferenceRecords/a1/participants/1/participantSessions/s0/more",
        "conferenceRecords/a1/participants/1/participantSessions/s0?fields=x",
    ],
)
def test_a_name_that_no_visit_of_the_conference_has_is_left_out(name: str) -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(1), (at(0), None))
    stays, _ = read(meet, record, [VisitNews(name, at(0)), news_of(record, signed_in(1), 0)])
    assert [stay.ref for stay in stays] == ["google:1"]


def test_a_visit_to_another_conference_is_left_out() -> None:
    meet, record = a_lesson()
    other = meet.conference("b2", at(-60), at(-30))
    for conference in (record, other):
        meet.joins(conference, signed_in(1), (at(-40), at(-35)))
    stays, reads = read(meet, record, [news_of(other, signed_in(1), -40)])
    assert (stays, reads) == ((), {})


def test_no_news_cost_nothing() -> None:
    stays, reads = read(SmallMeet(), "conferenceRecords/a1", [])
    assert (stays, reads) == ((), {})


def test_somebody_elses_meeting_is_a_refusal_and_a_busy_meet_a_matter_of_time() -> None:
    meet, record = a_lesson()
    meet.joins(record, signed_in(1), (at(0), None))
    news = [news_of(record, signed_in(1), 0)]
    with pytest.raises(UpstreamRefused, match=ADA):
        read(lambda _: error(403), record, news)
    with pytest.raises(Unavailable):
        read(lambda asked: error(503) if "Sessions" in asked.path else meet(asked), record, news)


def test_a_passing_429_loses_nobody() -> None:
    meet, record = a_lesson()
    for number in range(4):
        meet.joins(record, signed_in(number), (at(0), None))
    refused: set[str] = set()

    def busy_at_first(asked: Asked) -> Answer:
        if asked.path in refused:
            return meet(asked)
        refused.add(asked.path)
        return error(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED")

    stays, _ = read(busy_at_first, record, [news_of(record, signed_in(number), 0) for number in range(4)])
    assert len(stays) == 4


def test_every_read_and_retry_counts_towards_the_organisers_quota() -> None:
    meet, record = a_lesson()
    for number in range(3):
        meet.joins(record, signed_in(number), (at(0), None))
    refusals = [error(503)]
    machine = FakeMachine()
    with scripted_google(lambda asked: refusals.pop() if refusals else meet(asked)) as google:
        visits = visits_at(google, machine, MEET_READS_PER_MINUTE="9")
        visits.conference(ADA, record)
        visits.visits(ADA, record, [news_of(record, signed_in(number), 0) for number in range(3)])
        assert len([asked for asked in google.asked if "conferenceRecords" in asked.path or "spaces" in asked.path]) == 9
        assert machine.now < 1010
        visits.visits(ADA, record, [news_of(record, signed_in(0), 0)])
    assert machine.now > 1060


def test_a_quota_may_be_shared_with_other_readers_of_the_same_process() -> None:
    meet, record = a_lesson()
    machine = FakeMachine()
    quotas = ReadQuotas(2, machine)
    quotas.of(ADA).take()
    with scripted_google(meet) as google:
        GoogleVisits(google.apis(machine), google.settings(), machine, quotas).conference(ADA, record)
    assert machine.now > 1060


@pytest.mark.parametrize("people", [3, 30])
def test_the_simulators_visits_are_told_exactly_as_a_full_reading_tells_them(simulator: Simulator, people: int) -> None:
    simulator.tell("meetings", meet_code=CODE, owner_email=ADA)
    devices = [simulator.joins(CODE, f"pupil{number}@school.example", number / 60) for number in range(people)]
    simulator.leaves(CODE, devices[1], 5)
    whole = simulator.meet().read(ADA, CODE, LESSON_AT, LESSON_AT + timedelta(hours=1)).stays
    visits = GoogleVisits(simulator.apis(), read_settings({}), simulator.machine)
    conference = visits.conference(ADA, whole[0].connection.partition("/participants/")[0])
    assert conference is not None
    assert (conference.meet_code, conference.started_at, conference.ended_at) == (CODE, LESSON_AT, None)
    stays = visits.visits(ADA, conference.name, [VisitNews(stay.connection, stay.joined_at) for stay in whole])
    told = sorted(stays, key=lambda stay: stay.joined_at)
    assert [replace(stay, address=None) for stay in told] == list(whole)
    assert [stay.address for stay in told] == [f"pupil{number}@school.example" for number in range(people)]


def test_an_address_is_asked_for_once_and_an_untold_one_again_after_ten_minutes(simulator: Simulator) -> None:
    simulator.tell("meetings", meet_code=CODE, owner_email=ADA)
    simulator.joins(CODE, "pupil@school.example", 0)
    simulator.joins(CODE, "stranger@mail.example", 0)
    whole = simulator.meet().read(ADA, CODE, LESSON_AT, LESSON_AT + timedelta(hours=1)).stays
    asked: list[str] = []

    class Noting(GoogleApis):
        """Google's APIs, with the methods that were called."""

        def call(self, api: Api, subject: str, method: str, params: Mapping[str, object], toll: Toll = None) -> Json:
            asked.append(method)
            return super().call(api, subject, method, params, toll)

    apis = Noting(simulator.url, local, simulator.machine.sleep, simulator.machine.monotonic)
    visits = GoogleVisits(apis, read_settings({}), simulator.machine)
    news = [VisitNews(stay.connection, stay.joined_at) for stay in whole]
    for _ in range(3):
        stays = visits.visits(ADA, whole[0].connection.partition("/participants/")[0], news)
    assert {stay.address for stay in stays} == {"pupil@school.example", None}
    assert asked.count("people.getBatchGet") == 1
    simulator.machine.sleep(UNTOLD_FOR + 1)
    visits.visits(ADA, whole[0].connection.partition("/participants/")[0], news)
    assert asked.count("people.getBatchGet") == 2
