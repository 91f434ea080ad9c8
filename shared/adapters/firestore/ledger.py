"""What was issued, in Firestore: `documents`, created once; `tails`, the end of each party's; `counters`, the last of each paper.

A document is stored in one commit with its party's tail and its paper's counter, both swapped at the version that was read, and
with the note that the outside is to be told. So a process that dies leaves all of it or nothing, and no number is left out.
Whoever lost tells by reading whom it lost to.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import EXTRAS, addresses_in, tail_id_of
from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.extras import extra_id_of, held_by, is_waiting
from shared.adapters.firestore.lists import of_parties, page_of, snapshot_of, streamed
from shared.adapters.firestore.outbox import outbox_document
from shared.adapters.firestore.store import AMBIGUOUS, HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Batch, Commits, version_of
from shared.billing_ports import PREFIXES, AdHoc, DocumentFilter, Tail, document_id_of
from shared.domain.bills_told import note_of_document
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, number_of, sealed
from shared.ports import Page, Sleep, Versioned

# How often a number is asked for, and the seconds between: as many issue at once as there are workers, and one wins each time.
TRIES = 100
WAIT_S, LONGEST_WAIT_S = 0.02, 0.25
# Firestore holds 1 MiB in a document, with its indexed fields.
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an attempt stands on: the counter and its version, None where nothing was issued yet, and the rows' versions."""

    seq: int
    counter: Any
    spent: Mapping[str, Any]


class FirestoreLedger:
    """Fulfils the port `Ledger`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._commits = Commits(client, sleep)
        self._documents = client.collection("documents")
        self._tails = client.collection("tails")

    def tail(self, party: str) -> Versioned[Tail] | None:
        """See the port."""
        with reachable():
            snapshot = self._tails.document(tail_id_of(party)).get(**HOW)
        return Versioned(read(Tail, snapshot), version_of(snapshot)) if snapshot.exists else None

    def of_party(self, party: str) -> tuple[Document, ...]:
        """See the port; documents stand in the order in which they were chained."""
        query: Any = self._documents.where(filter=FieldFilter("party", "==", party))
        with reachable():
            found = sorted(query.stream(retry=RETRY, timeout=STREAM_TIMEOUT), key=lambda each: each.get("place"))
        return tuple(_document_in(snapshot) for snapshot in found)

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Document, ...]]:
        """See the port."""
        found: dict[str, list[Document]] = {}
        for snapshot in sorted(of_parties(self._documents, parties), key=lambda each: each.get("place")):
            document = _document_in(snapshot)
            found.setdefault(document.party, []).append(document)
        return {party: tuple(documents) for party, documents in found.items()}

    def issue(self, tail: Versioned[Tail] | None, document: Document, spent: Sequence[AdHoc]) -> Document | None:
        """See the port; what seems refused is read: it was ours, or somebody was faster at the tail, or only at the number."""
        end = tail.value if tail is not None else Tail(document.party)
        wanted = replace(document, document_id=document_id_of(document.party, document.paper, end.documents))
        for attempt in range(TRIES):
            seen = self._seen(wanted, spent)
            if seen is None:
                return self._stored_as(wanted)
            issued = _numbered(wanted, seen.seq, end)
            try:
                self._commits.send(self._batch(tail, issued, seen))
            except AMBIGUOUS as trouble:
                if (now := self._stored_as(wanted)) is not None or self._is_behind(tail, document.party):
                    return now
                if isinstance(trouble, exceptions.InvalidArgument):
                    raise
                self._sleep(min(WAIT_S * (attempt + 1), LONGEST_WAIT_S))
                continue
            return issued
        raise Unavailable("Too many documents are issued at once right now; try again in a moment.")

    def get(self, document_id: str) -> Document | None:
        """See the port."""
        snapshot = snapshot_of(self._documents, document_id)
        return _document_in(snapshot) if snapshot is not None else None

    def page(self, wanted: DocumentFilter, limit: int, token: str | None) -> Page[Document]:
        """See the port; the token is the id of the last document of the page before."""
        return page_of(self._documents, self._matching(wanted), limit, token, _document_in)

    def stream(self, wanted: DocumentFilter) -> Iterator[Document]:
        """See the port; a stream that is cut off goes on after the last document it gave."""
        return streamed(self._matching(wanted), _document_in)

    def parties_with_makeups(self, good_from: datetime) -> frozenset[str]:
        """See the port; nothing but the addresses is read of the documents."""
        query: Any = self._documents.where(filter=FieldFilter("makeups_until", ">", good_from)).select(["party"])
        with reachable():
            return frozenset(snapshot.get("party") for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT))

    def _seen(self, document: Document, spent: Sequence[AdHoc]) -> _Seen | None:
        """The counter of the paper and the rows to spend as they are now; None when any of these waits no more."""
        counter = self._client.collection("counters").document(stable_id("counter", document.paper))
        rows = [self._client.collection(EXTRAS).document(extra_id_of(each.ad_hoc_id)) for each in spent]
        with reachable():
            found = {snapshot.id: snapshot for snapshot in self._client.get_all([counter, *rows], **HOW)}
        if not all(is_waiting(found[row.id]) for row in rows):
            return None
        last = found[counter.id]
        versions = {row.id: version_of(found[row.id]) for row in rows}
        return _Seen(last.get("seq"), version_of(last), versions) if last.exists else _Seen(0, None, versions)

    def _batch(self, tail: Versioned[Tail] | None, issued: Document, seen: _Seen) -> Batch:
        end = tail.value if tail is not None else Tail(issued.party)
        after = Tail(issued.party, end.documents + 1, issued.content_hash, end.rev + 1)
        tail_path, counter_path = f"tails/{tail_id_of(issued.party)}", f"counters/{stable_id('counter', issued.paper)}"
        tail_fields = {"v": BODY_VERSION, "party": issued.party, "issued_at": issued.issued_at, "body": body_of(after)}
        counter_fields = {"v": BODY_VERSION, "paper": issued.paper, "seq": issued.seq}
        batch = self._commits.batch()
        batch.create(f"documents/{issued.document_id}", _fields_of(issued, end.documents))
        for path, fields, version in (
            (tail_path, tail_fields, tail.version if tail is not None else None),
            (counter_path, counter_fields, seen.counter),
        ):
            if version is None:
                batch.create(path, fields)
            else:
                batch.swap(path, fields, version)
        for row_id, version in seen.spent.items():
            batch.merge(f"{EXTRAS}/{row_id}", held_by(issued.document_id), version)
        batch.set(*outbox_document(note_of_document(issued)))
        return batch

    def _stored_as(self, document: Document) -> Document | None:
        """What is stored under the document's id, if it says the same: then it was us, or a twin of us."""
        stored = self.get(document.document_id)
        if stored is None:
            return None
        told = replace(document, number=stored.number, seq=stored.seq, previous_hash=stored.previous_hash)
        return stored if replace(told, content_hash=stored.content_hash) == stored else None

    def _is_behind(self, tail: Versioned[Tail] | None, party: str) -> bool:
        """Whether somebody else issued to the party since."""
        now = self.tail(party)
        return (now.version if now else None) != (tail.version if tail else None)

    def _matching(self, wanted: DocumentFilter) -> Any:  # noqa: ANN401 - a query of the client library
        query: Any = self._documents
        if wanted.person is not None:
            query = query.where(filter=FieldFilter("persons", "array_contains", wanted.person))
        for name, operator, value in (
            ("party", "==", wanted.party),
            ("paper", "==", wanted.paper),
            ("issued_at", ">=", wanted.issued_from),
            ("issued_at", "<", wanted.issued_before),
            ("due_at", ">=", wanted.due_from),
            ("due_at", "<", wanted.due_before),
        ):
            if value is not None:
                query = query.where(filter=FieldFilter(name, operator, value))
        if wanted.is_by_due:
            return query.order_by("due_at")
        return query.order_by("issued_at", direction=firestore.Query.DESCENDING)


def _numbered(document: Document, last_seq: int, end: Tail) -> Document:
    seq = last_seq + 1
    number = number_of(document.paper, seq, PREFIXES)
    return sealed(replace(document, number=number, seq=seq, previous_hash=end.last_hash))


def _fields_of(document: Document, place: int) -> dict[str, Any]:
    """A document as it is stored; `people` are all whose address stands in it, so that each is told what names them."""
    body = body_of(document)
    persons = sorted({line.person for line in document.lines if line.person is not None})
    people = addresses_in(body)
    if sum(len(text.encode()) for text in (body, *persons, *people)) > MOST_BYTES:
        raise InvalidInput("lines", f"{len(document.lines)} lines are too many for one document; issue them in several.")
    return {
        "v": BODY_VERSION,
        "party": document.party,
        "paper": document.paper,
        "place": place,
        "issued_at": document.issued_at,
        "due_at": document.due_at,
        "makeups_until": max((line.makeup_until for line in document.lines if line.makeup_until is not None), default=None),
        "persons": persons,
        "people": people,
        "body": body,
    }


def _document_in(snapshot: Any) -> Document:  # noqa: ANN401 - a snapshot of the client library
    return read(Document, snapshot)
