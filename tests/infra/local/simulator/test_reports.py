"""Reports, through Google's own client: who sees the log, which rows are in it, and when."""

import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import FIXTURES, GUEST, STUDENT, TEACHER, Simulated, error_of, fixture

ADMIN = "admin@school.example"
PATH = "/admin/reports/v1/activity/users/all/applications/meet"
CAPTURED = [json.loads(line) for line in (FIXTURES / "reports/activities_2025_mixed_events.ndjson").read_text().splitlines()]


def listed(sim: Simulated, subject: str = ADMIN, **query: Any) -> Any:
    """The answer to a list of the calls that ended."""
    asked = {"userKey": "all", "applicationName": "meet", "eventName": "call_ended", **query}
    return sim.google("reports", subject).activities().list(**asked).execute()


def rows(sim: Simulated, **query: Any) -> list[Any]:
    """The rows of the log."""
    items: list[Any] = listed(sim, **query).get("items", [])
    return items


def told(row: Any) -> dict[str, Any]:
    """The parameters of a row by name."""
    ((event,), keys) = row["events"], ("value", "intValue", "boolValue")
    return {one["name"]: next(one[key] for key in keys if key in one) for one in event["parameters"]}


def stay(sim: Simulated, code: str, email: str = STUDENT, begin: str = "12:00:00", end: str = "12:30:00", **more: object) -> None:
    """Somebody was in a meeting from one time of the day to another."""
    device = sim.join(code, email, f"2026-09-15T{begin}Z", **more)
    sim.leave(code, device, f"2026-09-15T{end}Z")


def later(sim: Simulated) -> str:
    """A room, hours before now."""
    sim.clock.move(hours=6)
    return sim.room()


def test_a_device_that_left_is_a_row_and_one_that_is_in_is_none(sim: Simulated) -> None:
    code = later(sim)
    assert listed(sim).keys() == fixture("reports/activities_list_empty").keys()
    sim.join(code, TEACHER, "2026-09-15T12:00:00Z")
    stay(sim, code, STUDENT, "12:00:00.4", "12:30:00.286999")
    (row,) = rows(sim)
    assert row["id"]["time"] == "2026-09-15T12:30:00.286Z"
    assert row["actor"] == {"callerType": "USER", "email": STUDENT, "profileId": user_id_of(STUDENT)}
    assert (told(row)["start_timestamp_seconds"], told(row)["duration_seconds"]) == ("1789473600", "1800")
    assert told(row)["meeting_code"] == code.replace("-", "").upper()
    assert told(row)["organizer_email"] == TEACHER


def test_a_row_has_the_form_of_a_captured_one(sim: Simulated) -> None:
    code = later(sim)
    stay(sim, code)
    stay(sim, code, GUEST, "12:10:00", "12:20:00")
    captured = {row["actor"]["callerType"]: row for row in reversed(CAPTURED) if row["events"][0]["name"] == "call_ended"}
    for row in rows(sim):
        sample = captured[row["actor"]["callerType"]]
        assert (row.keys(), row["id"].keys(), row["actor"].keys()) == (sample.keys(), sample["id"].keys(), sample["actor"].keys())
        known = {one["name"]: set(one) for each in CAPTURED for one in each["events"][0]["parameters"]}
        mine = {one["name"]: set(one) for one in row["events"][0]["parameters"]}
        assert {name: form for name, form in mine.items() if known.get(name) != form} == {}
        assert -(2**63) <= int(row["id"]["uniqueQualifier"]) < 2**63


def test_of_strangers_neither_place_nor_address_of_the_machine_is_told(sim: Simulated) -> None:
    code = later(sim)
    stay(sim, code)
    stay(sim, code, GUEST, "12:10:00", "12:20:00", display_name="Guest Gomez")
    own, guest = rows(sim)
    assert guest["actor"] == {"callerType": "KEY", "key": "HANGOUTS_EXTERNAL_OR_ANONYMOUS"}
    assert (told(guest)["identifier"], told(guest)["identifier_type"]) == (GUEST, "email_address")
    assert (told(guest)["is_external"], told(own)["is_external"]) == (True, False)
    assert told(own).keys() - told(guest).keys() == {"ip_address", "location_country", "location_region"}


def test_who_is_not_signed_in_has_a_masked_number_or_nothing(sim: Simulated) -> None:
    code = later(sim)
    for kind, name in (("phone", "+44 7700 900123"), ("anonymous", "Ben")):
        body = {"kind": kind, "display_name": name, "at": "2026-09-15T12:00:00Z"}
        sim.leave(code, sim.told(f"/meetings/{code}/join", **body)["device_session_id"], "2026-09-15T12:30:00Z")
    by_name = {told(row)["display_name"]: told(row) for row in rows(sim)}
    phone, nobody = by_name["+44 ***-***-**23"], by_name["Ben"]
    assert (phone["identifier"], phone["identifier_type"], phone["device_type"]) == (
        "+44 ***-***-**23",
        "phone_number",
        "pstn_in",
    )
    assert not {"identifier", "identifier_type"} & nobody.keys()
    assert phone["is_external"] is nobody["is_external"] is True


def test_each_join_is_a_row_with_ids_of_its_own_that_stay(sim: Simulated) -> None:
    code = later(sim)
    stay(sim, code, STUDENT, "12:00:00", "12:10:00", device="android")
    stay(sim, code, STUDENT, "12:05:00", "12:30:00", device="kitchen")
    first, again = rows(sim), rows(sim)
    assert first == again
    assert [told(row)["device_type"] for row in first] == ["web", "android"]
    assert len({told(row)["endpoint_id"] for row in first}) == len({row["id"]["uniqueQualifier"] for row in first}) == 2
    assert len({told(row)["conference_id"] for row in first}) == 1


def test_rows_appear_as_long_after_the_leaving_as_is_set(sim: Simulated) -> None:
    sim.told("/settings", reports_lag_s=3600)
    sim.clock.move(hours=1)
    stay(sim, sim.room(), end="12:30:00")
    sim.clock.move(minutes=29)
    assert rows(sim) == []
    sim.clock.move(minutes=1)
    assert len(rows(sim)) == 1


def test_only_admins_see_the_log(sim: Simulated) -> None:
    with pytest.raises(HttpError) as trouble:
        listed(sim, TEACHER)
    assert error_of(trouble.value)["code"] == 403
    sim.told("/settings", admins=[TEACHER])
    assert "items" not in listed(sim, TEACHER)
    assert sim.ask(PATH, ADMIN).status_code == 403


def test_meetings_of_other_organisations_are_not_in_the_log(sim: Simulated) -> None:
    sim.clock.move(hours=6)
    stay(sim, sim.room(GUEST))
    assert rows(sim) == []


def test_rows_of_a_span_of_one_user_and_of_one_event_can_be_asked_for(sim: Simulated) -> None:
    code = later(sim)
    stay(sim, code, STUDENT, "12:00:00", "12:10:00")
    stay(sim, code, TEACHER, "12:00:00", "12:20:00")
    span = {"startTime": "2026-09-15T12:10:00Z", "endTime": "2026-09-15T12:20:00Z"}
    assert [row["actor"]["email"] for row in rows(sim, **span)] == [STUDENT]
    for key in (TEACHER, user_id_of(TEACHER)):
        assert [row["actor"]["email"] for row in rows(sim, userKey=key)] == [TEACHER]
    assert rows(sim, eventName="presentation_started") == []


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-09-15T13:00:00Z", "2026-09-15T12:00:00Z"), ("2026-09-15T12:00:01Z", None)],
)
def test_a_span_that_ends_before_it_begins_or_lies_ahead_is_refused(sim: Simulated, start: str, end: str | None) -> None:
    query = {"startTime": start} | ({"endTime": end} if end else {})
    assert sim.ask(PATH, ADMIN, params=query).status_code == 400


def test_the_log_comes_in_pages_the_latest_first(sim: Simulated) -> None:
    code = later(sim)
    for minute in range(10, 15):
        stay(sim, code, STUDENT, "12:00:00", f"12:{minute}:00")
    activities = sim.google("reports", ADMIN).activities()
    asked = activities.list(userKey="all", applicationName="meet", eventName="call_ended", maxResults=2)
    pages = []
    while asked is not None:
        answer = asked.execute()
        pages.append([row["id"]["time"][14:16] for row in answer["items"]])
        asked = activities.list_next(asked, answer)
    assert pages == [["14", "13"], ["12", "11"], ["10"]]
    for most in (0, 1001):
        assert sim.ask(PATH, ADMIN, params={"maxResults": most}).status_code == 400


def test_unknown_parameters_are_ignored_and_the_last_of_two_counts(sim: Simulated) -> None:
    code = later(sim)
    stay(sim, code)
    stay(sim, code, GUEST)
    assert len(sim.ask(PATH, ADMIN, params={"colour": "red"}).json()["items"]) == 2
    assert len(sim.ask(f"{PATH}?maxResults=2&maxResults=1", ADMIN).json()["items"]) == 1


def test_the_logs_of_other_products_are_not_simulated(sim: Simulated) -> None:
    assert sim.ask(PATH.replace("meet", "drive"), ADMIN).status_code == 501
