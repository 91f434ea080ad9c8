"""Taking in one live event: durable first, then folded into the live view."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.evidence import Evidence
from shared.domain.rooms import class_at
from shared.ports import EvidenceLog, Filed
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.pseudonymise import Pseudonymise


class Outcome(StrEnum):
    """What the sender is told."""

    SUCCESS = "success"
    DUPLICATE = "duplicate"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of an event; `session_id` is None while no class is known for its meeting and time.

    `trouble` is what went wrong after the event was stored; the sender need not know, the log should.
    """

    outcome: Outcome
    session_id: str | None
    event_id: str
    trouble: Exception | None = None


@dataclass(frozen=True)
class FileEvidence:
    """Store an event in one commit, then fold it if a class is known for it. Whom we forgot is stored under a pseudonym.

    Once stored, nothing that follows can fail the request: what is not folded here is pending, and the tick folds it.
    """

    evidence: EvidenceLog
    in_room: ClassesInRoom
    queue: FoldQueue | None
    disguise: Pseudonymise

    def __call__(self, fact: Evidence) -> Filing:
        """File one event; raises `Unavailable` when it could not be stored, so that the sender tries again."""
        (fact,) = self.disguise([fact])
        filed = self.evidence.file(fact)
        held, trouble = None, None
        try:
            in_room = self.in_room(fact.room, fact.at)
            held = class_at(fact.at, in_room)
            if in_room and filed is Filed.NEW and self.queue is not None:
                self.queue.add(fact)
        except Exception as caught:  # noqa: BLE001 - the event is stored: no failure may make the sender think otherwise
            trouble = caught
        outcome = Outcome.SUCCESS if held else Outcome.PENDING
        if filed is not Filed.NEW:
            outcome = Outcome.DUPLICATE
        return Filing(outcome, held.session_id if held else None, fact.event_id or fact.evidence_id, trouble)
