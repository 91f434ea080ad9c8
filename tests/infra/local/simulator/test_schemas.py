"""Schemas made from Google's descriptions: payloads of Google's pass, and small mistakes do not."""

from typing import Any

import pytest

from infra.local.simulator.discovery import Api, described
from infra.local.simulator.schemas import Checker
from tests.infra.local.simulator.running import FIXTURES, fixture

CHECKERS = {api: Checker(described(api)) for api in Api}
SCHEMAS = {
    "calendar/event_": (Api.CALENDAR, "Event"),
    "calendar/insert_": (Api.CALENDAR, "Event"),
    "calendar/instance_": (Api.CALENDAR, "Event"),
    "calendar/instances_": (Api.CALENDAR, "Events"),
    "meet/conference_record_": (Api.MEET, "ConferenceRecord"),
    "meet/conference_records_": (Api.MEET, "ListConferenceRecordsResponse"),
    "meet/participants_": (Api.MEET, "ListParticipantsResponse"),
    "meet/participant_sessions_": (Api.MEET, "ListParticipantSessionsResponse"),
    "meet/space": (Api.MEET, "Space"),
    "directory/people_batch_": (Api.PEOPLE, "GetPeopleResponse"),
    "directory/people_get": (Api.PEOPLE, "Person"),
    "directory/user": (Api.DIRECTORY, "User"),
    "reports/activities_": (Api.REPORTS, "Activities"),
    "workspace_events/subscription_": (Api.WORKSPACEEVENTS, "Subscription"),
    "workspace_events/operation_": (Api.WORKSPACEEVENTS, "Operation"),
}
# errors, and what is inside messages, have no schema
NOT_DESCRIBED = ("error_", "data_", "lifecycle_", "pubsub_")
PAYLOADS = sorted(
    str(path.relative_to(FIXTURES).with_suffix(""))
    for path in FIXTURES.rglob("*.json")
    if not path.name.startswith(NOT_DESCRIBED)
)


def wrong(name: str, payload: Any) -> str | None:
    """What is wrong with a payload of the kind that `name` begins with."""
    ((api, schema),) = [about for prefix, about in SCHEMAS.items() if name.startswith(prefix)]
    return CHECKERS[api].wrong_in_answer(schema, payload)


@pytest.mark.parametrize("name", PAYLOADS)
def test_googles_payloads_pass(name: str) -> None:
    assert wrong(name, fixture(name)) is None


@pytest.mark.parametrize(
    ("name", "change", "place"),
    [
        ("meet/space", {"colour": "red"}, "colour"),
        ("meet/space", {"config": {"accessType": "CLOSED"}}, "config.accessType"),
        ("meet/space", {"meetingCode": None}, "meetingCode"),
        ("meet/conference_record_ended", {"endTime": "2026-09-15T16:01:10"}, "endTime"),
        ("meet/conference_record_ended", {"endTime": "2026-09-15T16:01:10.1234567890Z"}, "endTime"),
        ("meet/participants_list_live", {"participants": [{"email": "x@y.example"}]}, "participants.0"),
        ("calendar/event_conference_success", {"sequence": "1"}, "sequence"),
        ("calendar/event_conference_success", {"sequence": 2**31}, "sequence"),
        ("calendar/event_conference_success", {"start": {"date": "15.09.2026"}}, "start.date"),
        ("directory/user", {"isAdmin": "no"}, "isAdmin"),
        ("reports/activities_list_empty", {"items": {}}, "items"),
        ("workspace_events/subscription_active", {"state": "GONE"}, "state"),
        ("workspace_events/subscription_create_request", {"ttl": "7 days"}, "ttl"),
    ],
)
def test_a_small_mistake_is_found_and_its_place_told(name: str, change: dict[str, Any], place: str) -> None:
    told = wrong(name, fixture(name) | change)
    assert told is not None
    assert place in told


def test_a_method_may_demand_fields_that_others_do_not() -> None:
    methods = {method.name: method for method in described(Api.CALENDAR).methods}
    checker = CHECKERS[Api.CALENDAR]
    assert "required" in str(checker.wrong_in_request(methods["events.insert"], "Event", {"summary": "x"}))
    assert checker.wrong_in_request(methods["events.patch"], "Event", {"summary": None}) is None
