"""What people decided about sessions, in Firestore: `rulings`, one document for each decision, written once."""

from collections.abc import Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.errors import Stale
from shared.domain.ids import is_id
from shared.domain.rulings import Ruling
from shared.ports import Sleep

TRIES = 4


class FirestoreRulings:
    """Fulfils the port `Rulings`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._rulings = client.collection("rulings")

    def get(self, ruling_id: str) -> Ruling | None:
        """See the port."""
        if not is_id(ruling_id):
            return None
        with reachable():
            snapshot = self._rulings.document(ruling_id).get(**HOW)
        return read(Ruling, snapshot) if snapshot.exists else None

    def of_session(self, session_id: str) -> tuple[Ruling, ...]:
        """See the port."""
        return self._where("session_id", session_id) if is_id(session_id) else ()

    def about(self, about: str) -> tuple[Ruling, ...]:
        """See the port."""
        return self._where("about", about)

    def add(self, rulings: Sequence[Ruling]) -> None:
        """See the port: where some are stored already, by us or by a twin of us, the others are stored without them."""
        missing = {ruling.ruling_id: ruling for ruling in rulings}
        for _ in range(TRIES):
            if not missing:
                return
            batch = self._commits.batch()
            for ruling_id, ruling in missing.items():
                batch.create(f"rulings/{ruling_id}", _document(ruling))
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                for ruling_id in self._stored(list(missing)):
                    del missing[ruling_id]
                continue
            return
        raise Stale("The decisions could not be stored; nothing was decided, so send them again.")

    def erase(self, ruling_ids: Sequence[str]) -> None:
        """See the port."""
        wanted = [each for each in ruling_ids if is_id(each)]
        for start in range(0, len(wanted), MOST_WRITES):
            batch = self._commits.batch()
            for ruling_id in wanted[start : start + MOST_WRITES]:
                batch.delete(f"rulings/{ruling_id}")
            self._commits.send(batch)

    def _stored(self, ruling_ids: Sequence[str]) -> tuple[str, ...]:
        with reachable():
            found = self._client.get_all([self._rulings.document(each) for each in ruling_ids], **HOW)
            return tuple(snapshot.id for snapshot in found if snapshot.exists)

    def _where(self, name: str, value: str) -> tuple[Ruling, ...]:
        query: Any = self._rulings.where(filter=FieldFilter(name, "==", value))
        with reachable():
            found = [read(Ruling, snapshot) for snapshot in query.stream(**HOW)]
        return tuple(sorted(found, key=lambda ruling: (ruling.at, ruling.ruling_id)))


def _document(ruling: Ruling) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "session_id": ruling.session_id,
        "about": ruling.about,
        "at": ruling.at,
        "body": body_of(ruling),
    }
