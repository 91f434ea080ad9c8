"""Tests of reading rows of the audit log: what becomes of every row of two real answers, and of rows in odd forms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.google.calls import Unreadable, calls_in
from shared.domain.evidence import PersonKind
from shared.ports import ReportedCall
from tests.shared.adapters.google.activities import CODE, LEFT_AT, STARTED_AT, row, rows_of_2021, rows_of_2025

PRIYA = "priya.teacher@school.example"
PRIYAS = "google:104820000000000000001"
GOMEZ = "email:guest.gomez@mail.example"


def read(told: dict[str, Any], *, with_details: bool = False) -> ReportedCall:
    """The one call of a row."""
    (call,) = calls_in(told, with_details=with_details)
    return call


def day(month: int, number: int, *time: int) -> datetime:
    """An instant of 2025; the last number is in milliseconds."""
    hour, minute, second, milliseconds = (*time, 0)[:4]
    return datetime(2025, month, number, hour, minute, second, 1000 * milliseconds, tzinfo=UTC)


def test_every_row_of_a_lesson_without_starts_is_a_stay_that_began_so_long_before_it_ended() -> None:
    priya, omar, lena = (read(each) for each in rows_of_2021())
    left = datetime(2026, 9, 15, 15, 46, 45, 286000, tzinfo=UTC)
    assert priya == ReportedCall(
        CODE, "boq_hlane_EXAMPLE01", PRIYAS, "Priya Teacher", PersonKind.SIGNED_IN, left - timedelta(seconds=952), left, PRIYA
    )
    assert (omar.ref, omar.address) == ("google:104820000000000000002", "omar.student@school.example")
    assert (omar.joined_at, omar.left_at) == (
        left.replace(minute=31, second=13, microsecond=999000),
        left.replace(second=43, microsecond=999000),
    )
    assert (lena.ref, lena.address) == ("google:104820000000000000003", "lena.student@school.example")
    assert lena.left_at - lena.joined_at == timedelta(seconds=1024)


def test_every_row_of_some_days_of_mixed_events_is_a_call_or_none() -> None:
    told = [calls_in(each, with_details=False) for each in rows_of_2025()]
    (gomez,), (priya,), invitation, (short,), abuse, (guest,), (host,), presentation, (two_seconds,) = told
    assert (invitation, abuse, presentation) == ((), (), ())
    assert (gomez.meet_code, gomez.ref, gomez.address, gomez.kind) == ("rgt-btyd-txb", GOMEZ, None, PersonKind.SIGNED_IN)
    assert (gomez.joined_at, gomez.left_at) == (day(4, 11, 9, 23, 11), day(4, 11, 9, 38, 26, 272))
    assert (priya.meet_code, priya.ref, priya.address) == ("rgt-btyd-txb", PRIYAS, PRIYA)
    assert (priya.joined_at, priya.left_at) == (day(4, 11, 9, 22, 2), day(4, 11, 9, 34, 45, 696))
    assert (short.meet_code, short.ref, short.joined_at) == ("bjv-otuu-fcj", PRIYAS, day(3, 25, 10, 37, 8))
    assert (guest.meet_code, guest.ref, guest.connection) == ("kju-pvsz-bez", GOMEZ, "boq_hlane_EXAMPLEb1")
    assert (host.ref, host.joined_at, host.left_at) == (PRIYAS, day(3, 25, 10, 27, 51), day(3, 25, 10, 31, 22, 27))
    assert (two_seconds.meet_code, two_seconds.ref) == ("vtk-rkkx-vce", GOMEZ)
    assert (two_seconds.joined_at, two_seconds.left_at) == (day(3, 25, 10, 26, 52), day(3, 25, 10, 26, 55, 368))


def test_device_and_place_are_kept_only_where_the_school_says_so_and_the_ip_address_never() -> None:
    plain, full = (read(rows_of_2021()[0], with_details=wanted) for wanted in (False, True))
    assert (plain.device, plain.location) == (None, None)
    assert (full.device, full.location) == ("web", "ES, Madrid")
    assert "203.0.113.10" not in f"{plain}{full}"


def test_a_place_may_be_told_by_half_or_not_at_all() -> None:
    assert read(row(location_country="ES"), with_details=True).location == "ES"
    assert read(row(), with_details=True).location is None


@pytest.mark.parametrize("code", ["QKZMWTPRVX", "qkz-mwtp-rvx", "qkzmwtprvx"])
def test_a_meeting_code_in_any_spelling_is_written_one_way(code: str) -> None:
    assert read(row(meeting_code=code)).meet_code == CODE


@pytest.mark.parametrize(
    ("told", "ref", "kind"),
    [
        (
            {"identifier_type": "email_address", "identifier": "Lena@Mail.example"},
            "email:lena@mail.example",
            PersonKind.SIGNED_IN,
        ),
        ({"identifier_type": "email_address", "identifier": "l**a@mail.example"}, "reports:boq_1", PersonKind.ANONYMOUS),
        ({"identifier_type": "email_address", "identifier": "lena"}, "reports:boq_1", PersonKind.ANONYMOUS),
        ({"identifier_type": "email_address", "identifier": ""}, "reports:boq_1", PersonKind.ANONYMOUS),
        ({}, "reports:boq_1", PersonKind.ANONYMOUS),
        ({"identifier_type": "device_id", "identifier": "a@b"}, "reports:boq_1", PersonKind.ANONYMOUS),
        ({"identifier_type": "phone_number", "identifier": "+15550100042"}, "reports:boq_1", PersonKind.PHONE),
        ({"device_type": "pstn_in"}, "reports:boq_1", PersonKind.PHONE),
    ],
)
def test_a_guest_is_known_by_a_whole_address_or_by_nothing(told: dict[str, Any], ref: str, kind: PersonKind) -> None:
    call = read(row(**told))
    assert (call.ref, call.kind, call.address) == (ref, kind, None)
    assert "*" not in f"{call}"
    assert "+1555" not in f"{call}"


def test_somebody_of_the_school_is_known_by_the_google_id_else_by_the_address() -> None:
    user = {"callerType": "USER", "email": "Omar@School.example", "profileId": "104820000000000000002"}
    call = read(row(actor=user, identifier_type="email_address", identifier="other@mail.example"))
    assert (call.ref, call.address, call.kind) == ("google:104820000000000000002", "omar@school.example", PersonKind.SIGNED_IN)
    del user["profileId"]
    assert read(row(actor=user)).ref == "email:omar@school.example"


def test_a_start_is_believed_before_a_duration() -> None:
    assert read(row(duration_seconds=9)).joined_at == STARTED_AT
    assert read(row(start_timestamp_seconds=None, duration_seconds=9)).joined_at == LEFT_AT - timedelta(seconds=9)
    assert read(row(start_timestamp_seconds=0, duration_seconds=9)).joined_at == LEFT_AT - timedelta(seconds=9)


def test_nobody_leaves_before_joining_though_the_clocks_differ_by_a_second() -> None:
    call = read(row(start_timestamp_seconds=int(LEFT_AT.timestamp()) + 1))
    assert (call.joined_at, call.left_at) == (LEFT_AT, LEFT_AT)


def test_a_row_without_an_endpoint_is_told_apart_by_its_own_number() -> None:
    call = read(row(7, endpoint_id=None))
    assert (call.connection, call.ref) == ("-7", "reports:-7")


def test_calls_of_other_products_are_none_and_an_unnamed_one_is_meets() -> None:
    assert calls_in(row(product_type="classic_hangouts"), with_details=False) == ()
    assert read(row(product_type=None)).meet_code == CODE


def test_a_nameless_guest_has_no_name() -> None:
    assert read(row(display_name="")).display_name is None


@pytest.mark.parametrize(
    "odd",
    [
        row(meeting_code=None),
        row(meeting_code="a lecture hall"),
        row(start_timestamp_seconds=None, duration_seconds=None),
        row(start_timestamp_seconds="soon"),
        row(start_timestamp_seconds=10**15),
        row(start_timestamp_seconds=None, duration_seconds=10**15),
        row(start_timestamp_seconds=int(LEFT_AT.timestamp()) + 3600),
        row() | {"id": {"uniqueQualifier": "1"}},
        row() | {"id": {"time": "yesterday", "uniqueQualifier": "1"}},
        row(endpoint_id=None) | {"id": {"time": "2026-09-15T16:00:00Z"}},
        row() | {"events": {"name": "call_ended", "parameters": []}},
        row() | {"events": [{"name": "call_ended"}]},
        row() | {"events": ["call_ended"]},
        row() | {"actor": "somebody"},
        {},
    ],
)
def test_a_row_that_cannot_be_understood_is_unreadable_and_nothing_worse(odd: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        calls_in(odd, with_details=True)
