"""The directory in Firestore: `people`, one document for each address."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.directory import Person, person_id_of
from shared.domain.errors import NotFound
from shared.domain.ids import is_id
from shared.people_ports import PersonFilter
from shared.ports import Page, Sleep, Versioned


class FirestorePeople:
    """Fulfils the port `People`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._people = client.collection("people")

    def get(self, email: str) -> Versioned[Person] | None:
        """See the port."""
        return self.by_id(person_id_of(email))

    def by_id(self, person_id: str) -> Versioned[Person] | None:
        """See the port."""
        if not is_id(person_id):
            return None
        with reachable():
            snapshot = self._people.document(person_id).get(**HOW)
        return Versioned(read(Person, snapshot), version_of(snapshot)) if snapshot.exists else None

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Person]:
        """See the port."""
        wanted = list(dict.fromkeys(emails))
        if not wanted:
            return {}
        with reachable():
            found = self._client.get_all([self._people.document(person_id_of(email)) for email in wanted], **HOW)
            people = [read(Person, snapshot) for snapshot in found if snapshot.exists]
        return {person.email: person for person in people}

    def page(self, wanted: PersonFilter, limit: int, token: str | None) -> Page[Person]:
        """See the port; the token is the id of the last person of the page before."""
        query: Any = self._people
        if wanted.role is not None:
            query = query.where(filter=FieldFilter("roles", "array_contains", wanted.role.value))
        if wanted.guardian_email is not None and wanted.role is None:
            query = query.where(filter=FieldFilter("guardians", "array_contains", wanted.guardian_email))
        query = query.order_by("email").limit(limit + 1)
        if token is not None:
            last = self.by_id(token)
            if last is None:
                raise NotFound("No such page; start again without page_token.")
            query = query.start_after({"email": last.value.email})
        with reachable():
            found = [read(Person, snapshot) for snapshot in query.stream(**HOW)]
        # Firestore asks one list for one thing only: the other is looked for here, so that such a page may be shorter.
        kept = (p for p in found[:limit] if wanted.guardian_email is None or wanted.guardian_email in p.guardian_emails)
        return Page(tuple(kept), found[limit - 1].person_id if len(found) > limit else None)

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        batch = self._commits.batch()
        for before, after in changes:
            path = f"people/{after.person_id}"
            if before is None:
                batch.create(path, _document(after))
            else:
                batch.swap(path, _document(after), before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get_many([after.email for _, after in changes])
            return all(stored.get(after.email) == after for _, after in changes)
        return True

    def delete(self, email: str, before: Versioned[Person] | None = None) -> bool:
        """See the port."""
        batch = self._commits.batch()
        batch.delete(f"people/{person_id_of(email)}", before.version if before else None)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            return self.get(email) is None
        return True


def _document(person: Person) -> dict[str, Any]:
    return {
        "v": BODY_VERSION,
        "email": person.email,
        "roles": [role.value for role in person.roles],
        "guardians": list(person.guardian_emails),
        "body": body_of(person),
    }
