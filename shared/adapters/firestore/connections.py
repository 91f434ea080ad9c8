"""Refusals of Google's and Zoom's services in Firestore: `connections`, one document for each that stands."""

from datetime import datetime

from google.api_core import exceptions
from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import HOW, reachable
from shared.adapters.firestore.versions import read
from shared.domain.ids import stable_id
from shared.ports import ConnectionTrouble

MOST_SHOWN = 200


class FirestoreConnections:
    """Fulfils the port `Connections`."""

    def __init__(self, client: firestore.Client) -> None:
        self._troubles = client.collection("connections")

    def refused(self, service: str, subject: str, title: str, remedy: str, at: datetime) -> None:
        """See the port."""
        document = self._troubles.document(_id(service, subject))
        trouble = ConnectionTrouble(service, subject, title, remedy, at, at)
        try:
            with reachable():
                document.create(_fields(trouble), **HOW)
        except exceptions.AlreadyExists:
            with reachable():
                snapshot = document.get(**HOW)
                known = read(ConnectionTrouble, snapshot) if snapshot.exists else trouble
                since = known.since if known.title == title else at
                document.set(_fields(ConnectionTrouble(service, subject, title, remedy, since, at)), **HOW)

    def works(self, service: str, subject: str) -> None:
        """See the port."""
        with reachable():
            self._troubles.document(_id(service, subject)).delete(**HOW)

    def troubles(self) -> tuple[ConnectionTrouble, ...]:
        """See the port."""
        with reachable():
            found = [read(ConnectionTrouble, one) for one in self._troubles.limit(MOST_SHOWN).stream(**HOW)]
        return tuple(sorted(found, key=lambda one: (one.service, one.subject)))


def _id(service: str, subject: str) -> str:
    return stable_id("connection", service, subject)


def _fields(trouble: ConnectionTrouble) -> dict[str, object]:
    return {"v": BODY_VERSION, "body": body_of(trouble)}
