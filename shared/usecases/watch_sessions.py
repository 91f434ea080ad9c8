"""Looking at sessions: what is on now, and one session whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.attendance import Attendance, attendance_of
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import BASIS_OF, Basis, Evidence
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from shared.ports import Classes, ClassFilter, EvidenceLog, Page, Sessions
from shared.usecases.fold_evidence import FoldEvidence


@dataclass(frozen=True, slots=True)
class Watched:
    """A class with its session as folded so far; `session` is None while nothing was heard of it."""

    held: ScheduledClass
    session: Session | None
    rows: tuple[Attendance, ...]
    facts: tuple[Evidence, ...] = ()

    @property
    def feed(self) -> str:
        """How live events reach us: `live` when some did, else `none`. Silence is not taken for an empty room."""
        heard = self.session.heard.values() if self.session else ()
        return "live" if any(BASIS_OF[h.source] is Basis.LIVE for h in heard) else "none"


@dataclass(frozen=True)
class WatchSessions:
    """Classes and their sessions, put together as they are asked for."""

    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    fold: FoldEvidence

    def active(self, wanted: ClassFilter, limit: int, token: str | None) -> Page[Watched]:
        """One page of classes with what is known of who is there."""
        page = self.classes.page(wanted, limit, token)
        sessions = self.sessions.get_many([held.session_id for held in page.items])
        watched = tuple(self._watched(held, sessions.get(held.session_id), page.items) for held in page.items)
        return Page(watched, page.next_token)

    def one(self, session_id: str) -> Watched:
        """One session with all its facts; raises `NotFound`."""
        held = self.classes.by_session(session_id)
        versioned = self.sessions.get(session_id)
        session = versioned.value if versioned else None
        others = self.fold.in_room(held.room, held.start_at) if held.room else ()
        watched = self._watched(held, session, others)
        extent = extent_of(held, others)
        facts = tuple(
            fact
            for fact in self.fold.room_facts(held)
            if extent.holds(fact.at)
            or (session and f"{fact.source}|{fact.connection}" in session.heard and fact.at < extent.closes_at)
        )
        return Watched(held, session, watched.rows, facts)

    def _watched(self, held: ScheduledClass, session: Session | None, others: Sequence[ScheduledClass]) -> Watched:
        in_room = [other for other in others if other.room == held.room]
        rows = attendance_of(session, held, extent_of(held, in_room)) if session else ()
        return Watched(held, session, rows)
