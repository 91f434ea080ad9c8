"""What the stories about decisions have in common: whose a session is, its attendance as it is now, a ruling's instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass
from shared.domain.errors import NotFound
from shared.domain.rulings import Ruling
from shared.domain.sessions import Session
from shared.ports import Classes, Sessions
from shared.usecases.fold_evidence import FoldEvidence

_NEXT = timedelta(microseconds=1)


@dataclass(frozen=True)
class SessionRows:
    """Classes with their sessions and attendance rows."""

    classes: Classes
    sessions: Sessions
    fold: FoldEvidence

    def taught(self, session_id: str, caller: Caller, what: str = "session") -> ScheduledClass:
        """The class of a session that is the caller's to decide about; raises the same `NotFound` for absent and foreign ones."""
        try:
            held = self.classes.by_session(session_id)
        except NotFound:
            held = None
        if held is None or not caller.teaches(held):
            raise NotFound(f"No such {what}.")
        return held

    def session(self, held: ScheduledClass) -> Session:
        """The class's session; one of which nothing was heard yet with what is known of its people."""
        stored = self.sessions.get(held.session_id)
        return stored.value if stored else self.fold.informed(held, Session(held.session_id, held.class_id))

    def rows(self, held: ScheduledClass, session: Session | None = None) -> tuple[Attendance, ...]:
        """Everybody's attendance as it is now."""
        others = self.fold.in_room(held.room, held.start_at) if held.room else ()
        return self.fold.rows_of(session or self.session(held), held, others)


def instant_after(earlier: Iterable[Ruling], now: datetime) -> datetime:
    """When a new ruling counts from: now, or just after the newest of the earlier ones where that one's clock was ahead."""
    return max([now, *(ruling.at + _NEXT for ruling in earlier)])
