"""Instants to the nanosecond."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.simulator import instants


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-09-15T15:30:00Z", "2026-09-15T15:30:00Z"),
        ("2026-09-15T15:30:00.5z", "2026-09-15T15:30:00.500Z"),
        ("2026-09-15t15:30:00.000417Z", "2026-09-15T15:30:00.000417Z"),
        ("2026-09-15T15:30:00.123456789+01:00", "2026-09-15T14:30:00.123456789Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
    ],
)
def test_an_instant_is_shown_with_as_few_digits_as_say_it_exactly(text: str, shown: str) -> None:
    assert instants.shown(instants.parsed(text)) == shown


@pytest.mark.parametrize("text", ["", "2026-09-15", "2026-09-15T15:30:00", "2026-09-15 15:30:00Z", "2026-13-01T00:00:00Z"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"RFC 3339|month"):
        instants.parsed(text)


@given(st.integers(min_value=-(10**18), max_value=10**19))
def test_what_is_shown_can_be_read_back(instant: int) -> None:
    assert instants.parsed(instants.shown(instant)) == instant


def test_a_datetime_and_its_instant_are_the_same_moment() -> None:
    at = datetime(2026, 9, 15, 15, 30, 0, 417, UTC)
    assert instants.moment(instants.of(at)) == at
