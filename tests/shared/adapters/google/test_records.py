"""Tests of reading Meet's JSON."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.google.records import conference_in, google_id_of, instant, stays_in
from shared.domain.evidence import PersonKind

RECORD = "conferenceRecords/b9f2"
OMAR = {
    "name": f"{RECORD}/participants/104820000000000000002",
    "signedinUser": {"user": "users/104820000000000000002", "displayName": "Omar Student"},
}
LENA = {"name": f"{RECORD}/participants/anon-2f6c", "anonymousUser": {"displayName": "Lena (phone)"}}
CALLER = {"name": f"{RECORD}/participants/pstn-7781", "phoneUser": {"displayName": "+1 555-***-**42"}}
HALF_PAST_THREE = datetime(2026, 9, 15, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-09-15T15:30:00Z", 0),
        ("2026-09-15T15:30:00.5Z", 500_000),
        ("2026-09-15T15:30:00.123Z", 123_000),
        ("2026-09-15T15:30:00.123456Z", 123_456),
        ("2026-09-15T15:30:00.123456789Z", 123_456),
        ("2026-09-15T17:30:00+02:00", 0),
    ],
)
def test_times_are_read_with_any_number_of_digits(text: str, micros: int) -> None:
    assert instant(text) == HALF_PAST_THREE + timedelta(microseconds=micros)
    assert instant(text).tzinfo is UTC


def test_a_live_conference_has_no_end() -> None:
    live = conference_in({"name": RECORD, "startTime": "2026-09-15T15:30:00Z", "expireTime": "2026-10-15T15:30:00Z"})
    assert live.ended_at is None
    assert live.was_on(HALF_PAST_THREE + timedelta(hours=5), HALF_PAST_THREE + timedelta(hours=6))


@pytest.mark.parametrize(
    ("from_minutes", "to_minutes", "was_on"),
    [(-30, 0, False), (-30, 1, True), (10, 20, True), (59, 90, True), (60, 90, False)],
)
def test_a_conference_belongs_to_a_window_that_it_meets(from_minutes: int, to_minutes: int, was_on: bool) -> None:  # noqa: FBT001
    record = {"name": RECORD, "startTime": "2026-09-15T15:30:00Z", "endTime": "2026-09-15T16:30:00Z"}
    start, end = (HALF_PAST_THREE + timedelta(minutes=m) for m in (from_minutes, to_minutes))
    assert conference_in(record).was_on(start, end) is was_on


def test_a_signed_in_person_is_known_by_the_google_id() -> None:
    (stay,) = stays_in(OMAR, [{"name": "s1", "startTime": "2026-09-15T15:31:00Z", "endTime": "2026-09-15T15:46:00Z"}])
    assert (stay.ref, stay.kind, stay.display_name) == ("google:104820000000000000002", PersonKind.SIGNED_IN, "Omar Student")
    assert stay.connection == "s1"
    assert google_id_of(OMAR) == "104820000000000000002"


@pytest.mark.parametrize(
    ("person", "ref", "kind"),
    [(LENA, "meet:b9f2/anon-2f6c", PersonKind.ANONYMOUS), (CALLER, "meet:b9f2/pstn-7781", PersonKind.PHONE)],
)
def test_who_is_not_signed_in_is_known_within_one_conference_only(person: dict[str, object], ref: str, kind: PersonKind) -> None:
    (stay,) = stays_in(person, [{"name": "s1", "startTime": "2026-09-15T15:31:00Z"}])
    assert (stay.ref, stay.kind) == (ref, kind)
    assert google_id_of(person) is None


def test_an_open_session_has_no_leave_time() -> None:
    (stay,) = stays_in(OMAR, [{"name": "s1", "startTime": "2026-09-15T15:48:00Z"}])
    assert stay.left_at is None


def test_somebody_of_no_kind_that_we_know_still_counts_as_being_there() -> None:
    (stay,) = stays_in({"name": f"{RECORD}/participants/p9"}, [{"name": "s1", "startTime": "2026-09-15T15:48:00Z"}])
    assert (stay.ref, stay.kind, stay.display_name) == ("meet:b9f2/p9", PersonKind.ANONYMOUS, None)
