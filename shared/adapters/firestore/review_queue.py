"""The review queue in Firestore: `review`, the cards that shared/adapters/firestore/sessions.py writes with their session."""

from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.lists import page_of, snapshot_of
from shared.adapters.firestore.versions import read
from shared.domain.review import ReviewCard
from shared.people_ports import CardFilter
from shared.ports import Page


class FirestoreReviewQueue:
    """Fulfils the port `ReviewQueue`."""

    def __init__(self, client: firestore.Client) -> None:
        self._cards = client.collection("review")

    def get(self, card_id: str) -> ReviewCard | None:
        """See the port."""
        snapshot = snapshot_of(self._cards, card_id)
        return _card_in(snapshot) if snapshot is not None else None

    def page(self, wanted: CardFilter, limit: int, token: str | None) -> Page[ReviewCard]:
        """See the port; the token is the id of the last card of the page before."""
        query: Any = self._cards
        if wanted.teacher_email is not None:
            query = query.where(filter=FieldFilter("teachers", "array_contains", wanted.teacher_email))
        for name in ("is_open", "kind", "session_id"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(filter=FieldFilter(name, "==", value))
        query = query.order_by("start_at", direction=firestore.Query.DESCENDING)
        return page_of(self._cards, query, limit, token, _card_in)


def _card_in(snapshot: Any) -> ReviewCard:  # noqa: ANN401 - a snapshot of the client library
    return read(ReviewCard, snapshot)
