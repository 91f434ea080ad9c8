"""The outbox in Firestore: `outbox`, one document for each thing that somebody outside may have to be told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import body_of
from shared.adapters.firestore.store import HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import newest, read
from shared.adapters.firestore.writes import Commits
from shared.domain.messages import OutboxRow
from shared.ports import Sleep


class FirestoreOutbox:
    """Fulfils the port `Outbox`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._rows = client.collection("outbox")

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """See the port."""
        batch = self._commits.batch()
        for row in rows:
            batch.set(*outbox_document(row))
        self._commits.send(batch)

    def due(self, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """See the port."""
        query: Any = self._rows.where(filter=FieldFilter("due_at", "<=", now)).order_by("due_at").limit(limit)
        with reachable():
            return tuple(read(OutboxRow, snapshot) for snapshot in query.stream(**HOW))

    def done(self, rows: Sequence[OutboxRow]) -> None:
        """See the port."""
        for first in range(0, len(rows), MOST_WRITES):
            batch = self._commits.batch()
            for row in rows[first : first + MOST_WRITES]:
                batch.delete(f"outbox/{row.row_id}")
            self._commits.send(batch)


def outbox_document(row: OutboxRow) -> tuple[str, dict[str, Any]]:
    """The path and the fields of a row, for the commit of what it is about: `batch.set(*outbox_document(row))`."""
    fields = {"v": newest("outbox"), "about": row.about, "due_at": row.due_at, "body": body_of(row)}
    return f"outbox/{row.row_id}", fields
