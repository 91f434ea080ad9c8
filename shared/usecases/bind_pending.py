"""Giving facts that came before their class was known to the class that has appeared."""

from dataclasses import dataclass

from shared.domain.errors import Stale, Unavailable
from shared.ports import EvidenceLog
from shared.usecases.fold_evidence import FoldEvidence


@dataclass(frozen=True)
class BindPending:
    """Fold what is pending in a room. What cannot be folded right now stays pending, and the tick goes on with it."""

    evidence: EvidenceLog
    fold: FoldEvidence

    def __call__(self, room: str) -> int:
        """How many facts found a class."""
        try:
            facts = self.evidence.pending_in(room)
            return self.fold(facts) if facts else 0
        except (Stale, Unavailable):
            return 0
