"""The audit log completes what is known, and nothing of it is kept that is nobody's business."""

from datetime import timedelta

import pytest

from shared.domain.classes import with_due
from shared.domain.errors import UpstreamRefused
from shared.domain.evidence import Basis, PersonKind, Source
from shared.domain.sessions import SyncStatus
from shared.ports import MeasuredStay, MeetingReading, ReportedCall
from tests.builders import a_class, at, seen
from tests.house import DELAYS, House

CLASS = a_class()
GUEST = "guest@mail.example"


def over(house: House) -> None:
    """A class that is over."""
    house.classes.add([with_due(CLASS, DELAYS)], None)
    house.clock.at = at(0)
    house.tick()
    house.clock.at = at(60)
    house.tick()
    house.clock.at = at(90)


def call(connection: str = "e1", ref: str = f"email:{GUEST}", code: str = "abc-mnop-xyz", left: float = 30) -> ReportedCall:
    return ReportedCall(code, connection, ref, "Guest Gomez", PersonKind.SIGNED_IN, at(0), at(left))


def sources(house: House) -> list[tuple[str | None, Source | None, int]]:
    rows = house.watch.one(CLASS.session_id).rows
    return [(row.email, row.source, row.seconds(house.clock())) for row in rows if row.source]


def test_a_sweep_files_what_belongs_to_a_class_and_drops_the_rest(house: House) -> None:
    over(house)
    house.reports.there = [call(), call("e2", "email:boss@school.example", "pri-vate-one")]
    assert house.sweep() == {"calls": 2, "calls_of_classes": 1, "facts_new": 2}
    assert sources(house) == [(GUEST, Source.REPORTS_API, 1800)]
    assert house.evidence.in_room("google_meet:privateone", at(-60), at(120)) == ()


def test_windows_overlap_and_reading_again_adds_nothing(house: House) -> None:
    over(house)
    house.reports.there = [call()]
    house.sweep()
    assert house.sweep() == {}
    house.clock.passes(timedelta(minutes=56))
    assert house.sweep() == {"calls": 1, "calls_of_classes": 1, "facts_new": 0}
    house.clock.passes(timedelta(hours=24))
    house.sweep()
    windows = [end - start for start, end, _ in house.reports.windows]
    assert windows == [timedelta(hours=72), timedelta(hours=36), timedelta(hours=72)]


def test_a_record_that_comes_a_day_late_is_still_taken_in(house: House) -> None:
    over(house)
    house.sweep()
    house.reports.there = [call()]
    house.clock.passes(timedelta(hours=25))
    assert house.sweep()["facts_new"] == 2


def test_a_sweep_that_fails_is_done_again_whole(house: House) -> None:
    over(house)
    house.reports.there = [call()]
    house.reports.trouble = UpstreamRefused("Insufficient permissions", "Ask as an administrator.")
    with pytest.raises(UpstreamRefused):
        house.sweep()
    house.reports.trouble = None
    assert house.sweep()["facts_new"] == 2


def test_the_log_gives_the_guest_whom_meet_measured_an_address_and_no_second_row(house: House) -> None:
    over(house)
    stay = MeasuredStay("c1", "google:7", "Guest Gomez", PersonKind.SIGNED_IN, at(0), at(30))
    house.records.reading = MeetingReading(1, is_over=True, stays=(stay,), identities={}, expires_at=None)
    house.sync(CLASS.class_id)
    assert sources(house) == [(None, Source.MEET_API, 1800)]
    house.reports.there = [call()]
    house.sweep()
    assert sources(house) == [(GUEST, Source.MEET_API, 1800)]


def test_a_sync_falls_back_to_the_log_where_meet_has_nothing(house: House) -> None:
    over(house)
    house.reports.there = [call()]
    done = house.sync(CLASS.class_id)
    assert (done.source, done.report.status, done.report.message) == (
        Source.REPORTS_API,
        SyncStatus.PENDING,
        "Synced 1 participants",
    )
    assert not done.report.complete
    assert house.reports.windows[-1][2] == "abc-mnop-xyz"
    assert [row.email for row in done.participants] == [GUEST]
    absent = [row.status for row in house.watch.one(CLASS.session_id).rows if row.source is None]
    assert set(absent) == {"unknown"}


def test_a_sync_falls_back_to_the_log_where_meet_refuses_and_says_both(house: House) -> None:
    over(house)
    house.records.trouble = UpstreamRefused("Insufficient permissions", "Grant the scope.")
    house.reports.there = [call()]
    done = house.sync(CLASS.class_id)
    assert done.source is Source.REPORTS_API
    assert "Insufficient permissions. Grant the scope." in (done.report.remedy or "")
    house.reports.there = []
    with pytest.raises(UpstreamRefused):
        house.sync(CLASS.class_id)


def test_somebody_who_is_still_inside_is_present_though_the_log_has_an_earlier_visit(house: House) -> None:
    house.classes.add([with_due(CLASS, DELAYS)], None)
    house.clock.at = at(0)
    house.tick()
    house.clock.at = at(40)
    house.file(seen("join", at(35), f"email:{GUEST}"))
    house.reports.there = [call()]
    house.sweep()
    (row,) = [row for row in house.watch.one(CLASS.session_id).rows if row.source]
    assert (row.is_present(at(40)), row.seconds(at(40)), row.basis) == (True, 35 * 60, Basis.LIVE)


def test_the_log_is_not_asked_while_the_class_is_on(house: House) -> None:
    house.classes.add([with_due(CLASS, DELAYS)], None)
    house.clock.at = at(0)
    house.tick()
    house.clock.at = at(10)
    house.look(CLASS.class_id)
    assert house.reports.windows == []
