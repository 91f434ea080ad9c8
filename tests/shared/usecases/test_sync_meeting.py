"""Reading a meeting's own records: measured truth, settled once, however often it is read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, AttendanceStatus
from shared.domain.classes import Status
from shared.domain.errors import Forbidden, InvalidInput, NotFound, NotInThisState, Unavailable, UpstreamRefused
from shared.domain.evidence import Basis, PersonKind
from shared.domain.monitor import stepped
from shared.domain.sessions import SyncStatus
from shared.ports import AttendanceFilter, MeasuredStay, MeetingReading, TaskKind
from shared.usecases.record_by_hand import ByHand
from tests.builders import a_class, at, seen
from tests.house import DELAYS, House

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
WHO = {"google:1": ADA, "google:2": OMAR}
TEACHER = Caller("ada", ADA, "teacher")


def stay(connection: str, ref: str, joined: float, left: float | None, name: str = "somebody") -> MeasuredStay:
    kind = PersonKind.SIGNED_IN if ref.startswith("google") else PersonKind.ANONYMOUS
    return MeasuredStay(connection, ref, name, kind, at(joined), None if left is None else at(left))


def reading(*stays: MeasuredStay, is_over: bool = True) -> MeetingReading:
    return MeetingReading(1, is_over, stays, WHO, at(60) + timedelta(days=30))


def ended(house: House) -> House:
    """A class that has just ended, with its first reading due."""
    house.classes.add([stepped(a_class(), at(-60), DELAYS)], None)
    for minute in (0, 60):
        house.clock.at = at(minute)
        house.tick()
    house.clock.at = at(60.5)
    return house


def rows(house: House) -> dict[str | None, Attendance]:
    found = house.sessions.stream(AttendanceFilter(session_id=a_class().session_id))
    return {row.email or row.display_name: row for row in found}


FULL = reading(
    stay("a", "google:1", -2, 61),
    stay("b1", "google:2", 0, 20),
    stay("b2", "google:2", 25, 60),
    stay("b3", "google:2", 30, 50),
    stay("c", "meet:anon", 10, 40, "Lena (phone)"),
)


def test_each_person_is_measured_once_to_the_second(house: House) -> None:
    ended(house).records.reading = FULL
    done = house.sync(a_class().class_id)
    assert (done.report.status, done.report.message, done.created, done.updated) == (
        SyncStatus.SUCCESS,
        "Synced 3 participants",
        3,
        0,
    )
    found = {name: (row.status, row.seconds(at(99)), row.basis) for name, row in rows(house).items()}
    assert found == {
        ADA: (AttendanceStatus.PRESENT, 3600, Basis.MEASURED),
        OMAR: (AttendanceStatus.PRESENT, 55 * 60, Basis.MEASURED),
        "Lena (phone)": (AttendanceStatus.LEFT_EARLY, 30 * 60, Basis.MEASURED),
        LENA: (AttendanceStatus.ABSENT, 0, Basis.MEASURED),
    }


def test_reading_again_changes_nothing(house: House) -> None:
    ended(house).records.reading = FULL
    house.sync(a_class().class_id)
    before = rows(house)
    again = house.sync(a_class().class_id)
    assert (again.created, again.updated, rows(house)) == (0, 0, before)


def test_pushes_and_reading_give_what_reading_alone_gives(house: House) -> None:
    ended(house).records.reading = FULL
    for fact in (seen("join", at(0)), seen("leave", at(58)), seen("join", at(3), f"email:{LENA}")):
        house.file(fact)
    house.sync(a_class().class_id)
    found = rows(house)
    assert found[OMAR].seconds(at(99)) == 55 * 60
    assert (found[LENA].basis, found[LENA].status) == (Basis.LIVE, AttendanceStatus.PRESENT)


def test_somebody_still_in_the_meeting_makes_nothing_final(house: House) -> None:
    ended(house).records.reading = reading(stay("a", "google:1", 0, None), is_over=False)
    done = house.sync(a_class().class_id)
    assert (done.report.status, done.report.complete) == (SyncStatus.PENDING, False)
    assert rows(house)[OMAR].status is AttendanceStatus.UNKNOWN
    assert not house.classes.get(a_class().class_id).is_settled
    house.clock.at = at(70)
    house.records.reading = reading(stay("a", "google:1", 0, 65))
    assert house.sync(a_class().class_id).report.complete
    assert rows(house)[OMAR].status is AttendanceStatus.ABSENT
    assert house.classes.unsynced(5) == ()


def test_each_reading_plans_the_next_one(house: House) -> None:
    ended(house).records.reading = FULL
    house.clock.at = at(60.4)
    planned = []
    for _ in range(6):
        held = house.classes.get(a_class().class_id)
        tasks = [t for t in house.tasks.queued.values() if t.kind is TaskKind.SYNC and t.at > house.clock()]
        if not tasks:
            break
        planned.append(tasks[0].at - held.end_at)
        house.clock.at = tasks[0].at
        house.sync(held.class_id)
    assert tuple(planned) == DELAYS
    assert house.classes.get(a_class().class_id).due_at is None


def test_no_record_is_said_so_and_nobody_is_absent(house: House) -> None:
    done = ended(house).sync(a_class().class_id)
    assert (done.report.status, done.report.message) == (SyncStatus.NO_DATA, "No conference record found")
    assert done.report.remedy
    assert {row.status for row in rows(house).values()} == {AttendanceStatus.UNKNOWN}
    assert len(house.classes.unsynced(5)) == 1


def test_a_record_without_people_is_said_so(house: House) -> None:
    ended(house).records.reading = reading()
    assert house.sync(a_class().class_id).report.message == "No participant data found"


def test_a_refusal_is_a_state_with_its_remedy_and_the_next_reading_is_planned(house: House) -> None:
    ended(house).records.trouble = UpstreamRefused("Insufficient permissions", "Ask the administrator.")
    with pytest.raises(UpstreamRefused):
        house.sync(a_class().class_id)
    session = house.sessions.get(a_class().session_id)
    assert session is not None
    assert session.value.sync is not None
    assert (session.value.sync.status, session.value.sync.remedy) == (SyncStatus.FAILED, "Ask the administrator.")
    assert house.classes.get(a_class().class_id).syncs_done == 1


def test_a_refusal_after_a_complete_reading_makes_nobody_unknown_again(house: House) -> None:
    ended(house).records.reading = FULL
    house.sync(a_class().class_id)
    house.records.trouble = UpstreamRefused("No valid credentials found", "x")
    with pytest.raises(UpstreamRefused):
        house.sync(a_class().class_id)
    assert rows(house)[LENA].status is AttendanceStatus.ABSENT


def test_trouble_that_time_mends_is_no_reading(house: House) -> None:
    ended(house).records.trouble = Unavailable("429")
    with pytest.raises(Unavailable):
        house.sync(a_class().class_id)
    assert house.classes.get(a_class().class_id).syncs_done == 0


def test_somebody_whose_address_is_learnt_later_keeps_one_row(house: House) -> None:
    ended(house).records.reading = replace(FULL, identities={"google:1": ADA})
    house.sync(a_class().class_id)
    assert rows(house)["somebody"].email is None
    house.records.reading = FULL
    house.sync(a_class().class_id)
    assert "somebody" not in rows(house)
    assert rows(house)[OMAR].seconds(at(99)) == 55 * 60


@pytest.mark.parametrize(
    "changes", [{"status": Status.CANCELLED}, {"status": Status.SCHEDULED}, {"status": Status.COMPLETED, "room": None}]
)
def test_what_cannot_be_read_says_why(house: House, changes: dict[str, Any]) -> None:
    house.classes.add([a_class(**changes)], None)
    with pytest.raises(NotInThisState):
        house.sync(a_class().class_id)


def test_a_manual_sync_in_the_middle_of_class_shows_who_is_there_and_live_events_go_on(house: House) -> None:
    house.classes.add([stepped(a_class(), at(-60), DELAYS)], None)
    house.clock.at = at(0)
    house.tick()
    house.clock.at = at(30)
    house.records.reading = reading(stay("b", "google:2", 1, None), is_over=False)
    assert house.sync(a_class().class_id).report.status is SyncStatus.PENDING
    house.file(seen("leave", at(40), received_at=at(40)))
    assert rows(house)[OMAR].seconds(at(50)) == 39 * 60
    assert house.classes.get(a_class().class_id).syncs_done == 0


BY_HAND = ByHand(a_class().session_id, LENA, at(5), at(55), "Her camera was on my screen.")


def test_a_record_by_hand_counts_and_what_was_measured_stays(house: House) -> None:
    ended(house).records.reading = FULL
    house.sync(a_class().class_id)
    row = house.record(BY_HAND, TEACHER)
    assert (row.status, row.seconds(at(99)), row.basis) == (AttendanceStatus.PRESENT, 50 * 60, Basis.MANUAL)
    house.sync(a_class().class_id)
    assert rows(house)[LENA].basis is Basis.MANUAL
    told = house.watch.one(a_class().session_id).facts
    assert {(f.author, f.reason) for f in told if f.author} == {(ADA, "Her camera was on my screen.")}
    assert sum(1 for f in told if f.source == "meet_api") == 10


def test_the_newest_of_two_records_by_hand_counts(house: House) -> None:
    ended(house)
    house.record(BY_HAND, TEACHER)
    house.clock.passes(timedelta(minutes=1))
    assert house.record(replace(BY_HAND, leave_at=at(30)), TEACHER).seconds(at(99)) == 25 * 60


@pytest.mark.parametrize(
    ("changes", "caller", "refusal"),
    [
        ({"leave_at": at(5)}, TEACHER, InvalidInput),
        ({"leave_at": at(70)}, TEACHER, InvalidInput),
        ({"join_at": at(-31)}, TEACHER, InvalidInput),
        ({"session_id": "0" * 32}, TEACHER, NotFound),
        ({}, Caller("b", "bob@school.example", "teacher"), NotFound),
        ({}, Caller("o", OMAR, "user"), Forbidden),
    ],
)
def test_a_record_by_hand_that_makes_no_sense_is_refused(
    house: House, changes: dict[str, object], caller: Caller, refusal: type[Exception]
) -> None:
    ended(house)
    with pytest.raises(refusal):
        house.record(replace(BY_HAND, **changes), caller)  # type: ignore[arg-type]
    assert rows(house) == {}
