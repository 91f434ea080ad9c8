"""Tests of reading the organisation's audit log, against a log in pages whose filter works, fails or is ignored."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from shared.adapters.google.reports import GoogleReports
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import ReportedCall
from tests.shared.adapters.google.activities import CODE, LEFT_AT, row, rows_of_2021, rows_of_2025
from tests.shared.adapters.google.scripted import Answer, Asked, Json, Script, ScriptedGoogle, in_turn, old_error, scripted_google

ADMIN = "admin@school.example"
HOUR = timedelta(hours=1)
SINCE, UNTIL = LEFT_AT - HOUR, LEFT_AT + HOUR
OTHER = "ABCMNOPXYZ"


def log_of(rows: Sequence[Json], page: int = 1000, filtering: str = "works") -> Script:
    """A log; its filter `works`, `fails` (it finds nothing) or is `ignored`."""

    def answer(asked: Asked) -> Answer:
        wanted, found = asked.param("filters"), list(rows)
        if wanted and filtering != "ignored":
            code = wanted.removeprefix("meeting_code==")
            found = [each for each in rows if {"name": "meeting_code", "value": code} in each["events"][0]["parameters"]]
            found = [] if filtering == "fails" else found
        start = int(asked.param("pageToken") or 0)
        told: Json = {"items": found[start : start + page]} if found[start:] else {}
        return 200, told | ({"nextPageToken": str(start + page)} if found[start + page :] else {})

    return answer


def reports_at(google: ScriptedGoogle, **env: str) -> GoogleReports:
    """The adapter."""
    return GoogleReports(google.apis(), google.settings(GOOGLE_ADMIN_EMAIL=ADMIN, **env))


def calls_of(script: Script, code: str | None = None, since: datetime = SINCE, until: datetime = UNTIL) -> list[ReportedCall]:
    """The calls that were left around the lesson."""
    with scripted_google(script) as google:
        return list(reports_at(google).calls(since, until, code))


def connections(calls: Sequence[ReportedCall]) -> list[str]:
    """Which devices left."""
    return [call.connection for call in calls]


def test_all_calls_of_the_organisation_are_asked_for_as_the_administrator() -> None:
    with scripted_google(log_of([row(1), row(2, meeting_code=OTHER)])) as google:
        assert connections(list(reports_at(google).calls(SINCE, UNTIL))) == ["boq_1", "boq_2"]
    (asked,) = google.asked
    assert (asked.path, asked.subject) == ("/admin/reports/v1/activity/users/all/applications/meet", ADMIN)
    assert {name: values[0] for name, values in asked.query.items() if name != "alt"} == {
        "eventName": "call_ended",
        "startTime": "2026-09-15T15:00:00.500000Z",
        "endTime": "2026-09-15T17:00:00.500000Z",
        "maxResults": "1000",
    }


def test_both_real_answers_are_read_whole() -> None:
    with scripted_google(log_of(rows_of_2021() + rows_of_2025())) as google:
        reports = reports_at(google)
        calls = list(reports.calls(LEFT_AT - timedelta(days=1000), UNTIL))
    assert (len(calls), reports.skipped) == (3 + 6, 0)


def test_all_pages_are_read_and_only_when_they_are_needed() -> None:
    with scripted_google(log_of([row(number) for number in range(5)], page=2)) as google:
        calls = reports_at(google).calls(SINCE, UNTIL)
        assert google.asked == []
        assert connections([next(calls), next(calls)]) == ["boq_0", "boq_1"]
        assert len(google.asked) == 1
        assert connections(list(calls)) == ["boq_2", "boq_3", "boq_4"]
    assert [asked.param("pageToken") for asked in google.asked] == [None, "2", "4"]


def test_a_row_that_comes_twice_is_one_call() -> None:
    twins = [row(2), row(3, at=LEFT_AT - HOUR / 2), row(3)]
    assert connections(calls_of(log_of([row(1), row(2), *twins], page=2))) == ["boq_1", "boq_2", "boq_3", "boq_3"]


def test_two_who_leave_at_the_same_instant_are_two_though_their_rows_have_no_number() -> None:
    rows = [row(number) | {"id": {"time": "2026-09-15T16:00:00.500Z"}} for number in (1, 2)]
    assert connections(calls_of(log_of(rows))) == ["boq_1", "boq_2"]


def test_a_row_that_cannot_be_read_is_counted_and_holds_up_nobody() -> None:
    with scripted_google(log_of([row(1, meeting_code=None), row(2), {"id": {}}, row(3)])) as google:
        reports = reports_at(google)
        assert connections(list(reports.calls(SINCE, UNTIL))) == ["boq_2", "boq_3"]
    assert reports.skipped == 2


def test_a_row_outside_the_time_that_was_asked_for_is_left_out() -> None:
    rows = [row(1, at=SINCE - HOUR), row(2, at=SINCE), row(3, at=UNTIL - HOUR / 60), row(4, at=UNTIL)]
    assert connections(calls_of(log_of(rows))) == ["boq_2", "boq_3"]


def test_no_time_at_all_is_not_asked_for() -> None:
    with scripted_google(log_of([row()])) as google:
        assert list(reports_at(google).calls(UNTIL, UNTIL)) == []
    assert google.asked == []


def test_one_room_is_asked_for_by_its_code_without_dashes_in_capitals() -> None:
    with scripted_google(log_of([row(1), row(2, meeting_code=OTHER)])) as google:
        assert connections(list(reports_at(google).calls(SINCE, UNTIL, CODE))) == ["boq_1"]
    assert [asked.param("filters") for asked in google.asked] == ["meeting_code==QKZMWTPRVX"]


def test_a_filter_that_google_ignores_lets_nobody_elses_calls_through() -> None:
    rows = [row(1, meeting_code=OTHER), row(2), row(3, meeting_code=OTHER)]
    assert connections(calls_of(log_of(rows, filtering="ignored"), CODE)) == ["boq_2"]


def test_a_filter_that_finds_nothing_is_not_believed() -> None:
    with scripted_google(log_of([row(1), row(2, meeting_code=OTHER)], filtering="fails")) as google:
        assert connections(list(reports_at(google).calls(SINCE, UNTIL, CODE))) == ["boq_1"]
    assert [asked.param("filters") for asked in google.asked] == ["meeting_code==QKZMWTPRVX", None]


def test_a_room_that_nobody_was_in_has_no_calls() -> None:
    assert calls_of(log_of([row(1, meeting_code=OTHER)]), CODE) == []


def test_what_is_no_meet_code_is_not_asked_for() -> None:
    with scripted_google(log_of([row()])) as google:
        assert list(reports_at(google).calls(SINCE, UNTIL, "84000000001")) == []
    assert google.asked == []


def test_device_and_place_are_told_where_the_settings_say_so() -> None:
    rows = [row(device_type="ios", location_country="ES", location_region="Madrid", ip_address="203.0.113.10")]
    with scripted_google(log_of(rows)) as google:
        (plain,) = reports_at(google).calls(SINCE, UNTIL)
        (full,) = reports_at(google, REPORTS_DETAILS="on").calls(SINCE, UNTIL)
    assert (plain.device, plain.location) == (None, None)
    assert (full.device, full.location) == ("ios", "ES, Madrid")


def test_without_an_administrator_nothing_is_asked_of_google() -> None:
    with scripted_google(log_of([])) as google:
        reports = GoogleReports(google.apis(), google.settings())
        with pytest.raises(UpstreamRefused, match="GOOGLE_ADMIN_EMAIL"):
            reports.calls(SINCE, UNTIL)
    assert google.asked == []


def test_a_busy_log_says_503_and_is_asked_again() -> None:
    script = in_turn(old_error(503, "backendError"), (200, {"items": [row()]}))
    assert connections(calls_of(script)) == ["boq_1"]


def test_a_log_that_stays_busy_is_a_matter_of_time() -> None:
    with pytest.raises(Unavailable):
        calls_of(lambda _: old_error(503, "backendError"))


def test_somebody_who_is_no_administrator_is_told_which_privilege_is_missing() -> None:
    with pytest.raises(UpstreamRefused, match="privilege Reports") as refusal:
        calls_of(lambda _: old_error(403, "forbidden", "Not allowed."))
    assert ADMIN in refusal.value.detail
