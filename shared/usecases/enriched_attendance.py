"""Attendance of a meeting as its room's name asks for it, with who registered for it here and who they are in the directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person
from shared.domain.errors import NotFound
from shared.domain.people import people_of
from shared.domain.rooms import Extent, class_at, extent_of, room_named
from shared.domain.sessions import Session, row_id
from shared.domain.user_sessions import LONGEST, UserSession
from shared.people_ports import People, UserSessions
from shared.ports import Clock
from shared.usecases.session_rows import SessionRows

AHEAD = timedelta(hours=12)
LOOKED_BACK = (timedelta(days=31), timedelta(days=731))
_ZOOM_USER = "zoom:user:"


@dataclass(frozen=True, slots=True)
class WhichMeeting:
    """A meeting as the caller names it; `session_id` or `on` (a day where the class is) picks one of its classes."""

    meeting_id: str
    session_id: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """One participant: the attendance row, the newest registration, the person of the directory, Zoom's id of the account.

    `row` is None where the registration is all there is: no class is known for the meeting, or its session does not know of the
    person (yet).
    """

    row: Attendance | None
    registration: UserSession | None = None
    person: Person | None = None
    zoom_user_id: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingAttendance:
    """Everybody of the meeting whom the caller may see. `held` is None for a meeting without a class."""

    held: ScheduledClass | None
    participants: tuple[Present, ...]
    registrations: tuple[UserSession, ...] = field(default=())

    def shows_others_than(self, email: str) -> bool:
        """Whether it tells of anybody beside the person of this address."""
        return any(_email_of(each) != email for each in self.participants)


@dataclass(frozen=True)
class EnrichedAttendance:
    """Look a meeting up: the class that is on in its room, or the one that began last."""

    show: SessionRows
    user_sessions: UserSessions
    people: People
    clock: Clock

    def __call__(self, wanted: WhichMeeting, caller: Caller) -> MeetingAttendance:
        """What the caller may see of it; raises the same `NotFound` for unknown and foreign meetings."""
        room, now = room_named(wanted.meeting_id), self.clock()
        held = None if room.startswith("other:") else self._class(room, wanted, caller, now)
        if held is not None:
            return self._of_class(held, caller)
        if room.startswith("other:") or wanted.session_id or wanted.on:
            raise NotFound("No such meeting.")
        return self._of_registrations(room, caller, now)

    def _class(self, room: str, wanted: WhichMeeting, caller: Caller, now: datetime) -> ScheduledClass | None:
        """The class that is meant, among those that the caller has to do with."""
        if wanted.session_id is not None:
            held = self._by_session(wanted.session_id)
            return held if held is not None and held.room == room and held.is_held and caller.may_see(held) else None
        if wanted.on is not None:
            noon = datetime(wanted.on.year, wanted.on.month, wanted.on.day, 12, tzinfo=now.tzinfo)
            found = self._seen(room, noon - timedelta(days=1, hours=12), noon + timedelta(days=1, hours=12), caller)
            found = [held for held in found if held.start_at.astimezone(ZoneInfo(held.timezone)).date() == wanted.on]
            return _begun_last(found, now) or (found[0] if found else None)
        for back in LOOKED_BACK:
            found = self._seen(room, now - back, now + AHEAD, caller)
            held = class_at(now, found) or _begun_last(found, now)
            if held is not None:
                return held
        return None

    def _by_session(self, session_id: str) -> ScheduledClass | None:
        try:
            return self.show.classes.by_session(session_id)
        except NotFound:
            return None

    def _seen(self, room: str, start_from: datetime, start_before: datetime, caller: Caller) -> list[ScheduledClass]:
        found = self.show.classes.in_room(room, start_from, start_before)
        return [held for held in found if held.is_held and caller.may_see(held)]

    def _of_class(self, held: ScheduledClass, caller: Caller) -> MeetingAttendance:
        session = self.show.session(held)
        others = self.show.fold.in_room(held.room or "", held.start_at)
        extent = extent_of(held, others)
        rows = self.show.fold.rows_of(session, held, others)
        found = self.user_sessions.in_room(held.room or "", extent.opens_at - LONGEST, extent.closes_at)
        registered = tuple(each for each in found if _is_for(each, held, extent, others))
        if not caller.teaches(held):
            rows = tuple(row for row in rows if row.email == caller.email)
            registered = tuple(each for each in registered if each.email == caller.email)
        newest = {each.email: each for each in registered}
        told = {row.email for row in rows if row.email}
        known = self._known([*told, *newest])
        zoom = _zoom_ids(session, held)
        present = [Present(row, newest.get(row.email or ""), known.get(row.email or ""), zoom.get(row.row_id)) for row in rows]
        present += [Present(None, each, known.get(email)) for email, each in newest.items() if email not in told]
        return MeetingAttendance(held, tuple(present), registered)

    def _of_registrations(self, room: str, caller: Caller, now: datetime) -> MeetingAttendance:
        """A meeting of which only registrations are known: the caller's own, an administrator's anybody's."""
        found = self.user_sessions.in_room(room, now - LOOKED_BACK[0], now + LONGEST)
        own = tuple(each for each in found if caller.is_admin or each.email == caller.email)
        if not own:
            raise NotFound("No such meeting.")
        newest = {each.email: each for each in own}
        known = self._known(list(newest))
        return MeetingAttendance(None, tuple(Present(None, each, known.get(each.email)) for each in newest.values()), own)

    def _known(self, emails: Sequence[str]) -> Mapping[str, Person]:
        return self.people.get_many(sorted(set(emails))) if emails else {}


def _begun_last(found: Sequence[ScheduledClass], now: datetime) -> ScheduledClass | None:
    """The class that began last."""
    return max((held for held in found if held.start_at <= now), key=lambda held: (held.start_at, held.class_id), default=None)


def _zoom_ids(session: Session, held: ScheduledClass) -> dict[str, str]:
    """Zoom's id of each person's account, by the id of the attendance row."""
    people = people_of(session, held)
    refs = [(people[connection], each.participant.ref) for connection, each in sorted(session.heard.items())]
    return {row_id(session.session_id, key): ref.removeprefix(_ZOOM_USER) for key, ref in refs if ref.startswith(_ZOOM_USER)}


def _email_of(present: Present) -> str | None:
    if present.row is not None:
        return present.row.email
    return present.registration.email if present.registration else None


def _is_for(made: UserSession, held: ScheduledClass, extent: Extent, in_room: Sequence[ScheduledClass]) -> bool:
    """Whether a registration stood in the class's time, and was made for it or by somebody of it.

    Somebody may register hours before, and stay for the next lesson; whoever came for another class is that one's to know.
    """
    until = made.expires_at if made.left_at is None else min(made.left_at, made.expires_at)
    if until <= extent.opens_at:
        return False
    coming = sorted((c for c in in_room if c.is_held and made.joined_at <= c.start_at), key=lambda c: (c.start_at, c.class_id))
    meant = class_at(made.joined_at, in_room) or next(iter(coming), held)
    return meant.class_id == held.class_id or made.email in held.people
