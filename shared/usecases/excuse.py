"""Excusing somebody in advance, from one class or from all that begin in some time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.accounts import Caller
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import InvalidInput, NotFound, NotInThisState
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.people_ports import Rulings
from shared.ports import Clock
from shared.usecases.session_rows import SessionRows, instant_after

MOST_CLASSES = 200
LONGEST = timedelta(days=366)
EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class ToExcuse:
    """Who is excused and why, from a class or from every class that starts in [start_from, start_before)."""

    email: str
    reason: str
    class_id: str | None = None
    start_from: datetime | None = None
    start_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """A standing excuse and the class that it is for."""

    ruling: Ruling
    held: ScheduledClass


@dataclass(frozen=True, slots=True)
class Excused:
    """The excuses as they stand now, and how many classes of that time had begun already."""

    excuses: tuple[Excuse, ...]
    begun: int


@dataclass(frozen=True)
class ExcuseInAdvance:
    """Give, list and withdraw excuses; all of it before the class begins. The store takes them all or none."""

    show: SessionRows
    rulings: Rulings
    clock: Clock

    def give(self, told: ToExcuse, caller: Caller) -> Excused:
        """Excuse the person; said twice it is one excuse. Raises `NotFound`, `InvalidInput` or `NotInThisState`."""
        now = self.clock()
        classes = [held for held in self._classes(told) if caller.teaches(held) and held.is_held]
        ahead = [held for held in classes if _is_ahead(held, now)]
        if not classes:
            raise NotFound("No such class of this person.")
        if not ahead:
            raise NotInThisState("The class has begun; override the attendance instead.")
        if len(ahead) > MOST_CLASSES:
            raise InvalidInput("to", f"These are {len(ahead)} classes; excuse at most {MOST_CLASSES} at once.")
        given = self.rulings.about(told.email)
        stands = _standing(given)
        at = instant_after(given, now)
        wanted = []
        for held in ahead:
            known = stands.get(held.session_id)
            new = Ruling(held.session_id, RulingKind.EXCUSE, told.email, EXCUSED, caller.email, at, told.reason)
            wanted.append(Excuse(known if known is not None and known.reason == told.reason else new, held))
        self.rulings.add([each.ruling for each in wanted if each.ruling not in given])
        self._refresh(ahead)
        return Excused(tuple(wanted), len(classes) - len(ahead))

    def of_person(self, email: str, start_from: datetime, start_before: datetime, caller: Caller) -> tuple[Excuse, ...]:
        """The person's standing excuses from the caller's classes that start in that time, by start."""
        if start_before - start_from > LONGEST:
            raise InvalidInput("to", "Ask for at most a year at once.")
        stands = _standing(self.rulings.about(email))
        classes = self.show.classes.of_people([email], start_from, start_before) if stands else ()
        own = [held for held in classes if caller.teaches(held) and held.session_id in stands]
        return tuple(Excuse(stands[held.session_id], held) for held in sorted(own, key=lambda h: (h.start_at, h.class_id)))

    def withdraw(self, ruling_id: str, reason: str, caller: Caller) -> Excuse:
        """Take an excuse back; twice is fine. Raises the same `NotFound` for absent and foreign ones, or `NotInThisState`."""
        excuse = self.rulings.get(ruling_id)
        if excuse is None or excuse.kind is not RulingKind.EXCUSE or excuse.is_withdrawn:
            raise NotFound("No such excuse.")
        held = self.show.taught(excuse.session_id, caller, "excuse")
        given = self.rulings.of_session(held.session_id)
        stands = standing(given, RulingKind.EXCUSE).get(excuse.about)
        if stands is not None:
            if not _is_ahead(held, self.clock()):
                raise NotInThisState("The class has begun; override the attendance instead.")
            at = instant_after(given, self.clock())
            self.rulings.add([replace(stands, by=caller.email, at=at, reason=reason, is_withdrawn=True)])
        self._refresh([held])
        return Excuse(excuse, held)

    def _classes(self, told: ToExcuse) -> Iterable[ScheduledClass]:
        """The classes that are meant, of which the person is one."""
        if told.class_id is not None:
            return [each.value for each in self.show.classes.versioned([told.class_id]) if told.email in each.value.people]
        if told.start_from is None or told.start_before is None or told.start_before <= told.start_from:
            raise InvalidInput("to", "Give a classId, or from and a later to.")
        if told.start_before - told.start_from > LONGEST:
            raise InvalidInput("to", "Excuse for at most a year at once.")
        return self.show.classes.of_people([told.email], told.start_from, told.start_before)

    def _refresh(self, classes: Iterable[ScheduledClass]) -> None:
        """Fold those anew that have a session: somebody may have come early."""
        by_session = {held.session_id: held for held in classes}
        for session_id in self.show.sessions.get_many(sorted(by_session)):
            self.show.fold.refresh(by_session[session_id])


def _is_ahead(held: ScheduledClass, now: datetime) -> bool:
    return held.status is Status.SCHEDULED and now < held.start_at


def _standing(given: Iterable[Ruling]) -> dict[str, Ruling]:
    """The standing excuse of each session among rulings about one person."""
    by_session: dict[str, list[Ruling]] = {}
    for ruling in given:
        by_session.setdefault(ruling.session_id, []).append(ruling)
    found = {session: next(iter(standing(each, RulingKind.EXCUSE).values()), None) for session, each in by_session.items()}
    return {session: ruling for session, ruling in found.items() if ruling is not None}
