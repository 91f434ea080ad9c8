"""Meetings, as Zoom's API makes, lists, changes and deletes them."""

import pytest

from infra.local.simulator.zoom.meetings import user_id_of
from tests.infra.local.simulator.zoom.zooming import HOST, PUPIL, Zoomed


def test_a_meeting_is_made_at_the_wall_time_of_its_zone(zoom: Zoomed) -> None:
    made = zoom.made(agenda="class cls-1", duration=45, settings={"approval_type": 0, "waiting_room": True})
    assert isinstance(made["id"], int)
    assert (made["start_time"], made["duration"], made["timezone"]) == ("2026-09-15T15:30:00Z", 45, "Europe/London")
    assert (made["host_id"], made["host_email"]) == (user_id_of(HOST), HOST)
    assert made["settings"]["waiting_room"] is True
    assert zoom.got(f"/meetings/{made['id']}") == made


def test_a_time_in_utc_is_taken_whatever_the_zone(zoom: Zoomed) -> None:
    assert zoom.made(start_time="2026-09-15T16:30:00Z")["start_time"] == "2026-09-15T16:30:00Z"


def test_a_user_is_known_by_address_and_from_then_on_by_id(zoom: Zoomed) -> None:
    unknown = zoom.api("GET", f"/users/{user_id_of(HOST)}/meetings")
    assert (unknown.status_code, unknown.json()["code"]) == (404, 1001)
    made = zoom.made()
    (listed,) = zoom.got(f"/users/{user_id_of(HOST)}/meetings")["meetings"]
    assert listed["id"] == made["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"duration": "60"}, "duration"),
        ({"duration": 0}, "duration"),
        ({"start_time": "15.9.2026"}, "start_time"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"topic": "x" * 201}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"settings": {"approval_type": 7}}, "settings.approval_type"),
        ({"settings": {"join_befor_host": True}}, "settings.join_befor_host"),
    ],
)
def test_a_wrong_field_is_named(zoom: Zoomed, body: dict[str, object], field: str) -> None:
    refused = zoom.api("POST", f"/users/{HOST}/meetings", {"type": 2, **body})
    assert (refused.status_code, refused.json()["code"]) == (400, 300)
    assert refused.json()["errors"][0]["field"] == field


def test_a_series_is_not_simulated(zoom: Zoomed) -> None:
    assert zoom.api("POST", f"/users/{HOST}/meetings", {"type": 8}).status_code == 501


def test_lists_are_a_users_own_in_pages_with_the_agenda_cut(zoom: Zoomed) -> None:
    numbers = [zoom.made(agenda="a" * 300, start_time=f"2026-09-1{day}T09:00:00Z")["id"] for day in (6, 7, 8)]
    zoom.made(host=PUPIL)
    first = zoom.got(f"/users/{HOST}/meetings", type="scheduled", page_size=2)
    assert (first["total_records"], [one["id"] for one in first["meetings"]]) == (3, numbers[:2])
    assert {len(one["agenda"]) for one in first["meetings"]} == {250}
    rest = zoom.got(f"/users/{HOST}/meetings", type="scheduled", page_size=2, next_page_token=first["next_page_token"])
    assert ([one["id"] for one in rest["meetings"]], rest["next_page_token"]) == (numbers[2:], "")


def test_upcoming_leaves_out_what_is_over_and_live_tells_what_is_held(zoom: Zoomed) -> None:
    over = zoom.made(start_time="2026-09-15T10:00:00Z")["id"]
    coming = zoom.made(start_time="2026-09-15T13:00:00Z")["id"]
    zoom.joins(coming, "Ada", email=HOST)
    ids = {
        kind: [one["id"] for one in zoom.got(f"/users/{HOST}/meetings", type=kind)["meetings"]] for kind in ("upcoming", "live")
    }
    assert ids == {"upcoming": [coming], "live": [coming]}
    assert [one["id"] for one in zoom.got(f"/users/{HOST}/meetings")["meetings"]] == [over, coming]


def test_a_change_keeps_what_it_does_not_name(zoom: Zoomed) -> None:
    made = zoom.made(settings={"approval_type": 0, "waiting_room": True})
    change = {"topic": "Algebra 2", "start_time": "2026-09-16T09:00:00", "settings": {"waiting_room": False}}
    assert zoom.api("PATCH", f"/meetings/{made['id']}", change).status_code == 204
    now = zoom.got(f"/meetings/{made['id']}")
    assert (now["topic"], now["start_time"], now["duration"]) == ("Algebra 2", "2026-09-16T08:00:00Z", 60)
    assert (now["settings"]["waiting_room"], now["settings"]["approval_type"]) == (False, 0)


def test_a_deleted_meeting_is_gone(zoom: Zoomed) -> None:
    number = zoom.made()["id"]
    assert zoom.api("DELETE", f"/meetings/{number}").status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        gone = zoom.api(method, f"/meetings/{number}", {} if method == "PATCH" else None)
        assert (gone.status_code, gone.json()) == (404, {"code": 3001, "message": f"Meeting does not exist: {number}."})
    assert zoom.got(f"/users/{HOST}/meetings")["meetings"] == []


def test_a_meeting_that_is_held_cannot_be_deleted(zoom: Zoomed) -> None:
    number = zoom.made()["id"]
    zoom.joins(number, "Ada", email=HOST)
    assert zoom.api("DELETE", f"/meetings/{number}").json()["code"] == 3002


def test_an_id_that_is_no_number_is_wrong(zoom: Zoomed) -> None:
    assert zoom.api("GET", "/meetings/abc").json()["code"] == 300
