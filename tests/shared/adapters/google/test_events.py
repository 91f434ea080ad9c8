"""Tests of classes as Calendar's JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.google.events import (
    changes_to,
    conference_request,
    link_in,
    next_request_number,
    other_conference,
    request_state,
    wanted_event,
)
from shared.ports import LessonEvent, MeetLink
from tests.shared.adapters.google.lessons import ADA, LENA, LESSON, OMAR, START, lesson

LINK = MeetLink("qkz-mwtp-rvx", "https://meet.google.com/qkz-mwtp-rvx")


def stored(event: LessonEvent = LESSON, **changes: Any) -> dict[str, Any]:
    """The event as Calendar gives it back: times with an offset, the organiser among the guests."""
    guests = [{"email": ADA, "organizer": True, "self": True, "responseStatus": "accepted"}]
    guests += [{"email": guest, "responseStatus": "needsAction"} for guest in event.attendees]
    body = {**wanted_event(event), "id": event.event_id, "attendees": guests, "etag": '"1"'}
    body["start"] = {"dateTime": event.start_at.isoformat().replace("+00:00", "Z"), "timeZone": event.timezone}
    body["end"] = {"dateTime": event.end_at.isoformat().replace("+00:00", "Z"), "timeZone": event.timezone}
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def test_times_are_written_on_the_clock_of_the_class() -> None:
    summer = lesson(start_at=START.replace(month=7), end_at=START.replace(month=7) + timedelta(minutes=30))
    assert wanted_event(LESSON)["start"] == {"dateTime": "2026-12-01T15:30:00+00:00", "timeZone": "Europe/London"}
    assert wanted_event(summer)["start"] == {"dateTime": "2026-07-01T16:30:00+01:00", "timeZone": "Europe/London"}


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    written = [wanted_event(lesson(start_at=at))["start"]["dateTime"] for at in (first, first + timedelta(hours=1))]
    assert written == ["2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00"]


def test_the_organiser_is_no_guest_and_nobody_is_invited_twice() -> None:
    body = wanted_event(lesson(attendees=(OMAR, ADA.upper(), OMAR.upper(), LENA)))
    assert body["attendees"] == [{"email": OMAR}, {"email": LENA}]


def test_a_series_carries_its_rule_and_a_single_lesson_none() -> None:
    assert wanted_event(lesson(rule="FREQ=WEEKLY;COUNT=10"))["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=10"]
    assert "recurrence" not in wanted_event(LESSON)


def test_an_event_that_shows_the_lesson_needs_no_change() -> None:
    assert changes_to(stored(), LESSON) == {}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"subject": "Algebra 2"}, {"summary"}),
        ({"start_at": START + timedelta(minutes=5)}, {"start"}),
        ({"end_at": START + timedelta(minutes=45)}, {"end"}),
        ({"timezone": "Europe/Paris"}, {"start", "end"}),
        ({"attendees": (OMAR,)}, {"attendees"}),
        ({"class_id": "f" * 32}, {"extendedProperties"}),
    ],
)
def test_only_what_differs_is_patched(change: dict[str, Any], names: set[str]) -> None:
    assert set(changes_to(stored(), lesson(**change))) == names


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ({"status": "cancelled"}, "status"),
        ({"guestsCanInviteOthers": None}, "guestsCanInviteOthers"),
        ({"guestsCanModify": True}, "guestsCanModify"),
        ({"extendedProperties": None}, "extendedProperties"),
        ({"start": {"date": "2026-12-01"}}, "start"),
    ],
)
def test_what_somebody_changed_by_hand_is_put_right(found: dict[str, Any], name: str) -> None:
    assert set(changes_to(stored(**found), LESSON)) == {name}


def test_a_patch_never_touches_the_conference() -> None:
    found = stored(status="cancelled", summary="?", conferenceData={"createRequest": {"requestId": "1"}})
    assert "conferenceData" not in changes_to(found, LESSON)


def test_guests_who_stay_keep_their_answers() -> None:
    found = stored()
    found["attendees"][1]["responseStatus"] = "accepted"
    patched = changes_to(found, lesson(attendees=(OMAR, "new@school.example")))["attendees"]
    assert [guest["email"] for guest in patched] == [ADA, OMAR, "new@school.example"]
    assert [guest.get("responseStatus") for guest in patched] == ["accepted", "accepted", None]


def test_a_rule_in_another_order_is_the_same_rule() -> None:
    series = lesson(rule="FREQ=WEEKLY;COUNT=10")
    found = stored(series, recurrence=["EXDATE:20261208T153000Z", "RRULE:COUNT=10;FREQ=WEEKLY"])
    assert changes_to(found, series) == {}
    assert set(changes_to(found, lesson(rule="FREQ=WEEKLY;COUNT=9"))) == {"recurrence"}


def test_the_base_of_a_series_may_name_any_class_of_it() -> None:
    series = lesson(rule="FREQ=WEEKLY;COUNT=10")
    assert changes_to(stored(series), lesson(rule=series.rule, class_id="f" * 32)) == {}


@pytest.mark.parametrize(
    "found",
    [
        {"conferenceData": {"conferenceId": "qkz-mwtp-rvx", "conferenceSolution": {"key": {"type": "hangoutsMeet"}}}},
        {"hangoutLink": "https://meet.google.com/qkz-mwtp-rvx?authuser=1"},
        {
            "conferenceData": {
                "entryPoints": [
                    {"entryPointType": "phone", "uri": "tel:+1-555-010-0100"},
                    {"entryPointType": "video", "uri": "https://meet.google.com/qkz-mwtp-rvx?pli=1"},
                ]
            }
        },
    ],
)
def test_the_code_is_found_wherever_google_puts_it(found: dict[str, Any]) -> None:
    assert link_in(found) == LINK


def test_a_link_in_the_making_is_no_link() -> None:
    pending = {"conferenceData": {"createRequest": {"requestId": "rc1-meet-1", "status": {"statusCode": "pending"}}}}
    assert link_in(pending) is None
    assert request_state(pending) == "pending"
    assert not other_conference(pending)
    assert link_in({}) is None
    assert request_state({}) == "none"


def test_a_conference_of_somebody_elses_making_is_known_as_such() -> None:
    zoom = {
        "conferenceData": {
            "conferenceId": "98765432109",
            "conferenceSolution": {"key": {"type": "addOn"}},
            "entryPoints": [{"entryPointType": "video", "uri": "https://zoom.us/j/98765432109"}],
        }
    }
    assert link_in(zoom) is None
    assert other_conference(zoom)


def test_each_wish_for_a_link_has_an_id_of_its_own() -> None:
    first = {"conferenceData": conference_request("rc1", 1)}
    assert next_request_number(first) == 2
    assert next_request_number({}) == 1
    assert next_request_number({"conferenceData": {"createRequest": {"requestId": "by hand"}}}) == 1
