"""Recording somebody's attendance by hand, with a reason; what was measured stays on record beside it."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import Forbidden, InvalidInput, NotFound, NotInThisState
from shared.domain.evidence import Evidence, Kind, Participant, Source
from shared.domain.ids import stable_id
from shared.domain.rooms import EARLY_OPEN, LATE_CLOSE
from shared.domain.sessions import row_id
from shared.ports import Classes, Clock, EvidenceLog, Sessions
from shared.usecases.fold_evidence import FoldEvidence


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person says: who was there, from when to when, and why it is recorded by hand."""

    session_id: str
    email: str
    join_at: datetime
    leave_at: datetime
    reason: str
    display_name: str | None = None


@dataclass(frozen=True)
class RecordByHand:
    """File a stay as evidence of the source `manual`, signed by its author. The newest record of a person counts."""

    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    fold: FoldEvidence
    clock: Clock

    def __call__(self, told: ByHand, caller: Caller) -> Attendance:
        """The person's attendance as it counts now; raises `NotFound`, `Forbidden`, `InvalidInput` or `NotInThisState`."""
        held = self.classes.by_session(told.session_id)
        if not caller.may_see(held):
            raise NotFound("No such session.")
        if not caller.teaches(held):
            raise Forbidden("Only the teacher of the class or an administrator can record attendance.")
        now = self.clock()
        self._check(told, held, now)
        facts = self._facts(told, held, caller, now)
        self.evidence.record(facts, pending=True)
        self.fold(facts)
        session = self.sessions.get(held.session_id)
        key = row_id(held.session_id, f"email:{told.email}")
        rows = self.fold.rows_of(session.value, held, self.fold.in_room(held.room or "", held.start_at)) if session else ()
        return next(row for row in rows if row.row_id == key)

    def _check(self, told: ByHand, held: ScheduledClass, now: datetime) -> None:
        if held.status in (Status.CANCELLED, Status.SCHEDULED):
            raise NotInThisState(f"The class is {held.status}; attendance can be recorded once it has begun.")
        if held.room is None:
            raise NotInThisState("The class has no meeting room yet; try again when its Meet link is made.")
        if told.leave_at <= told.join_at:
            raise InvalidInput("leave_time", "leave_time must be later than join_time.")
        if told.leave_at > now:
            raise InvalidInput("leave_time", "leave_time lies in the future; record what has happened.")
        if told.join_at < held.start_at - EARLY_OPEN or told.leave_at > held.end_at + LATE_CLOSE:
            raise InvalidInput("join_time", "The times lie outside the class; they may reach half an hour beyond it.")

    def _facts(self, told: ByHand, held: ScheduledClass, caller: Caller, now: datetime) -> tuple[Evidence, Evidence]:
        participant = Participant(f"email:{told.email}", told.display_name)
        record = stable_id("manual", held.session_id, told.email, caller.email, now.isoformat())

        def fact(kind: Kind, at: datetime) -> Evidence:
            return Evidence(
                held.room or "",
                Source.MANUAL,
                record,
                kind,
                at,
                participant,
                now,
                author=caller.email,
                reason=told.reason,
            )

        return fact(Kind.JOIN, told.join_at), fact(Kind.LEAVE, told.leave_at)
