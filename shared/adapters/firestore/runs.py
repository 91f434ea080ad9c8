"""What runs were to issue, in Firestore: `runs`, a head for each period and paper, and the drafts of its last start in parts.

A start writes its parts first and the head last, so that whoever finds the head finds all parts of that start.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.store import HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.billing_ports import PlannedDraft, Run, run_id_of
from shared.domain.ids import stable_id
from shared.ports import Sleep

# As many drafts as stay far below the store's limit of a document.
PART = 2000
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of a run's drafts."""

    drafts: tuple[PlannedDraft, ...]


class FirestoreRuns:
    """Fulfils the port `Runs`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._client = client
        self._runs = client.collection("runs")

    def get(self, run_id: str) -> Run | None:
        """See the port."""
        with reachable():
            head = self._runs.document(run_id).get(**HOW)
        if not head.exists:
            return None
        run, count = read(Run, head), head.get("parts")
        wanted = [self._runs.document(_part_id(run_id, run.started_at, number)) for number in range(count)]
        with reachable():
            found = {each.id: each for each in self._client.get_all(wanted, **HOW)} if wanted else {}
        parts = [value_of(_Part, found[each.id].get("body")) for each in wanted if found[each.id].exists]
        return replace(run, drafts=tuple(draft for part in parts for draft in part.drafts))

    def put(self, run: Run) -> None:
        """See the port; told again it says the same."""
        run_id = run_id_of(run.paper, run.period_from, run.period_to)
        parts = [run.drafts[first : first + PART] for first in range(0, len(run.drafts), PART)]
        for number, drafts in enumerate(parts):
            self._write(_part_id(run_id, run.started_at, number), run.started_at, {"body": body_of(_Part(drafts))})
        self._write(run_id, run.started_at, {"parts": len(parts), "body": body_of(replace(run, drafts=()))})

    def _write(self, document_id: str, started_at: datetime, fields: dict[str, Any]) -> None:
        batch = self._commits.batch()
        batch.set(f"runs/{document_id}", {"v": BODY_VERSION, "expire_at": started_at + KEPT, **fields})
        self._commits.send(batch)


def _part_id(run_id: str, started_at: datetime, number: int) -> str:
    return stable_id("run_part", run_id, started_at.isoformat(), str(number))
