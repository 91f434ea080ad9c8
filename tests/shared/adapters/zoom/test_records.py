"""Tests of reading Zoom's reports: against answers of the test's own, then against the simulated Zoom."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.zoom.lists import MOST_PAGES
from shared.adapters.zoom.records import ZoomRecords
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.evidence import PersonKind
from shared.ports import MeasuredStay, MeetingReading, MeetRecords
from tests.shared.adapters.zoom.scripted import EXPIRED_PAGE, HOST, NO_MEETING, PAID_ONLY, Answer, Asked, error, scripted_zoom
from tests.shared.adapters.zoom.simulated import BEN, CLEO, LESSON, START, SimulatedZoom, at

FIXTURES = Path(__file__).parents[3] / "fixtures" / "zoom"
Json = dict[str, Any]


def spans(reading: MeetingReading) -> list[tuple[str | None, float, float]]:
    """Who was there from which minute of the lesson to which."""
    return [(stay.display_name, minute(stay.joined_at), minute(stay.left_at or START)) for stay in reading.stays]


def minute(instant: datetime) -> float:
    return (instant - START) / timedelta(minutes=1)


def a_lesson(zoom: SimulatedZoom) -> str:
    """Ada and Ben, with the teacher's account and by a link of his own."""
    made = zoom.meetings().put(LESSON)
    zoom.joins(made.number, 0, "Ada", email=HOST)
    zoom.joins(made.number, 2, "Ben", registrant_id=made.registrants[0].registrant_id)
    zoom.ends(made.number, 40)
    return made.number


def bare(zoom: SimulatedZoom, **settings: object) -> str:
    """A meeting without registration."""
    return str(zoom.tell("meetings", host_email=HOST, settings=settings)["number"])


def test_the_adapter_is_the_port(zoom: SimulatedZoom) -> None:
    port: MeetRecords = ZoomRecords(zoom.api())
    reading = port.read(HOST, "84000000001", at(-30), at(75))
    assert (reading.conferences, reading.is_over, reading.stays, reading.expires_at) == (0, True, (), None)


def test_a_lesson_is_read_with_everybody_who_was_in_it(zoom: SimulatedZoom) -> None:
    number = a_lesson(zoom)
    reading = zoom.read(number)
    assert spans(reading) == [("Ada", 0, 40), ("Ben", 2, 40)]
    ada, ben = reading.stays
    assert (ada.ref.partition(":user:")[0], ada.address, ada.kind) == ("zoom", HOST, PersonKind.SIGNED_IN)
    registered = zoom.meetings().put(LESSON).registrants[0]
    assert (ben.ref, ben.address) == (f"zoom:registrant:{registered.registrant_id}", None)
    assert (reading.conferences, reading.is_over, reading.identities) == (1, True, {})
    assert reading.expires_at == at(40) + timedelta(days=180)


def test_connections_are_named_as_webhooks_name_them(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    told = zoom.tell(f"meetings/{number}/join", display_name="Ada", email=HOST, at=at(0).isoformat())
    zoom.joins(number, 1, "Lena")
    zoom.ends(number, 9)
    ada, lena = zoom.read(number).stays
    assert ada.connection == f"{told['uuid']}/{told['user_id']}"
    assert (lena.ref, lena.kind) == (f"zoom:{lena.connection}", PersonKind.ANONYMOUS)


def test_reading_twice_tells_the_same(zoom: SimulatedZoom) -> None:
    number = a_lesson(zoom)
    assert zoom.read(number) == zoom.read(number)


def test_a_rejoin_is_another_connection_of_the_same_registrant(zoom: SimulatedZoom) -> None:
    made = zoom.meetings().put(LESSON)
    zoom.joins(made.number, 0, "Ada", email=HOST)
    own = made.registrants[0].registrant_id
    first = zoom.joins(made.number, 1, "Ben", registrant_id=own)
    zoom.does(made.number, "leave", first, 10)
    zoom.joins(made.number, 12, "Benny", registrant_id=own)
    zoom.ends(made.number, 30)
    bens = [stay for stay in zoom.read(made.number).stays if stay.ref == f"zoom:registrant:{own}"]
    assert [(minute(stay.joined_at), minute(stay.left_at or START)) for stay in bens] == [(1, 10), (12, 30)]
    assert len({stay.connection for stay in bens}) == 2


def test_waiting_is_not_attending(zoom: SimulatedZoom) -> None:
    number = bare(zoom, waiting_room=True)
    zoom.joins(number, 0, "Ada", email=HOST)
    ben = zoom.joins(number, 1, "Ben")
    zoom.does(number, "admit", ben, 5)
    zoom.does(number, "put-in-waiting-room", ben, 10)
    zoom.does(number, "admit", ben, 12)
    zoom.joins(number, 3, "Lena")
    zoom.ends(number, 20)
    assert spans(zoom.read(number)) == [("Ada", 0, 20), ("Ben", 5, 10), ("Ben", 12, 20)]


def test_a_breakout_room_is_a_connection_of_its_own(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    uuid = zoom.tell(f"meetings/{number}/join", display_name="Ada", email=HOST, at=at(0).isoformat())["uuid"]
    ben = zoom.joins(number, 1, "Ben", account_id="acc-ben", email=BEN)
    inside = zoom.does(number, "breakout", ben, 5)
    zoom.does(number, "unbreakout", inside, 15)
    zoom.ends(number, 20)
    reading = zoom.read(number)
    inner = {stay for stay in reading.stays if stay.connection.removeprefix(f"{uuid}/").count("/") > 0}
    assert [(minute(stay.joined_at), minute(stay.left_at or START)) for stay in inner] == [(5, 15)]
    assert {stay.connection.endswith(f"/{inside}") for stay in inner} == {True}
    assert {stay.ref for stay in reading.stays if stay.display_name == "Ben"} == {stay.ref for stay in inner}


def test_all_pages_are_read(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    zoom.joins(number, 0, "Ada", email=HOST)
    for n in range(305):
        zoom.joins(number, 1, f"Guest {n}")
    zoom.ends(number, 30)
    assert len(zoom.read(number).stays) == 306


@pytest.mark.parametrize("slashed", [False, True])
def test_each_time_that_the_number_was_held_is_read_by_its_uuid(zoom: SimulatedZoom, *, slashed: bool) -> None:
    zoom.tell("settings", slashed_uuids=slashed)
    number = bare(zoom)
    for begins, ends in ((0, 20), (25, 40), (200, 210)):
        zoom.joins(number, begins, "Ada", email=HOST)
        zoom.joins(number, begins, "Ben")
        zoom.ends(number, ends)
    reading = zoom.read(number)
    assert (reading.conferences, reading.is_over) == (2, True)
    assert spans(reading) == [("Ada", 0, 20), ("Ben", 0, 20), ("Ada", 25, 40), ("Ben", 25, 40)]
    assert zoom.read(number, 190, 300).conferences == 1


def test_a_meeting_that_began_long_before_and_went_on_into_the_lesson_counts(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    zoom.joins(number, -300, "Ada", email=HOST)
    zoom.joins(number, -300, "Ben")
    zoom.ends(number, 10)
    assert zoom.read(number, 10, 60).conferences == 0
    zoom.joins(number, 90, "Ada", email=HOST)
    zoom.ends(number, 95)
    assert spans(zoom.read(number)) == [("Ada", -300, 10), ("Ben", -300, 10)]


def test_somebody_who_was_alone_is_in_no_report_but_was_there(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    zoom.joins(number, 0, "Ada", email=HOST)
    zoom.ends(number, 20)
    assert spans(zoom.read(number)) == [("Ada", 0, 20)]


def test_a_report_that_is_late_is_made_up_for(zoom: SimulatedZoom) -> None:
    zoom.tell("settings", report_lag_s=36_000)
    assert spans(zoom.read(a_lesson(zoom))) == [("Ada", 0, 40), ("Ben", 2, 40)]


def test_a_partial_report_is_read_as_it_is_and_whole_later(zoom: SimulatedZoom) -> None:
    zoom.tell("settings", report_partial=1)
    number = a_lesson(zoom)
    part = zoom.read(number).stays
    zoom.tell("settings", report_partial=None)
    whole = zoom.read(number).stays
    assert len(part) == 1
    assert whole[: len(part)] == part
    assert len(whole) == 2


def test_a_meeting_that_is_on_is_not_over(zoom: SimulatedZoom) -> None:
    number = bare(zoom)
    zoom.joins(number, 0, "Ada", email=HOST)
    zoom.now = at(10)
    reading = zoom.read(number)
    assert (reading.conferences, reading.is_over, reading.stays, reading.expires_at) == (1, False, (), None)
    zoom.joins(number, 11, "Ben")
    zoom.ends(number, 20)
    zoom.joins(number, 21, "Ada", email=HOST)
    reading = zoom.read(number)
    assert (reading.conferences, reading.is_over) == (2, False)
    assert spans(reading) == [("Ada", 0, 20), ("Ben", 11, 20)]


def test_the_records_of_a_deleted_meeting_are_read_all_the_same(zoom: SimulatedZoom) -> None:
    number = a_lesson(zoom)
    zoom.meetings().remove(HOST, number)
    assert spans(zoom.read(number)) == [("Ada", 0, 40), ("Ben", 2, 40)]


def test_limits_and_stale_tokens_on_the_way_do_no_harm(zoom: SimulatedZoom) -> None:
    number = a_lesson(zoom)
    zoom.tell("fail-next", method="GET", path_contains="/report/", status=429)
    zoom.tell("fail-next", method="GET", path_contains="/report/", status=401, code=124)
    zoom.tell("fail-next", method="GET", path_contains="/instances", status=502, times=2)
    assert spans(zoom.read(number)) == [("Ada", 0, 40), ("Ben", 2, 40)]


def test_a_missing_right_is_a_refusal_not_an_empty_reading(zoom: SimulatedZoom) -> None:
    number = a_lesson(zoom)
    zoom.tell("fail-next", method="GET", path_contains="/report/", status=400, code=4700)
    with pytest.raises(UpstreamRefused) as refused:
        zoom.read(number)
    assert refused.value.title == "Insufficient permissions"


def row(user_id: str, begins: str, ends: str | None, **told: object) -> Json:
    """A row of a report; times are minutes and seconds after twelve."""
    left = {} if ends is None else {"leave_time": f"2026-12-01T12:{ends}Z"}
    return {"user_id": user_id, "name": "Ben", "join_time": f"2026-12-01T12:{begins}Z", "status": "in_meeting", **left} | told


class OneMeeting:
    """A Zoom in which one meeting was held for the length of the lesson, with the rows that a test gives."""

    def __init__(self, *rows: Json) -> None:
        self.rows = rows
        self.past: Json | None = {
            "uuid": "u==",
            "start_time": "2026-12-01T12:00:00.0000000+00:00",
            "end_time": "2026-12-01T12:45:00Z",
        }
        self.report: list[Answer] = []
        self.participants = NO_MEETING

    def __call__(self, asked: Asked) -> Answer:
        if asked.path.endswith("/instances"):
            return Answer(200, {"meetings": [{"uuid": "u==", "start_time": "2026-12-01T12:00:00Z"}]})
        if asked.path.startswith("/report/"):
            return self.report.pop(0) if self.report else Answer(200, {"participants": list(self.rows)})
        if asked.path.endswith("/participants"):
            return self.participants
        if asked.path.startswith("/past_meetings/"):
            return NO_MEETING if self.past is None else Answer(200, self.past)
        return Answer(200, {"id": 7, "status": "waiting"})

    def read(self) -> MeetingReading:
        """What is read of it."""
        with scripted_zoom(self) as zoom:
            return ZoomRecords(zoom.api()).read(HOST, "7", at(-30), at(75))

    def stays(self) -> tuple[MeasuredStay, ...]:
        """The stays alone."""
        return self.read().stays


def test_times_with_seven_digits_are_read_to_the_microsecond() -> None:
    (stay,) = OneMeeting(row("1", "01:00", None) | {"leave_time": "2026-12-01T13:02:28.1234567+01:00"}).stays()
    assert stay.left_at == datetime(2026, 12, 1, 12, 2, 28, 123456, tzinfo=UTC)
    assert stay.left_at.tzinfo is UTC


def test_the_registration_is_asked_for() -> None:
    with scripted_zoom(OneMeeting(row("1", "01:00", "02:00"))) as zoom:
        ZoomRecords(zoom.api()).read(HOST, "7", at(-30), at(75))
        (report,) = [asked for asked in zoom.asked if asked.path.startswith("/report/")]
    assert report.path == "/report/meetings/u%3D%3D/participants"
    assert report.query == {"page_size": "300", "include_fields": "registrant_id"}


def test_somebody_who_did_not_leave_left_with_the_end() -> None:
    (stay,) = OneMeeting(row("1", "01:00", None)).stays()
    assert stay.left_at == at(45)


def test_who_was_there_for_no_time_was_not_there() -> None:
    assert OneMeeting(row("1", "01:00", "01:00"), row("2", "02:00", "01:00")).stays() == ()


def test_rows_of_one_connection_that_overlap_are_told_apart() -> None:
    one, two, far = OneMeeting(row("1", "00:00", "30:00"), row("1", "05:00", "10:00"), row("1", "40:00", "41:00")).stays()
    assert len({one.connection, two.connection, far.connection}) == 3
    assert all(stay.connection.startswith("u==/1@") for stay in (one, two, far))
    assert (one.ref, two.ref) == (far.ref, far.ref)


def test_the_same_beginning_told_twice_is_one_stay_the_longer() -> None:
    (stay,) = OneMeeting(row("1", "00:00", "10:00"), row("1", "00:00", "30:00"), row("1", "00:00", "20:00")).stays()
    assert (stay.connection, stay.left_at) == ("u==/1", at(30))


def test_rows_that_follow_one_another_keep_the_connections_own_name() -> None:
    stays = OneMeeting(row("1", "10:00", "20:00"), row("1", "00:00", "10:00")).stays()
    assert [stay.connection for stay in stays] == ["u==/1", "u==/1"]


def test_an_address_that_is_hidden_or_none_is_left_out() -> None:
    rows = [
        row(str(n), "01:00", "02:00", user_email=told) for n, told in enumerate(("j***@x.example", "jill", "", "a b@x.example"))
    ]
    assert {stay.ref for stay in OneMeeting(*rows).stays()} == {f"zoom:u==/{n}" for n in range(4)}
    (known,) = OneMeeting(row("1", "01:00", "02:00", user_email=" Cleo@Home.Example ")).stays()
    assert known.ref == f"email:{CLEO}"


def test_a_name_is_kept_on_one_line_and_cut() -> None:
    (stay,) = OneMeeting(row("1", "01:00", "02:00", name="\x1bZo\ud800ë\n" + "x" * 400)).stays()
    assert stay.display_name is not None
    assert stay.display_name.startswith("Zo ë x")
    assert len(stay.display_name) == 300


def test_rows_without_ids_are_still_people_apart() -> None:
    rows = [row("", "01:00", "02:00", name=name) for name in ("Ben", "Lena")]
    assert len({stay.connection for stay in OneMeeting(*rows).stays()}) == 2


@pytest.mark.parametrize("told", [None, "", "2026-12-01 12:00:00", "soon"])
def test_a_row_without_a_time_is_said_not_lost(told: str | None) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        OneMeeting(row("1", "01:00", "02:00") | {"join_time": told}).read()


def test_an_expired_page_is_read_from_the_beginning() -> None:
    zoom = OneMeeting()
    first, second = row("1", "01:00", "02:00"), row("2", "03:00", "04:00")
    zoom.report = [
        Answer(200, {"participants": [first], "next_page_token": "a"}),
        EXPIRED_PAGE,
        Answer(200, {"participants": [first], "next_page_token": "b"}),
        Answer(200, {"participants": [second], "next_page_token": ""}),
    ]
    assert [stay.connection for stay in zoom.stays()] == ["u==/1", "u==/2"]


def test_pages_that_expire_for_ever_are_tried_another_time() -> None:
    zoom = OneMeeting()
    zoom.report = [Answer(200, {"participants": [], "next_page_token": "a"}), EXPIRED_PAGE] * 3
    with pytest.raises(Unavailable, match="expired again"):
        zoom.read()


def test_a_list_without_an_end_is_given_up() -> None:
    zoom = OneMeeting()
    zoom.report = [Answer(200, {"participants": [], "next_page_token": "a"})] * (MOST_PAGES + 1)
    with pytest.raises(Unavailable, match="no end"):
        zoom.read()


@pytest.mark.parametrize("refusal", [NO_MEETING, PAID_ONLY, error(400, 3001, "Meeting ID is invalid or not end.")])
def test_without_a_report_the_past_meetings_list_is_read(refusal: Answer) -> None:
    zoom = OneMeeting()
    zoom.report = [refusal]
    sample = json.loads((FIXTURES / "rest_past_meeting_participants.json").read_text()) | {"next_page_token": ""}
    zoom.participants = Answer(200, sample)
    (stay,) = zoom.stays()
    assert (stay.connection, stay.ref) == ("u==/27423744", "zoom:registrant:_f08HhPJS82MIVLuuFaJPg")
    assert stay.joined_at == datetime(2022, 3, 23, 6, 58, 9, tzinfo=UTC)


def test_a_plan_without_any_records_is_a_refusal() -> None:
    zoom = OneMeeting()
    zoom.report, zoom.participants = [PAID_ONLY], PAID_ONLY
    with pytest.raises(UpstreamRefused, match="paid Zoom licence"):
        zoom.read()


def test_a_meeting_whose_end_is_not_told_yet_is_not_over() -> None:
    zoom = OneMeeting(row("1", "01:00", "02:00"))
    zoom.past = None
    reading = zoom.read()
    assert (reading.conferences, reading.is_over, reading.stays) == (1, False, ())


def test_the_sample_of_a_past_meeting_is_read() -> None:
    zoom = OneMeeting()
    zoom.past = json.loads((FIXTURES / "rest_past_meeting.json").read_text()) | {"uuid": "u=="}
    with scripted_zoom(zoom) as served:
        held = ZoomRecords(served.api()).read(
            HOST, "7", datetime(2021, 7, 13, 23, tzinfo=UTC), datetime(2021, 7, 14, tzinfo=UTC)
        )  # fmt: skip
    assert held.conferences == 1
    assert held.expires_at == datetime(2021, 7, 13, 23, 0, 51, tzinfo=UTC) + timedelta(days=180)
