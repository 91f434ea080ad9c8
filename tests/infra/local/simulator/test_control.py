"""The control path: orders that are taken, and refusals that name what is wrong."""

import pytest
from googleapiclient.errors import HttpError

from infra.local.simulator.accounts import user_id_of
from tests.infra.local.simulator.running import STUDENT, TEACHER, Simulated, error_of, lesson


def test_somebody_joins_the_meeting_of_an_event_in_any_spelling_of_its_code(sim: Simulated) -> None:
    event = sim.events().insert(calendarId="primary", body=lesson(), conferenceDataVersion=1).execute()
    code = event["conferenceData"]["conferenceId"]
    for spelling in (code, code.upper(), code.replace("-", "")):
        told = sim.told(f"/meetings/{spelling}/join", email=STUDENT, display_name="Ben", kind="signed_in")
        assert told["participant_id"] == user_id_of(STUDENT)
        assert told["device_session_id"]
    (space,) = sim.order("/state", method="GET").json()["spaces"]
    assert (space["meet_code"], space["owner_email"]) == (code, TEACHER)
    assert [len(one["devices"]) for one in space["live"]["participants"]] == [3]


def test_an_unknown_meeting_is_not_found_and_the_remedy_is_said(sim: Simulated) -> None:
    answer = sim.order("/meetings/abc-mnop-xyz/join", {"email": STUDENT, "kind": "signed_in"})
    assert answer.status_code == 404
    assert "abc-mnop-xyz" in answer.json()["error"]["message"]
    assert "/_sim/meetings" in answer.json()["error"]["message"]


def test_a_bare_room_can_have_a_code_of_ones_choice_once(sim: Simulated) -> None:
    told = sim.told("/meetings", owner_email=TEACHER, meet_code="ABCMNOPXYZ")
    assert (told["meet_code"], told["owner_email"]) == ("abc-mnop-xyz", TEACHER)
    assert sim.order("/meetings", {"owner_email": TEACHER, "meet_code": "abc-mnop-xyz"}).status_code == 409


def test_the_clock_tells_when_things_happen_where_the_order_does_not(sim: Simulated) -> None:
    told = sim.told(f"/meetings/{sim.room()}/join", email=STUDENT)
    assert told["joined_at"] == "2026-09-15T12:00:00Z"


def test_leaving_twice_or_before_coming_or_as_nobody_is_refused(sim: Simulated) -> None:
    code = sim.room()
    device = sim.join(code, STUDENT, "2026-09-15T12:00:00Z")
    early = {"device_session_id": device, "at": "2026-09-15T11:59:59Z"}
    assert sim.order(f"/meetings/{code}/leave", early).json()["error"]["field"] == "at"
    sim.leave(code, device)
    assert sim.order(f"/meetings/{code}/leave", {"device_session_id": device}).status_code == 409
    assert sim.order(f"/meetings/{code}/leave", {"device_session_id": "x"}).status_code == 404


def test_the_end_of_a_meeting_sends_everybody_out_and_an_empty_room_stays_empty(sim: Simulated) -> None:
    code = sim.room()
    sim.join(code, TEACHER, "2026-09-15T12:00:00Z")
    sim.join(code, STUDENT, "2026-09-15T12:10:00Z")
    ended = sim.told(f"/meetings/{code}/end", at="2026-09-15T12:30:00Z")["conference_record"]
    record = sim.google("meet").conferenceRecords().get(name=ended).execute()
    assert record["endTime"] == "2026-09-15T12:30:00Z"
    assert sim.told(f"/meetings/{code}/end") == {"conference_record": None}


def test_planned_failures_come_as_often_as_told_and_then_calls_succeed(sim: Simulated) -> None:
    sim.told("/fail-next", api="meet", method="conferenceRecords.list", status=503, times=2)
    assert [sim.ask("/v2/conferenceRecords").status_code for _ in range(3)] == [503, 503, 200]
    sim.told("/fail-next", api="calendar", method="list", status=403, reason="rateLimitExceeded", times=1)
    with pytest.raises(HttpError) as trouble:
        sim.events().list(calendarId="primary").execute()
    assert error_of(trouble.value)["errors"][0]["reason"] == "rateLimitExceeded"


def test_a_failure_of_one_api_leaves_the_others_alone(sim: Simulated) -> None:
    sim.told("/fail-next", api="meet", status=500, times=1)
    assert sim.events().list(calendarId="primary").execute()["items"] == []
    assert sim.ask("/v2/conferenceRecords").json()["error"]["status"] == "INTERNAL"


def test_a_failure_after_the_fact_loses_the_answer_only(sim: Simulated) -> None:
    sim.told("/fail-next", api="calendar", method="events.insert", status=500, times=1, after=True)
    insert = sim.events().insert(calendarId="primary", body=lesson(id="cls00001"), conferenceDataVersion=1)
    codes = []
    for _ in range(2):
        with pytest.raises(HttpError) as trouble:
            insert.execute()
        codes.append(error_of(trouble.value)["code"])
    assert codes == [500, 409]


def test_the_mode_of_pushes_is_kept_and_told(sim: Simulated) -> None:
    assert sim.order("/state", method="GET").json()["push"]["mode"] == "on"
    for mode in ("on", "duplicate", "shuffle", "late", "off"):
        told = sim.told("/push", mode=mode)
        assert told == {"mode": mode, "late_ms": 2000, "structured": False, "seed": None}
        assert sim.order("/state", method="GET").json()["push"] == told


def test_what_an_order_of_pushes_does_not_name_is_as_at_the_beginning(sim: Simulated) -> None:
    sim.told("/push", mode="late", late_ms=5, structured=True, seed=7)
    assert sim.told("/push", mode="late") == {"mode": "late", "late_ms": 2000, "structured": False, "seed": None}


def test_each_api_can_fail(sim: Simulated) -> None:
    for api in ("workspaceevents", "reports"):
        sim.told("/fail-next", api=api, status=503)
    assert sim.ask("/v1/subscriptions").status_code == 503
    assert sim.ask("/admin/reports/v1/activity/users/all/applications/meet", "admin@school.example").status_code == 503


def test_settings_change_by_name_and_the_others_stay(sim: Simulated) -> None:
    sim.told("/settings", latency_ms=5)
    told = sim.told("/settings", meet_quota_per_minute=None, domains=["mail.example"])
    assert (told["latency_ms"], told["meet_quota_per_minute"], told["domains"]) == (5, None, ["mail.example"])
    assert told["conference_pending_polls"] == 0


def test_a_reset_forgets_everything(sim: Simulated) -> None:
    sim.events().insert(calendarId="primary", body=lesson(), conferenceDataVersion=1).execute()
    sim.told("/settings", latency_ms=5)
    sim.told("/push", mode="off")
    sim.subscribe()
    sim.told("/fail-next", api="meet", status=500, times=9)
    before = sim.order("/state", method="GET").json()
    assert sim.order("", method="DELETE").json() == {}
    after = sim.order("/state", method="GET").json()
    assert (after["spaces"], after["calendars"], after["failures"]) == ([], {}, [])
    assert (before["settings"]["latency_ms"], before["push"]["mode"]) == (5, "off")
    assert (after["settings"]["latency_ms"], after["push"]["mode"]) == (0, "on")
    assert sim.order("/subscriptions", method="GET").json() == {"subscriptions": []}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/meetings", {}, "owner_email"),
        ("/meetings", {"owner_email": "ada"}, "owner_email"),
        ("/meetings", {"owner_email": TEACHER, "meet_code": "short"}, "meet_code"),
        ("/meetings/abc-mnop-xyz/join", {"kind": "signed_in"}, "email"),
        ("/meetings/abc-mnop-xyz/join", {"kind": "anonymous"}, "display_name"),
        ("/meetings/abc-mnop-xyz/join", {"kind": "robot", "email": STUDENT}, "kind"),
        ("/meetings/abc-mnop-xyz/join", {"email": STUDENT, "at": "2026-09-15T12:00:00"}, "at"),
        ("/meetings/abc-mnop-xyz/join", {"email": STUDENT, "at": 5}, "at"),
        ("/meetings/abc-mnop-xyz/join", {"email": STUDENT, "colour": "red"}, "colour"),
        ("/meetings/abc-mnop-xyz/leave", {}, "device_session_id"),
        ("/meetings/abc-mnop-xyz/end", {"at": "soon"}, "at"),
        ("/fail-next", {"api": "zoom", "status": 500}, "api"),
        ("/fail-next", {"api": "meet", "status": 200}, "status"),
        ("/fail-next", {"api": "meet", "status": 500, "times": 0}, "times"),
        ("/fail-next", {"api": "meet", "status": 500, "method": "events.insert"}, "method"),
        ("/push", {"mode": "sometimes"}, "mode"),
        ("/push", {"mode": "late", "late_ms": -1}, "late_ms"),
        ("/settings", {"operation_pending_polls": -1}, "operation_pending_polls"),
        ("/settings", {"reports_lag_s": -1}, "reports_lag_s"),
        ("/settings", {"latency_ms": -1}, "latency_ms"),
        ("/settings", {"meet_quota_per_minute": 0}, "meet_quota_per_minute"),
        ("/settings", {"domains": ["no domain"]}, "domains.0"),
    ],
)
def test_a_bad_order_is_refused_and_the_field_is_named(sim: Simulated, path: str, body: object, field: str) -> None:
    sim.told("/meetings", owner_email=TEACHER, meet_code="abc-mnop-xyz")
    answer = sim.order(path, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["message"].startswith(f"{field}: ")


def test_an_order_that_is_no_json_is_refused(sim: Simulated) -> None:
    answer = sim.ask("/_sim/push", method="POST", content=b"{")
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "body"
