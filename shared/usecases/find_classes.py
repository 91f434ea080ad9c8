"""Looking up the classes of a room, with a short memory for rooms that send many events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.classes import ScheduledClass
from shared.ports import Classes, Clock

AROUND = timedelta(hours=36)
REMEMBERED = timedelta(seconds=20)
MOST_ROOMS = 512


@dataclass(frozen=True, slots=True)
class _Look:
    looked_at: datetime
    around: datetime
    found: tuple[ScheduledClass, ...]


@dataclass(frozen=True)
class ClassesInRoom:
    """The classes of a room around an instant. Only rooms that have classes are remembered, for 20 seconds.

    A class that is booked or moved in that time is found by the tick, which asks again what could not be bound.
    """

    classes: Classes
    clock: Clock
    remembered: timedelta = REMEMBERED
    looks: dict[str, _Look] = field(default_factory=dict)

    def __call__(self, room: str, at: datetime, *, fresh: bool = False) -> tuple[ScheduledClass, ...]:
        """Classes that start within 36 hours of `at`, by start."""
        now = self.clock()
        look = self.looks.get(room)
        if look and not fresh and now - look.looked_at < self.remembered and abs(at - look.around) < AROUND / 3:
            return look.found
        found = self.classes.in_room(room, at - AROUND, at + AROUND)
        if found:
            if len(self.looks) >= MOST_ROOMS:
                self.looks.clear()
            self.looks[room] = _Look(now, at, found)
        else:
            self.looks.pop(room, None)
        return found
