"""Classes are counted in the week before their records are deleted: neither before it, nor once they are gone."""

from datetime import timedelta

import pytest

from shared.domain.classes import Status
from shared.usecases.count_expiring import CountExpiring
from tests.builders import a_class
from tests.fakes import Clock, MemoryClasses


def counted(after_its_end: timedelta, status: Status = Status.COMPLETED) -> int:
    """What is counted so long after one class ended that nobody could read."""
    classes = MemoryClasses()
    held = a_class(status=status)
    classes.add([held], None)
    return CountExpiring(classes, Clock(held.end_at + after_its_end))()["expiring"]


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (22.9, 0), (23, 1), (29.9, 1), (30, 0), (400, 0)])
def test_a_class_is_counted_in_the_last_week_of_its_records(days: float, expected: int) -> None:
    assert counted(timedelta(days=days)) == expected


def test_a_class_that_is_not_over_is_not_counted() -> None:
    assert counted(timedelta(days=25), Status.CANCELLED) == 0
