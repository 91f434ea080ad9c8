"""What was paid, in Firestore: `payments`, one document for each payment, written once with its note for the outbox."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import addresses_in
from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.lists import of_parties, page_of, snapshot_of, streamed
from shared.adapters.firestore.outbox import outbox_document
from shared.adapters.firestore.store import AMBIGUOUS, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.bills_told import note_of_payment
from shared.domain.payments import Payment
from shared.ports import Page, Sleep


class FirestorePayments:
    """Fulfils the port `Payments`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._payments = client.collection("payments")

    def add(self, payment: Payment) -> Payment:
        """See the port; after a lost reply the one that was stored is this one."""
        batch = self._commits.batch()
        batch.create(f"payments/{payment.payment_id}", _fields_of(payment))
        batch.set(*outbox_document(note_of_payment(payment)))
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            snapshot = snapshot_of(self._payments, payment.payment_id)
            if snapshot is None:
                raise
            return _payment_in(snapshot)
        return payment

    def get(self, payment_id: str) -> Payment | None:
        """See the port."""
        snapshot = snapshot_of(self._payments, payment_id)
        return _payment_in(snapshot) if snapshot is not None else None

    def of_party(self, party: str) -> tuple[Payment, ...]:
        """See the port."""
        query: Any = self._payments.where(filter=FieldFilter("party", "==", party))
        with reachable():
            found = [_payment_in(snapshot) for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT)]
        return tuple(sorted(found, key=lambda each: (each.received_at, each.payment_id)))

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Payment, ...]]:
        """See the port."""
        every = [_payment_in(snapshot) for snapshot in of_parties(self._payments, parties)]
        found: dict[str, list[Payment]] = {}
        for payment in sorted(every, key=lambda each: (each.received_at, each.payment_id)):
            found.setdefault(payment.party, []).append(payment)
        return {party: tuple(payments) for party, payments in found.items()}

    def page(self, party: str | None, limit: int, token: str | None) -> Page[Payment]:
        """See the port; the token is the id of the last payment of the page before."""
        query: Any = self._payments
        if party is not None:
            query = query.where(filter=FieldFilter("party", "==", party))
        query = query.order_by("received_at", direction=firestore.Query.DESCENDING)
        return page_of(self._payments, query, limit, token, _payment_in)

    def stream(self, received_from: datetime | None, received_before: datetime | None) -> Iterator[Payment]:
        """See the port; a stream that is cut off goes on after the last payment it gave."""
        return streamed(self._between(received_from, received_before), _payment_in)

    def _between(self, received_from: datetime | None, received_before: datetime | None) -> Any:  # noqa: ANN401 - a query
        query: Any = self._payments
        for operator, value in ((">=", received_from), ("<", received_before)):
            if value is not None:
                query = query.where(filter=FieldFilter("received_at", operator, value))
        return query.order_by("received_at")


def _fields_of(payment: Payment) -> dict[str, Any]:
    body = body_of(payment)
    return {
        "v": BODY_VERSION,
        "party": payment.party,
        "received_at": payment.received_at,
        "people": addresses_in(body),
        "body": body,
    }


def _payment_in(snapshot: Any) -> Payment:  # noqa: ANN401 - a snapshot of the client library
    return read(Payment, snapshot)
