"""Overriding a verdict: who, when, why. What the policy makes of the evidence stays beside it."""

from dataclasses import dataclass, replace

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, AttendanceStatus
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import InvalidInput, NotFound, NotInThisState
from shared.domain.people import people_of
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.domain.sessions import Session, row_id
from shared.people_ports import Rulings
from shared.ports import Clock
from shared.usecases.session_rows import SessionRows, instant_after


@dataclass(frozen=True, slots=True)
class ToRule:
    """A status for one person of a session, named by address or by the id of the attendance row."""

    session_id: str
    status: AttendanceStatus
    reason: str
    email: str | None = None
    row_id: str | None = None


@dataclass(frozen=True)
class RuleAttendance:
    """Give and withdraw overrides. Given twice with the same words it is one; the newest counts."""

    show: SessionRows
    rulings: Rulings
    clock: Clock

    def override(self, told: ToRule, caller: Caller) -> Attendance:
        """The row as it counts now; raises `NotFound`, `InvalidInput` or `NotInThisState`."""
        held = self.show.taught(told.session_id, caller)
        if held.status in (Status.SCHEDULED, Status.CANCELLED):
            raise NotInThisState(f"The class is {held.status}; a status can be overridden once it has begun, an excuse before.")
        session = self.show.session(held)
        wanted = row_id(held.session_id, f"email:{told.email}") if told.email else told.row_id or ""
        key = _keys(session, held).get(wanted)
        if key is None:
            name = "email" if told.email else "participantId"
            raise InvalidInput(name, "Nobody like this is on the class's roster or was seen; record their attendance first.")
        given = self.rulings.of_session(held.session_id)
        stands = standing(given, RulingKind.STATUS).get(key)
        if stands is None or (stands.value, stands.reason) != (told.status.value, told.reason):
            at = instant_after(given, self.clock())
            new = Ruling(held.session_id, RulingKind.STATUS, key, told.status.value, caller.email, at, told.reason)
            self.rulings.add([new])
        return self._row(held, wanted)

    def withdraw(self, session_id: str, wanted: str, reason: str, caller: Caller) -> Attendance:
        """Take the override of a row back: the computed status counts again. Raises `NotFound` where there never was one."""
        held = self.show.taught(session_id, caller)
        given = self.rulings.of_session(session_id)
        ruled = [r for r in given if r.kind is RulingKind.STATUS and row_id(session_id, r.about) == wanted]
        if not ruled:
            raise NotFound("No such override.")
        stands = standing(ruled, RulingKind.STATUS)
        at = instant_after(given, self.clock())
        self.rulings.add([replace(each, by=caller.email, at=at, reason=reason, is_withdrawn=True) for each in stands.values()])
        return self._row(held, wanted)

    def all(self, session_id: str, caller: Caller) -> tuple[Ruling, ...]:
        """Everything that people decided about a session, withdrawn or not, the oldest first; raises `NotFound`."""
        held = self.show.taught(session_id, caller)
        return self.rulings.of_session(held.session_id)

    def _row(self, held: ScheduledClass, wanted: str) -> Attendance:
        """The row after the session was folded anew."""
        self.show.fold.refresh(held)
        rows = {row.row_id: row for row in self.show.rows(held)}
        if wanted not in rows:
            raise NotFound("No such attendance: what it was drawn from has become somebody else's.")
        return rows[wanted]


def _keys(session: Session, held: ScheduledClass) -> dict[str, str]:
    """The key of everybody of the session, by the id of the attendance row."""
    keys = {*people_of(session, held).values(), *(f"email:{email}" for email in held.people)}
    return {row_id(session.session_id, key): key for key in keys}
