"""Meet's filters."""

import pytest

from infra.local.simulator import instants
from infra.local.simulator.filters import Field, read_filter
from infra.local.simulator.refusals import Refusal

Item = tuple[str, str | None]

FIELDS: dict[str, Field[Item]] = {
    "name": Field(lambda item: item[0]),
    "end_time": Field(lambda item: instants.parsed(item[1]) if item[1] else None, is_time=True),
}
ENDED: Item = ("a", "2026-09-15T12:00:00Z")
LIVE: Item = ("b", None)


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("", [ENDED, LIVE]),
        ('name="a"', [ENDED]),
        ("name = b", [LIVE]),
        ('name != "a"', [LIVE]),
        ("end_time IS NULL", [LIVE]),
        ("end_time is null and name=b", [LIVE]),
        ('end_time <= "2026-09-15T14:00:00+02:00"', [ENDED]),
        ("end_time>2026-09-15T11:59:59.999999999Z", [ENDED]),
        ('end_time >= "2000-01-01T00:00:00Z" AND name = "b"', []),
    ],
)
def test_comparisons_are_joined_and_what_is_absent_passes_none(text: str, passing: list[Item]) -> None:
    passes = read_filter(text, FIELDS)
    assert [item for item in (ENDED, LIVE) if passes(item)] == passing


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name", "character 1"),
        ("name=a AND", "character"),
        ("name=a OR name=b", "AND"),
        ("name=a name=b", "AND"),
        ("colour=red", "name, end_time"),
        ("name>a", "= and !="),
        ("end_time>noon", "RFC 3339"),
        ('end_time>"2026-09-15T12:00:00"', "offset"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_filter(text, FIELDS)
    assert why in refusal.value.message
