"""Lists a page at a time."""

import pytest

from infra.local.simulator.pages import page_of, page_size
from infra.local.simulator.refusals import Refusal


def key(number: int) -> tuple[int]:
    """Numbers are in their own order."""
    return (number,)


def test_pages_follow_each_other_until_nothing_is_left() -> None:
    first, token = page_of([3, 1, 2], key, 2, None, "all")
    rest, end = page_of([3, 1, 2], key, 2, token, "all")
    assert (first, rest, end) == ([1, 2], [3], None)


def test_what_comes_and_goes_between_pages_shifts_nothing() -> None:
    _, token = page_of([2, 4, 6], key, 2, None, "all")
    assert page_of([1, 6, 8], key, 2, token, "all") == ([6, 8], None)


def test_a_token_is_good_for_its_own_question_only() -> None:
    _, token = page_of([1, 2], key, 1, None, ["a", {"b": 1}])
    assert page_of([1, 2], key, 1, token, ["a", {"b": 1}])[0] == [2]
    for wrong in (token, "rubbish", "AAAA"):
        with pytest.raises(Refusal):
            page_of([1, 2], key, 1, wrong, "other")


def test_a_page_holds_what_was_asked_for_within_bounds() -> None:
    assert [page_size(asked, default=25, most=100) for asked in (None, 0, 7, 1000)] == [25, 25, 7, 100]
