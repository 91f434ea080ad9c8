"""What may happen to a class, and when it needs attention next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import (
    Changes,
    ScheduledClass,
    SeriesPlace,
    Status,
    advanced,
    cancelled,
    changed,
    checked_window,
    overlaps,
    synced,
    with_due,
)
from shared.domain.errors import InvalidInput, NotInThisState
from shared.domain.monitor import next_task_at, stepped, task_name
from tests.builders import a_class, at, minutes

DELAYS = (timedelta(seconds=30), minutes(10), minutes(60), timedelta(days=1), timedelta(days=28))


def test_a_class_opens_at_its_start_and_closes_at_its_end() -> None:
    assert advanced(a_class(), at(-1)).status is Status.SCHEDULED
    assert advanced(a_class(), at(0)).status is Status.ACTIVE
    assert advanced(advanced(a_class(), at(0)), at(60)).status is Status.COMPLETED


def test_a_monitor_that_comes_late_opens_and_closes_at_once() -> None:
    late = advanced(a_class(), at(600))
    assert (late.status, late.opened_at, late.closed_at) == (Status.COMPLETED, at(600), at(600))


@given(st.lists(st.integers(-100, 50000), min_size=1, max_size=12))
def test_stepping_again_and_again_ends_where_stepping_once_ends(offsets: list[int]) -> None:
    booked = a_class()
    for offset in sorted(offsets):
        booked = stepped(booked, at(offset), DELAYS)
        assert stepped(booked, at(offset), DELAYS) == booked
    assert booked.status is stepped(a_class(), at(max(offsets)), DELAYS).status


@given(st.integers(-100000, 50000))
def test_nothing_that_was_stepped_is_due_at_once_again(offset: int) -> None:
    booked = stepped(a_class(), at(offset), DELAYS)
    assert booked.due_at is None or booked.due_at > at(offset)


def test_a_class_far_away_is_due_when_its_opening_can_be_planned() -> None:
    far = stepped(a_class(start_at=at(60 * 24 * 90), end_at=at(60 * 24 * 90 + 60)), at(0), DELAYS)
    assert far.due_at == far.start_at - timedelta(days=29)
    assert task_name(far, DELAYS) is None
    planned = stepped(far, far.due_at, DELAYS)
    assert (planned.due_at, planned.planned_at) == (planned.start_at, far.due_at)


def test_readings_follow_each_other_at_fixed_distances_from_the_end() -> None:
    ended, seen_at = stepped(a_class(), at(61), DELAYS), []
    while (read_at := next_task_at(ended, DELAYS)) is not None:
        seen_at.append(read_at - ended.end_at)
        ended = stepped(synced(ended, read_at, DELAYS, is_complete=True), read_at, DELAYS)
    assert tuple(seen_at) == DELAYS
    assert ended.due_at is None


def test_a_reading_whose_task_was_lost_is_planned_anew_under_another_name() -> None:
    ended = stepped(a_class(), at(60), DELAYS)
    lost = ended.due_at
    assert lost is not None
    again = stepped(ended, lost, DELAYS)
    assert task_name(again, DELAYS) != task_name(ended, DELAYS)
    assert again.due_at is not None
    assert again.due_at > lost


def test_a_manual_sync_before_the_end_is_no_reading_of_the_plan() -> None:
    on = advanced(a_class(), at(0))
    assert synced(on, at(30), DELAYS, is_complete=False) == on


def test_a_class_that_calendar_does_not_show_is_due_soon() -> None:
    behind = with_due(a_class(calendar_done=0, planned_at=at(-600)), DELAYS)
    assert behind.due_at == at(-598)


def test_two_classes_in_a_row_do_not_overlap() -> None:
    assert not overlaps(a_class(), a_class("next", start_at=at(60), end_at=at(90)))
    assert overlaps(a_class(), a_class("inside", start_at=at(59), end_at=at(90)))


@pytest.mark.parametrize(
    ("start_at", "duration", "field"),
    [
        (at(-1), minutes(30), "start_time"),
        (at(0), minutes(30), "start_time"),
        (at(60 * 24 * 800), minutes(30), "start_time"),
        (at(5), minutes(0), "duration_minutes"),
        (at(5), minutes(1441), "duration_minutes"),
        (at(5), minutes(-5), "duration_minutes"),
    ],
)
def test_a_window_that_cannot_be_booked_names_its_field(start_at: datetime, duration: timedelta, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_window(start_at, duration, at(0))
    assert refusal.value.field == field


def test_a_change_raises_the_revision_and_asks_calendar_to_follow() -> None:
    moved = changed(a_class(), Changes(start_at=at(120)), at(-60))
    assert (moved.start_at, moved.end_at, moved.rev, moved.is_calendar_behind) == (at(120), at(180), 2, True)


def test_a_change_that_changes_nothing_is_none() -> None:
    assert changed(a_class(), Changes(subject="algebra"), at(-60)) == a_class()


def test_a_class_that_is_on_can_be_made_longer_but_not_moved() -> None:
    on = advanced(a_class(), at(0))
    assert changed(on, Changes(duration=minutes(90)), at(30)).end_at == at(90)
    with pytest.raises(NotInThisState):
        changed(on, Changes(start_at=at(90)), at(30))
    with pytest.raises(InvalidInput):
        changed(on, Changes(duration=minutes(20)), at(30))


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CANCELLED])
def test_what_is_over_cannot_be_changed(status: Status) -> None:
    with pytest.raises(NotInThisState):
        changed(a_class(status=status), Changes(subject="new"), at(-60))


def test_cancelling_twice_is_cancelling_once() -> None:
    once = cancelled(a_class(), "ill", at(-60))
    assert cancelled(once, "again", at(-30)) == once
    with pytest.raises(NotInThisState):
        cancelled(advanced(a_class(), at(0)), "late", at(10))


def test_a_class_of_a_series_keeps_the_name_of_its_first_time_when_it_is_moved() -> None:
    place = SeriesPlace("0" * 32, "FREQ=WEEKLY;COUNT=3", at(0), at(60), at(0))
    booked: ScheduledClass = a_class(series=place)
    assert booked.calendar_event_id == replace(booked, start_at=at(90)).calendar_event_id == f"rc{'0' * 32}_20261201T120000Z"


def test_a_session_id_does_not_change_with_the_class() -> None:
    assert a_class().session_id == changed(a_class(), Changes(start_at=at(500)), at(-60)).session_id
