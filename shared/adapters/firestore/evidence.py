"""The evidence log in Firestore.

`evidence` holds the facts, only added; `pending` which of them are not folded yet; `conflicts` second tellings of one id;
`quarantine` what could not be understood.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Batch, Commits
from shared.domain.errors import Unavailable
from shared.domain.evidence import Evidence
from shared.domain.ids import stable_id
from shared.ports import Filed, Sleep

FOLD_GRACE = timedelta(seconds=30)
TRIES = 4


class FirestoreEvidence:
    """Fulfils the port `EvidenceLog`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._facts = client.collection("evidence")
        self._pending = client.collection("pending")
        self._conflicts = client.collection("conflicts")
        self._quarantine = client.collection("quarantine")

    def file(self, fact: Evidence) -> Filed:
        """See the port; the happy path is one commit, a repetition costs one read more."""
        body = body_of(fact)
        batch = self._commits.batch()
        put_fact(batch, fact, body, pending=True)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self._known(fact, body)
        return Filed.NEW

    def record(self, facts: Sequence[Evidence], *, pending: bool) -> int:
        """See the port; facts that are there already are found by one read for each batch."""
        distinct = {fact.evidence_id: fact for fact in facts}
        size = MOST_WRITES // 2 if pending else MOST_WRITES
        ids = list(distinct)
        return sum(
            self._record([distinct[i] for i in ids[first : first + size]], pending=pending) for first in range(0, len(ids), size)
        )

    def quarantine(self, raw: bytes, why: str, received_at: datetime) -> str:
        """See the port."""
        raw_id = stable_id("raw", raw.hex())
        try:
            with reachable():
                self._quarantine.document(raw_id).create({"raw": raw, "why": why, "received_at": received_at}, **HOW)
        except exceptions.AlreadyExists:
            return raw_id
        return raw_id

    def in_room(self, room: str, start_from: datetime, end_before: datetime) -> tuple[Evidence, ...]:
        """See the port."""
        query = (
            self._facts.where(filter=FieldFilter("room", "==", room))
            .where(filter=FieldFilter("at", ">=", start_from))
            .where(filter=FieldFilter("at", "<", end_before))
            .order_by("at")
        )
        return self._run(query)

    def pending_in(self, room: str) -> tuple[Evidence, ...]:
        """See the port."""
        return self._noted(self._pending.where(filter=FieldFilter("room", "==", room)))

    def pending_due(self, now: datetime, limit: int) -> tuple[Evidence, ...]:
        """See the port."""
        query = self._pending.where(filter=FieldFilter("due_at", "<=", now)).order_by("due_at").limit(limit)
        return self._noted(query)

    def shelve(self, facts: Sequence[Evidence]) -> None:
        """See the port; one that was folded meanwhile is gone, and stays gone."""
        self._due_again(facts, firestore.DELETE_FIELD)

    def postpone(self, facts: Sequence[Evidence], until: datetime) -> None:
        """See the port; one that was folded meanwhile is gone, and stays gone."""
        self._due_again(facts, until)

    def erase(self, facts: Sequence[Evidence]) -> None:
        """See the port."""
        for first in range(0, len(facts), MOST_WRITES // 2):
            batch, some = self._commits.batch(), facts[first : first + MOST_WRITES // 2]
            for fact_id in {fact.evidence_id: None for fact in some}:
                batch.delete(f"evidence/{fact_id}")
            forget(batch, some)
            self._commits.send(batch)

    def _due_again(self, facts: Sequence[Evidence], due_at: object) -> None:
        for fact in facts:
            try:
                with reachable():
                    self._pending.document(fact.evidence_id).update({"due_at": due_at}, **HOW)
            except exceptions.NotFound:
                continue

    def folded(self, facts: Sequence[Evidence]) -> None:
        """See the port."""
        for first in range(0, len(facts), MOST_WRITES):
            batch = self._commits.batch()
            forget(batch, facts[first : first + MOST_WRITES])
            self._commits.send(batch)

    def _record(self, facts: Sequence[Evidence], *, pending: bool) -> int:
        for _ in range(TRIES):
            known = self._stored({fact.evidence_id for fact in facts})
            missing = [fact for fact in facts if fact.evidence_id not in known]
            if not missing:
                return 0
            batch = self._commits.batch()
            for fact in missing:
                put_fact(batch, fact, body_of(fact), pending=pending)
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                continue
            return len(missing)
        raise Unavailable("The evidence is being written by others at this moment; try again.")

    def _stored(self, fact_ids: set[str]) -> set[str]:
        with reachable():
            found = self._client.get_all([self._facts.document(i) for i in fact_ids], field_paths=["room"], **HOW)
            return {snapshot.id for snapshot in found if snapshot.exists}

    def _known(self, fact: Evidence, body: str) -> Filed:
        """What an id that is taken means: our own lost reply, a repetition, or another telling under the same id."""
        with reachable():
            snapshot = self._facts.document(fact.evidence_id).get(**HOW)
        if not snapshot.exists:
            raise Unavailable("The event could not be stored; send it again.")
        stored = read(Evidence, snapshot)
        if stored == fact:
            return Filed.NEW
        if stored.told == fact.told:
            return Filed.DUPLICATE
        document = {"v": BODY_VERSION, "evidence_id": fact.evidence_id, "body": body}
        with reachable():
            self._conflicts.document(stable_id("conflict", fact.evidence_id, fact.told)).set(document, **HOW)
        return Filed.CONFLICT

    def _noted(self, query: Any) -> tuple[Evidence, ...]:  # noqa: ANN401 - a query of the client library
        """The facts that pending notes name; a note says where a fact lies, so that ingest writes each body once."""
        with reachable():
            ids = [snapshot.id for snapshot in query.stream(**HOW)]
            found = self._client.get_all([self._facts.document(fact_id) for fact_id in ids], **HOW) if ids else ()
            facts = {snapshot.id: read(Evidence, snapshot) for snapshot in found if snapshot.exists}
        return tuple(facts[fact_id] for fact_id in ids if fact_id in facts)

    def _run(self, query: Any) -> tuple[Evidence, ...]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return tuple(read(Evidence, snapshot) for snapshot in query.stream(**HOW))


def forget(batch: Batch, facts: Iterable[Evidence]) -> None:
    """Put the removal of pending notes into a batch."""
    for fact_id in {fact.evidence_id: None for fact in facts}:
        batch.delete(f"pending/{fact_id}")


def put_fact(batch: Batch, fact: Evidence, body: str, *, pending: bool) -> None:
    """Put a new fact into a batch; with `pending` also the note that no session holds it yet."""
    fact_id = fact.evidence_id
    batch.create(f"evidence/{fact_id}", {"v": BODY_VERSION, "room": fact.room, "at": fact.at, "body": body})
    if pending:
        batch.create(f"pending/{fact_id}", {"room": fact.room, "due_at": fact.received_at + FOLD_GRACE})
