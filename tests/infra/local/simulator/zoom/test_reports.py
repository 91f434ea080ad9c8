"""Reports of meetings that are over: who was in, when, and what Zoom does not tell."""

import pytest

from tests.infra.local.simulator.zoom.zooming import HOST, PUPIL, Zoomed, twice


def held(zoom: Zoomed, pupils: int = 1) -> tuple[int, str]:
    """A meeting that was held from 12:00 to 12:30 with a host and pupils; its number and uuid."""
    number = zoom.bare()
    told = zoom.does(number, "join", "12:00", display_name="Ada", email=HOST)
    for at in range(pupils):
        zoom.joins(number, f"Pupil {at}", "12:05")
    zoom.does(number, "end", "12:30")
    zoom.sim.clock.move(hours=0.75)
    return number, str(told["uuid"])


def rows(zoom: Zoomed, meeting: object, **params: object) -> list[dict[str, object]]:
    """The rows of a report."""
    return list(zoom.got(f"/report/meetings/{meeting}/participants", page_size=300, **params)["participants"])


def test_a_report_has_a_row_for_each_joining_with_whole_seconds(zoom: Zoomed) -> None:
    number = zoom.bare()
    registrant = zoom.registered(number)
    zoom.joins(number, "Ada", "12:00", email=HOST)
    ben = zoom.joins(number, "Ben", "12:01", registrant_id=registrant)
    zoom.does(number, "leave", "12:10", user_id=ben)
    again = zoom.joins(number, "Ben's iPad", "12:11", registrant_id=registrant)
    zoom.does(number, "end", "12:30")
    _, first, second = rows(zoom, number, include_fields="registrant_id")
    assert ben != again
    assert (first["user_id"], first["join_time"], first["leave_time"], first["duration"]) == (
        ben,
        "2026-09-15T12:01:00Z",
        "2026-09-15T12:10:00Z",
        540,
    )
    assert (second["user_id"], second["duration"]) == (again, 19 * 60)
    assert first["registrant_id"] == second["registrant_id"] == registrant
    assert first["user_email"] == PUPIL


def test_registrants_are_named_only_when_they_are_asked_for(zoom: Zoomed) -> None:
    number, _ = held(zoom)
    assert "registrant_id" not in rows(zoom, number)[0]
    assert rows(zoom, number, include_fields="registrant_id")[0]["registrant_id"] == ""


def test_accounts_of_guests_are_hidden_and_those_of_our_own_told(zoom: Zoomed) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    zoom.joins(number, "Guest", "12:01", account_id="guestAccount0000000001")
    zoom.does(number, "end", "12:30")
    ada, guest = rows(zoom, number)
    assert ada["id"]
    assert (guest["id"], guest["participant_user_id"]) == ("", "")


def test_the_number_stands_for_the_latest_time_and_the_uuid_for_its_own(zoom: Zoomed) -> None:
    number, first = held(zoom)
    zoom.joins(number, "Ada", "12:40", email=HOST)
    late = zoom.does(number, "join", "12:41", display_name="Latecomer")
    zoom.does(number, "end", "12:50")
    assert first != late["uuid"]
    assert "Latecomer" in {row["name"] for row in rows(zoom, number)}
    assert {row["name"] for row in rows(zoom, twice(first))} == {"Ada", "Pupil 0"}
    instances = zoom.got(f"/past_meetings/{number}/instances")["meetings"]
    assert [one["uuid"] for one in instances] == [first, late["uuid"]]
    assert [one["start_time"] for one in instances] == ["2026-09-15T12:00:00Z", "2026-09-15T12:40:00Z"]


def test_a_meeting_that_is_on_has_no_report_yet(zoom: Zoomed) -> None:
    number = zoom.bare()
    told = zoom.does(number, "join", display_name="Ada", email=HOST)
    zoom.joins(number, "Ben")
    for meeting in (number, twice(told["uuid"])):
        for path in (f"/report/meetings/{meeting}/participants", f"/past_meetings/{meeting}/participants"):
            assert zoom.api("GET", path).json()["code"] == 3001
    assert zoom.got(f"/past_meetings/{number}/instances") == {"meetings": []}


def test_who_was_alone_is_in_no_report_but_in_the_past_meeting(zoom: Zoomed) -> None:
    number, uuid = held(zoom, pupils=0)
    assert zoom.api("GET", f"/report/meetings/{number}/participants").status_code == 404
    (alone,) = zoom.got(f"/past_meetings/{twice(uuid)}/participants")["participants"]
    assert (alone["name"], alone["internal_user"]) == ("Ada", True)


def test_one_person_with_two_devices_is_still_alone(zoom: Zoomed) -> None:
    number = zoom.bare()
    for name in ("Ada", "Ada's phone"):
        zoom.joins(number, name, "12:00", email=HOST)
    zoom.does(number, "end", "12:30")
    assert zoom.api("GET", f"/report/meetings/{number}/participants").status_code == 404


def test_waiting_is_told_as_waiting(zoom: Zoomed) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    ben = zoom.joins(number, "Ben", "12:01", waiting_room=True)
    zoom.does(number, "admit", "12:06", user_id=ben)
    zoom.joins(number, "Never let in", "12:07", waiting_room=True)
    zoom.does(number, "end", "12:30")
    told = [(row["name"], row["status"], row["duration"]) for row in rows(zoom, number)]
    assert told == [
        ("Ada", "in_meeting", 1800),
        ("Ben", "in_waiting_room", 300),
        ("Ben", "in_meeting", 24 * 60),
        ("Never let in", "in_waiting_room", 23 * 60),
    ]


def test_a_stay_in_a_breakout_room_overlaps_the_one_in_the_main_room(zoom: Zoomed) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    ben = zoom.joins(number, "Ben", "12:00")
    inside = zoom.does(number, "breakout", "12:10", user_id=ben, room="Fractions")["user_id"]
    zoom.does(number, "unbreakout", "12:20", user_id=inside)
    zoom.does(number, "end", "12:30")
    main, room = (row for row in rows(zoom, number) if row["name"] == "Ben")
    assert (main["user_id"], main["duration"], "bo_mtg_id" in main) == (ben, 1800, False)
    assert (room["user_id"], room["duration"], bool(room["bo_mtg_id"])) == (inside, 600, True)


def test_a_report_can_be_partial_until_it_is_whole(zoom: Zoomed) -> None:
    number, _ = held(zoom, pupils=7)
    zoom.set(report_partial=5)
    partial = zoom.got(f"/report/meetings/{number}/participants")
    assert (len(partial["participants"]), partial["total_records"], partial["next_page_token"]) == (5, 5, "")
    zoom.set(report_partial=None)
    assert len(rows(zoom, number)) == 8


def test_a_report_can_be_late(zoom: Zoomed) -> None:
    number, _ = held(zoom)
    zoom.set(report_lag_s=20 * 60)
    assert zoom.api("GET", f"/report/meetings/{number}/participants").status_code == 404
    zoom.sim.clock.move(minutes=5)
    assert len(rows(zoom, number)) == 2


def test_pages_hold_thirty_and_three_hundred_at_most(zoom: Zoomed) -> None:
    number, _ = held(zoom, pupils=34)
    first = zoom.got(f"/report/meetings/{number}/participants")
    assert (len(first["participants"]), first["page_count"], first["total_records"]) == (30, 2, 35)
    rest = zoom.got(f"/report/meetings/{number}/participants", next_page_token=first["next_page_token"])
    assert (len(rest["participants"]), rest["next_page_token"]) == (5, "")
    assert zoom.api("GET", f"/report/meetings/{number}/participants", page_size=301).json()["code"] == 300


def test_a_page_token_ends_after_fifteen_minutes_and_fits_its_own_list_only(zoom: Zoomed) -> None:
    number, _ = held(zoom, pupils=34)
    path = f"/report/meetings/{number}/participants"
    token = zoom.got(path)["next_page_token"]
    for wrong in ({"next_page_token": "made-up"}, {"next_page_token": token, "include_fields": "registrant_id"}):
        assert zoom.api("GET", path, **wrong).json() == {"code": 300, "message": "The next page token is invalid or expired."}
    zoom.sim.clock.move(minutes=15)
    zoom.token = ""
    assert zoom.api("GET", path, next_page_token=token).status_code == 400


def test_a_uuid_with_slashes_must_be_encoded_twice(zoom: Zoomed) -> None:
    zoom.set(slashed_uuids=True)
    number, uuid = held(zoom)
    assert uuid.startswith("/")
    assert "//" in uuid
    once = twice(uuid).replace("%25", "%")
    for spelling in (once, uuid):
        assert zoom.api("GET", f"/report/meetings/{spelling}/participants").status_code == 404
    assert len(rows(zoom, twice(uuid))) == 2
    assert zoom.got(f"/past_meetings/{twice(uuid)}")["id"] == number


def test_a_uuid_without_such_slashes_may_be_encoded_once_or_twice(zoom: Zoomed) -> None:
    _, uuid = held(zoom)
    assert len(rows(zoom, twice(uuid).replace("%25", "%"))) == len(rows(zoom, twice(uuid))) == 2


def test_a_past_meeting_is_told_in_short(zoom: Zoomed) -> None:
    number, uuid = held(zoom)
    told = zoom.got(f"/past_meetings/{twice(uuid)}")
    assert (told["id"], told["duration"], told["total_minutes"], told["participants_count"]) == (number, 30, 55, 2)
    assert (told["start_time"], told["end_time"]) == ("2026-09-15T12:00:00Z", "2026-09-15T12:30:00Z")


def test_the_report_of_a_deleted_meeting_is_still_there(zoom: Zoomed) -> None:
    number, _ = held(zoom)
    zoom.api("DELETE", f"/meetings/{number}")
    assert len(rows(zoom, number)) == 2


@pytest.mark.parametrize("path", ["/report/meetings/99999999999/participants", "/past_meetings/99999999999/instances"])
def test_an_unknown_meeting_does_not_exist(zoom: Zoomed, path: str) -> None:
    refused = zoom.api("GET", path)
    assert (refused.status_code, refused.json()["code"]) == (404, 3001)
