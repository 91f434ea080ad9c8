"""Retention in Firestore: deletes what has outlived its time, oldest first, some of each kind at a time.

A class goes last, after its session, rows, cards and rulings, so that a run that is cut off is taken up by the next one. Facts
go when no class is left that they could belong to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.classes import FirestoreClasses
from shared.adapters.firestore.old_books import PATIENCE, OldBooks
from shared.adapters.firestore.store import HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Evidence
from shared.domain.rooms import classes_touched
from shared.ports import Sleep

AROUND = timedelta(hours=36)
KEEP_USER_SESSIONS = timedelta(days=30)
KEEP_SENT = timedelta(days=30)
KEEP_BOOKS = timedelta(days=3653)
LONGEST_REGISTRATION = timedelta(hours=12)
OF_A_SESSION = ("attendance", "review", "rulings")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept: attendance after its class, messages as they came after they did.

    `books` is how long a party's documents and payments are, after the last of them; never shorter than attendance, because
    what was billed would be billed again.
    """

    attendance: timedelta
    raw: timedelta
    books: timedelta = KEEP_BOOKS


class FirestoreExpired:
    """Fulfils the port `Expired`."""

    def __init__(self, client: firestore.Client, sleep: Sleep, keeping: Keeping) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._classes = FirestoreClasses(client, sleep)
        self._keeping = keeping
        self._books = OldBooks(client, self._commits, self._delete)

    def sweep(self, now: datetime, limit: int) -> Mapping[str, int]:
        """See the port."""
        keep = self._keeping
        counts = {"classes": self._old_classes(now - keep.attendance, limit)}
        counts["evidence"] = self._old_facts(now - keep.attendance, limit)
        for collection, instant, before in (
            ("access_log", "at", now - keep.attendance),
            ("warnings", "raised_at", now - keep.attendance),
            ("quarantine", "received_at", now - keep.raw),
            ("quotas", "expire_at", now),
            ("live", "expire_at", now),
            ("runs", "expire_at", now),
        ):
            counts[collection] = self._delete(self._before(collection, instant, before, limit))
        counts["conflicts"] = self._old_conflicts(now - keep.raw, limit)
        counts["user_sessions"] = self._old_registrations(now - KEEP_USER_SESSIONS, limit)
        counts["deliveries"] = self._sent(now - KEEP_SENT, limit)
        counts["books"] = self._books.sweep(now - max(keep.books, keep.attendance), limit)
        return counts

    def _old_classes(self, before: datetime, limit: int) -> int:
        """Classes that ended before then and need nothing more, with all that was drawn of them."""
        query = self._client.collection("classes").where(filter=FieldFilter("start_at", "<", before))
        done = 0
        for snapshot in self._run(query.order_by("start_at").limit(PATIENCE * limit)):
            held = read(ScheduledClass, snapshot)
            if held.end_at < before and _is_settled(held):
                self._delete_class(held)
                done += 1
            if done == limit:
                break
        return done

    def _delete_class(self, held: ScheduledClass) -> None:
        for collection in OF_A_SESSION:
            query = self._client.collection(collection).where(filter=FieldFilter("session_id", "==", held.session_id))
            self._delete(self._run(query.select([])))
        requests = self._client.collection("requests").where(filter=FieldFilter("class_ids", "array_contains", held.class_id))
        self._delete(self._run(requests.select([])))
        batch = self._commits.batch()
        batch.delete(f"sessions/{held.session_id}")
        batch.delete(f"classes/{held.class_id}")
        self._commits.send(batch)

    def _old_facts(self, before: datetime, limit: int) -> int:
        """Facts that no class can claim any more, and the notes that they are not folded."""
        gone, looked = list[Any](), dict[tuple[str, object], tuple[ScheduledClass, ...]]()
        for snapshot in self._before("evidence", "at", before, PATIENCE * limit):
            fact = read(Evidence, snapshot)
            key = (fact.room, fact.at.date())
            if key not in looked:
                looked[key] = self._classes.in_room(fact.room, fact.at - 2 * AROUND, fact.at + 2 * AROUND)
            if not classes_touched(fact.at, looked[key]):
                gone.append(snapshot)
        return self._delete(gone[:limit], "pending")

    def _old_conflicts(self, before: datetime, limit: int) -> int:
        """Second tellings; there are few, and their time stands in their bodies alone."""
        found = self._run(self._client.collection("conflicts"))
        gone = [each for each in found if read(Evidence, each).received_at < before]
        return self._delete(gone[:limit])

    def _old_registrations(self, before: datetime, limit: int) -> int:
        """Registrations that were over by then: they last twelve hours at most."""
        return self._delete(self._before("user_sessions", "joined_at", before - LONGEST_REGISTRATION, limit))

    def _sent(self, before: datetime, limit: int) -> int:
        return self._delete(self._before("deliveries", "closed_at", before, limit))

    def _before(self, collection: str, instant: str, before: datetime, limit: int) -> list[Any]:
        query = self._client.collection(collection).where(filter=FieldFilter(instant, "<", before))
        return self._run(query.order_by(instant).limit(limit))

    def _run(self, query: Any) -> list[Any]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return list(query.stream(**HOW))

    def _delete(self, snapshots: Iterable[Any], *beside: str) -> int:
        """These documents, and those of the same ids in the collections `beside`."""
        gone = list(snapshots)
        size = MOST_WRITES // (1 + len(beside))
        for first in range(0, len(gone), size):
            batch = self._commits.batch()
            for snapshot in gone[first : first + size]:
                batch.delete("/".join(snapshot.reference.path.split("/")[-2:]))
                for collection in beside:
                    batch.delete(f"{collection}/{snapshot.id}")
            self._commits.send(batch)
        return len(gone)


def _is_settled(held: ScheduledClass) -> bool:
    """Whether nothing will be read or done about the class any more."""
    return held.status is Status.CANCELLED or held.is_settled or (held.status is Status.COMPLETED and held.due_at is None)
