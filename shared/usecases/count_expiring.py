"""Counting the classes whose records are about to be deleted unread, so that somebody is told while there is time."""

from dataclasses import dataclass

from shared.ports import Classes, Clock
from shared.usecases.review_queue import DATA_KEPT, MOST_UNSYNCED, SOON


@dataclass(frozen=True)
class CountExpiring:
    """Google deletes a meeting's records 30 days after it. What is gone already is not counted: nobody can mend it."""

    classes: Classes
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """How many classes that ended lose their records within a week; at most 200. Raises `Unavailable`."""
        gone_before = self.clock() - DATA_KEPT
        unsynced = self.classes.unsynced(MOST_UNSYNCED)
        return {"expiring": sum(gone_before < held.end_at <= gone_before + SOON for held in unsynced)}
