"""Who read whose attendance, in Firestore: `access_log`, only added."""

from contextlib import suppress
from datetime import UTC
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.lists import page_of
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits
from shared.domain.ids import stable_id
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
        query = query.order_by("at", direction=firestore.Query.DESCENDING)
        return page_of(self._readings, query, limit, token, lambda snapshot: read(Access, snapshot))


def _id(access: Access) -> str:
    minute = access.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return stable_id("access", access.by, access.role, access.what, access.about, minute, access.why or "")
