"""Which class an instant in a room belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import Status
from shared.domain.rooms import class_at, classes_touched, extent_of, meet_code_in, room_named
from tests.builders import a_class, at

ALGEBRA = a_class("algebra")
GEOMETRY = a_class("geometry", start_at=at(60), end_at=at(120))
LATER = a_class("later", start_at=at(200), end_at=at(260))


@pytest.mark.parametrize(
    "spelling",
    ["abc-mnop-xyz", "ABC-MNOP-XYZ", "abcmnopxyz", "https://meet.google.com/abc-mnop-xyz?authuser=0", " Abc-mnop-xyz "],
)
def test_every_spelling_of_a_meet_code_is_one_room(spelling: str) -> None:
    assert room_named(spelling) == "google_meet:abcmnopxyz"
    assert meet_code_in(spelling) == "abc-mnop-xyz"


def test_a_zoom_number_is_a_room_with_or_without_blanks() -> None:
    assert room_named("945 7231 0042") == room_named("94572310042") == "zoom:94572310042"


def test_an_unknown_meeting_id_is_kept_as_it_is() -> None:
    assert room_named("kitchen table") == "other:kitchen table"


def test_waiting_before_the_bell_belongs_to_the_class_that_is_about_to_start() -> None:
    assert class_at(at(-10), [ALGEBRA]) == ALGEBRA


def test_hours_before_the_bell_belong_to_nobody() -> None:
    assert class_at(at(-31), [ALGEBRA]) is None


def test_two_classes_in_one_room_are_told_apart_by_time() -> None:
    both = [ALGEBRA, GEOMETRY]
    assert class_at(at(55), both) == ALGEBRA
    assert class_at(at(60), both) == GEOMETRY


def test_a_break_between_two_classes_belongs_to_the_next_one_once_it_is_about_to_start() -> None:
    both = [GEOMETRY, LATER]
    assert class_at(at(140), both) == GEOMETRY
    assert class_at(at(170), both) == LATER


def test_a_cancelled_class_holds_no_time() -> None:
    assert class_at(at(10), [a_class("gone", status=Status.CANCELLED)]) is None


def test_somebody_who_comes_early_may_stay_into_every_later_class_of_the_day() -> None:
    tomorrow = a_class("tomorrow", start_at=at(60 * 26), end_at=at(60 * 27))
    assert set(classes_touched(at(55), [ALGEBRA, GEOMETRY, LATER, tomorrow])) == {ALGEBRA, GEOMETRY, LATER}
    assert set(classes_touched(at(100), [ALGEBRA, GEOMETRY])) == {GEOMETRY}


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 120)), min_size=1, max_size=5, unique_by=lambda c: c[0]))
def test_an_instant_inside_exactly_one_class_belongs_to_it(windows: list[tuple[int, int]]) -> None:
    classes = [a_class(f"c{start}", start_at=at(start), end_at=at(start + length)) for start, length in windows]
    for held in classes:
        middle = held.start_at + (held.end_at - held.start_at) / 2
        inside = [c for c in classes if c.start_at <= middle < c.end_at]
        if inside == [held]:
            assert class_at(middle, classes) == held


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=2, max_size=4, unique_by=lambda c: c[0]))
def test_shares_of_a_room_do_not_overlap_outside_of_classes(windows: list[tuple[int, int]]) -> None:
    classes = [a_class(f"c{start}", start_at=at(start), end_at=at(start + length)) for start, length in windows]
    for minute in range(-40, 420, 7):
        owners = [c for c in classes if extent_of(c, classes).holds(at(minute))]
        on = [c for c in classes if c.start_at <= at(minute) < c.end_at]
        assert len(owners) <= max(1, len(on))
