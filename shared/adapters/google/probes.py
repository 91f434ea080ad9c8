"""Probes: of each API the cheapest call that does no harm, to see whether it works for somebody."""

from collections.abc import Mapping
from typing import Any

from shared.adapters.google.access import GoogleApis
from shared.adapters.google.apis import CALENDAR, CLASSROOM, DIRECTORY, EVENTS, MEET, PEOPLE, PROFILE, REPORTS, Api
from shared.adapters.google.troubles import Missing

PROBES: Mapping[str, tuple[Api, str, Mapping[str, Any]]] = {
    CALENDAR.key: (CALENDAR, "events.list", {"calendarId": "primary", "maxResults": 1}),
    MEET.key: (MEET, "conferenceRecords.list", {"pageSize": 1}),
    EVENTS.key: (
        EVENTS,
        "subscriptions.list",
        {"filter": 'event_types:"google.workspace.meet.participant.v2.joined"', "pageSize": 1},
    ),
    PROFILE.key: (PROFILE, "people.get", {"resourceName": "people/me", "personFields": "metadata"}),
    PEOPLE.key: (
        PEOPLE,
        "people.getBatchGet",
        {"resourceNames": ["people/me"], "personFields": "emailAddresses"},
    ),
    REPORTS.key: (REPORTS, "activities.list", {"userKey": "all", "applicationName": "meet", "maxResults": 1}),
    DIRECTORY.key: (DIRECTORY, "users.get", {"userKey": "{subject}", "viewType": "domain_public"}),
    CLASSROOM.key: (CLASSROOM, "courses.list", {"teacherId": "me", "pageSize": 1}),
}


def probe(apis: GoogleApis, service: str, subject: str) -> None:
    """Call the service, by its key, as `subject`; raises what the call raises. That something is missing is fine."""
    api, method, params = PROBES[service]
    told = {name: value.format(subject=subject) if value == "{subject}" else value for name, value in params.items()}
    try:
        apis.call(api, subject, method, told)
    except Missing:
        return
