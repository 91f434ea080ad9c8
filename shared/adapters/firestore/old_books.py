"""Retention of books in Firestore: a party's documents, payments and rows go together when the last of them is old.

A party to which something was issued is found by the end of its ledger. One to which nothing ever was is found by its payments
and rows, the oldest first; as the oldest of all may be of parties whose books stay, a run goes on where the one before came to
(`sweeps`), and from the beginning again after the last.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import EXTRAS, tail_id_of
from shared.adapters.firestore.codec import BODY_VERSION
from shared.adapters.firestore.extras import is_waiting
from shared.adapters.firestore.store import HOW, reachable
from shared.adapters.firestore.writes import Commits

# How many documents are looked at for each that is deleted, where some of the oldest must stay.
MOST_NAMED = 30
PATIENCE = 4

Delete = Callable[[Iterable[Any]], int]
"""Deletes the documents of these snapshots, and answers with their number."""


class OldBooks:
    """Deletes the books of parties of whom nothing is young enough to keep them."""

    def __init__(self, client: firestore.Client, commits: Commits, delete: Delete) -> None:
        self._client = client
        self._commits = commits
        self._delete = delete

    def sweep(self, before: datetime, limit: int) -> int:
        """Delete the books of at most `limit` parties; answers how many there were."""
        done = self._of_documents(before, limit)
        return done + self._without_documents(before, limit - done) if done < limit else done

    def _of_documents(self, before: datetime, limit: int) -> int:
        """Parties to which nothing was issued, and which paid nothing, since then; whole, because their documents are chained."""
        done = 0
        query = self._client.collection("tails").where(filter=FieldFilter("issued_at", "<", before))
        for tail in self._run(query.order_by("issued_at").limit(PATIENCE * limit)):
            if done < limit and self._are_old(tail.get("party"), before):
                self._forget(tail.get("party"))
                self._delete([tail])
                done += 1
        return done

    def _without_documents(self, before: datetime, limit: int) -> int:
        """The same of parties to which nothing was ever issued: they paid, or were charged and it was withdrawn."""
        found: dict[str, None] = {}
        for collection, instant in (("payments", "received_at"), (EXTRAS, "at")):
            found |= dict.fromkeys(each.get("party") for each in self._next(collection, instant, before, PATIENCE * limit))
        tails = [self._client.collection("tails").document(tail_id_of(party)) for party in found]
        with reachable():
            issued = {each.get("party") for each in self._client.get_all(tails, **HOW) if each.exists} if tails else set()
        done = 0
        for party in found:
            if done < limit and party not in issued and self._are_old(party, before):
                self._forget(party)
                done += 1
        return done

    def _next(self, collection: str, instant: str, before: datetime, limit: int) -> list[Any]:
        """The next old ones after those of the run before; the place is kept only while there are more."""
        place = self._client.collection("sweeps").document(collection)
        with reachable():
            last = place.get(**HOW)
        query: Any = self._client.collection(collection).where(filter=FieldFilter(instant, "<", before))
        query = query.order_by(instant).order_by("__name__").limit(limit)
        if last.exists:
            after = self._client.collection(collection).document(last.get("document_id"))
            query = query.start_after({instant: last.get("at"), "__name__": after})
        found = self._run(query)
        batch = self._commits.batch()
        if len(found) == limit:
            end = found[-1]
            batch.set(f"sweeps/{collection}", {"v": BODY_VERSION, "at": end.get(instant), "document_id": end.id})
        else:
            batch.delete(f"sweeps/{collection}")
        if last.exists or len(found) == limit:
            self._commits.send(batch)
        return found

    def _are_old(self, party: str, before: datetime) -> bool:
        """Whether the party paid nothing since then, was charged nothing since, and no charge waits for its next document."""
        payments = self._of_party("payments", party).order_by("received_at", direction=firestore.Query.DESCENDING).limit(1)
        paid = self._run(payments)
        if paid and paid[0].get("received_at") >= before:
            return False
        extras = [each.to_dict() | {"waits": is_waiting(each)} for each in self._run(self._of_party(EXTRAS, party))]
        return not any(each["waits"] or ("at" in each and each["at"] >= before) for each in extras)

    def _forget(self, party: str) -> None:
        """Everything of the party but the end of its ledger; what it is found by goes last, for a run that is cut off."""
        people = self._client.collection("parties").where(filter=FieldFilter("email", "==", party))
        self._delete([each for each in self._run(people) if not each.get("students")])
        issued = [each.id for each in self._run(self._of_party("documents", party).select([]))]
        for first in range(0, len(issued), MOST_NAMED):
            links = FieldFilter("document_id", "in", issued[first : first + MOST_NAMED])
            self._delete(self._run(self._client.collection("card_links").where(filter=links).select([])))
        for collection in ("documents", "payments", EXTRAS):
            self._delete(self._run(self._of_party(collection, party).select([])))

    def _of_party(self, collection: str, party: str) -> Any:  # noqa: ANN401 - a query of the client library
        return self._client.collection(collection).where(filter=FieldFilter("party", "==", party))

    def _run(self, query: Any) -> list[Any]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return list(query.stream(**HOW))
