"""Data that is about to be lost is counted from a few days before Google deletes it until it is read, or gone."""

from datetime import timedelta

import pytest

from shared.domain.classes import Status
from shared.usecases.review_queue import DATA_KEPT, SOON
from shared.usecases.watch_expiring import WatchExpiring
from tests.builders import a_class
from tests.fakes import Clock, MemoryClasses

HELD = a_class(status=Status.COMPLETED)


def expiring(days_after: float, *, is_settled: bool = False) -> int:
    """How many are told so many days after the end of one class."""
    classes = MemoryClasses()
    classes.add([a_class(status=Status.COMPLETED, is_settled=is_settled)], None)
    return WatchExpiring(classes, Clock(HELD.end_at + timedelta(days=days_after)))()["data_expiring"]


@pytest.mark.parametrize(
    ("days_after", "told"),
    [(0, 0), ((DATA_KEPT - SOON).days - 0.1, 0), ((DATA_KEPT - SOON).days, 1), (DATA_KEPT.days - 0.1, 1), (DATA_KEPT.days, 0)],
)
def test_a_class_that_was_not_read_is_told_while_it_still_can_be(days_after: float, told: int) -> None:
    assert expiring(days_after) == told


def test_a_class_that_was_read_to_the_end_is_not_told() -> None:
    assert expiring(DATA_KEPT.days - 1, is_settled=True) == 0
