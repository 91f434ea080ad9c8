"""Who stands behind an account or a name, in Firestore: `identities`, one document for each."""

from collections.abc import Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, MOST_WRITES, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.errors import Stale
from shared.domain.identities import Identity, IdentityKind, Word, identity_id_of
from shared.domain.ids import is_id
from shared.ports import Sleep

TRIES = 8


class FirestoreIdentities:
    """Fulfils the port `Identities`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._commits = Commits(client, sleep)
        self._identities = client.collection("identities")

    def get_many(self, wanted: Sequence[tuple[IdentityKind, str]]) -> tuple[Identity, ...]:
        """See the port."""
        ids = list(dict.fromkeys(identity_id_of(kind, key) for kind, key in wanted))
        if not ids:
            return ()
        with reachable():
            found = self._client.get_all([self._identities.document(each) for each in ids], **HOW)
            identities = {snapshot.id: read(Identity, snapshot) for snapshot in found if snapshot.exists}
        return tuple(identities[each] for each in ids if each in identities)

    def tell(self, kind: IdentityKind, key: str, word: Word) -> Identity:
        """See the port: words are added by compare-and-swap, so that nobody's is lost."""
        path = identity_id_of(kind, key)
        for attempt in range(TRIES):
            with reachable():
                snapshot = self._identities.document(path).get(**HOW)
            before = read(Identity, snapshot) if snapshot.exists else Identity(kind, key)
            after = before.with_word(word)
            if after is before:
                return before
            batch = self._commits.batch()
            if snapshot.exists:
                batch.swap(f"identities/{path}", _document(after), version_of(snapshot))
            else:
                batch.create(f"identities/{path}", _document(after))
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                self._sleep(0.02 * 2**attempt)
                continue
            return after
        raise Stale("Who this is was being changed by others again and again; try again.")

    def of_person(self, email: str) -> tuple[Identity, ...]:
        """See the port."""
        query: Any = self._identities.where(filter=FieldFilter("emails", "array_contains", email))
        with reachable():
            found = [read(Identity, snapshot) for snapshot in query.stream(**HOW)]
        return tuple(sorted(found, key=lambda each: each.identity_id))

    def erase(self, identity_ids: Sequence[str]) -> None:
        """See the port."""
        known = [each for each in dict.fromkeys(identity_ids) if is_id(each)]
        for first in range(0, len(known), MOST_WRITES):
            batch = self._commits.batch()
            for each in known[first : first + MOST_WRITES]:
                batch.delete(f"identities/{each}")
            self._commits.send(batch)


def _document(identity: Identity) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "kind": identity.kind.value,
        "emails": sorted({word.email for word in identity.words}),
        "body": body_of(identity),
    }
