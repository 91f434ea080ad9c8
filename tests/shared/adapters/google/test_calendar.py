"""Tests of teachers' calendars: against a small Calendar that loses answers and refuses, then against the simulator."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.google.apis import CALENDAR
from shared.adapters.google.calendar import GoogleCalendar
from shared.adapters.google.events import link_in
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import MeetLink
from tests.shared.adapters.google.lessons import ADA, LESSON, OMAR, START, lesson
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.google.scripted import (
    NOT_FOUND,
    Answer,
    Asked,
    Json,
    ScriptedGoogle,
    error,
    matches,
    old_error,
    scripted_google,
)
from tests.shared.adapters.google.simulated import Simulator

EVENTS = "/calendar/v3/calendars/primary/events"
LINK = MeetLink("qkz-mwtp-rvx", "https://meet.google.com/qkz-mwtp-rvx")
DUPLICATE = old_error(409, "duplicate", "The requested identifier already exists.")


@dataclass
class SmallCalendar:
    """Events by id. A wish for a link is granted when the event was looked at `looks` times; `lose` answers are lost."""

    looks: int = 0
    lose: int = 0
    outcome: str = "success"
    events: dict[str, Json] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        answer = self._answer(asked)
        if self.lose and asked.method != "GET":
            self.lose -= 1
            return error(503)
        return answer

    def _answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            return self._insert(asked)
        found = matches(f"(GET|PATCH|DELETE) {EVENTS}/(.*)", asked)
        event = self.events.get(found.group(2)) if found else None
        if event is None:
            return NOT_FOUND
        if asked.method == "DELETE":
            if event["status"] == "cancelled":
                return old_error(410, "deleted", "Resource has been deleted")
            event["status"] = "cancelled"
            return 204, {}
        if asked.method == "PATCH":
            event.update(asked.body)
            self._wish(event, "conferenceData" in asked.body)
        return 200, self._looked_at(event)

    def _insert(self, asked: Asked) -> Answer:
        event = asked.body
        if event["id"] in self.events:
            return DUPLICATE
        self.events[event["id"]] = event
        self._wish(event, asked.param("conferenceDataVersion") == "1")
        return 200, self._looked_at(event)

    def _wish(self, event: Json, is_new: bool) -> None:  # noqa: FBT001
        if is_new:
            event["looks"] = self.looks
            event["conferenceData"]["createRequest"]["status"] = {"statusCode": "pending"}

    def _looked_at(self, event: Json) -> Json:
        if event["looks"] == 0:
            event["conferenceData"]["createRequest"]["status"] = {"statusCode": self.outcome}
            if self.outcome == "success":
                event["conferenceData"]["conferenceId"] = "qkz-mwtp-rvx"
        event["looks"] -= 1
        return {name: value for name, value in event.items() if name != "looks"}


def calendar_at(google: ScriptedGoogle, machine: FakeMachine | None = None) -> GoogleCalendar:
    """The adapter."""
    machine = machine or FakeMachine()
    return GoogleCalendar(google.apis(machine), google.settings(CALENDAR_SEND_UPDATES="externalOnly"), machine)


def test_a_lesson_becomes_an_event_with_a_meet_link() -> None:
    with scripted_google(SmallCalendar()) as google:
        assert calendar_at(google).put(LESSON) == LINK
    (asked,) = google.asked
    assert (asked.subject, asked.path) == (ADA, EVENTS)
    assert (asked.param("conferenceDataVersion"), asked.param("sendUpdates")) == ("1", "externalOnly")
    assert asked.body["id"] == LESSON.event_id
    assert asked.body["conferenceData"]["createRequest"]["conferenceSolutionKey"] == {"type": "hangoutsMeet"}
    assert asked.body["guestsCanInviteOthers"] is asked.body["guestsCanModify"] is False


def test_an_insert_whose_answer_was_lost_makes_one_event() -> None:
    small = SmallCalendar(lose=1)
    with scripted_google(small) as google:
        assert calendar_at(google).put(LESSON) == LINK
    assert google.paths() == [f"POST {EVENTS}", f"POST {EVENTS}", f"GET {EVENTS}/{LESSON.event_id}"]
    assert list(small.events) == [LESSON.event_id]


def test_putting_the_same_lesson_again_changes_nothing() -> None:
    with scripted_google(SmallCalendar()) as google:
        calendar = calendar_at(google)
        assert calendar.put(LESSON) == calendar.put(LESSON) == LINK
    assert "PATCH" not in {asked.method for asked in google.asked}


def test_a_lesson_that_moved_is_patched_and_keeps_its_link() -> None:
    moved = lesson(start_at=START + timedelta(days=1), end_at=START + timedelta(days=1, minutes=30), attendees=(OMAR,))
    small = SmallCalendar()
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        calendar.put(LESSON)
        assert calendar.put(moved) == LINK
    assert set(google.asked[-1].body) == {"start", "end", "attendees"}
    assert small.events[LESSON.event_id]["start"]["dateTime"] == "2026-12-02T15:30:00+00:00"


def test_a_link_that_takes_its_time_is_waited_for() -> None:
    machine = FakeMachine()
    with scripted_google(SmallCalendar(looks=3)) as google:
        assert calendar_at(google, machine).put(LESSON) == LINK
    assert machine.slept == [0.4, 0.8, 1.2]


def test_a_link_that_takes_too_long_is_asked_for_later_without_wishing_again() -> None:
    machine, small = FakeMachine(), SmallCalendar(looks=8)
    with scripted_google(small) as google:
        calendar = calendar_at(google, machine)
        assert calendar.put(LESSON) is None
        assert sum(machine.slept) == pytest.approx(4.0)
        assert calendar.put(LESSON) == LINK
    assert "PATCH" not in {asked.method for asked in google.asked}


def test_a_change_while_the_link_is_made_does_not_wipe_the_wish() -> None:
    small = SmallCalendar(looks=8)
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        assert calendar.put(LESSON) is None
        assert calendar.put(lesson(subject="Algebra 2")) == LINK
    assert [asked.body for asked in google.asked if asked.method == "PATCH"] == [{"summary": "Algebra 2"}]


def test_a_link_that_cannot_be_made_says_what_to_switch_on_and_is_wished_for_anew() -> None:
    small = SmallCalendar(outcome="failure")
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        with pytest.raises(UpstreamRefused, match="Google Meet is switched on") as refusal:
            calendar.put(LESSON)
        assert refusal.value.title == "No Meet link"
        small.outcome = "success"
        assert calendar.put(LESSON) == LINK
    wish = small.events[LESSON.event_id]["conferenceData"]["createRequest"]["requestId"]
    assert wish == f"{LESSON.event_id}-meet-2"


def test_a_conference_of_another_kind_is_reported_to_the_teacher() -> None:
    small = SmallCalendar()
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        calendar.put(LESSON)
        small.events[LESSON.event_id]["conferenceData"] = {
            "conferenceSolution": {"key": {"type": "addOn"}},
            "entryPoints": [{"entryPointType": "video", "uri": "https://zoom.us/j/1"}],
        }
        with pytest.raises(UpstreamRefused, match="not Google Meet"):
            calendar.put(LESSON)


def test_a_deleted_event_comes_back_with_its_link() -> None:
    small = SmallCalendar()
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        calendar.put(LESSON)
        calendar.remove(ADA, LESSON.event_id)
        assert small.events[LESSON.event_id]["status"] == "cancelled"
        assert calendar.put(LESSON) == LINK
    assert small.events[LESSON.event_id]["status"] == "confirmed"


def test_removing_twice_or_what_never_was_is_fine() -> None:
    with scripted_google(SmallCalendar()) as google:
        calendar = calendar_at(google)
        calendar.put(LESSON)
        calendar.remove(ADA, LESSON.event_id)
        calendar.remove(ADA, LESSON.event_id)
        calendar.remove(ADA, "rcnever")
    assert [asked.param("sendUpdates") for asked in google.asked if asked.method == "DELETE"] == ["externalOnly"] * 3


def test_a_class_of_a_series_is_patched_by_its_instance() -> None:
    base = lesson(rule="FREQ=WEEKLY;COUNT=10")
    second = lesson(event_id=f"{LESSON.event_id}_20261208T153000Z", subject="Test", class_id="f" * 32)
    small = SmallCalendar()
    with scripted_google(small) as google:
        calendar = calendar_at(google)
        calendar.put(base)
        small.events[second.event_id] = {**small.events[base.event_id], "id": second.event_id}
        calendar.put_instance(base.event_id, second)
        calendar.put_instance(base.event_id, second)
    (patched,) = [asked for asked in google.asked if asked.method == "PATCH"]
    assert patched.path == f"{EVENTS}/{second.event_id}"
    assert set(patched.body) == {"summary", "extendedProperties"}


def test_an_instance_that_calendar_does_not_show_yet_is_tried_again() -> None:
    with scripted_google(SmallCalendar()) as google, pytest.raises(Unavailable, match="series rcbase"):
        calendar_at(google).put_instance("rcbase", lesson(event_id="rcbase_20261208T153000Z"))


def test_an_event_that_is_and_is_not_there_is_tried_again() -> None:
    def contradict(asked: Asked) -> Answer:
        return DUPLICATE if asked.method == "POST" else NOT_FOUND

    with scripted_google(contradict) as google, pytest.raises(Unavailable, match="tried again"):
        calendar_at(google).put(LESSON)


def test_a_teacher_without_a_calendar_is_named() -> None:
    with scripted_google(lambda _: NOT_FOUND) as google, pytest.raises(UpstreamRefused, match=ADA) as refusal:
        calendar_at(google).put(LESSON)
    assert refusal.value.title == "Calendar not found"


@pytest.mark.parametrize(
    "no",
    [
        old_error(400, "invalid", "Invalid conference type value."),
        old_error(403, "forbiddenForServiceAccounts", "Service accounts cannot invite attendees."),
    ],
)
def test_a_service_account_that_acts_as_nobody_is_told_to_delegate(no: Answer) -> None:
    with scripted_google(lambda _: no) as google, pytest.raises(UpstreamRefused, match="Domain-wide delegation"):
        calendar_at(google).put(LESSON)
    assert len(google.asked) == 1


@pytest.mark.parametrize(
    "do",
    [
        lambda calendar: calendar.put(LESSON),
        lambda calendar: calendar.put_instance("rcbase", LESSON),
        lambda calendar: calendar.remove(ADA, LESSON.event_id),
    ],
)
def test_a_calendar_that_does_not_answer_is_a_matter_of_time(do: Callable[[GoogleCalendar], Any]) -> None:
    with scripted_google(lambda _: error(503)) as google, pytest.raises(Unavailable):
        do(calendar_at(google))


def test_the_simulator_makes_the_link_and_shows_the_event_once(simulator: Simulator) -> None:
    calendar = simulator.calendar()
    link = calendar.put(LESSON)
    assert link is not None
    assert link.url == f"https://meet.google.com/{link.code}"
    assert calendar.put(LESSON) == link
    assert calendar.put(lesson(subject="Algebra 2", start_at=START + timedelta(minutes=5))) == link


def test_the_simulator_dawdles_and_the_link_is_there_next_time(simulator: Simulator) -> None:
    simulator.tell("settings", conference_pending_polls=7)
    calendar = simulator.calendar()
    assert calendar.put(LESSON) is None
    assert calendar.put(LESSON) is not None


def test_the_simulator_loses_an_answer_and_has_one_event(simulator: Simulator) -> None:
    simulator.tell("fail-next", api="calendar", method="insert", status=503, times=1, after=True)
    calendar = simulator.calendar()
    link = calendar.put(LESSON)
    assert link is not None
    assert calendar.put(LESSON) == link


def test_the_simulator_forgets_and_remembers_a_deleted_event(simulator: Simulator) -> None:
    calendar = simulator.calendar()
    link = calendar.put(LESSON)
    calendar.remove(ADA, LESSON.event_id)
    calendar.remove(ADA, LESSON.event_id)
    assert calendar.put(LESSON) == link


def test_the_simulator_keeps_a_series_and_its_exceptions(simulator: Simulator) -> None:
    base = lesson(rule="FREQ=WEEKLY;COUNT=3")
    second = lesson(
        event_id=f"{base.event_id}_20261208T153000Z",
        subject="Test",
        start_at=START + timedelta(days=8),
        end_at=START + timedelta(days=8, hours=1),
        class_id="f" * 32,
    )
    calendar, apis = simulator.calendar(), simulator.apis()
    link = calendar.put(base)
    calendar.put_instance(base.event_id, second)
    calendar.put_instance(base.event_id, second)
    calendar.remove(ADA, f"{base.event_id}_20261215T153000Z")
    calendar.remove(ADA, f"{base.event_id}_20261215T153000Z")
    assert calendar.put(base) == link
    items = apis.call(CALENDAR, ADA, "events.instances", {"calendarId": "primary", "eventId": base.event_id})["items"]
    shown = {item["id"].rpartition("_")[2]: item for item in items if item["status"] != "cancelled"}
    assert {stamp: item["summary"] for stamp, item in shown.items()} == {
        "20261201T153000Z": "Algebra 1",
        "20261208T153000Z": "Test",
    }
    assert {link_in(item) for item in shown.values()} == {link}
    with pytest.raises(Unavailable, match="does not show this class"):
        calendar.put_instance(base.event_id, lesson(event_id=f"{base.event_id}_20270101T153000Z"))
