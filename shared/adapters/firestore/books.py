"""A party's books: what the law keeps of it. Documents and payments are never changed, whoever in them is erased.

So the party's name and postal address stay beside them, and what it still owes; everything goes together when its time is over.
"""

import re
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.store import HOW, reachable
from shared.domain.ids import stable_id

# Collections that no erasure changes: each document of them is evidence of the books, as it was written.
KEPT = frozenset({"documents", "payments", "tails"})
EXTRAS = "extras"
WAITING, HELD, WITHDRAWN = "waiting", "held", "withdrawn"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")


class Books:
    """Finds what there is of a party."""

    def __init__(self, client: firestore.Client) -> None:
        self._client = client

    def are_kept(self, party: str) -> bool:
        """Whether anything was issued to the party, or paid by it, or waits for its next document."""
        with reachable():
            if self._client.collection("tails").document(tail_id_of(party)).get(**HOW).exists:
                return True
        return bool(self._of("payments", party, 1)) or any(row.get("state") != WITHDRAWN for row in self._of(EXTRAS, party, None))

    def _of(self, collection: str, party: str, limit: int | None) -> list[Any]:
        query: Any = self._client.collection(collection).where(filter=FieldFilter("party", "==", party))
        with reachable():
            return list((query.limit(limit) if limit else query).stream(**HOW))


def tail_id_of(party: str) -> str:
    """The id of the document that holds the end of a party's ledger."""
    return stable_id("tail", party)


def addresses_in(body: str) -> list[str]:
    """All addresses that stand in a stored text, so that each is told what names them."""
    return sorted({address.lower() for address in _ADDRESS.findall(body)})
