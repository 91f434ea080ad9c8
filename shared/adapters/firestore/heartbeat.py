"""The monitor's last run in Firestore: document `system/tick`."""

import json
from collections.abc import Mapping
from datetime import datetime

from google.cloud import firestore

from shared.adapters.firestore.store import HOW, reachable


class FirestoreHeartbeat:
    """Fulfils the port `Heartbeat`. A later run replaces an earlier one; two that overlap may come in any order."""

    def __init__(self, client: firestore.Client) -> None:
        self._tick = client.collection("system").document("tick")

    def beat(self, ran_at: datetime, summary: Mapping[str, int]) -> None:
        """See the port."""
        with reachable():
            self._tick.set({"ran_at": ran_at, "summary": json.dumps(dict(summary))}, **HOW)

    def last(self) -> tuple[datetime, Mapping[str, int]] | None:
        """See the port."""
        with reachable():
            snapshot = self._tick.get(**HOW)
        if not snapshot.exists:
            return None
        ran_at = datetime.fromisoformat(snapshot.get("ran_at").isoformat())
        return ran_at, json.loads(snapshot.get("summary"))
