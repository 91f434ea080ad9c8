"""Taking in one live event: durable first, then folded into the live view."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import DomainError
from shared.domain.evidence import Evidence
from shared.domain.rooms import class_at
from shared.ports import EvidenceLog, Filed
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_queue import FoldQueue


class Outcome(StrEnum):
    """What the sender is told."""

    SUCCESS = "success"
    DUPLICATE = "duplicate"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of an event; `session_id` is None while no class is known for its meeting and time."""

    outcome: Outcome
    session_id: str | None
    event_id: str


@dataclass(frozen=True)
class FileEvidence:
    """Store an event in one commit, then fold it if a class is known for it.

    Once stored, nothing that follows can fail the request: what is not folded here is pending, and the tick folds it.
    """

    evidence: EvidenceLog
    in_room: ClassesInRoom
    queue: FoldQueue | None

    def __call__(self, fact: Evidence) -> Filing:
        """File one event; raises `Unavailable` when it could not be stored, so that the sender tries again."""
        filed = self.evidence.file(fact)
        held = None
        try:
            held = class_at(fact.at, self.in_room(fact.room, fact.at))
            if held is not None and filed is Filed.NEW and self.queue is not None:
                self.queue.add(fact)
        except DomainError:
            pass
        session_id = held.session_id if held else None
        if filed is not Filed.NEW:
            return Filing(Outcome.DUPLICATE, session_id, fact.event_id or fact.evidence_id)
        return Filing(Outcome.SUCCESS if held else Outcome.PENDING, session_id, fact.event_id or fact.evidence_id)
