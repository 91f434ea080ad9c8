"""Drawing attendance: the rows of a session from what was heard, what persons ruled, and the roster.

Somebody who is on the roster and was not seen is `absent` only when the whole meeting was read and the person is not in it;
until then the status is `unknown`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Basis, PersonKind
from shared.domain.matches import Match
from shared.domain.people import People, identified
from shared.domain.policies import Policy
from shared.domain.presence import Believed, Heard, Stay, believed, ends_of, united
from shared.domain.rooms import Extent
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.domain.sessions import Session, row_id
from shared.domain.verdicts import AttendanceStatus, Case, attended, together, verdict


def attendance_of(
    session: Session,
    held: ScheduledClass,
    extent: Extent,
    only: Collection[str] | None = None,
    people: People | None = None,
) -> tuple[Attendance, ...]:
    """Everybody of the session, each person once: those who were heard, then those of the roster who were not.

    `only` asks for some people, by their keys: a live event changes one person's row and no other, unless it tells of the
    staff, on whose presence everybody's row may rest. `people` are the session's, where they were found out already.
    """
    drawn = _Drawn(session, held, extent, people or identified(session, held))
    rows = [row for key, told in drawn.told(only).items() if (row := drawn.row(key, told))]
    seen = {row.email for row in rows}
    if session.sync is not None or drawn.excuses or drawn.rulings:
        wanted = [email for email in held.people if only is None or f"email:{email}" in only]
        rows += [row for email in wanted if email not in seen and (row := drawn.unseen(email))]
    return tuple(sorted(rows, key=lambda r: (list(Role).index(r.role), r.display_name or r.email or "", r.row_id)))


def is_staff(key: str, session: Session, held: ScheduledClass) -> bool:
    """Whether a person's key is that of somebody who teaches: the class, or in the organisation at all."""
    email = key.removeprefix("email:")
    is_known = email in held.teacher_emails or email in session.known.staff
    return key.startswith("email:") and is_known and email not in held.student_emails


@dataclass(frozen=True)
class _Drawn:
    """One session while its rows are drawn: what everybody's verdict has in common."""

    session: Session
    held: ScheduledClass
    extent: Extent
    people: People

    @cached_property
    def policy(self) -> Policy:
        return self.session.known.policy

    @cached_property
    def excuses(self) -> dict[str, Ruling]:
        return standing(self.session.known.rulings, RulingKind.EXCUSE)

    @cached_property
    def rulings(self) -> dict[str, Ruling]:
        return standing(self.session.known.rulings, RulingKind.STATUS)

    @cached_property
    def window(self) -> Extent:
        """The class's share of its room's time, no wider than its policy says."""
        return Extent(
            max(self.extent.opens_at, self.held.start_at - timedelta(minutes=self.policy.early_open_minutes)),
            min(self.extent.closes_at, self.held.end_at + timedelta(minutes=self.policy.late_close_minutes)),
        )

    @property
    def is_whole(self) -> bool:
        return self.session.sync is not None and self.session.sync.complete

    @cached_property
    def heard(self) -> dict[str, list[Heard]]:
        """What was heard of each person who came or went."""
        heard: dict[str, list[Heard]] = {}
        for connection, each in self.session.heard.items():
            if each.is_somebody:
                heard.setdefault(self.people.person_of[connection], []).append(each)
        return heard

    @cached_property
    def ends(self) -> dict[str, datetime]:
        return ends_of(self.session.heard.values())

    def told(self, only: Collection[str] | None) -> dict[str, tuple[list[Heard], Believed]]:
        """What was heard of each person, or of some, and what to believe of it."""
        return {
            key: (each, belief)
            for key, each in self.heard.items()
            if (only is None or key in only) and (belief := believed(each, self.session.measured_at, self.ends))
        }

    def stays(self, told: tuple[list[Heard], Believed]) -> tuple[Stay, ...]:
        """The stays inside the class's window; a registration is a claim and no stay."""
        belief = told[1]
        if belief.basis is Basis.CLAIMED:
            return ()
        return tuple(kept for stay in belief.stays if (kept := _kept(stay, self.window)))

    def is_staff(self, key: str) -> bool:
        return is_staff(key, self.session, self.held)

    @cached_property
    def staff(self) -> tuple[Stay, ...]:
        """When anybody who teaches was there: the teacher, a co-teacher or a substitute."""
        told = self.told([key for key in self.heard if self.is_staff(key)])
        return united(stay for each in told.values() for stay in self.stays(each))

    @cached_property
    def students(self) -> tuple[Stay, ...]:
        """When any student of the class was there."""
        told = self.told([f"email:{email}" for email in self.held.student_emails])
        return united(stay for each in told.values() for stay in self.stays(each))

    @cached_property
    def has_strangers(self) -> bool:
        """Whether somebody was in class of whom neither an id nor a person says who it is."""
        told = self.told([key for key in self.heard if not key.startswith("email:") and key not in self.people.guests])
        return any(attended(self.stays(each), self.held) > timedelta() for each in told.values())

    def row(self, key: str, told: tuple[list[Heard], Believed]) -> Attendance | None:
        """The row of somebody who was heard; None when all of it belongs to another class of the room."""
        heard, belief = told
        stays = self.stays(told)
        if not stays and not any(self.extent.holds(at) for h in heard for at in h.joins | h.leaves):
            return None
        email = key.removeprefix("email:") if key.startswith("email:") else None
        names = sorted(h.participant.display_name for h in heard if h.participant.display_name)
        claims = sorted(at for h in heard if h.basis is Basis.CLAIMED for at in h.joins)
        is_claim = belief.basis is Basis.CLAIMED
        return Attendance(
            row_id=row_id(self.session.session_id, key),
            email=email,
            display_name=names[0] if names else self.session.known.names.get(email or ""),
            role=self._role(key, email, {h.participant.kind for h in heard}),
            match=self._match(key, email, is_claim=is_claim),
            stays=stays,
            devices=_most_at_once(belief.connections) if stays else 0,
            source=belief.source,
            basis=belief.basis,
            device_type=min((h.participant.device for h in heard if h.participant.device), default=None),
            location=min((h.participant.location for h in heard if h.participant.location), default=None),
            registered_at=claims[0] if claims else None,
            is_guest=key in self.people.guests,
            shared=together(stays, self.students if self.is_staff(key) else self.staff) if stays else (),
            **self._decided(key, email, stays),
            **_of_class(self.session, self.held),
        )

    def unseen(self, email: str) -> Attendance | None:
        """The row of somebody of the roster who was not heard; before any reading only of those about whom somebody ruled."""
        key = f"email:{email}"
        if self.session.sync is None and email not in self.excuses and key not in self.rulings:
            return None
        return Attendance(
            row_id=row_id(self.session.session_id, key),
            email=email,
            display_name=self.session.known.names.get(email),
            role=self._role(key, email, set()),
            match=Match.EXACT_EMAIL,
            stays=(),
            devices=0,
            source=None,
            basis=Basis.MEASURED if self.is_whole else Basis.SCHEDULED,
            **self._decided(key, email, ()),
            **_of_class(self.session, self.held),
        )

    def _decided(self, key: str, email: str | None, stays: Sequence[Stay]) -> dict[str, Any]:
        """The verdict, and the ruling that stands above it."""
        excuse, ruling = self.excuses.get(email or ""), self.rulings.get(key)
        case = Case(stays, self.is_whole, excuse is not None, self.is_staff(key), self.staff, self.has_strangers)
        computed = verdict(case, self.held, self.policy)
        return {
            "status": AttendanceStatus(ruling.value) if ruling else computed,
            "computed_status": computed,
            "ruling": ruling,
            "excuse": excuse,
            "policy_version": self.policy.version,
        }

    def _match(self, key: str, email: str | None, *, is_claim: bool) -> Match:
        if key in self.people.namesakes:
            return Match.SUGGESTED
        if email is None or not (email in self.held.people or self.is_staff(key)):
            return Match.UNMATCHED
        return Match.EXACT_EMAIL if is_claim else self.people.match_of.get(key, Match.EXACT_EMAIL)

    def _role(self, key: str, email: str | None, kinds: set[PersonKind]) -> Role:
        if email in self.held.student_emails:
            return Role.STUDENT
        if self.is_staff(key):
            return Role.TEACHER
        return Role.PHONE if kinds == {PersonKind.PHONE} else Role.GUEST


def _of_class(session: Session, held: ScheduledClass) -> dict[str, Any]:
    return {
        "session_id": session.session_id,
        "class_id": held.class_id,
        "course_id": held.course_id,
        "subject": held.subject,
        "teacher_email": held.teacher_email,
        "co_teacher_emails": held.co_teacher_emails,
        "start_at": held.start_at,
        "end_at": held.end_at,
    }


def _kept(stay: Stay, extent: Extent) -> Stay | None:
    """The part of a stay that belongs to the class's share of the room; an open stay stays open."""
    if stay.left_at is not None:
        return stay.within(extent.opens_at, extent.closes_at)
    return Stay(max(stay.joined_at, extent.opens_at), None) if stay.joined_at < extent.closes_at else None


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
