"""A class on Zoom: live by its webhooks, settled by its report, which may be partial for hours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.classes import Provider, Registrant, with_due
from shared.domain.errors import UpstreamRefused
from shared.domain.evidence import Evidence, Source
from shared.domain.feeds import Feed
from shared.domain.sessions import SyncStatus
from shared.domain.zoom import zoom_connection, zoom_participant, zoom_room
from shared.ports import MeasuredStay, MeetingReading
from tests.builders import a_class, at, seen
from tests.house import DELAYS, House

NUMBER, UUID = "84000000001", "/abc+Def//=="
OMAR, LENA = "omar@school.example", "lena@school.example"
CLASS = a_class(
    provider=Provider.ZOOM,
    meet_code=NUMBER,
    room=zoom_room(NUMBER),
    registrants=(Registrant(OMAR, "r-omar", "https://zoom.example/w/1"), Registrant(LENA, "r-lena", "https://zoom.example/w/2")),
)


def on(house: House) -> None:
    house.classes.add([with_due(CLASS, DELAYS)], None)
    house.clock.at = at(0)
    house.tick()


def over(house: House) -> None:
    house.clock.at = at(60)
    house.tick()
    house.clock.at = at(61)


def told(kind: str, minute: float, registrant: str = "r-omar", user_id: str = "1") -> Evidence:
    return seen(
        kind, at(minute), f"zoom:registrant:{registrant}", source=Source.ZOOM_WEBHOOK,
        connection=zoom_connection(UUID, user_id), room=CLASS.room or "", name="Somebody",
    )  # fmt: skip


def ended(minute: float) -> Evidence:
    return seen("end", at(minute), "zoom:meeting", source=Source.ZOOM_WEBHOOK, connection=UUID, room=CLASS.room or "")


def row(registrant: str, joined: float, left: float, user_id: str = "1") -> MeasuredStay:
    who = zoom_participant(UUID, user_id, name="Somebody", registrant_id=registrant)
    return MeasuredStay(zoom_connection(UUID, user_id), who.ref, who.display_name, who.kind, at(joined), at(left))


def report(*rows: MeasuredStay) -> MeetingReading:
    return MeetingReading(1, is_over=True, stays=rows, identities={}, expires_at=None)


def seconds(house: House) -> dict[str | None, tuple[str, int, str]]:
    rows = house.watch.one(CLASS.session_id).rows
    return {each.email: (each.status.value, each.seconds(at(90)), each.basis.value) for each in rows}


def test_a_webhook_shows_the_student_at_once_under_the_registered_address(house: House) -> None:
    on(house)
    house.clock.at = at(2)
    house.file(told("join", 1))
    watched = house.watch.one(CLASS.session_id)
    assert [(each.email, each.is_present(at(2))) for each in watched.rows if each.source] == [(OMAR, True)]
    assert watched.feed is Feed.LIVE


def test_the_webhooks_sign_of_life_makes_an_empty_class_live(house: House) -> None:
    on(house)
    assert house.watch.one(CLASS.session_id).feed is Feed.NONE
    house.zoom_beat.beat(at(-600), {})
    assert house.watch.one(CLASS.session_id).feed is Feed.LIVE
    house.clock.passes(timedelta(hours=72))
    assert house.watch.one(CLASS.session_id).feed is Feed.NONE


def test_a_leave_after_the_meeting_ended_corrects_what_its_end_closed(house: House) -> None:
    on(house)
    for fact in (told("join", 0), ended(50)):
        house.file(fact)
    assert seconds(house)[OMAR] == ("present", 3000, "live")
    house.file(told("leave", 40))
    assert seconds(house)[OMAR] == ("present", 2400, "live")


def test_a_leave_told_again_after_the_rejoin_does_not_end_the_new_stay(house: House) -> None:
    on(house)
    for fact in (told("join", 0), told("leave", 10), told("join", 12, user_id="2"), told("leave", 10)):
        house.file(fact)
    (row_,) = [each for each in house.watch.one(CLASS.session_id).rows if each.source]
    assert row_.is_present(at(20))
    assert row_.seconds(at(20)) == 18 * 60


def test_the_report_measures_and_who_is_not_in_it_is_absent(house: House) -> None:
    on(house)
    house.file(told("join", 1))
    over(house)
    house.zoom_records.reading = report(row("r-omar", 2, 58))
    done = house.sync(CLASS.class_id)
    assert (done.source, done.report.complete) == (Source.ZOOM_REPORT, True)
    assert seconds(house) == {
        OMAR: ("present", 56 * 60, "measured"),
        LENA: ("absent", 0, "measured"),
        CLASS.teacher_email: ("no_show", 0, "measured"),
    }


def test_a_report_that_lacks_somebody_whom_we_saw_is_partial_and_makes_nobody_absent(house: House) -> None:
    on(house)
    for fact in (told("join", 1), told("leave", 50), told("join", 0, "r-lena", "2"), told("leave", 55, "r-lena", "2")):
        house.file(fact)
    over(house)
    house.zoom_records.reading = report(row("r-omar", 1, 50))
    done = house.sync(CLASS.class_id)
    assert (done.report.status, done.report.complete) == (SyncStatus.PENDING, False)
    assert "lacks 1 people" in (done.report.remedy or "")
    assert seconds(house)[LENA] == ("present", 3300, "live")
    assert seconds(house)[CLASS.teacher_email][0] == "unknown"
    house.zoom_records.reading = report(row("r-omar", 1, 50), row("r-lena", 0, 55, "2"))
    assert house.sync(CLASS.class_id).report.complete
    assert seconds(house)[LENA] == ("present", 3300, "measured")


def test_rows_of_a_partial_report_do_not_shorten_what_was_seen_live(house: House) -> None:
    on(house)
    live = (told("join", 0), told("leave", 20), told("join", 25, user_id="2"), told("leave", 60, user_id="2"))
    for fact in (*live, told("join", 0, "r-lena", "3"), told("leave", 60, "r-lena", "3")):
        house.file(fact)
    over(house)
    house.zoom_records.reading = report(row("r-omar", 0, 20))
    house.sync(CLASS.class_id)
    assert seconds(house)[OMAR] == ("present", 55 * 60, "live")


def test_after_a_day_the_report_is_taken_as_it_is(house: House) -> None:
    on(house)
    for fact in (told("join", 0, "r-lena", "2"), told("leave", 55, "r-lena", "2")):
        house.file(fact)
    over(house)
    house.clock.at = at(61) + timedelta(days=1)
    house.zoom_records.reading = report(row("r-omar", 0, 60))
    assert house.sync(CLASS.class_id).report.complete


def test_without_a_zoom_account_a_sync_says_what_to_set(house: House) -> None:
    on(house)
    over(house)
    house.sync = replace(house.sync, records={Provider.GOOGLE_MEET: house.records})
    with pytest.raises(UpstreamRefused) as refusal:
        house.sync(CLASS.class_id)
    assert refusal.value.title == "No valid credentials found"
    assert "ZOOM_ACCOUNT_ID" in refusal.value.detail


def test_a_class_on_zoom_is_not_polled(house: House) -> None:
    on(house)
    assert house.classes.get(CLASS.class_id).look_at is None


def test_a_guest_who_goes_from_room_to_room_is_one_person_and_the_reports_row_is_theirs(house: House) -> None:
    on(house)

    def moved(kind: str, minute: float, user_id: str) -> Evidence:
        guest = zoom_participant(UUID, user_id, name="Guest", participant_uuid="P-1")
        fact = told(kind, minute, user_id=user_id)
        return replace(fact, participant=guest)

    for fact in (moved("join", 0, "1"), moved("leave", 10, "1"), moved("join", 10, "2"), moved("leave", 30, "2")):
        house.file(fact)
    over(house)
    who = zoom_participant(UUID, "1", name="Guest")
    stay = MeasuredStay(zoom_connection(UUID, "1"), who.ref, who.display_name, who.kind, at(0), at(30))
    house.zoom_records.reading = report(stay)
    assert house.sync(CLASS.class_id).report.complete
    (row_,) = [each for each in house.watch.one(CLASS.session_id).rows if each.source]
    assert (row_.display_name, row_.seconds(at(90)), row_.source) == ("Guest", 1800, Source.ZOOM_REPORT)
