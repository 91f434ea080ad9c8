"""Sweeping the organisation's audit log of Meet calls for the classes it tells of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Evidence, Kind, Participant, Source
from shared.domain.presence import heard_key
from shared.domain.rooms import LONGEST_STAY, classes_touched, meet_room
from shared.domain.sessions import Session
from shared.ports import Classes, ClassFilter, Clock, EvidenceLog, Heartbeat, MeetReports, ReportedCall, Sessions
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.pseudonymise import Pseudonymise

SWEEP_EVERY = timedelta(minutes=55)
DEEP_EVERY = timedelta(hours=24)
# The log is written late, an hour is usual and a day happens, so the windows overlap.
WINDOW = timedelta(hours=36)
DEEP_WINDOW = timedelta(hours=72)
AT_ONCE = 200
PAGE = 500


@dataclass(frozen=True)
class SweepReports:
    """Read what the log says of the last hours, keep what belongs to a class, forget the rest at once.

    The log holds every call of the organisation, also those that are nobody's business here: a call in a room without a
    class is not stored. The windows overlap, so what the sessions hold already is dropped before it costs a read. `swept` and
    `swept_deep` beat when a sweep came to its end; one that was cut off is done again whole.
    """

    reports: MeetReports
    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    fold: FoldEvidence
    swept: Heartbeat
    swept_deep: Heartbeat
    disguise: Pseudonymise
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """Sweep if it is time to; answers with counts. Raises `Unavailable`, `UpstreamRefused` or `Stale`."""
        now = self.clock()
        is_deep = _is_due(self.swept_deep, now, DEEP_EVERY)
        if not is_deep and not _is_due(self.swept, now, SWEEP_EVERY):
            return {}
        done = self._sweep(now - (DEEP_WINDOW if is_deep else WINDOW), now)
        self.swept.beat(now, done)
        if is_deep:
            self.swept_deep.beat(now, done)
        return done

    def _sweep(self, start_from: datetime, now: datetime) -> dict[str, int]:
        by_room: dict[str, list[ScheduledClass]] = {}
        for held in self._held(start_from - LONGEST_STAY, now + LONGEST_STAY):
            by_room.setdefault(held.room or "", []).append(held)
        done = {"calls": 0, "calls_of_classes": 0, "facts_new": 0}
        facts: list[tuple[Evidence, tuple[ScheduledClass, ...]]] = []
        for call in self.reports.calls(start_from, now) if by_room else ():
            done["calls"] += 1
            room = meet_room(call.meet_code)
            touched = classes_touched(call.joined_at, by_room.get(room, ()))
            done["calls_of_classes"] += bool(touched)
            facts += [(fact, touched) for fact in self.disguise(facts_of_call(room, call, now)) if touched]
        sessions = self.sessions.get_many(sorted({held.session_id for _, touched in facts for held in touched}))
        news = [fact for fact, touched in facts if not _is_known(fact, touched, sessions)]
        for first in range(0, len(news), AT_ONCE):
            done["facts_new"] += self._file(news[first : first + AT_ONCE])
        return done

    def _held(self, start_from: datetime, start_before: datetime) -> Iterator[ScheduledClass]:
        token: str | None = None
        while True:
            page = self.classes.page(ClassFilter(start_from=start_from, start_before=start_before), PAGE, token)
            yield from (held for held in page.items if held.room is not None and held.is_held)
            token = page.next_token
            if token is None:
                return

    def _file(self, facts: list[Evidence]) -> int:
        """Durable first, noted as not folded in the same commit; what cannot be folded now is folded by the tick."""
        new = self.evidence.record(facts, pending=True)
        self.fold(facts)
        return new


def _is_known(fact: Evidence, touched: Iterable[ScheduledClass], sessions: Mapping[str, Session]) -> bool:
    """Whether every session that a fact concerns holds it already."""
    for held in touched:
        session = sessions.get(held.session_id)
        heard = session.heard.get(heard_key(fact.source, fact.connection)) if session else None
        if heard is None or fact.at not in (heard.joins if fact.kind is Kind.JOIN else heard.leaves):
            return False
    return True


def facts_of_call(room: str, call: ReportedCall, received_at: datetime) -> Sequence[Evidence]:
    """A call of the log as two facts: it is written when somebody leaves, so it always has both ends."""
    participant = Participant(call.ref, call.display_name, call.kind, call.device, call.address, call.location)
    return [
        Evidence(room, Source.REPORTS_API, call.connection, kind, at, participant, received_at)
        for kind, at in ((Kind.JOIN, call.joined_at), (Kind.LEAVE, call.left_at))
    ]


def _is_due(last: Heartbeat, now: datetime, every: timedelta) -> bool:
    beat = last.last()
    return beat is None or now - beat[0] >= every
