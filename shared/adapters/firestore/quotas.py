"""Counters in fixed windows in Firestore: `quotas`, one document for each key and window, erased after `expire_at`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.errors import Unavailable
from shared.domain.ids import stable_id
from shared.people_ports import Grant
from shared.ports import NewId, Sleep

TRIES = 60
KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Counter:
    """A window as it was read: how many uses were given, who wrote last, and the version."""

    used: int
    mark: str
    version: Any


class FirestoreQuotas:
    """Fulfils the port `Quotas`.

    A lost race means that somebody else was given uses, so there are at most as many as there are grants in a window. A reply
    that is lost is told by the mark of its writer; where another one wrote over it, the uses count as given: never too many.
    """

    def __init__(self, client: firestore.Client, sleep: Sleep, new_id: NewId) -> None:
        self._quotas = client.collection("quotas")
        self._commits = Commits(client, sleep)
        self._sleep, self._new_id = sleep, new_id

    def take(self, key: str, wanted: int, limit: int, window_s: int, now: datetime) -> Grant:
        """See the port: a new window costs one write, a known one a read and a write, a spent one a read."""
        opened = int(now.timestamp()) // window_s * window_s
        resets_at = datetime.fromtimestamp(opened + window_s, UTC)
        name, mark = stable_id("quota_window", key, str(window_s), str(opened)), self._new_id()
        known: _Counter | None = None
        for attempt in range(TRIES):
            used = known.used if known else 0
            given = max(0, min(wanted, limit - used))
            if given == 0 or self._write(name, known, _fields(used + given, mark, resets_at)):
                return Grant(given, resets_at)
            known = self._read(name)
            if known is not None and known.mark == mark:
                return Grant(given, resets_at)
            self._sleep(min(0.01 * attempt, 0.1))
        raise Unavailable("Too many requests come at once; try again in a moment.")

    def _write(self, name: str, before: _Counter | None, fields: dict[str, object]) -> bool:
        batch = self._commits.batch()
        if before is None:
            batch.create(f"quotas/{name}", fields)
        else:
            batch.swap(f"quotas/{name}", fields, before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return False
        return True

    def _read(self, name: str) -> _Counter | None:
        with reachable():
            snapshot = self._quotas.document(name).get(**HOW)
        return _Counter(snapshot.get("used"), snapshot.get("mark"), version_of(snapshot)) if snapshot.exists else None


def _fields(used: int, mark: str, resets_at: datetime) -> dict[str, object]:
    return {"v": BODY_VERSION, "used": used, "mark": mark, "expire_at": resets_at + KEPT_FOR}
