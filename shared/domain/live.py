"""The live view: one small state for each class that has begun, and what happened between two states of it.

It is stored beside what it shows, in the same commits: the class's part with the class, people and registrations with the
session's fold. So whoever watches it needs nothing else, and needs not ask who is there by reading everybody's attendance.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.attendance import Attendance, AttendanceStatus, Match, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Basis
from shared.domain.presence import Heard
from shared.domain.sessions import Session, SyncStatus

SHOWN_AFTER_END = timedelta(hours=12)
"""How long after its end a class stays in view: somebody who watches hears of its end, and of its settled attendance."""

KEPT_AFTER_END = timedelta(days=2)
"""How long after its end a live view is stored."""


@dataclass(frozen=True, slots=True)
class LiveClass:
    """The class's part. `people` are all its members: whoever is among them may see it."""

    class_id: str
    session_id: str
    course_id: str
    subject: str
    teacher_email: str
    teacher_emails: tuple[str, ...]
    people: tuple[str, ...]
    status: Status
    start_at: datetime
    end_at: datetime
    meeting_id: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether the class is being held."""
        return self.status is Status.ACTIVE


@dataclass(frozen=True, slots=True)
class LivePerson:
    """Somebody of the session. `came_at` is when their last stay began, `went_at` when it ended; None while inside."""

    row_id: str
    email: str | None
    display_name: str | None
    role: Role
    match: Match
    status: AttendanceStatus
    joined_at: datetime | None = None
    came_at: datetime | None = None
    went_at: datetime | None = None
    devices: int = 0

    @property
    def is_present(self) -> bool:
        """Whether the person is in the room, as far as anybody heard."""
        return self.came_at is not None and self.went_at is None


@dataclass(frozen=True, slots=True)
class LiveRegistration:
    """A registration for the meeting here: a claim, never presence. `registration_id` is its owner's secret."""

    registration_id: str
    email: str
    joined_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiveReading:
    """How the last reading of the meeting's own records ended."""

    status: SyncStatus
    read_at: datetime
    is_complete: bool


@dataclass(frozen=True, slots=True)
class LiveNews:
    """What a fold changes in a session's live view: people and registrations that are new or otherwise, rows that are gone."""

    session_id: str
    keep_until: datetime
    people: tuple[LivePerson, ...] = ()
    gone: tuple[str, ...] = ()
    registrations: tuple[LiveRegistration, ...] = ()
    reading: LiveReading | None = None


@dataclass(frozen=True, slots=True)
class LiveSession:
    """One class as it is seen live. `rev` orders the states of one class: microseconds of the commit that made it."""

    held: LiveClass
    people: Mapping[str, LivePerson] = field(default_factory=dict)
    registrations: Mapping[str, LiveRegistration] = field(default_factory=dict)
    reading: LiveReading | None = None
    rev: int = 0

    @property
    def students_inside(self) -> int:
        """How many students are in the room."""
        return sum(1 for person in self.people.values() if person.role is Role.STUDENT and person.is_present)

    @property
    def statistics(self) -> dict[str, int]:
        """The students by their verdicts, as far as they are known; `present` counts everybody who came, however late."""
        students = [email for email in self.held.people if email not in self.held.teacher_emails]
        by_email = {person.email: person.status for person in self.people.values() if person.email}
        verdicts = [by_email.get(email, AttendanceStatus.UNKNOWN) for email in students]
        counts = {name: sum(1 for verdict in verdicts if verdict in those) for name, those in _COUNTED.items()}
        return {**counts, "total": len(verdicts)}


_CAME = {AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.PARTIAL}
_COUNTED = {
    "present": _CAME,
    "absent": {AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW},
    "excused": {AttendanceStatus.EXCUSED},
    "unknown": {AttendanceStatus.UNKNOWN},
}


class ChangeKind(StrEnum):
    """What may happen to a live session."""

    STARTED = "started"
    ENDED = "ended"
    JOINED = "joined"
    LEFT = "left"
    LINKED = "linked"
    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    ALL_UNREGISTERED = "all_unregistered"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, in the session as it is after it."""

    kind: ChangeKind
    session: LiveSession
    person: LivePerson | None = None
    registration: LiveRegistration | None = None


def live_class(held: ScheduledClass) -> LiveClass | None:
    """The class's part of its live view; None for a class that has not begun or belongs to no course."""
    if held.course_id is None or held.opened_at is None:
        return None
    return LiveClass(
        class_id=held.class_id,
        session_id=held.session_id,
        course_id=held.course_id,
        subject=held.subject,
        teacher_email=held.teacher_email,
        teacher_emails=held.teacher_emails,
        people=held.people,
        status=held.status,
        start_at=held.start_at,
        end_at=held.end_at,
        meeting_id=held.meet_code or (held.room or "").partition(":")[2] or None,
        opened_at=held.opened_at,
        closed_at=held.closed_at,
    )


def live_person(row: Attendance) -> LivePerson:
    """Somebody's part of a live view."""
    last = row.stays[-1] if row.stays else None
    return LivePerson(
        row_id=row.row_id,
        email=row.email,
        display_name=row.display_name,
        role=row.role,
        match=row.match,
        status=row.status,
        joined_at=row.join_at,
        came_at=last.joined_at if last else None,
        went_at=last.left_at if last else None,
        devices=row.devices,
    )


def live_registration(heard: Heard) -> LiveRegistration | None:
    """A registration's part of a live view; None for what is no registration."""
    if heard.basis is not Basis.CLAIMED or heard.participant.email is None or not heard.joins:
        return None
    left_at = max(heard.leaves, default=None)
    return LiveRegistration(heard.connection, heard.participant.email, min(heard.joins), left_at)


def live_reading(session: Session) -> LiveReading | None:
    """The last reading's part of a live view."""
    sync = session.sync
    return LiveReading(sync.status, sync.read_at, sync.complete) if sync else None


def live_news(
    held: ScheduledClass,
    was: Session | None,
    after: Session,
    old: Mapping[str, Attendance] | None,
    fresh: Iterable[Attendance],
    gone: tuple[str, ...],
) -> LiveNews | None:
    """What a fold changes in the live view; None where nobody could see a difference. `old` are the rows before, by id."""
    if held.course_id is None:
        return None
    same = {live_person(row) for row in (old or {}).values()}
    people = tuple(person for person in map(live_person, fresh) if person not in same)
    before = was.heard if was else {}
    told = [live_registration(each) for key, each in after.heard.items() if before.get(key) != each]
    registrations = tuple(each for each in told if each is not None)
    reading = live_reading(after) if was is None or was.sync != after.sync else None
    if not (people or gone or registrations or reading):
        return None
    return LiveNews(held.session_id, held.end_at + KEPT_AFTER_END, people, gone, registrations, reading)


def changes(before: LiveSession | None, after: LiveSession) -> tuple[Change, ...]:
    """What happened from one state to a later one; nothing for a state that is not later.

    Without a state before only that the class is on counts as news: whoever starts to watch is told the whole state anyway.
    """
    if before is None:
        return (Change(ChangeKind.STARTED, after),) if after.held.is_on else ()
    if after.rev <= before.rev:
        return ()
    return (*_of_class(before, after), *_of_people(before, after), *_of_registrations(before, after), *_of_reading(before, after))


def _of_class(before: LiveSession, after: LiveSession) -> Iterator[Change]:
    if after.held.is_on and not before.held.is_on:
        yield Change(ChangeKind.STARTED, after)
    if before.held.is_on and not after.held.is_on:
        yield Change(ChangeKind.ENDED, after)


def _of_people(before: LiveSession, after: LiveSession) -> Iterator[Change]:
    """Who came, who went, and of whom it turned out who they are: then an unknown person's row gives way to a known one's."""
    known = before.people
    gone = {row_id: person for row_id, person in known.items() if row_id not in after.people}
    registered = {each.email for each in after.registrations.values()}
    for row_id, person in after.people.items():
        was = known.get(row_id)
        twin = _twin(was, person, gone)
        is_seen = person.email in registered and person.came_at is not None and (was is None or was.came_at is None)
        if twin is not None or is_seen:
            yield Change(ChangeKind.LINKED, after, person)
        if twin is not None:
            del gone[twin]
            continue
        yield from _moves(was, person, after)
    for person in gone.values():
        if person.is_present:
            yield Change(ChangeKind.LEFT, after, person)


def _twin(was: LivePerson | None, person: LivePerson, gone: Mapping[str, LivePerson]) -> str | None:
    """The row of somebody unknown that gave way to this person's: the first that is gone and came at the same instant."""
    if person.email is None or person.came_at is None or (was is not None and was.came_at == person.came_at):
        return None
    return next((row_id for row_id, each in gone.items() if each.email is None and each.came_at == person.came_at), None)


def _moves(was: LivePerson | None, person: LivePerson, after: LiveSession) -> Iterator[Change]:
    """Coming and going; somebody who went and came again between two states did both."""
    was_inside = was is not None and was.is_present
    is_again = was is not None and was_inside and person.is_present and was.came_at != person.came_at
    if was_inside and (is_again or not person.is_present):
        yield Change(ChangeKind.LEFT, after, person)
    if person.is_present and (is_again or not was_inside):
        yield Change(ChangeKind.JOINED, after, person)


def _of_registrations(before: LiveSession, after: LiveSession) -> Iterator[Change]:
    ended = 0
    for registration_id, each in after.registrations.items():
        was = before.registrations.get(registration_id)
        if was is None:
            yield Change(ChangeKind.REGISTERED, after, registration=each)
        if each.left_at is not None and (was is None or was.left_at is None):
            ended += 1
            yield Change(ChangeKind.UNREGISTERED, after, registration=each)
    if ended and all(each.left_at is not None for each in after.registrations.values()):
        yield Change(ChangeKind.ALL_UNREGISTERED, after)


def _of_reading(before: LiveSession, after: LiveSession) -> Iterator[Change]:
    if after.reading is not None and after.reading != before.reading:
        yield Change(ChangeKind.READ, after)
