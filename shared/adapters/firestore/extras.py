"""Ad hoc charges and packages in Firestore: `extras`, one row for each, which stays when it is billed or taken back.

So a row that is told again after it was billed is not charged again.
"""

from collections.abc import Mapping
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import EXTRAS, HELD, WAITING, WITHDRAWN
from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.billing_ports import AdHoc
from shared.domain.errors import Stale
from shared.domain.ids import stable_id
from shared.domain.packages import Package
from shared.ports import Sleep

TRIES = 4


class FirestoreExtras:
    """Fulfils the port `Extras`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._rows = client.collection(EXTRAS)

    def add(self, ad_hoc: AdHoc) -> bool:
        """See the port; after a lost reply the row seems to have been there before, which is as good: it is the same."""
        batch = self._commits.batch()
        batch.create(f"{EXTRAS}/{extra_id_of(ad_hoc.ad_hoc_id)}", _fields_of(ad_hoc))
        try:
            self._commits.send(batch)
        except exceptions.AlreadyExists:
            return False
        return True

    def waiting(self, party: str | None) -> tuple[AdHoc, ...]:
        """See the port."""
        query = self._of(party).where(filter=FieldFilter("state", "==", WAITING))
        found = [read(AdHoc, snapshot) for snapshot in self._run(query)]
        return tuple(sorted(found, key=lambda each: (each.at, each.ad_hoc_id)))

    def withdraw(self, ad_hoc_id: str) -> bool:
        """See the port; who loses against a document that takes the row sees it by reading again."""
        for _ in range(TRIES):
            with reachable():
                snapshot = self._rows.document(extra_id_of(ad_hoc_id)).get(**HOW)
            if not is_waiting(snapshot):
                return snapshot.exists and snapshot.get("state") == WITHDRAWN
            batch = self._commits.batch()
            batch.merge(f"{EXTRAS}/{snapshot.id}", {"state": WITHDRAWN}, version_of(snapshot))
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                continue
            return True
        raise Stale("The charge is being changed by somebody else; look at it again.")

    def packages(self, party: str | None) -> tuple[Package, ...]:
        """See the port."""
        query = self._of(party).where(filter=FieldFilter("is_package", "==", True))
        rows = [each for each in self._run(query) if each.get("state") != WITHDRAWN]
        found = [each.package for row in rows if (each := read(AdHoc, row)).package is not None]
        return tuple(sorted(found, key=lambda package: (package.bought_at, package.package_id)))

    def _of(self, party: str | None) -> Any:  # noqa: ANN401 - a query of the client library
        return self._rows if party is None else self._rows.where(filter=FieldFilter("party", "==", party))

    def _run(self, query: Any) -> list[Any]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return list(query.stream(**HOW))


def extra_id_of(ad_hoc_id: str) -> str:
    """The id of a row's document."""
    return stable_id("extra", ad_hoc_id)


def is_waiting(snapshot: Any) -> bool:  # noqa: ANN401 - a snapshot of the client library
    """Whether a row is there and no document holds it yet."""
    return bool(snapshot.exists) and snapshot.get("state") == WAITING


def held_by(document_id: str) -> Mapping[str, str]:
    """What changes in a row when a document takes it."""
    return {"state": HELD, "document_id": document_id}


def _fields_of(ad_hoc: AdHoc) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "party": ad_hoc.party,
        "state": WAITING,
        "is_package": ad_hoc.package is not None,
        "at": ad_hoc.at,
        "body": body_of(ad_hoc),
    }
