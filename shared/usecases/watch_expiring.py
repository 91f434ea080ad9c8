"""Watching for data that is about to be lost: classes that were not read to the end while Google still keeps their records."""

from dataclasses import dataclass

from shared.ports import Classes, Clock
from shared.usecases.review_queue import DATA_KEPT, SOON

MOST = 100


@dataclass(frozen=True)
class WatchExpiring:
    """Count them, so that the log line of housekeeping tells of them and an alarm can stand on it."""

    classes: Classes
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """How many classes' records will be deleted soon without having been read; those that are deleted are lost already."""
        now = self.clock()
        ends = [held.end_at + DATA_KEPT for held in self.classes.unsynced(MOST)]
        return {"data_expiring": sum(1 for end in ends if now < end <= now + SOON)}
