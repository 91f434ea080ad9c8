"""When the instances of a series are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from infra.local.simulator.recurrences import MOST_INSTANCES, occurrences
from infra.local.simulator.refusals import Refusal

START = datetime(2026, 10, 20, 15, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def starts(*lines: str) -> list[str]:
    """The instances of a rule, as text."""
    return [at.strftime("%m-%dT%H:%M") for at in occurrences(START, LONDON, lines)]


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    assert starts("RRULE:FREQ=WEEKLY;COUNT=2") == ["10-20T15:30", "10-27T16:30"]


def test_until_may_be_an_instant_or_a_whole_day() -> None:
    assert starts("RRULE:FREQ=DAILY;UNTIL=20261021T153000Z") == ["10-20T15:30", "10-21T15:30"]
    assert starts("RRULE:FREQ=DAILY;UNTIL=20261021") == ["10-20T15:30", "10-21T15:30"]


def test_dates_are_added_and_taken_out() -> None:
    lines = ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261021T153000Z", "RDATE:20261101T100000Z")
    assert starts(*lines) == ["10-20T15:30", "10-22T15:30", "11-01T10:00"]


def test_a_series_without_an_end_is_spelled_out_for_a_while_only() -> None:
    assert len(starts("RRULE:FREQ=DAILY")) == MOST_INSTANCES


@pytest.mark.parametrize("line", ["RRULE:FREQ=SOMETIMES", "RRULE:COUNT=2", "FREQ=DAILY", "RRULE:", "RRULE:FREQ=DAILY;BYDAY=XX"])
def test_what_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(Refusal):
        starts(line)
