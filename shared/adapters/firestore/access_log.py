"""Who read whose attendance, in Firestore: `access_log`, only added."""

from contextlib import suppress
from datetime import UTC
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.store import HOW, reachable
from shared.adapters.firestore.writes import Commits
from shared.domain.errors import NotFound
from shared.domain.ids import is_id, stable_id
from shared.people_ports import Access
from shared.ports import Page, Sleep

REMEMBERED = 4096


class FirestoreAccessLog:
    """Fulfils the port `AccessLog`. What this process has noted in the same minute is not written again."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._readings = client.collection("access_log")
        self._noted: dict[str, None] = {}

    def note(self, access: Access) -> None:
        """See the port."""
        reading_id = _id(access)
        if reading_id in self._noted:
            return
        batch = self._commits.batch()
        fields = {"v": BODY_VERSION, "by": access.by, "about": access.about, "at": access.at, "body": body_of(access)}
        batch.create(f"access_log/{reading_id}", fields)
        with suppress(exceptions.AlreadyExists):
            self._commits.send(batch)
        if len(self._noted) >= REMEMBERED:
            self._noted.clear()
        self._noted[reading_id] = None

    def page(self, about: str | None, by: str | None, limit: int, token: str | None) -> Page[Access]:
        """See the port; the token is the id of the last reading of the page before."""
        query: Any = self._readings
        for name, value in (("about", about), ("by", by)):
            if value is not None:
                query = query.where(filter=FieldFilter(name, "==", value))
        query = query.order_by("at", direction=firestore.Query.DESCENDING).limit(limit + 1)
        if token is not None:
            query = query.start_after(self._cursor(token))
        with reachable():
            found = list(query.stream(**HOW))
        items = tuple(value_of(Access, snapshot.get("body")) for snapshot in found[:limit])
        return Page(items, found[limit - 1].id if len(found) > limit else None)

    def _cursor(self, token: str) -> Any:  # noqa: ANN401 - a snapshot of the client library
        if is_id(token):
            with reachable():
                snapshot = self._readings.document(token).get(**HOW)
            if snapshot.exists:
                return snapshot
        raise NotFound("No such page; start again without page_token.")


def _id(access: Access) -> str:
    minute = access.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return stable_id("access", access.by, access.role, access.what, access.about, minute, access.why or "")
