"""Making sure that somebody came to teach: told at once when nobody did, once, and never on a guess."""

import pytest

from shared.domain.classes import StaffCheck
from shared.domain.errors import NotFound, Unavailable
from shared.domain.messages import OutboxKind
from shared.ports import MeasuredStay, MeetingReading, TaskKind
from tests.builders import a_class, minutes
from tests.tracked import WHO, Tracked, on, stay, tracked_in_memory


@pytest.fixture
def tracked() -> Tracked:
    """A class that has begun, with the check some minutes after."""
    tracked = tracked_in_memory()
    held = tracked.books()
    tracked.house.clock.at = held.start_at
    tracked.house.tick()
    return tracked


def checked(tracked: Tracked) -> StaffCheck | None:
    return tracked.house.check_staff(a_class("algebra").class_id)


def kinds(tracked: Tracked) -> list[OutboxKind]:
    return [row.kind for row in tracked.house.outbox.due(on(9, 0), 100)]


def test_before_its_time_nothing_is_checked(tracked: Tracked) -> None:
    assert checked(tracked) is None
    with pytest.raises(NotFound):
        tracked.house.check_staff("0" * 32)


@pytest.fixture
def waited(tracked: Tracked) -> Tracked:
    """The same a quarter of an hour later, when a student is there."""
    tracked.house.clock.passes(minutes(15))
    tracked.house.records.reading = seen(stay("google:2", 0, None))
    return tracked


def seen(*stays: MeasuredStay) -> MeetingReading:
    """What Meet's own records show while the class is on."""
    return MeetingReading(1, False, stays, WHO, None)


def test_a_teacher_who_is_missing_is_told_of_once_and_at_once(waited: Tracked) -> None:
    assert checked(waited) is StaffCheck.MISSING
    assert kinds(waited) == [OutboxKind.TEACHER_MISSING]
    (task,) = waited.house.tasks.of(TaskKind.TELL)
    assert (task.at, task.about) == (waited.house.clock(), waited.house.outbox.due(on(9, 0), 1)[0].row_id)
    assert checked(waited) is None
    assert len(kinds(waited)) == 1


def test_a_queue_that_is_away_loses_no_report(waited: Tracked) -> None:
    waited.house.tasks.trouble = Unavailable("The queue does not answer.")
    assert checked(waited) is StaffCheck.MISSING
    assert kinds(waited) == [OutboxKind.TEACHER_MISSING]


def test_who_is_there_is_not_reported(waited: Tracked) -> None:
    waited.house.records.reading = seen(stay("google:1", 3, None), stay("google:2", 0, None))
    assert checked(waited) is StaffCheck.THERE
    assert (kinds(waited), waited.house.tasks.of(TaskKind.TELL)) == ([], [])


def test_while_a_stranger_is_there_nobody_can_tell_and_it_is_checked_again(waited: Tracked) -> None:
    waited.house.records.reading = seen(stay("meet:x", 0, None, "iPad"), stay("google:2", 0, None))
    assert checked(waited) is StaffCheck.UNKNOWN
    assert kinds(waited) == []
    again = waited.house.classes.get(a_class("algebra").class_id).staff_check_at
    assert again is not None
    assert again > waited.house.clock()
