"""Which link was given out for which document, in Firestore: `card_links`, one document for each. Nobody is named in it."""

from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.codec import BODY_VERSION
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.writes import Commits, version_of
from shared.card_ports import CardLink
from shared.domain.ids import stable_id
from shared.domain.money import Money
from shared.ports import Sleep, Versioned


class FirestoreCardLinks:
    """Fulfils the port `CardLinks`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._links = client.collection("card_links")

    def get(self, document_id: str) -> Versioned[CardLink] | None:
        """See the port."""
        with reachable():
            snapshot = self._links.document(_id_of(document_id)).get(**HOW)
        return Versioned(_link_in(snapshot), version_of(snapshot)) if snapshot.exists else None

    def save(self, before: Versioned[CardLink] | None, after: CardLink) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch, path = self._commits.batch(), f"card_links/{_id_of(after.document_id)}"
        if before is None:
            batch.create(path, _fields_of(after))
        else:
            batch.swap(path, _fields_of(after), before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.document_id)
            return stored is not None and stored.value == after
        return True


def _id_of(document_id: str) -> str:
    return stable_id("card_link", document_id)


def _fields_of(link: CardLink) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "document_id": link.document_id,
        "link_id": link.link_id,
        "url": link.url,
        "amount_minor": link.amount.amount_minor,
        "currency": link.amount.currency,
        "nth": link.nth,
    }


def _link_in(snapshot: Any) -> CardLink:  # noqa: ANN401 - a snapshot of the client library
    amount = Money(snapshot.get("amount_minor"), snapshot.get("currency"))
    return CardLink(snapshot.get("document_id"), snapshot.get("link_id"), snapshot.get("url"), amount, snapshot.get("nth"))
