"""Rooms: the place where a class is held, and which class an instant in a room belongs to.

A room is written `provider:number`, for Meet the ten letters of its code: `google_meet:abcmnopxyz`. Several classes may
use one room after another (a weekly series shares its code), so a room alone never names a class: room and time do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.classes import Provider, ScheduledClass
from shared.domain.zoom import zoom_room

EARLY_OPEN = timedelta(minutes=30)
LATE_CLOSE = timedelta(minutes=30)
LONGEST_STAY = timedelta(hours=24)

_MEET_CODE = re.compile(r"[a-z]{3}-?[a-z]{4}-?[a-z]{3}")


def meet_code_in(text: str) -> str | None:
    """The Meet code in any spelling (`abc-mnop-xyz`, `ABCMNOPXYZ`, a link), as `abc-mnop-xyz`; None when there is none."""
    told = text.strip().lower().split("?")[0].rstrip("/").rpartition("/")[2]
    if _MEET_CODE.fullmatch(told) is None:
        return None
    letters = told.replace("-", "")
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"


def room_named(meeting_id: str) -> str:
    """The room that a caller's meeting id names; an id in no known form is kept, so that nothing is lost."""
    code = meet_code_in(meeting_id)
    if code is not None:
        return meet_room(code)
    digits = re.sub(r"[\s-]", "", meeting_id)
    if re.fullmatch(r"\d{9,12}", digits, re.ASCII):
        return zoom_room(digits)
    return f"other:{meeting_id.strip()}"


def meet_room(code: str) -> str:
    """The room of a Meet code."""
    return "google_meet:" + code.replace("-", "").lower()


def room_of(provider: Provider, code: str) -> str:
    """The room of a meeting that a provider made."""
    return zoom_room(code) if provider is Provider.ZOOM else meet_room(code)


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of a room's time that belongs to one class: its window and its share of the time around it."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether this instant belongs to the class."""
        return self.opens_at <= at < self.closes_at


def extent_of(held: ScheduledClass, neighbours: Iterable[ScheduledClass]) -> Extent:
    """The class's share of its room's time, beside the other classes in the room.

    Half an hour before the bell belongs to the class that is about to start, but never time in which another class is
    still on; after the end the class keeps half an hour, unless the next one is about to start.
    """
    opens_at, closes_at = held.start_at - EARLY_OPEN, held.end_at + LATE_CLOSE
    for other in neighbours:
        if other.class_id == held.class_id or not other.is_held:
            continue
        if other.start_at < held.start_at:
            opens_at = max(opens_at, min(other.end_at, held.start_at))
        elif other.start_at > held.start_at:
            closes_at = min(closes_at, max(other.start_at - EARLY_OPEN, min(held.end_at, other.start_at)))
    return Extent(opens_at, closes_at)


def class_at(at: datetime, in_room: Sequence[ScheduledClass]) -> ScheduledClass | None:
    """The class of the room that `at` belongs to, if any: one that is on before one that is near, the later of two."""
    held = sorted((c for c in in_room if c.is_held), key=lambda c: (c.start_at, c.class_id), reverse=True)
    is_on = (c for c in held if c.start_at <= at < c.end_at)
    is_near = (c for c in held if extent_of(c, held).holds(at))
    return next(is_on, None) or next(is_near, None)


def classes_touched(at: datetime, in_room: Sequence[ScheduledClass]) -> tuple[ScheduledClass, ...]:
    """Every class whose presence may depend on something seen at `at`.

    More than the one it belongs to: somebody who came long before and stayed is present in a later lesson as well.
    """
    return tuple(held for held in in_room if held.is_held and held.start_at - LONGEST_STAY <= at < held.end_at + LATE_CLOSE)


def is_near(at: datetime, held: ScheduledClass) -> bool:
    """Whether `at` is close enough to the class that its session begins to be kept."""
    return held.start_at - EARLY_OPEN <= at < held.end_at + LATE_CLOSE
