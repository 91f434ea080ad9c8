"""Who pays and who is paid, in Firestore: `parties`, one document for each address."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.billing_ports import Party
from shared.domain.errors import NotFound
from shared.domain.ids import is_id, stable_id
from shared.ports import Page, Sleep, Versioned

# How many addresses one question by `array_contains_any` may name.
MOST_NAMED = 30


class FirestoreParties:
    """Fulfils the port `Parties`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._parties = client.collection("parties")

    def get(self, email: str) -> Versioned[Party] | None:
        """See the port."""
        return self._by_id(party_id_of(email))

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Party]:
        """See the port."""
        wanted = list(dict.fromkeys(emails))
        if not wanted:
            return {}
        with reachable():
            found = self._client.get_all([self._parties.document(party_id_of(email)) for email in wanted], **HOW)
            parties = [_party_in(snapshot) for snapshot in found if snapshot.exists]
        return {party.email: party for party in parties}

    def of_students(self, students: Sequence[str]) -> Mapping[str, Party]:
        """See the port."""
        wanted = list(dict.fromkeys(students))
        found: dict[str, Party] = {}
        for first in range(0, len(wanted), MOST_NAMED):
            named = FieldFilter("students", "array_contains_any", wanted[first : first + MOST_NAMED])
            found |= {party.email: party for party in self._run(self._parties.where(filter=named))}
        payers = {student: found[email] for email in sorted(found, reverse=True) for student in found[email].students}
        return {student: payers[student] for student in wanted if student in payers}

    def page(self, limit: int, token: str | None) -> Page[Party]:
        """See the port; the token is the id of the last party of the page before."""
        query: Any = self._parties.order_by("email").limit(limit + 1)
        if token is not None:
            last = self._by_id(token)
            if last is None:
                raise NotFound("No such page; start again without page_token.")
            query = query.start_after({"email": last.value.email})
        found = self._run(query)
        return Page(tuple(found[:limit]), party_id_of(found[limit - 1].email) if len(found) > limit else None)

    def save(self, before: Versioned[Party] | None, after: Party) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch, path = self._commits.batch(), f"parties/{party_id_of(after.email)}"
        if before is None:
            batch.create(path, fields_of(after))
        else:
            batch.swap(path, fields_of(after), before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.email)
            return stored is not None and stored.value == after
        return True

    def _by_id(self, party_id: str) -> Versioned[Party] | None:
        if not is_id(party_id):
            return None
        with reachable():
            snapshot = self._parties.document(party_id).get(**HOW)
        return Versioned(_party_in(snapshot), version_of(snapshot)) if snapshot.exists else None

    def _run(self, query: Any) -> list[Party]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return [_party_in(snapshot) for snapshot in query.stream(**HOW)]


def party_id_of(email: str) -> str:
    """The id of a party's document."""
    return stable_id("party", email)


def fields_of(party: Party) -> dict[str, Any]:
    """A party as it is stored."""
    return {"v": BODY_VERSION, "email": party.email, "students": list(party.students), "body": body_of(party)}


def _party_in(snapshot: Any) -> Party:  # noqa: ANN401 - a snapshot of the client library
    return read(Party, snapshot)
