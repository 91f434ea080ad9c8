"""What was paid, in Firestore: `payments`, one document for each payment, written once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import addresses_in
from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.writes import Commits
from shared.domain.errors import NotFound, Unavailable
from shared.domain.ids import is_id
from shared.domain.payments import Payment
from shared.ports import Page, Sleep

RESUMES = 5


class FirestorePayments:
    """Fulfils the port `Payments`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._payments = client.collection("payments")

    def add(self, payment: Payment) -> Payment:
        """See the port; after a lost reply the one that was stored is this one."""
        batch = self._commits.batch()
        batch.create(f"payments/{payment.payment_id}", _fields_of(payment))
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            snapshot = self._snapshot(payment.payment_id)
            if snapshot is None:
                raise
            return _payment_in(snapshot)
        return payment

    def of_party(self, party: str) -> tuple[Payment, ...]:
        """See the port."""
        query: Any = self._payments.where(filter=FieldFilter("party", "==", party))
        with reachable():
            found = [_payment_in(snapshot) for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT)]
        return tuple(sorted(found, key=lambda each: (each.received_at, each.payment_id)))

    def page(self, party: str | None, limit: int, token: str | None) -> Page[Payment]:
        """See the port; the token is the id of the last payment of the page before."""
        query: Any = self._payments
        if party is not None:
            query = query.where(filter=FieldFilter("party", "==", party))
        query = query.order_by("received_at", direction=firestore.Query.DESCENDING).limit(limit + 1)
        if token is not None:
            last = self._snapshot(token)
            if last is None:
                raise NotFound("No such page; start again without page_token.")
            query = query.start_after(last)
        with reachable():
            found = [_payment_in(snapshot) for snapshot in query.stream(**HOW)]
        return Page(tuple(found[:limit]), found[limit - 1].payment_id if len(found) > limit else None)

    def stream(self, received_from: datetime | None, received_before: datetime | None) -> Iterator[Payment]:
        """See the port; a stream that is cut off goes on after the last payment it gave."""
        last = None
        for _ in range(RESUMES):
            query = self._between(received_from, received_before)
            query = query.start_after(last) if last is not None else query
            try:
                for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT):
                    last = snapshot
                    yield _payment_in(snapshot)
            except (exceptions.ServiceUnavailable, exceptions.DeadlineExceeded, exceptions.Aborted):
                continue
            return
        raise Unavailable("The database broke off the list again and again; ask for a shorter time.")

    def _between(self, received_from: datetime | None, received_before: datetime | None) -> Any:  # noqa: ANN401 - a query
        query: Any = self._payments
        for operator, value in ((">=", received_from), ("<", received_before)):
            if value is not None:
                query = query.where(filter=FieldFilter("received_at", operator, value))
        return query.order_by("received_at")

    def _snapshot(self, payment_id: str) -> Any:  # noqa: ANN401 - a snapshot of the client library
        if not is_id(payment_id):
            return None
        with reachable():
            snapshot = self._payments.document(payment_id).get(**HOW)
        return snapshot if snapshot.exists else None


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
    return value_of(Payment, snapshot.get("body"))
