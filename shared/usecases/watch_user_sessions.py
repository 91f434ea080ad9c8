"""Reading registrations: one's own, those of a meeting, and how many there are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.accounts import Caller
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person
from shared.domain.errors import NotFound
from shared.domain.rooms import class_at, room_named
from shared.domain.user_sessions import LONGEST, UserSession
from shared.people_ports import People, UserSessions
from shared.ports import Classes, Clock, Heartbeat

KEPT = timedelta(days=30)
AHEAD = timedelta(hours=24)
MOST_COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration, and the student who it is, where the directory knows one."""

    registration: UserSession
    student: Person | None


@dataclass(frozen=True, slots=True)
class InMeeting:
    """What the caller may see of a meeting's registrations; `about` names what they saw of others: classes, or the room."""

    participants: tuple[Registered, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """The active registrations in numbers, and when expired ones were last closed; `is_more` when there are more yet."""

    sessions: int
    users: int
    meetings: int
    roles: Mapping[str, int]
    students: int
    is_more: bool
    waiting: int
    last_run: tuple[datetime, Mapping[str, int]] | None


@dataclass(frozen=True)
class WatchUserSessions:
    """What is the caller's to see. A registration belongs to the class of its room that it was made for, if there is one."""

    registrations: UserSessions
    classes: Classes
    people: People
    beat: Heartbeat
    clock: Clock

    def of_meeting(self, meeting_id: str, caller: Caller) -> InMeeting:
        """The registrations of the last 30 days: all to an administrator, those for their classes to a teacher, one's own to all.

        Raises `NotFound` where nothing of it is the caller's.
        """
        room = _room_of(meeting_id)
        in_room = self._classes_in(room)
        everybody = self._in_room(room)
        mine = [each for each in everybody if each.email == caller.email or _is_run_by(caller, _class_of(each, in_room))]
        if not mine and not _teaches_any(caller, in_room):
            raise NotFound("No registration for this meeting is yours to see; register with join-meeting.")
        held = (_class_of(each, in_room) for each in mine if each.email != caller.email)
        about = dict.fromkeys(each.session_id if each else room for each in held)
        return InMeeting(self._with_students(mine), tuple(about))

    def theirs_to_end(self, meeting_id: str, caller: Caller) -> tuple[UserSession, ...]:
        """The registrations that the caller may end; raises `NotFound` for a meeting that is not theirs."""
        room = _room_of(meeting_id)
        in_room = self._classes_in(room)
        if not _teaches_any(caller, in_room):
            raise NotFound("No meeting of this id is yours to end; write its Meet code or Zoom number as it was booked.")
        return tuple(each for each in self._in_room(room) if _is_run_by(caller, _class_of(each, in_room)))

    def stats(self) -> Stats:
        """How many are registered now."""
        now = self.clock()
        active = self.registrations.active(now, MOST_COUNTED)
        role_of = {each.email: each.role for each in sorted(active, key=lambda each: each.joined_at)}
        known = self.people.get_many(sorted(role_of))
        return Stats(
            sessions=len(active),
            users=len(role_of),
            meetings=len({each.room for each in active}),
            roles=Counter(role_of.values()),
            students=sum(1 for person in known.values() if person.is_student),
            is_more=len(active) == MOST_COUNTED,
            waiting=len(self.registrations.expired(now, MOST_COUNTED)),
            last_run=self.beat.last(),
        )

    def _in_room(self, room: str) -> tuple[UserSession, ...]:
        now = self.clock()
        return self.registrations.in_room(room, now - KEPT, now + AHEAD)

    def _classes_in(self, room: str) -> tuple[ScheduledClass, ...]:
        now = self.clock()
        return self.classes.in_room(room, now - KEPT - AHEAD, now + AHEAD)

    def _with_students(self, found: Sequence[UserSession]) -> tuple[Registered, ...]:
        known = self.people.get_many(sorted({each.email for each in found}))
        return tuple(Registered(each, student_among(known, each.email)) for each in found)


def student_among(known: Mapping[str, Person], email: str) -> Person | None:
    """The student of this address."""
    person = known.get(email)
    return person if person is not None and person.is_student else None


def _room_of(meeting_id: str) -> str:
    room = room_named(meeting_id)
    if room.startswith("other:"):
        raise NotFound("There is no meeting of this id; write a Meet code like abc-mnop-xyz or a Zoom meeting number.")
    return room


def _class_of(registration: UserSession, in_room: Sequence[ScheduledClass]) -> ScheduledClass | None:
    """The class that somebody registered for: the one that is on or near, else the next one before the registration expires."""
    at = registration.joined_at
    coming = sorted((c for c in in_room if c.is_held and at <= c.start_at < at + LONGEST), key=lambda c: c.start_at)
    return class_at(at, in_room) or next(iter(coming), None)


def _is_run_by(caller: Caller, held: ScheduledClass | None) -> bool:
    return caller.is_admin if held is None else caller.teaches(held)


def _teaches_any(caller: Caller, in_room: Iterable[ScheduledClass]) -> bool:
    return caller.is_admin or any(caller.teaches(held) for held in in_room)
