"""Finding out who of a class is booked elsewhere at that time."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.classes import LONGEST_CLASS, ScheduledClass, overlaps
from shared.domain.errors import AlreadyBooked
from shared.ports import Classes

MOST_NAMED = 5


@dataclass(frozen=True)
class FindConflicts:
    """The classes that stand in the way of new ones, looked up per class so that a long series reads only its own hours."""

    classes: Classes

    def __call__(self, wanted: Sequence[ScheduledClass]) -> tuple[tuple[ScheduledClass, ScheduledClass], ...]:
        """Pairs of (wanted class, class in its way); classes of `wanted` itself do not count."""
        own = {booked.class_id for booked in wanted}
        found = []
        for booked in wanted:
            others = self.classes.of_people(booked.people, booked.start_at - LONGEST_CLASS, booked.end_at)
            found += [
                (booked, other) for other in others if other.is_held and other.class_id not in own and overlaps(booked, other)
            ]
        return tuple(found)


def refuse(found: Sequence[tuple[ScheduledClass, ScheduledClass]]) -> None:
    """Raise `AlreadyBooked` for these pairs."""
    if found:
        raise AlreadyBooked(words_for(found), tuple(dict.fromkeys(other.class_id for _, other in found)))


def words_for(found: Sequence[tuple[ScheduledClass, ScheduledClass]]) -> str:
    """What stands in the way, for at least one pair; it names people, times and ids, never another class's subject."""
    told = []
    for booked, other in found[:MOST_NAMED]:
        who = ", ".join(sorted(set(booked.people) & set(other.people)))
        told.append(f"{who} is in class {other.class_id} from {other.start_at:%Y-%m-%dT%H:%MZ} to {other.end_at:%H:%MZ}")
    more = f", and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return f"Already booked at that time: {'; '.join(told)}{more}. Choose another time, or send allow_conflicts: true."
