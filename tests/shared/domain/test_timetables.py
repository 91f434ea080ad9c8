"""Timetables: local times that are no guess, and rows that are in each other's way."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import ScheduledClass
from shared.domain.errors import InvalidInput
from shared.domain.tables import RowError
from shared.domain.timetables import clashes, too_much, with_offset
from tests.builders import a_class, at


@pytest.mark.parametrize(
    ("told", "timezone", "with_its_offset"),
    [
        ("2026-12-01 16:00", "Europe/London", "2026-12-01T16:00:00+00:00"),
        ("2026-07-01T16:00:30", "Europe/London", "2026-07-01T16:00:30+01:00"),
        ("2026-12-01 16:00", "Asia/Kolkata", "2026-12-01T16:00:00+05:30"),
        ("2026-12-01T16:00:00Z", "Asia/Kolkata", "2026-12-01T16:00:00Z"),
        ("2026-12-01 16:00+01:00", "", "2026-12-01 16:00+01:00"),
        ("2026-13-41 16:00", "UTC", "2026-13-41 16:00"),
        ("tomorrow", "UTC", "tomorrow"),
        ("", "", ""),
    ],
)
def test_a_local_time_gets_the_offset_of_its_zone_and_everything_else_stays(
    told: str, timezone: str, with_its_offset: str
) -> None:
    assert with_offset(told, timezone) == with_its_offset


@pytest.mark.parametrize(
    ("told", "timezone", "field", "words"),
    [
        ("2026-12-01 16:00", "", "start_time", "fill in the column timezone"),
        ("2026-12-01 16:00", "Mars/Base", "timezone", "no IANA time zone"),
        ("2027-03-28 01:30", "Europe/London", "start_time", "skip that time"),
        ("2026-10-25 01:30", "Europe/London", "start_time", "show that time twice"),
    ],
)
def test_a_local_time_that_is_no_instant_is_refused(told: str, timezone: str, field: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        with_offset(told, timezone)
    assert refusal.value.field == field


@given(st.text(), st.text(max_size=20))
def test_whatever_stands_in_the_cells_there_is_a_text_or_a_refusal(told: str, timezone: str) -> None:
    refused = []
    try:
        assert with_offset(told, timezone) == told
    except InvalidInput as refusal:
        refused.append(refusal.detail)
    assert all(words.endswith(".") for words in refused)


@given(st.datetimes(), st.sampled_from(["UTC", "Asia/Kolkata", "Etc/GMT+12", "Africa/Cairo"]))
def test_a_local_time_of_any_year_keeps_its_day_or_is_none_or_two(told: datetime, timezone: str) -> None:
    text, refused = f"{told}"[:16], []
    try:
        assert with_offset(text, timezone).startswith(text[:10])
    except InvalidInput as refusal:
        refused.append(refusal.detail)
    assert all(words.startswith("The clocks are put") for words in refused)


def test_rows_clash_where_somebody_would_be_in_two_classes_at_once() -> None:
    first = a_class("first")
    later = a_class("later", start_at=at(30), end_at=at(90), teacher_email="bea@school.example")
    again = replace(later, start_at=at(1000), end_at=at(1060))
    third = a_class("third", start_at=at(1030), end_at=at(1090), teacher_email="kim@school.example", student_emails=())
    alone = a_class("alone", teacher_email="kim@school.example", student_emails=())
    words = "lena@school.example, omar@school.example is in the class of row 2 at that time (2026-12-01T12:30Z). "
    told = RowError(5, "start_time", words + "Choose another time, or send allow_conflicts: true.", is_conflict=True)
    assert clashes({2: [first], 5: [later, again], 7: [third], 9: [alone]}) == (told,)
    assert clashes({2: [later, again], 5: [first]})[0].row == 5


def test_classes_that_touch_and_classes_of_one_row_do_not_clash() -> None:
    first = a_class("first")
    assert clashes({2: [first], 3: [replace(first, start_at=first.end_at, end_at=at(90))]}) == ()
    assert clashes({2: [first, first]}) == ()


def test_two_series_that_meet_again_and_again_clash_once() -> None:
    def weeks(name: str, offset: float) -> list[ScheduledClass]:
        days = [timedelta(weeks=week) for week in range(9)]
        return [a_class(f"{name}{day}", start_at=at(offset) + day, end_at=at(offset + 60) + day) for day in days]

    assert [error.row for error in clashes({3: weeks("one", 0), 4: weeks("two", 59)})] == [4]


def test_more_classes_or_people_than_a_request_can_book_are_told_with_the_limit() -> None:
    assert too_much({2: [a_class()] * 260}) == ()
    (error,) = too_much({2: [a_class()] * 200, 3: [a_class()] * 61})
    assert "more than 260 classes" in error.message
    crowd = a_class(student_emails=tuple(f"s{n}@school.example" for n in range(249)))
    assert too_much({2: [crowd] * 24}) == ()
    (error,) = too_much({2: [crowd] * 24, 3: [a_class()]})
    assert (error.row, error.field) == (1, "csv")
    assert "more than 6000 people" in error.message
