"""Calendar, through Google's own client."""

from collections.abc import Callable
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.infra.local.simulator.running import STUDENT, TEACHER, Simulated, error_of, fixture, lesson, wish

WEEKLY = ["RRULE:FREQ=WEEKLY;COUNT=8"]


def insert(sim: Simulated, subject: str = TEACHER, version: int = 1, **more: Any) -> Any:
    """Make an event."""
    request = sim.events(subject).insert(calendarId="primary", body=lesson(**more), conferenceDataVersion=version)
    return request.execute()


def refused(ask: Callable[[], object]) -> Any:
    """The error that a call meets."""
    with pytest.raises(HttpError) as trouble:
        ask()
    return error_of(trouble.value)


def test_an_event_gets_a_meet_link_and_a_room_of_the_teachers(sim: Simulated) -> None:
    event = insert(sim)
    code = event["conferenceData"]["conferenceId"]
    assert event["hangoutLink"] == f"https://meet.google.com/{code}"
    assert event["conferenceData"]["createRequest"]["status"]["statusCode"] == "success"
    assert event["conferenceData"]["entryPoints"][0]["uri"] == event["hangoutLink"]
    space = sim.google("meet").spaces().get(name=f"spaces/{code}").execute()
    assert (space["meetingCode"], space["meetingUri"]) == (code, event["hangoutLink"])


def test_an_inserted_event_looks_like_one_of_googles(sim: Simulated) -> None:
    sim.told("/settings", conference_pending_polls=1)
    body = fixture("calendar/insert_request_with_meet")
    del body["recurrence"]
    event = sim.events("priya.teacher@school.example").insert(calendarId="primary", body=body, conferenceDataVersion=1)
    shown, google = event.execute(), fixture("calendar/event_conference_pending")
    assert set(shown) == set(google) | {"extendedProperties"}
    for name in ("start", "end", "attendees", "organizer", "iCalUID", "conferenceData", "sequence", "kind"):
        assert shown[name] == google[name]


def test_without_a_conference_version_the_wish_is_passed_over_silently(sim: Simulated) -> None:
    event = insert(sim, version=0)
    assert "conferenceData" not in event
    assert "hangoutLink" not in event


def test_a_link_may_be_pending_for_as_many_reads_as_told(sim: Simulated) -> None:
    sim.told("/settings", conference_pending_polls=2)
    event = insert(sim)
    states = [event["conferenceData"]["createRequest"]["status"]["statusCode"]]
    for _ in range(3):
        event = sim.events().get(calendarId="primary", eventId=event["id"]).execute()
        states.append(event["conferenceData"]["createRequest"]["status"]["statusCode"])
    assert states == ["pending", "pending", "pending", "success"]
    assert event["hangoutLink"]


def test_an_id_can_be_used_once_even_after_its_event_was_deleted(sim: Simulated) -> None:
    insert(sim, id="cls00001")
    assert refused(lambda: insert(sim, id="cls00001")) == fixture("calendar/error_409_duplicate_id")["error"]
    sim.events().delete(calendarId="primary", eventId="cls00001").execute()
    assert refused(lambda: insert(sim, id="cls00001"))["code"] == 409


def test_the_same_id_in_two_calendars_is_two_events(sim: Simulated) -> None:
    codes = {insert(sim, who, id="cls00001")["conferenceData"]["conferenceId"] for who in (TEACHER, STUDENT)}
    assert len(codes) == 2


def test_a_deleted_event_is_gone_the_second_time_and_shown_as_cancelled(sim: Simulated) -> None:
    event = insert(sim)
    sim.events().delete(calendarId="primary", eventId=event["id"]).execute()
    error = refused(lambda: sim.events().delete(calendarId="primary", eventId=event["id"]).execute())
    assert (error["code"], error["errors"][0]["reason"]) == (410, "deleted")
    shown = sim.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert (shown["status"], shown["summary"]) == ("cancelled", "Algebra 1")
    assert sim.events().list(calendarId="primary").execute()["items"] == []
    back = sim.events().patch(calendarId="primary", eventId=event["id"], body={"status": "confirmed"}).execute()
    assert back["status"] == "confirmed"
    assert len(sim.events().list(calendarId="primary").execute()["items"]) == 1


def test_a_patch_merges_objects_replaces_lists_and_takes_out_nulls(sim: Simulated) -> None:
    private = {"private": {"classId": "c1", "room": "7"}}
    event = insert(sim, description="Bring paper", extendedProperties=private)
    body = {
        "summary": "Algebra 2",
        "description": None,
        "start": {"dateTime": "2026-09-15T16:45:00"},
        "attendees": [{"email": "dan@school.example"}],
        "extendedProperties": {"private": {"classId": "c2"}},
    }
    after = sim.events().patch(calendarId="primary", eventId=event["id"], body=body).execute()
    assert after["summary"] == "Algebra 2"
    assert "description" not in after
    assert after["start"] == {"dateTime": "2026-09-15T15:45:00Z", "timeZone": "Europe/London"}
    assert [one["email"] for one in after["attendees"]] == [TEACHER, "dan@school.example"]
    assert after["extendedProperties"] == {"private": {"classId": "c2", "room": "7"}}
    assert (event["sequence"], after["sequence"]) == (0, 1)
    assert after["hangoutLink"] == event["hangoutLink"]


def test_a_wish_that_was_seen_is_passed_over_and_a_new_one_makes_a_new_link(sim: Simulated) -> None:
    event = insert(sim)
    links = [event["hangoutLink"]]
    for request_id in ("first", "second"):
        patch = sim.events().patch(
            calendarId="primary",
            eventId=event["id"],
            body={"conferenceData": wish(request_id)},
            conferenceDataVersion=1,
        )
        links.append(patch.execute()["hangoutLink"])
    assert links[0] == links[1] != links[2]


def test_a_series_keeps_its_wall_time_and_its_link_when_the_clocks_change(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    items = sim.events().instances(calendarId="primary", eventId=event["id"]).execute()["items"]
    assert [one["start"]["dateTime"] for one in items[5:7]] == ["2026-10-20T15:30:00Z", "2026-10-27T16:30:00Z"]
    assert items[6]["id"] == f"{event['id']}_20261027T163000Z"
    assert {one["hangoutLink"] for one in items} == {event["hangoutLink"]}
    assert {one["conferenceData"]["conferenceId"] for one in items} == {event["conferenceData"]["conferenceId"]}


def test_an_instance_looks_like_one_of_googles(sim: Simulated) -> None:
    body = fixture("calendar/insert_request_with_meet") | {"id": "cls0000000000000000000001"}
    del body["extendedProperties"]
    events = sim.events("priya.teacher@school.example")
    events.insert(calendarId="primary", body=body, conferenceDataVersion=1).execute()
    shown = events.instances(calendarId="primary", eventId=body["id"]).execute()
    google = fixture("calendar/instances_list")
    assert set(shown) == set(google)
    assert set(shown["items"][0]) == set(google["items"][0])
    for name in ("id", "start", "end", "originalStartTime", "recurringEventId", "attendees"):
        assert shown["items"][0][name] == google["items"][0][name]


def test_a_patched_instance_is_an_exception_and_the_others_stay(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    one = f"{event['id']}_20260922T153000Z"
    times = {"start": {"dateTime": "2026-09-23T10:00:00Z"}, "end": {"dateTime": "2026-09-23T10:30:00Z"}}
    moved = sim.events().patch(calendarId="primary", eventId=one, body=times).execute()
    assert moved["id"] == one
    assert moved["originalStartTime"]["dateTime"] == "2026-09-22T15:30:00Z"
    sim.events().patch(calendarId="primary", eventId=event["id"], body={"summary": "Geometry"}).execute()
    items = sim.events().instances(calendarId="primary", eventId=event["id"]).execute()["items"]
    assert [item["start"]["dateTime"] for item in items[:3]] == [
        "2026-09-15T15:30:00Z",
        "2026-09-23T10:00:00Z",
        "2026-09-29T15:30:00Z",
    ]
    assert {item["summary"] for item in items} == {"Geometry"}


def test_a_cancelled_instance_leaves_the_series_and_can_come_back(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    one = f"{event['id']}_20260929T153000Z"
    events = sim.events()
    events.delete(calendarId="primary", eventId=one).execute()
    shown = events.get(calendarId="primary", eventId=one).execute()
    assert set(shown) == set(fixture("calendar/instance_cancelled"))
    assert len(events.instances(calendarId="primary", eventId=event["id"]).execute()["items"]) == 7
    assert refused(lambda: events.delete(calendarId="primary", eventId=one).execute())["code"] == 410
    back = events.patch(calendarId="primary", eventId=one, body={"status": "confirmed"}).execute()
    assert (back["status"], back["summary"]) == ("confirmed", "Algebra 1")


def test_an_instance_that_the_rule_does_not_make_is_not_found(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    for stamp in ("20260923T153000Z", "20261110T163000Z"):
        get = sim.events().get(calendarId="primary", eventId=f"{event['id']}_{stamp}")
        assert refused(get.execute)["errors"][0]["reason"] == "notFound"


def test_instances_come_in_pages(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    events, starts = sim.events(), []
    request = events.instances(calendarId="primary", eventId=event["id"], maxResults=3)
    sizes = []
    while request is not None:
        page = request.execute()
        sizes.append(len(page["items"]))
        starts += [one["start"]["dateTime"] for one in page["items"]]
        request = events.instances_next(request, page)
    assert sizes == [3, 3, 2]
    assert starts == sorted(set(starts))


def test_one_instance_is_found_by_its_original_start(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    request = sim.events().instances(calendarId="primary", eventId=event["id"], originalStart="2026-09-22T16:30:00+01:00")
    assert [one["id"] for one in request.execute()["items"]] == [f"{event['id']}_20260922T153000Z"]


def test_times_can_be_had_in_another_zone(sim: Simulated) -> None:
    event = insert(sim)
    shown = sim.events().get(calendarId="primary", eventId=event["id"], timeZone="Asia/Tokyo").execute()
    assert shown["start"]["dateTime"] == "2026-09-16T00:30:00+09:00"


def test_somebody_elses_calendar_is_not_found(sim: Simulated) -> None:
    assert refused(lambda: sim.events().list(calendarId=STUDENT).execute())["code"] == 404
    assert sim.events().list(calendarId=TEACHER).execute()["items"] == []


def test_a_sync_token_always_asks_for_a_full_sync(sim: Simulated) -> None:
    token = sim.events().list(calendarId="primary").execute()["nextSyncToken"]
    error = refused(lambda: sim.events().list(calendarId="primary", syncToken=token).execute())
    assert (error["code"], error["errors"][0]["reason"]) == (410, "fullSyncRequired")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"id": "UPPER"}, "resource id"),
        ({"id": "abc"}, "resource id"),
        ({"end": {"dateTime": "2026-09-15T16:00:00", "timeZone": "Europe/London"}}, "range is empty"),
        ({"start": {"dateTime": "2026-09-15T16:30:00"}}, "Missing time zone"),
        ({"start": {"dateTime": "2026-09-15T16:30:00", "timeZone": "Mars/Base"}}, "Mars/Base"),
        ({"start": {"date": "2026-09-15"}}, "all-day"),
        ({"start": {}}, "Missing start time"),
        ({"recurrence": ["RRULE:FREQ=SOMETIMES"]}, "recurrence"),
        ({"recurrence": ["FREQ=WEEKLY"]}, "recurrence"),
        ({"attendees": [{"email": "nobody"}]}, "attendee email"),
        ({"status": "maybe"}, "status"),
        ({"conferenceData": {"createRequest": {"requestId": "x", "conferenceSolutionKey": {"type": "zoom"}}}}, "conference type"),
        ({"conferenceData": {"createRequest": {"conferenceSolutionKey": {"type": "hangoutsMeet"}}}}, "request id"),
    ],
)
def test_an_event_that_google_would_refuse_is_refused_here(sim: Simulated, more: dict[str, Any], word: str) -> None:
    error = refused(lambda: insert(sim, **more))
    assert error["code"] == 400
    assert word in error["message"]


def test_a_wrong_kind_of_conference_is_refused_in_googles_words(sim: Simulated) -> None:
    request = {"requestId": "x", "conferenceSolutionKey": {"type": "eventHangout"}}
    error = refused(lambda: insert(sim, conferenceData={"createRequest": request}))
    assert error == fixture("calendar/error_400_invalid_conference_type")["error"]


def test_an_instance_takes_no_rule_of_its_own(sim: Simulated) -> None:
    event = insert(sim, recurrence=WEEKLY)
    one = f"{event['id']}_20260922T153000Z"
    patch = sim.events().patch(calendarId="primary", eventId=one, body={"recurrence": WEEKLY})
    assert refused(patch.execute)["code"] == 400
