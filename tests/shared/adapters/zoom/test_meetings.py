"""Tests of the teachers' Zoom meetings: against answers of the test's own, then against the simulated Zoom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.zoom.meetings import ZoomApiMeetings, body_of, difference, mark_of
from shared.domain.classes import Registrant
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import ZoomMeeting, ZoomMeetings
from tests.shared.adapters.zoom.scripted import HOST, PAID_ONLY, Answer, Asked, error, scripted_zoom
from tests.shared.adapters.zoom.simulated import BEN, CLEO, LESSON, SimulatedZoom


def only(zoom: SimulatedZoom) -> Any:
    """The one meeting that there is."""
    (meeting,) = zoom.state()
    return meeting


def booked(zoom: SimulatedZoom) -> ZoomMeeting:
    return zoom.meetings().put(LESSON)


def test_the_adapter_is_the_port(zoom: SimulatedZoom) -> None:
    port: ZoomMeetings = zoom.meetings()
    assert port.find(HOST, LESSON.class_id) is None


def test_a_class_gets_a_meeting_and_each_student_a_link(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    assert made.number.isdigit()
    assert made.number in made.join_url
    assert [each.email for each in made.registrants] == [BEN, CLEO]
    assert len({each.join_url for each in made.registrants} | {made.join_url}) == 3
    assert len({each.registrant_id for each in made.registrants}) == 2


def test_the_meeting_shows_the_class_and_writes_no_mail(zoom: SimulatedZoom) -> None:
    number = booked(zoom).number
    meeting = zoom.api().call("GET", f"/meetings/{number}", HOST)
    assert (meeting["topic"], meeting["start_time"], meeting["duration"]) == ("Algebra", "2026-12-01T12:00:00Z", 45)
    assert (meeting["timezone"], meeting["agenda"], meeting["type"]) == ("Europe/Berlin", mark_of(LESSON.class_id), 2)
    settings = meeting["settings"]
    assert (settings["approval_type"], settings["use_pmi"], settings["join_before_host"]) == (1, False, True)
    assert not settings["registrants_email_notification"]
    assert not settings["registrants_confirmation_email"]


def test_booking_again_changes_nothing(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    again = zoom.meetings().put(replace(LESSON, number=made.number, registrants=made.registrants))
    assert again == made
    assert zoom.meetings().put(LESSON) == made


def test_nobody_is_registered_a_fourth_time_a_day(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    for _ in range(5):
        assert zoom.meetings().put(replace(LESSON, number=made.number)) == made


def test_a_meeting_whose_making_was_not_answered_is_found_again(zoom: SimulatedZoom) -> None:
    zoom.tell("fail-next", method="POST", path_contains="/users/", status=500, after=True)
    with pytest.raises(Unavailable):
        booked(zoom)
    made = booked(zoom)
    assert str(only(zoom)["number"]) == made.number
    assert zoom.meetings().find(HOST, LESSON.class_id) == made.number


def test_a_registration_that_was_not_answered_is_found_again(zoom: SimulatedZoom) -> None:
    zoom.tell("fail-next", method="POST", path_contains="/registrants", status=500, after=True)
    with pytest.raises(Unavailable):
        booked(zoom)
    made = booked(zoom)
    assert [each.email for each in made.registrants] == [BEN, CLEO]
    assert str(only(zoom)["number"]) == made.number


def test_a_class_that_moves_moves_its_meeting(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    later = replace(
        LESSON,
        number=made.number,
        registrants=made.registrants,
        subject="Geometry",
        start_at=LESSON.start_at + timedelta(days=1),
        end_at=LESSON.end_at + timedelta(days=1, seconds=30),
    )
    assert zoom.meetings().put(later) == made
    meeting = zoom.api().call("GET", f"/meetings/{made.number}", HOST)
    assert (meeting["topic"], meeting["start_time"], meeting["duration"]) == ("Geometry", "2026-12-02T12:00:00Z", 46)


def test_a_student_who_leaves_loses_the_link_and_one_who_comes_gets_one(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    other = replace(LESSON, number=made.number, registrants=made.registrants, students=(CLEO, "dora@home.example"))
    changed = zoom.meetings().put(other)
    assert [each.email for each in changed.registrants] == [CLEO, "dora@home.example"]
    assert changed.registrants[0] == made.registrants[1]
    back = zoom.meetings().put(replace(other, registrants=changed.registrants, students=(BEN, CLEO)))
    assert [each.email for each in back.registrants] == [BEN, CLEO]


def test_whom_the_teacher_registered_by_hand_is_let_be(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    path = f"/meetings/{made.number}/registrants"
    zoom.api().call("POST", path, HOST, body={"email": "guest@home.example", "first_name": "Guest", "auto_approve": True})
    zoom.meetings().put(replace(LESSON, number=made.number, registrants=made.registrants, students=(BEN,)))
    left = zoom.api().call("GET", path, HOST)["registrants"]
    assert sorted(each["email"] for each in left) == [BEN, "guest@home.example"]


def test_more_than_a_page_of_students_are_all_registered_and_let_go(zoom: SimulatedZoom) -> None:
    many = tuple(f"pupil{n}@home.example" for n in range(65))
    made = zoom.meetings().put(replace(LESSON, students=many))
    assert [each.email for each in made.registrants] == list(many)
    left = zoom.meetings().put(replace(LESSON, number=made.number, registrants=made.registrants, students=many[:3]))
    assert left.registrants == made.registrants[:3]
    there = zoom.api().call("GET", f"/meetings/{made.number}/registrants", HOST)["registrants"]
    assert len(there) == 3


def test_a_plan_without_registration_gives_one_link_for_all(zoom: SimulatedZoom) -> None:
    zoom.tell("settings", licensed=False)
    made = booked(zoom)
    assert made.registrants == ()
    zoom.tell("settings", licensed=True)
    assert len(zoom.meetings().put(replace(LESSON, number=made.number)).registrants) == 2


def test_links_that_were_given_out_are_not_forgotten_when_the_plan_ends(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    zoom.tell("settings", licensed=False)
    again = zoom.meetings().put(
        replace(LESSON, number=made.number, registrants=made.registrants, students=(*LESSON.students, "eve@home.example"))
    )
    assert again.registrants == made.registrants


def test_a_meeting_in_which_the_teacher_switched_registration_off_stays_so(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    zoom.api().call("PATCH", f"/meetings/{made.number}", HOST, body={"settings": {"approval_type": 2}})
    again = zoom.meetings().put(replace(LESSON, number=made.number, registrants=made.registrants, students=(CLEO, "f@x.example")))
    assert again.registrants == (made.registrants[1],)


def test_a_meeting_that_somebody_deleted_is_refused_not_replaced(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    zoom.meetings().remove(HOST, made.number)
    with pytest.raises(UpstreamRefused, match="somebody deleted it"):
        zoom.meetings().put(replace(LESSON, number=made.number))
    assert zoom.state() == []


def test_removing_twice_is_fine(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    zoom.meetings().remove(HOST, made.number)
    zoom.meetings().remove(HOST, made.number)
    assert zoom.meetings().find(HOST, LESSON.class_id) is None


def test_a_meeting_that_is_on_is_removed_later(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    zoom.joins(made.number, 0, "Ada", email=HOST)
    with pytest.raises(Unavailable):
        zoom.meetings().remove(HOST, made.number)


def test_a_meeting_is_found_among_many_others(zoom: SimulatedZoom) -> None:
    for _ in range(310):
        zoom.tell("meetings", host_email=HOST)
    made = booked(zoom)
    assert zoom.meetings().find(HOST, LESSON.class_id) == made.number
    assert zoom.meetings().find(HOST, "f" * 32) is None


def test_of_two_meetings_with_one_mark_the_first_counts() -> None:
    rows = [
        {"id": 9, "agenda": f"{mark_of(LESSON.class_id)}, copied", "created_at": "2026-11-03T00:00:00Z"},
        {"id": 8, "agenda": "something else", "created_at": "2026-11-01T00:00:00Z"},
        {"id": 7, "agenda": mark_of(LESSON.class_id), "created_at": "2026-11-02T00:00:00Z"},
    ]
    with scripted_zoom(lambda _: Answer(200, {"meetings": rows})) as zoom:
        assert ZoomApiMeetings(zoom.api()).find(HOST, LESSON.class_id) == "7"
        assert zoom.asked[0].query["type"] == "scheduled"
        assert zoom.asked[0].path == "/users/ada.teacher%40school.example/meetings"


def test_a_plan_that_refuses_the_registration_itself_gets_a_meeting_without() -> None:
    def script(asked: Asked) -> Answer:
        if asked.method == "GET":
            return Answer(200, {"meetings": []})
        if asked.body["settings"]["approval_type"] == 1:
            return PAID_ONLY
        return Answer(201, {"id": 7, "join_url": "https://zoom.example/j/7", "settings": asked.body["settings"]})

    with scripted_zoom(script) as zoom:
        assert ZoomApiMeetings(zoom.api()).put(LESSON) == ZoomMeeting("7", "https://zoom.example/j/7", ())
        assert zoom.asked[-1].line == "POST /users/ada.teacher%40school.example/meetings"


def a_meeting_without(answer: Answer) -> Any:
    """A Zoom with the meeting 7, where registering is answered in this way."""

    def script(asked: Asked) -> Answer:
        if asked.line == "GET /meetings/7":
            return Answer(200, {"id": 7, "join_url": "https://zoom.example/j/7", **body_of(LESSON)})
        return Answer(200, {"registrants": []}) if asked.method == "GET" else answer

    return script


@pytest.mark.parametrize("answer", [Answer(201, {"registrant_id": "r1"}), Answer(201, {})])
def test_a_registration_without_a_link_is_no_link(answer: Answer) -> None:
    with scripted_zoom(a_meeting_without(answer)) as zoom, pytest.raises(UpstreamRefused, match="no join link"):
        ZoomApiMeetings(zoom.api()).put(replace(LESSON, number="7"))


def test_a_days_limit_of_registrations_is_tried_another_time() -> None:
    limit = error(429, 429, "You have exceeded the daily rate limit of (3) for Add meeting registrant API requests.")
    with scripted_zoom(a_meeting_without(limit)) as zoom, pytest.raises(Unavailable):
        ZoomApiMeetings(zoom.api()).put(replace(LESSON, number="7"))


def test_who_has_a_link_by_the_class_is_not_registered_again() -> None:
    known = tuple(Registrant(email, f"r-{email}", f"https://zoom.example/w/7?tk={email}") for email in LESSON.students)
    with scripted_zoom(a_meeting_without(Answer(500))) as zoom:
        made = ZoomApiMeetings(zoom.api()).put(replace(LESSON, number="7", registrants=known))
        assert made.registrants == known
        assert zoom.lines() == ["GET /meetings/7", "GET /meetings/7/registrants"]


def test_students_are_registered_by_the_names_in_their_addresses() -> None:
    with scripted_zoom(a_meeting_without(Answer(201, {"registrant_id": "r", "join_url": "u"}))) as zoom:
        ZoomApiMeetings(zoom.api()).put(
            replace(LESSON, number="7", students=("Ben.van-Dyk@x.example", "cleo@x.example", "+@x.y"))
        )
        told = [asked.body for asked in zoom.asked if asked.method == "POST"]
    assert told == [
        {"email": "ben.van-dyk@x.example", "auto_approve": True, "first_name": "Ben", "last_name": "Van Dyk"},
        {"email": "cleo@x.example", "auto_approve": True, "first_name": "Cleo"},
        {"email": "+@x.y", "auto_approve": True, "first_name": "Student"},
    ]


def test_only_what_differs_is_changed() -> None:
    meeting = body_of(LESSON)
    assert difference(meeting, LESSON) == {}
    assert difference(meeting | {"start_time": "2026-12-01T13:00:00+01:00"}, LESSON) == {}
    assert difference(meeting | {"agenda": f"{mark_of(LESSON.class_id)}\nBring a ruler."}, LESSON) == {}
    assert difference(meeting | {"agenda": "Bring a ruler."}, LESSON) == {"agenda": mark_of(LESSON.class_id)}
    assert difference(meeting | {"topic": "x"}, LESSON) == {"topic": "Algebra"}
    assert difference(meeting | {"start_time": "2026-12-01T12:00:00"}, LESSON) == {
        "start_time": "2026-12-01T12:00:00Z",
        "timezone": "Europe/Berlin",
    }


def test_a_long_subject_is_cut_as_zoom_would_refuse_it() -> None:
    assert len(body_of(replace(LESSON, subject="x" * 500))["topic"]) == 200


def test_a_host_whom_zoom_does_not_know_is_said_by_name() -> None:
    with (
        scripted_zoom(lambda _: error(404, 1001, "User does not exist: ada.")) as zoom,
        pytest.raises(UpstreamRefused, match=HOST),
    ):
        ZoomApiMeetings(zoom.api()).put(LESSON)


def test_a_stranger_who_registers_under_a_students_address_waits_for_a_persons_word(zoom: SimulatedZoom) -> None:
    made = booked(zoom)
    path = f"/meetings/{made.number}/registrants"
    answer = zoom.api().call("POST", path, HOST, body={"email": "stranger@mail.example", "first_name": "Ben"})
    assert "join_url" not in answer
    assert "stranger@mail.example" not in [each["email"] for each in zoom.api().call("GET", path, HOST)["registrants"]]
