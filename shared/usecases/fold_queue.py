"""Folding many events at once: one request of an instance folds what all of them brought."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from shared.domain.errors import DomainError
from shared.domain.evidence import Evidence
from shared.usecases.fold_evidence import FoldEvidence

MOST_AT_ONCE = 64
MOST_ROUNDS = 64


@dataclass(frozen=True)
class FoldQueue:
    """Each request adds its durable fact; whoever finds nobody folding folds for all until nothing is left.

    So a burst costs a few commits instead of one for each event, and two requests of one instance never fight over a session. A
    request folds for the others a bounded number of rounds; what is left then, or fails, is pending and the tick folds it.
    """

    fold: FoldEvidence
    waiting: deque[Evidence] = field(default_factory=deque)
    folding: Lock = field(default_factory=Lock)

    def add(self, fact: Evidence) -> None:
        """Fold `fact`, now or by the request that is folding already."""
        self.add_all([fact])

    def add_all(self, facts: Iterable[Evidence]) -> None:
        """Fold several facts of one request."""
        self.waiting.extend(facts)
        rounds = 0
        while self.waiting and rounds < MOST_ROUNDS and self.folding.acquire(blocking=False):
            try:
                while self.waiting and rounds < MOST_ROUNDS:
                    self._fold_some()
                    rounds += 1
            finally:
                self.folding.release()

    def _fold_some(self) -> None:
        facts = [self.waiting.popleft() for _ in range(min(len(self.waiting), MOST_AT_ONCE))]
        try:
            self.fold(facts)
        except DomainError:
            return
