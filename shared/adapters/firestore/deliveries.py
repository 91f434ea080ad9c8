"""Messages to the outside in Firestore: `deliveries`, one document for each event and target."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.lists import page_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Batch, Commits, version_of
from shared.domain.errors import Stale
from shared.domain.ids import is_id
from shared.domain.messages import Delivery, DeliveryState
from shared.ports import Page, Sleep, Versioned

TRIES = 4


class FirestoreDeliveries:
    """Fulfils the port `Deliveries`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._deliveries = client.collection("deliveries")

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """See the port."""
        for _ in range(TRIES):
            missing = missing_of(self._client, deliveries)
            if not missing:
                return
            batch = self._commits.batch()
            put_new(batch, missing)
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                continue
            return
        raise Stale("The messages are being written by others at this moment; try again.")

    def get(self, delivery_id: str) -> Versioned[Delivery] | None:
        """See the port."""
        if not is_id(delivery_id):
            return None
        with reachable():
            snapshot = self._deliveries.document(delivery_id).get(**HOW)
        return Versioned(_delivery_in(snapshot), version_of(snapshot)) if snapshot.exists else None

    def due(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """See the port."""
        query: Any = self._deliveries.where(filter=FieldFilter("next_at", "<=", now)).order_by("next_at").limit(limit)
        with reachable():
            return tuple(_delivery_in(snapshot) for snapshot in query.stream(**HOW))

    def page(self, state: DeliveryState | None, limit: int, token: str | None) -> Page[Delivery]:
        """See the port; the token is the id of the last delivery of the page before."""
        query: Any = self._deliveries
        if state is not None:
            query = query.where(filter=FieldFilter("state", "==", state.value))
        query = query.order_by("created_at", direction=firestore.Query.DESCENDING)
        return page_of(self._deliveries, query, limit, token, _delivery_in)

    def save(self, before: Versioned[Delivery], after: Delivery) -> Versioned[Delivery] | None:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch = self._commits.batch()
        batch.swap(f"deliveries/{after.delivery_id}", delivery_document(after), before.version)
        try:
            (version,) = self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.delivery_id)
            return stored if stored is not None and stored.value == after else None
        return Versioned(after, version)


def missing_of(client: firestore.Client, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those among these deliveries that are not stored yet, each once."""
    distinct = {each.delivery_id: each for each in deliveries}
    if not distinct:
        return []
    collection = client.collection("deliveries")
    with reachable():
        found = client.get_all([collection.document(i) for i in distinct], field_paths=["state"], **HOW)
        stored = {snapshot.id for snapshot in found if snapshot.exists}
    return [each for each in distinct.values() if each.delivery_id not in stored]


def put_new(batch: Batch, deliveries: Iterable[Delivery]) -> None:
    """Add new deliveries to a commit."""
    for each in deliveries:
        batch.create(f"deliveries/{each.delivery_id}", delivery_document(each))


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """One delivery as a document: what queries use, whom it tells of, and the body."""
    return {
        "v": BODY_VERSION,
        "state": delivery.state.value,
        "next_at": delivery.next_at,
        "created_at": delivery.created_at,
        "closed_at": delivery.closed_at,
        "people": delivery.people,
        "body": body_of(delivery),
    }


def _delivery_in(snapshot: Any) -> Delivery:  # noqa: ANN401 - a snapshot of the client library
    return read(Delivery, snapshot)
