"""Recurring classes keep their wall-clock time, also when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInput
from shared.domain.recurrence import MOST_CLASSES, normalised, occurrences, zone_named

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")


def test_a_weekly_class_stays_at_four_in_london_when_summer_time_begins() -> None:
    first = datetime(2027, 3, 23, 16, 0, tzinfo=LONDON)
    starts = occurrences("FREQ=WEEKLY;COUNT=2", first, LONDON)
    assert [s.isoformat() for s in starts] == ["2027-03-23T16:00:00+00:00", "2027-03-30T15:00:00+00:00"]


def test_a_weekly_class_stays_at_four_in_new_york_when_summer_time_ends() -> None:
    first = datetime(2026, 10, 27, 16, 0, tzinfo=NEW_YORK)
    starts = occurrences("RRULE:FREQ=WEEKLY;COUNT=2", first, NEW_YORK)
    assert [s.hour for s in starts] == [20, 21]


def test_a_wall_time_that_the_clocks_skip_is_read_with_the_offset_before() -> None:
    first = datetime(2027, 3, 27, 1, 30, tzinfo=LONDON)
    starts = occurrences("FREQ=DAILY;COUNT=2", first, LONDON)
    assert starts[1] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_until_as_a_date_means_the_end_of_that_day_in_the_class_zone() -> None:
    first = datetime(2026, 12, 1, 16, 0, tzinfo=LONDON)
    assert len(occurrences("FREQ=DAILY;UNTIL=20261203", first, LONDON)) == 3
    assert normalised("freq=daily;until=20261203", LONDON) == "FREQ=DAILY;UNTIL=20261203T235959Z"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("every tuesday", "RFC 5545"),
        ("FREQ=WEEKLY", "COUNT or UNTIL"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20270101", "only one"),
        ("FREQ=HOURLY;COUNT=2", "FREQ must be"),
        ("FREQ=DAILY;COUNT=0", "COUNT must be"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=3", "INTERVAL must be"),
        ("FREQ=DAILY;COUNT=261", str(MOST_CLASSES)),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=2", "cannot be read"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "not one of the rule's own days"),
        ("FREQ=DAILY;UNTIL=99999999", "is no date"),
        ("FREQ=DAILY;UNTIL=20200101", "names no class"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "names no class"),
        ("FREQ=DAILY;COUNT=2\nFREQ=DAILY;COUNT=3", "RFC 5545"),
        ("FREQ=DAILY;FREQ=WEEKLY;COUNT=2", "RFC 5545"),
        ("FREQ=DAILY;BYHOUR=3;COUNT=2", "BYHOUR"),
    ],
)
def test_a_rule_that_classes_cannot_follow_is_refused_with_a_remedy(rule: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        occurrences(rule, datetime(2026, 12, 1, 16, 0, tzinfo=LONDON), LONDON)
    assert refusal.value.field == "recurrence"
    assert told in refusal.value.detail


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "/etc/localtime", "", "Europe/London\x00", "a" * 99])
def test_an_unknown_time_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        zone_named(name)
    assert refusal.value.field == "timezone"


@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda d: d.replace(second=0, microsecond=0)),
    st.integers(1, 60),
)
@example("America/New_York", datetime(2027, 11, 7, 1, 0, fold=1), 3)
def test_a_daily_class_names_each_day_once_at_its_wall_time(name: str, wall: datetime, count: int) -> None:
    zone = ZoneInfo(name)
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    real = first.astimezone(zone)
    starts = occurrences(f"FREQ=DAILY;COUNT={count}", first, zone)
    days = [(real + timedelta(days=i)).date() for i in range(count)]
    assert [s.astimezone(zone).date() for s in starts] == days
