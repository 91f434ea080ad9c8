"""Google's own descriptions as tables of methods."""

from infra.local.simulator.discovery import Api, Routes, described

METHODS = tuple(method for api in Api for method in described(api).methods)


def found(verb: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The id of the method that a request calls, and the parts of its path."""
    hit = Routes(METHODS).find(verb, path)
    return None if hit is None else (hit[0].method_id, hit[1])


def test_methods_are_found_by_verb_and_path() -> None:
    assert found("GET", "/v2/conferenceRecords/r1/participants/p1") == (
        "meet.conferenceRecords.participants.get",
        {"conferenceRecordsId": "r1", "participantsId": "p1"},
    )
    assert found("POST", "/v1/subscriptions/s1:reactivate") == (
        "workspaceevents.subscriptions.reactivate",
        {"subscriptionsId": "s1"},
    )
    assert found("GET", "/admin/reports/v1/activity/users/all/applications/meet") == (
        "reports.activities.list",
        {"userKey": "all", "applicationName": "meet"},
    )
    assert found("GET", "/v1/courses/c1/students") == ("classroom.courses.students.list", {"courseId": "c1"})
    assert found("GET", "/v1/people:batchGet") == ("people.people.getBatchGet", {})
    assert found("PATCH", "/calendar/v3/calendars/primary/events/e1_20260915T153000Z") == (
        "calendar.events.patch",
        {"calendarId": "primary", "eventId": "e1_20260915T153000Z"},
    )


def test_parts_of_a_path_are_decoded() -> None:
    hit = found("GET", "/admin/directory/v1/users/ada%40school.example")
    assert hit == ("directory.users.get", {"userKey": "ada@school.example"})


def test_other_paths_call_nothing() -> None:
    assert found("GET", "/v2/conferenceRecords/") is None
    assert found("PUT", "/v2/conferenceRecords") is None
    assert found("GET", "/calendars/primary/events") is None


def test_no_path_calls_two_methods() -> None:
    routes = Routes(METHODS)
    for method in METHODS:
        if method.api in (Api.MEET, Api.CLASSROOM):
            path = method.path.replace("{", "x").replace("}", "x")
            hit = routes.find(method.verb, path)
            assert hit is not None
            assert hit[0] == method
