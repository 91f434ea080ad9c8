"""Small collections that are read whole and remembered for a minute."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from shared.adapters.firestore.store import HOW, reachable

T = TypeVar("T")
Monotonic = Callable[[], float]

REMEMBERED_S = 60.0


class Remembered(Generic[T]):
    """All of a collection, by `read`; `monotonic` tells seconds that only grow."""

    def __init__(self, collection: Any, read: Callable[[Any], T], monotonic: Monotonic) -> None:  # noqa: ANN401
        self._collection = collection
        self._read = read
        self._monotonic = monotonic
        self._known: tuple[float, tuple[T, ...]] | None = None

    def all(self) -> tuple[T, ...]:
        """Everything, in no order; at most a minute old."""
        asked_at, known = self._monotonic(), self._known
        if known is not None and asked_at - known[0] < REMEMBERED_S:
            return known[1]
        with reachable():
            found = tuple(self._read(snapshot) for snapshot in self._collection.stream(**HOW))
        self._known = (asked_at, found)
        return found

    def one(self, document_id: str) -> T | None:
        """One document as it is now."""
        with reachable():
            snapshot = self._collection.document(document_id).get(**HOW)
        return self._read(snapshot) if snapshot.exists else None

    def forget(self) -> None:
        """Read again when asked next."""
        self._known = None
