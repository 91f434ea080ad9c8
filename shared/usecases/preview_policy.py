"""Looking at what past classes would have been under another policy. Nothing is stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, AttendanceStatus, Role
from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import ScheduledClass
from shared.domain.errors import InvalidInput
from shared.domain.policies import Policy, policy_at
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from shared.people_ports import Policies
from shared.ports import Classes, ClassFilter, Clock, Sessions

MOST_CLASSES = 500
MOST_CHANGES = 500
AT_ONCE = 50
PAGE = 200
# A class of the same room that starts further away touches no class here: no class lasts longer than a day.
NEAR = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class ToPreview:
    """The rules that would be different, by the names of `Policy`'s fields, and the classes they are tried on."""

    rules: Mapping[str, Any]
    start_from: datetime
    start_before: datetime
    course_id: str | None = None
    teacher_email: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that would be another one: the row as it is, and what it would be."""

    row: Attendance
    to: AttendanceStatus


@dataclass(frozen=True, slots=True)
class Preview:
    """What another policy would do. `classes` are those with a session; `verdicts` are students' and teachers' rows in them.

    `changes` holds the first 500; `changed` counts them all. `before` and `after` count verdicts.
    """

    classes: int
    people: int
    verdicts: int
    changed: int
    changes: tuple[Change, ...]
    before: Mapping[AttendanceStatus, int]
    after: Mapping[AttendanceStatus, int]


@dataclass(frozen=True)
class PreviewPolicy:
    """Decide stored sessions again with another policy, each by its own facts, rulings and knowledge, and store nothing."""

    classes: Classes
    sessions: Sessions
    policies: Policies
    clock: Clock

    def __call__(self, wanted: ToPreview, caller: Caller) -> Preview:
        """The difference, within the caller's own classes. Raises `InvalidInput` for a time that is empty or holds too many."""
        if wanted.start_from >= wanted.start_before:
            raise InvalidInput("to", "The time ends before it begins; give a `to` that is later than `from`.")
        other = replace(policy_at(self.policies.all(), self.clock()), **wanted.rules)
        chosen = self._chosen(wanted, caller)
        rooms = self._rooms(chosen)
        tried = _Tried()
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            sessions = self.sessions.get_many([held.session_id for held in some])
            for held in some:
                if held.session_id in sessions:
                    tried.add(sessions[held.session_id], held, rooms.get(held.room or "", ()), other)
        return tried.told()

    def _chosen(self, wanted: ToPreview, caller: Caller) -> list[ScheduledClass]:
        """The classes in question, as far as they have begun."""
        own = None if caller.is_admin else caller.email
        teacher = wanted.teacher_email or own
        upto = min(wanted.start_before, self.clock())
        if wanted.start_from >= upto:
            return []
        asked = ClassFilter(
            person_email=teacher,
            course_id=wanted.course_id,
            start_from=wanted.start_from,
            start_before=upto,
        )
        found: list[ScheduledClass] = []
        token = None
        while True:
            page = self.classes.page(asked, PAGE, token)
            found += [
                held
                for held in page.items
                if held.is_held and caller.teaches(held) and (teacher is None or teacher in held.teacher_emails)
            ]
            if len(found) > MOST_CLASSES:
                raise InvalidInput(
                    "to", f"These are more than {MOST_CLASSES} classes; give a shorter time, a course or a teacher."
                )
            token = page.next_token
            if token is None:
                return found

    def _rooms(self, chosen: Sequence[ScheduledClass]) -> Mapping[str, list[ScheduledClass]]:
        """All classes around these, by room: how much of a room's time is whose depends on them. A room is its teacher's."""
        if not chosen:
            return {}
        starts = [held.start_at for held in chosen]
        teachers = sorted({held.teacher_email for held in chosen})
        found: dict[str, list[ScheduledClass]] = {}
        for held in self.classes.of_people(teachers, min(starts) - NEAR, max(starts) + NEAR):
            if held.room is not None:
                found.setdefault(held.room, []).append(held)
        return found


class _Tried:
    """What came of the sessions so far."""

    def __init__(self) -> None:
        self._classes = 0
        self._people: set[str] = set()
        self._changed = 0
        self._changes: list[Change] = []
        self._before: Counter[AttendanceStatus] = Counter()
        self._after: Counter[AttendanceStatus] = Counter()

    def add(self, session: Session, held: ScheduledClass, in_room: Sequence[ScheduledClass], other: Policy) -> None:
        """Decide one session by both policies."""
        extent = extent_of(held, in_room)
        differently = replace(session, known=replace(session.known, policy=other))
        would_be = {row.row_id: row.status for row in attendance_of(differently, held, extent)}
        self._classes += 1
        for row in attendance_of(session, held, extent):
            if row.email is not None and row.role in (Role.STUDENT, Role.TEACHER):
                self._compare(row, row.email, would_be.get(row.row_id, AttendanceStatus.UNKNOWN))

    def _compare(self, row: Attendance, email: str, would_be: AttendanceStatus) -> None:
        self._people.add(email)
        self._before[row.status] += 1
        self._after[would_be] += 1
        if would_be is not row.status:
            self._changed += 1
            if len(self._changes) < MOST_CHANGES:
                self._changes.append(Change(row, would_be))

    def told(self) -> Preview:
        """All of it."""
        return Preview(
            self._classes,
            len(self._people),
            self._before.total(),
            self._changed,
            tuple(self._changes),
            dict(self._before),
            dict(self._after),
        )
