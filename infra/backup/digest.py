"""What a database holds, in a few lines: how many documents of a collection, a hash of what they say, and whether the books hold.

Two databases with the same digest hold the same, byte for byte, but for when each document was written.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.lists import streamed
from shared.adapters.firestore.store import HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.versions import read
from shared.billing_ports import Tail
from shared.domain.invoices import broken_links
from shared.ports import Sleep

# What restoring notes for itself; it is no part of what is backed up.
NOTE = "restores"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection's number of documents and the hash of all of them in the order of their names."""

    documents: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything of a database. `broken` names what is wrong with the books; nothing when every chain is whole."""

    collections: Mapping[str, Collection]
    broken: Sequence[str] = ()

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return sum(each.documents for each in self.collections.values())

    def told(self) -> dict[str, Any]:
        """For a file."""
        return {"collections": {name: asdict(each) for name, each in self.collections.items()}, "broken": list(self.broken)}

    def against(self, other: "Digest") -> list[str]:
        """In what the two differ, a line for each collection; nothing when they hold the same."""
        found = []
        for name in sorted({*self.collections, *other.collections}):
            mine, theirs = self.collections.get(name), other.collections.get(name)
            if mine != theirs:
                counts = [each.documents if each else 0 for each in (mine, theirs)]
                kind = f"{counts[0]} documents here, {counts[1]} there" if counts[0] != counts[1] else "other contents"
                found.append(f"{name}: {kind}")
        return found


def digest_in(told: Mapping[str, Any]) -> Digest:
    """What `Digest.told` wrote."""
    return Digest({name: Collection(**each) for name, each in told["collections"].items()}, tuple(told["broken"]))


def digest_of(client: firestore.Client, sleep: Sleep, at: datetime | None = None) -> Digest:
    """Read everything, as it was at an instant of the last hour or, with point-in-time recovery, of the last seven days.

    Raises `Unavailable`; costs one read for each document.
    """
    with reachable():
        names = sorted({collection.id for collection in client.collections(**HOW)} - {NOTE})
    collections = {}
    for name in names:
        hashed, count = hashlib.sha256(), 0
        for document_id, fields in _documents(client, name, at):
            hashed.update(json.dumps([document_id, plain(fields)], sort_keys=True, ensure_ascii=False).encode())
            count += 1
        if not count:
            continue
        collections[name] = Collection(count, hashed.hexdigest())
    return Digest(collections, tuple(broken_books(client, sleep)))


def broken_books(client: firestore.Client, sleep: Sleep) -> Iterator[str]:
    """What is wrong with what was issued: documents that changed or are missing, and numbers that are."""
    ledger, issued = FirestoreLedger(client, sleep), 0
    for tail in streamed(client.collection("tails").order_by("__name__"), lambda snapshot: read(Tail, snapshot)):
        documents = ledger.of_party(tail.party)
        issued += len(documents)
        yield from (f"The document {number} does not say what it said when it was issued." for number in broken_links(documents))
        last = documents[-1].content_hash if documents else ""
        if (len(documents), last) != (tail.documents, tail.last_hash):
            yield f"Of a party's {tail.documents} documents {len(documents)} are there, or the last one is another."
    numbered = sum(counter.get("seq") for counter in client.collection("counters").stream(**HOW))
    if issued > numbered:
        yield f"{issued} documents are there, but only {numbered} numbers were given."


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """A stored value as JSON, with its type where JSON has none for it."""
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, Mapping):
        return {"map": {name: plain(item) for name, item in value.items()}}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _documents(client: firestore.Client, name: str, at: datetime | None) -> Iterator[tuple[str, Mapping[str, object]]]:
    query: Any = client.collection(name).order_by("__name__")
    if at is None:
        yield from streamed(query, lambda snapshot: (snapshot.id, snapshot.to_dict()))
        return
    with reachable():
        for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT, read_time=at):
            yield snapshot.id, snapshot.to_dict()
