"""Attendance: one row for each person of a session, drawn from what was heard and from the roster.

Somebody who is on the roster and was not seen is `absent` only when the whole meeting was read and the person is not in it;
until then the status is `unknown`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Basis, PersonKind, Source
from shared.domain.people import people_of
from shared.domain.presence import Believed, Heard, Stay, believed, ends_of, time_present, united
from shared.domain.rooms import Extent
from shared.domain.rulings import Ruling
from shared.domain.sessions import Session, row_id


class AttendanceStatus(StrEnum):
    """The verdict on somebody's attendance; `unknown` is never absent."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    PARTIAL = "partial"
    ABSENT = "absent"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    UNKNOWN = "unknown"

    @property
    def was_there(self) -> bool:
        """Whether it says that the person attended, wholly or in part."""
        return self in _ATTENDED

    @property
    def is_taken(self) -> bool:
        """Whether attendance was taken at all."""
        return self is not AttendanceStatus.UNKNOWN


_ATTENDED = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.PARTIAL)


class Role(StrEnum):
    """What somebody is to the class."""

    TEACHER = "teacher"
    STUDENT = "student"
    GUEST = "guest"
    PHONE = "phone"


class Match(StrEnum):
    """How the link between a participant and a person is known, the surest first; `suggested` and `unmatched` are no link."""

    EXACT_ID = "exact_id"
    EXACT_EMAIL = "exact_email"
    REGISTERED_SESSION = "registered_session"
    CONFIRMED_ALIAS = "confirmed_alias"
    UNIQUE_NAME = "unique_name"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"

    @property
    def is_sure(self) -> bool:
        """Whether money may follow without anybody's looking at it."""
        return self in (Match.EXACT_ID, Match.EXACT_EMAIL, Match.REGISTERED_SESSION, Match.CONFIRMED_ALIAS)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person in one session. `stays` lie inside the class's share of its room; an open one has no end yet.

    `start_at` and `end_at` are the class's window: only time inside it counts. `device_type` and `location` are what some
    source told of them; the audit log's are kept only where the deployment says so.

    `status` is the verdict that counts, `computed_status` what the policy makes of the evidence; they differ where a person
    ruled otherwise (`ruling`). `shared` are the stays during which somebody of the other side was there too: of a student
    the staff, of the staff any student. `registered_at` is when the person registered for the meeting here, a mere claim.
    """

    row_id: str
    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    start_at: datetime
    end_at: datetime
    email: str | None
    display_name: str | None
    role: Role
    match: Match
    status: AttendanceStatus
    stays: tuple[Stay, ...]
    devices: int
    source: Source | None
    basis: Basis
    device_type: str | None = None
    location: str | None = None
    computed_status: AttendanceStatus | None = None
    ruling: Ruling | None = None
    excuse: Ruling | None = None
    policy_version: int = 0
    shared: tuple[Stay, ...] = ()
    registered_at: datetime | None = None

    @property
    def join_at(self) -> datetime | None:
        """The first time the person came in."""
        return self.stays[0].joined_at if self.stays else None

    def is_present(self, now: datetime) -> bool:
        """Whether the person is in the room at `now`, as far as anybody heard."""
        return any(stay.joined_at <= now and (stay.left_at is None or stay.left_at > now) for stay in self.stays)

    def leave_at(self, now: datetime) -> datetime | None:
        """The last time the person went; None while inside. An exit that nobody heard of ends with the class."""
        if not self.stays:
            return None
        last = self.stays[-1].left_at
        return last if last is not None or now < self.end_at else max(self.end_at, self.stays[-1].joined_at)

    def counted(self, now: datetime) -> tuple[Stay, ...]:
        """The stays that count by `now`, cut to the class's window."""
        upto = min(self.end_at, now)
        return tuple(cut for stay in self.stays if (cut := stay.within(self.start_at, upto)))

    def seconds(self, now: datetime) -> int:
        """Whole seconds present in class by `now`."""
        return int(time_present(self.stays, self.start_at, min(self.end_at, now)) // timedelta(seconds=1))

    def shared_seconds(self, now: datetime) -> int:
        """Whole seconds present in class together with the other side by `now`."""
        return int(time_present(self.shared, self.start_at, min(self.end_at, now)) // timedelta(seconds=1))


def attendance_of(
    session: Session, held: ScheduledClass, extent: Extent, only: Collection[str] | None = None
) -> tuple[Attendance, ...]:
    """Everybody of the session, each person once: those who were heard, then those of the roster who were not.

    `only` asks for some people, by their keys: a live event changes one person's row and no other.
    """
    by_person: dict[str, list[Heard]] = {}
    people, ends = people_of(session, held), ends_of(session.heard.values())
    for heard, each in session.heard.items():
        key = people[heard]
        if each.is_somebody and (only is None or key in only):
            by_person.setdefault(key, []).append(each)
    rows = []
    for key, told in by_person.items():
        belief = believed(told, session.measured_at, ends)
        if belief is not None and (row := _row(session, held, extent, key, told, belief)):
            rows.append(row)
    seen = {row.email for row in rows}
    if session.sync is not None:
        wanted = [email for email in held.people if only is None or f"email:{email}" in only]
        rows += [_unseen(session, held, email) for email in wanted if email not in seen]
    return tuple(sorted(rows, key=lambda r: (list(Role).index(r.role), r.display_name or r.email or "", r.row_id)))


def _row(
    session: Session, held: ScheduledClass, extent: Extent, key: str, told: Iterable[Heard], belief: Believed
) -> Attendance | None:
    """The row of somebody who was heard; None when all of it belongs to another class of the room."""
    stays = tuple(kept for stay in belief.stays if (kept := _kept(stay, extent)))
    if not stays and not any(extent.holds(at) for h in told for at in h.joins | h.leaves):
        return None
    email = key.removeprefix("email:") if key.startswith("email:") else None
    names = sorted(h.participant.display_name for h in told if h.participant.display_name)
    kinds = {h.participant.kind for h in told}
    was_there = time_present(stays, held.start_at, held.end_at) > timedelta() or any(s.left_at is None for s in stays)
    status = AttendanceStatus.PRESENT if was_there else _unseen_status(session)
    return Attendance(
        row_id=row_id(session.session_id, key),
        email=email,
        display_name=names[0] if names else None,
        role=_role(held, email, kinds),
        match=Match.EXACT_EMAIL if email in held.people else Match.UNMATCHED,
        status=status,
        stays=stays,
        devices=_most_at_once(belief.connections),
        source=belief.source,
        basis=belief.basis,
        device_type=min((h.participant.device for h in told if h.participant.device), default=None),
        location=min((h.participant.location for h in told if h.participant.location), default=None),
        **_of_class(session, held),
    )


def _unseen(session: Session, held: ScheduledClass, email: str) -> Attendance:
    status = _unseen_status(session)
    return Attendance(
        row_id=row_id(session.session_id, f"email:{email}"),
        email=email,
        display_name=None,
        role=_role(held, email, set()),
        match=Match.EXACT_EMAIL,
        status=status,
        stays=(),
        devices=0,
        source=None,
        basis=Basis.MEASURED if status is AttendanceStatus.ABSENT else Basis.SCHEDULED,
        **_of_class(session, held),
    )


def _of_class(session: Session, held: ScheduledClass) -> dict[str, Any]:
    return {
        "session_id": session.session_id,
        "class_id": held.class_id,
        "course_id": held.course_id,
        "subject": held.subject,
        "teacher_email": held.teacher_email,
        "start_at": held.start_at,
        "end_at": held.end_at,
    }


def _unseen_status(session: Session) -> AttendanceStatus:
    is_known = session.sync is not None and session.sync.complete
    return AttendanceStatus.ABSENT if is_known else AttendanceStatus.UNKNOWN


def _kept(stay: Stay, extent: Extent) -> Stay | None:
    """The part of a stay that belongs to the class's share of the room; an open stay stays open."""
    if stay.left_at is not None:
        return stay.within(extent.opens_at, extent.closes_at)
    return Stay(max(stay.joined_at, extent.opens_at), None) if stay.joined_at < extent.closes_at else None


def _role(held: ScheduledClass, email: str | None, kinds: set[PersonKind]) -> Role:
    if email == held.teacher_email:
        return Role.TEACHER
    if email in held.student_emails:
        return Role.STUDENT
    return Role.PHONE if kinds == {PersonKind.PHONE} else Role.GUEST


def _most_at_once(connections: Iterable[tuple[Stay, ...]]) -> int:
    """The largest number of devices that were in the room at one time."""
    steps = []
    for stays in connections:
        for stay in united(stays):
            steps.append((stay.joined_at, 1, 1))
            if stay.left_at is not None:
                steps.append((stay.left_at, 0, -1))
    inside = most = 0
    for _, _, step in sorted(steps):
        inside += step
        most = max(most, inside)
    return most
