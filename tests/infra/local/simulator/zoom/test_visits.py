"""People coming and going, and the events that tell of it."""

import pytest

from tests.infra.local.simulator.zoom.zooming import HOST, PUPIL, Endpoint, Zoomed


def names(zoom: Zoomed, heard: Endpoint) -> list[str]:
    """What came since the last time."""
    zoom.deliveries()
    told = [name.removeprefix("participant_") for name in heard.names()]
    heard.came.clear()
    return told


def lesson(zoom: Zoomed, heard: Endpoint) -> tuple[int, str]:
    """A meeting with a host and Ben in it, whose beginning is heard already; the number and Ben's `user_id`."""
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    ben = zoom.joins(number, "Ben", "12:00")
    names(zoom, heard)
    return number, ben


def test_the_first_who_comes_begins_the_meeting_and_the_last_who_goes_ends_it(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare()
    ada = zoom.joins(number, "Ada", "12:00", email=HOST)
    ben = zoom.joins(number, "Ben", "12:01")
    zoom.does(number, "leave", "12:29", user_id=ada)
    zoom.does(number, "leave", "12:30", user_id=ben)
    assert names(zoom, heard) == ["created", "started", "joined", "joined", "left", "left", "ended"]


def test_joining_tells_who_it_is_and_null_where_there_is_no_registrant(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare()
    registrant = zoom.registered(number)
    told = zoom.does(number, "join", "12:03", display_name="Ben", registrant_id=registrant)
    zoom.joins(number, "Stranger", "12:04")
    zoom.deliveries()
    ben, stranger = (hook.person for hook in heard.came if hook.name == "participant_joined")
    assert (ben["user_name"], ben["registrant_id"], ben["email"], ben["join_time"]) == (
        "Ben",
        registrant,
        PUPIL,
        "2026-09-15T12:03:00Z",
    )
    assert (ben["user_id"], ben["participant_uuid"]) == (told["user_id"], told["participant_uuid"])
    assert (stranger["registrant_id"], stranger["email"], stranger["id"]) == (None, "", "")
    about = heard.last("participant_joined").about
    assert (about["id"], about["uuid"]) == (str(number), told["uuid"])


def test_leaving_tells_why_and_an_empty_registrant_where_there_is_none(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    zoom.does(number, "leave", "12:10", user_id=ben, reason="got disconnected")
    zoom.deliveries()
    person = heard.last("participant_left").person
    assert (person["registrant_id"], person["leave_time"]) == ("", "2026-09-15T12:10:00Z")
    assert person["leave_reason"] == "Ben left the meeting.<br>Reason: got disconnected"


def test_coming_back_makes_another_device_in_the_same_meeting(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    first = zoom.does(number, "leave", "12:10", user_id=ben)
    second = zoom.does(number, "join", "12:11", display_name="Ben")
    assert first["user_id"] != second["user_id"]
    assert first["participant_uuid"] != second["participant_uuid"]
    assert first["uuid"] == second["uuid"]


def test_a_meeting_that_begins_again_has_another_uuid_and_the_same_user_ids(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare()
    first = zoom.does(number, "join", "12:00", display_name="Ada", email=HOST)
    zoom.does(number, "end", "12:10")
    second = zoom.does(number, "join", "12:20", display_name="Ada", email=HOST)
    zoom.deliveries()
    assert first["uuid"] != second["uuid"]
    assert first["user_id"] == second["user_id"]
    ids = [hook.about["id"] for hook in heard.came if hook.name == "started"]
    assert ids == [number, str(number)]


def test_who_waits_is_told_as_waiting_and_joins_when_let_in(zoom: Zoomed, heard: Endpoint) -> None:
    number, _ = lesson(zoom, heard)
    cy = zoom.joins(number, "Cy", "12:01", waiting_room=True)
    assert names(zoom, heard) == ["joined_waiting_room"]
    assert zoom.does(number, "admit", "12:05", user_id=cy)["user_id"] == cy
    zoom.deliveries()
    assert heard.last("participant_joined").person["join_time"] == "2026-09-15T12:05:00Z"
    assert names(zoom, heard) == ["admitted", "left_waiting_room", "joined"]


def test_who_is_never_let_in_leaves_the_waiting_room_only(zoom: Zoomed, heard: Endpoint) -> None:
    number, _ = lesson(zoom, heard)
    cy = zoom.joins(number, "Cy", "12:01", waiting_room=True)
    zoom.does(number, "leave", "12:05", user_id=cy)
    assert names(zoom, heard) == ["joined_waiting_room", "left_waiting_room"]


def test_the_meetings_own_waiting_room_keeps_all_but_the_host(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare(waiting_room=True)
    zoom.joins(number, "Ada", "12:00", email=HOST)
    zoom.joins(number, "Ben", "12:01")
    zoom.joins(number, "Cy", "12:02", waiting_room=False)
    assert names(zoom, heard) == ["created", "started", "joined", "joined_waiting_room", "joined"]


def test_who_is_put_out_waits_and_may_be_let_in_again(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    zoom.does(number, "put-in-waiting-room", "12:05", user_id=ben)
    zoom.does(number, "admit", "12:08", user_id=ben)
    assert names(zoom, heard) == ["put_in_waiting_room", "joined_waiting_room", "admitted", "left_waiting_room", "joined"]


def test_moving_to_a_breakout_room_is_told_as_leaving_and_joining_at_one_instant(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    inside = zoom.does(number, "breakout", "12:10", user_id=ben)["user_id"]
    zoom.deliveries()
    left, joined, room = (heard.last(f"participant_{name}") for name in ("left", "joined", "joined_breakout_room"))
    assert left.person["leave_reason"].endswith("left the meeting to join breakout room")
    assert left.person["leave_time"] == joined.person["join_time"] == room.person["join_time"]
    assert (left.person["user_id"], joined.person["user_id"]) == (ben, inside)
    assert left.person["participant_uuid"] == joined.person["participant_uuid"]
    assert (room.person["user_id"], room.person["parent_user_id"]) == (inside, ben)
    assert room.about["breakout_room_uuid"]
    assert names(zoom, heard) == ["left", "joined", "joined_breakout_room"]


def test_coming_back_from_a_breakout_room_is_told_with_one_more_user_id(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    inside = zoom.does(number, "breakout", "12:10", user_id=ben)["user_id"]
    back = zoom.does(number, "unbreakout", "12:20", user_id=inside)["user_id"]
    assert len({ben, inside, back}) == 3
    zoom.does(number, "leave", "12:30", user_id=ben)
    zoom.deliveries()
    assert heard.last("participant_left").person["user_id"] == back
    come = ["left", "joined", "joined_breakout_room"]
    assert names(zoom, heard) == [*come, "left_breakout_room", "left", "joined", "left"]


def test_zoom_can_be_set_to_tell_less_of_breakout_rooms(zoom: Zoomed, heard: Endpoint) -> None:
    zoom.set(breakout_rejoin=False)
    number, ben = lesson(zoom, heard)
    zoom.does(number, "breakout", "12:10", user_id=ben)
    assert zoom.does(number, "unbreakout", "12:20", user_id=ben)["user_id"] == ben
    assert names(zoom, heard) == ["left", "joined_breakout_room", "left_breakout_room", "joined"]
    zoom.does(number, "breakout", "12:21", user_id=ben)
    zoom.does(number, "leave", "12:25", user_id=ben)
    assert names(zoom, heard) == ["left", "joined_breakout_room", "left_breakout_room"]


def test_a_phone_leg_is_bound_to_the_computer_of_its_person(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    leg = zoom.joins(number, "44770090****", "12:02", phone="447700900123")
    zoom.does(number, "bind", "12:03", user_id=leg, to_user_id=ben)
    zoom.deliveries()
    person = heard.last("participant_bind").person
    assert (person["user_id"], person["bind_user_id"], person["phone_number"]) == (leg, ben, "447700900123")


def test_who_comes_before_the_host_is_told_so(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ben", "12:00")
    zoom.joins(number, "Ada", "12:01", email=HOST)
    assert names(zoom, heard) == ["created", "jbh_joined", "started", "joined", "joined"]


def test_where_nobody_may_come_before_the_host_all_wait_and_join_with_the_host(zoom: Zoomed, heard: Endpoint) -> None:
    number = zoom.bare(join_before_host=False)
    assert zoom.does(number, "join", "12:00", display_name="Ben")["user_id"] is None
    assert names(zoom, heard) == ["created", "jbh_waiting"]
    zoom.joins(number, "Ada", "12:05", email=HOST)
    zoom.deliveries()
    ben = heard.last("participant_joined").person
    assert (ben["user_name"], ben["join_time"]) == ("Ben", "2026-09-15T12:05:00Z")
    assert names(zoom, heard) == ["started", "joined", "joined"]


def test_an_end_for_everybody_is_told_before_those_who_were_still_in(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    zoom.does(number, "breakout", "12:05", user_id=ben)
    zoom.joins(number, "Waiting", "12:06", waiting_room=True)
    names(zoom, heard)
    zoom.does(number, "end", "12:30")
    zoom.deliveries()
    assert heard.last("ended").about["end_time"] == "2026-09-15T12:30:00Z"
    assert heard.last("participant_left").person["leave_reason"].endswith("Host ended the meeting.")
    assert names(zoom, heard) == ["ended", "left", "left_breakout_room", "left", "left_waiting_room"]
    assert zoom.does(number, "end", "12:31") == {"uuid": None}


@pytest.mark.parametrize(
    ("what", "status", "field"),
    [
        (("admit", {}), 409, "user_id"),
        (("unbreakout", {}), 409, "user_id"),
        (("leave", {"user_id": "nobody"}), 404, "user_id"),
        (("bind", {"to_user_id": "nobody"}), 404, "to_user_id"),
        (("leave", {"at": "2026-09-15T11:59:00Z"}), 422, "at"),
        (("breakout", {"at": "2026-09-15T11:59:00Z"}), 422, "at"),
        (("end", {"at": "2026-09-15T11:59:00Z"}), 422, "at"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_told(
    zoom: Zoomed, heard: Endpoint, what: tuple[str, dict[str, str]], status: int, field: str
) -> None:
    number, ben = lesson(zoom, heard)
    path, more = what
    body = more if path == "end" else {"user_id": ben, **more}
    refused = zoom.order(f"/meetings/{number}/{path}", **body)
    assert (refused.status_code, refused.json()["error"]["field"]) == (status, field)
    assert names(zoom, heard) == []
    assert zoom.does(number, "leave", "12:10", user_id=ben)


def test_nobody_leaves_twice_or_is_in_two_breakout_rooms(zoom: Zoomed, heard: Endpoint) -> None:
    number, ben = lesson(zoom, heard)
    zoom.does(number, "breakout", "12:10", user_id=ben)
    for again in ("breakout", "put-in-waiting-room"):
        assert zoom.order(f"/meetings/{number}/{again}", user_id=ben).status_code == 409
    zoom.does(number, "leave", "12:20", user_id=ben)
    assert zoom.order(f"/meetings/{number}/leave", user_id=ben).status_code == 409


def test_a_meeting_cannot_begin_again_before_it_was_over(zoom: Zoomed) -> None:
    number = zoom.bare()
    zoom.joins(number, "Ada", "12:00", email=HOST)
    zoom.does(number, "end", "12:30")
    refused = zoom.order(f"/meetings/{number}/join", display_name="Ben", at="2026-09-15T12:20:00Z")
    assert refused.json()["error"]["field"] == "at"
