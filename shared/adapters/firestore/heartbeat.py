"""When something last happened, in Firestore: documents `system/<name>`, as `system/tick` for the monitor's last run."""

import json
from collections.abc import Mapping
from datetime import datetime

from google.cloud import firestore

from shared.adapters.firestore.store import HOW, reachable


class FirestoreHeartbeat:
    """Fulfils the port `Heartbeat`. A later run replaces an earlier one; two that overlap may come in any order."""

    def __init__(self, client: firestore.Client, name: str = "tick") -> None:
        self._last = client.collection("system").document(name)

    def beat(self, ran_at: datetime, summary: Mapping[str, int]) -> None:
        """See the port."""
        with reachable():
            self._last.set({"ran_at": ran_at, "summary": json.dumps(dict(summary))}, **HOW)

    def last(self) -> tuple[datetime, Mapping[str, int]] | None:
        """See the port."""
        with reachable():
            snapshot = self._last.get(**HOW)
        if not snapshot.exists:
            return None
        ran_at = datetime.fromisoformat(snapshot.get("ran_at").isoformat())
        return ran_at, json.loads(snapshot.get("summary"))
