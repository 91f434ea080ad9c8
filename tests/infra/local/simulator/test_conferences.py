"""Conferences of events: wishes that wait, fail, are wiped or taken back."""

from typing import Any

from tests.infra.local.simulator.running import Simulated, lesson, wish


def insert(sim: Simulated, **more: object) -> Any:
    """Make an event."""
    return sim.events().insert(calendarId="primary", body=lesson(**more), conferenceDataVersion=1).execute()


def patch(sim: Simulated, event: Any, conference: object, version: int = 1) -> Any:
    """Change an event's conference."""
    body = {"conferenceData": conference}
    patched = sim.events().patch(calendarId="primary", eventId=event["id"], body=body, conferenceDataVersion=version)
    return patched.execute()


def read(sim: Simulated, event: Any) -> Any:
    """The event as it is now."""
    return sim.events().get(calendarId="primary", eventId=event["id"]).execute()


def test_a_wish_may_fail_and_a_later_one_be_granted(sim: Simulated) -> None:
    sim.told("/settings", conference_outcome="failure")
    event = insert(sim)
    assert event["conferenceData"]["createRequest"]["status"]["statusCode"] == "failure"
    assert "hangoutLink" not in event
    sim.told("/settings", conference_outcome="success")
    assert "hangoutLink" not in patch(sim, event, wish("first"))
    assert "hangoutLink" in patch(sim, event, wish("second"))


def test_a_conference_that_is_repeated_wipes_a_pending_wish(sim: Simulated) -> None:
    sim.told("/settings", conference_pending_polls=1)
    event = insert(sim)
    patch(sim, event, {"notes": "no link"})
    for _ in range(3):
        assert "hangoutLink" not in read(sim, event)


def test_another_events_conference_can_be_copied(sim: Simulated) -> None:
    first = insert(sim)
    conference = {name: value for name, value in first["conferenceData"].items() if name != "createRequest"}
    second = insert(sim, conferenceData=conference)
    assert second["hangoutLink"] == first["hangoutLink"]


def test_a_conference_of_another_kind_has_no_meet_link(sim: Simulated) -> None:
    entry = {"entryPointType": "video", "uri": "https://zoom.example/j/98765432101"}
    kind = {"key": {"type": "addOn"}, "name": "Zoom Meeting"}
    other = {"conferenceId": "98765432101", "entryPoints": [entry], "conferenceSolution": kind}
    event = insert(sim, conferenceData=other)
    assert event["conferenceData"] == other
    assert "hangoutLink" not in event


def test_a_conference_can_be_taken_out(sim: Simulated) -> None:
    event = insert(sim)
    assert read(sim, event)["hangoutLink"]
    without = patch(sim, event, None)
    assert not {"hangoutLink", "conferenceData"} & set(without)


def test_without_a_conference_version_a_patch_leaves_the_conference_alone(sim: Simulated) -> None:
    event = insert(sim)
    assert patch(sim, event, None, version=0)["hangoutLink"] == event["hangoutLink"]
