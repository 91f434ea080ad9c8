"""Lists of events: spans of time, series and their exceptions, deleted ones, and names of one's own."""

from typing import Any

from tests.infra.local.simulator.running import Simulated, lesson

WEEKLY = ["RRULE:FREQ=WEEKLY;COUNT=4"]


def on(day: int, **more: object) -> dict[str, Any]:
    """A lesson at 10:00 UTC of a day of September."""
    start, end = (f"2026-09-{day:02}T{hour}:00Z" for hour in ("10:00", "10:30"))
    return lesson(start={"dateTime": start, "timeZone": "UTC"}, end={"dateTime": end, "timeZone": "UTC"}, **more)


def insert(sim: Simulated, event_id: str, day: int, **more: object) -> None:
    """Make an event."""
    sim.events().insert(calendarId="primary", body=on(day, id=event_id, **more)).execute()


def listed(sim: Simulated, **query: Any) -> list[str]:
    """The ids of what a list holds."""
    return [one["id"] for one in sim.events().list(calendarId="primary", **query).execute()["items"]]


def test_a_span_takes_what_is_on_at_some_time_of_it(sim: Simulated) -> None:
    for day in (1, 2, 3):
        insert(sim, f"lesson{day}", day)
    assert listed(sim, timeMin="2026-09-01T10:30:00Z") == ["lesson2", "lesson3"]
    assert listed(sim, timeMin="2026-09-01T10:29:59Z") == ["lesson1", "lesson2", "lesson3"]
    assert listed(sim, timeMax="2026-09-02T10:00:00Z") == ["lesson1"]
    assert listed(sim, timeMin="2026-09-02T00:00:00Z", timeMax="2026-09-03T00:00:00Z") == ["lesson2"]


def test_a_span_that_is_empty_is_refused(sim: Simulated) -> None:
    path = "/calendar/v3/calendars/primary/events?timeMin=2026-09-02T00:00:00Z&timeMax=2026-09-02T00:00:00Z"
    assert sim.ask(path).status_code == 400


def test_a_series_is_one_event_or_spelled_out(sim: Simulated) -> None:
    insert(sim, "series1", 1, recurrence=WEEKLY)
    assert listed(sim) == ["series1"]
    assert listed(sim, singleEvents=True, orderBy="startTime", timeMin="2026-09-08T00:00:00Z") == [
        "series1_20260908T100000Z",
        "series1_20260915T100000Z",
        "series1_20260922T100000Z",
    ]
    assert listed(sim, timeMin="2026-09-20T00:00:00Z") == ["series1"]
    assert listed(sim, timeMin="2026-10-20T00:00:00Z") == []


def test_exceptions_are_told_beside_their_series_the_cancelled_ones_too(sim: Simulated) -> None:
    insert(sim, "series1", 1, recurrence=WEEKLY)
    changed, cancelled = "series1_20260908T100000Z", "series1_20260915T100000Z"
    sim.events().patch(calendarId="primary", eventId=changed, body={"summary": "Test"}).execute()
    sim.events().delete(calendarId="primary", eventId=cancelled).execute()
    assert listed(sim) == ["series1", changed, cancelled]
    assert cancelled not in listed(sim, singleEvents=True)
    assert cancelled in listed(sim, singleEvents=True, showDeleted=True)


def test_deleted_events_are_shown_when_asked_for(sim: Simulated) -> None:
    insert(sim, "lesson1", 1)
    insert(sim, "series1", 2, recurrence=WEEKLY)
    for event_id in ("lesson1", "series1"):
        sim.events().delete(calendarId="primary", eventId=event_id).execute()
    assert listed(sim) == []
    assert listed(sim, showDeleted=True) == ["lesson1", "series1"]


def test_events_are_found_by_private_properties_uid_and_time_of_change(sim: Simulated) -> None:
    insert(sim, "lesson1", 1, extendedProperties={"private": {"classId": "c1", "room": "7"}})
    sim.clock.move(minutes=1)
    insert(sim, "lesson2", 2, extendedProperties={"private": {"classId": "c2", "room": "7"}})
    assert listed(sim, privateExtendedProperty=["room=7", "classId=c2"]) == ["lesson2"]
    assert listed(sim, iCalUID="lesson1@google.com") == ["lesson1"]
    assert listed(sim, updatedMin="2026-09-15T12:00:30Z") == ["lesson2"]


def test_lists_can_be_ordered_by_time_of_change(sim: Simulated) -> None:
    for day in (1, 2):
        insert(sim, f"lesson{day}", day)
    sim.clock.move(minutes=1)
    sim.events().patch(calendarId="primary", eventId="lesson1", body={"summary": "Geometry"}).execute()
    assert listed(sim, orderBy="updated") == ["lesson2", "lesson1"]


def test_series_cannot_be_ordered_by_start_unless_spelled_out(sim: Simulated) -> None:
    assert sim.ask("/calendar/v3/calendars/primary/events?orderBy=startTime").status_code == 400


def test_an_event_that_moves_between_pages_is_not_lost(sim: Simulated) -> None:
    for day in (1, 2, 3):
        insert(sim, f"lesson{day}", day)
    events = sim.events()
    request = events.list(calendarId="primary", maxResults=1)
    page = request.execute()
    events.delete(calendarId="primary", eventId="lesson1").execute()
    rest = events.list_next(request, page).execute()
    assert [one["id"] for one in rest["items"]] == ["lesson2"]
