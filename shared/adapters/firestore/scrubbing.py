"""Taking one person out of one Firestore document, whatever it is: compare-and-swap, and again where somebody else wrote."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.books import EXTRAS, KEPT, WITHDRAWN, Books
from shared.adapters.firestore.codec import BODY_VERSION, body_of, value_of
from shared.adapters.firestore.parties import fields_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.billing_ports import Party
from shared.domain.directory import person_id_of
from shared.domain.errors import Stale
from shared.domain.evidence import Evidence
from shared.domain.ids import stable_id
from shared.domain.presence import Heard, heard_key
from shared.domain.rulings import Ruling
from shared.domain.sessions import Session
from shared.domain.subjects import Disguise
from shared.ports import Sleep

TRIES = 8
# Documents that are about one person or a message as it came: nothing of them is left when the person goes.
DELETED = frozenset(
    {"user_sessions", "user_session_slots", "conflicts", "quarantine", "warnings", "deliveries", "channels", "connections"}
)
# Lists that the person leaves; elsewhere the pseudonym takes the place, because time and money hang on it.
LEFT = frozenset({"people", "courses"})
# Here names are told apart by whom they belong to; a namesake's stays.
BY_PERSON = frozenset({"attendance", "review", "classes"})


class Scrubber:
    """Puts the pseudonym where a document names the person, or deletes the document."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._commits = Commits(client, sleep)
        self._books = Books(client)
        self._sleep = sleep

    def __call__(self, collection: str, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        """One document as it was read; answers whether there was anything to change.

        Raises `Stale` when others keep writing it, and `Unavailable`.
        """
        for attempt in range(TRIES):
            try:
                with reachable():
                    return self._rewrite(collection, snapshot, disguise)
            except AMBIGUOUS:
                self._sleep(0.01 * 2**attempt)
                with reachable():
                    snapshot = snapshot.reference.get(**HOW)
                if not snapshot.exists:
                    return True
        raise Stale("A document was changed by others again and again while a person was taken out of it; ask again.")

    def _rewrite(self, collection: str, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        if collection in KEPT:
            return False
        email = disguise.subject.email
        is_own_extra = collection == EXTRAS and snapshot.get("party") == email
        if is_own_extra and snapshot.get("state") != WITHDRAWN:
            return False
        is_own = collection == "people" and snapshot.id == person_id_of(email)
        if is_own or is_own_extra or collection in DELETED:
            snapshot.reference.delete(**HOW)
            return True
        if collection == "evidence":
            return self._fact(snapshot, disguise)
        if collection == "sessions":
            return self._session(snapshot, disguise)
        if collection == "identities":
            return self._identity(snapshot, disguise)
        if collection == "parties":
            return self._party(snapshot, disguise)
        return self._document(collection, snapshot, disguise)

    def _fact(self, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        """The fact under the id that it has as the pseudonym's, in one commit with the note that it is not folded yet.

        An id that is a function of the address would know the person, and let the same fact come in a second time.
        """
        before = read(Evidence, snapshot)
        fact = disguise.fact(before)
        if fact == before:
            return False
        fields = {"v": BODY_VERSION, "room": fact.room, "at": fact.at, "body": body_of(fact)}
        batch = self._commits.batch()
        if snapshot.id == fact.evidence_id:
            batch.merge(f"evidence/{snapshot.id}", {"body": fields["body"]}, version_of(snapshot))
        else:
            note = self._client.collection("pending").document(snapshot.id).get(**HOW)
            batch.set(f"evidence/{fact.evidence_id}", fields)
            batch.delete(f"evidence/{snapshot.id}")
            if note.exists:
                batch.set(f"pending/{fact.evidence_id}", note.to_dict() or {})
                batch.delete(f"pending/{snapshot.id}")
        self._commits.send(batch)
        return True

    def _session(self, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        told = [value_of(Heard, body) for body in snapshot.get("heard").values()]
        heard = {heard_key(each.source, each.connection): each for each in told}
        before = replace(read(Session, snapshot), heard=heard)
        session = disguise.session(before)
        if session == before:
            return False
        fields = {stable_id("heard", key): body_of(each) for key, each in session.heard.items()}
        batch = self._commits.batch()
        changes = {
            "rev": snapshot.get("rev") + 1,
            "heard": {f"h{name}": body for name, body in fields.items()},
            "body": body_of(replace(session, heard={}, rev=0)),
        }
        batch.merge(f"sessions/{snapshot.id}", changes, version_of(snapshot))
        self._commits.send(batch)
        return True

    def _identity(self, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        """What was told of others stays; an identity of nobody else goes."""
        body = json.loads(snapshot.get("body"))
        others = [word for word in body["words"] if word["email"] != disguise.subject.email]
        if not others or body["key"] in disguise.subject.refs:
            snapshot.reference.delete(**HOW)
            return True
        kept = {**snapshot.to_dict(), "body": json.dumps({**body, "words": others}, ensure_ascii=False, separators=(",", ":"))}
        return self._update(snapshot, {name: _without(value, disguise, is_left=True) for name, value in kept.items()})

    def _party(self, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        """The person is nobody's student any more; of a party that is the person itself stays what its books need."""
        before, email = read(Party, snapshot), disguise.subject.email
        if before.email == email and not self._books.are_kept(email):
            snapshot.reference.delete(**HOW)
            return True
        if email not in before.students:
            return False
        students = tuple(each for each in before.students if each != email)
        batch = self._commits.batch()
        after = replace(before, students=students, rev=before.rev + 1)
        batch.swap(f"parties/{snapshot.id}", fields_of(after), version_of(snapshot))
        self._commits.send(batch)
        return True

    def _document(self, collection: str, snapshot: Any, disguise: Disguise) -> bool:  # noqa: ANN401 - a snapshot
        fields = snapshot.to_dict()
        if collection == "rulings":
            before = value_of(Ruling, fields["body"])
            after = disguise.ruling(before)
            moved = {before.about: after.about, before.value: after.value} if before.value else {before.about: after.about}
            fields = {name: moved.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}
            fields["body"] = body_of(after)
        has_names, is_left = collection not in BY_PERSON, collection in LEFT
        told = {name: _without(value, disguise, has_names=has_names, is_left=is_left) for name, value in fields.items()}
        return self._update(snapshot, told)

    def _update(self, snapshot: Any, after: Mapping[str, object]) -> bool:  # noqa: ANN401 - a snapshot
        before = snapshot.to_dict()
        changes = {
            self._client.field_path(name): firestore.DELETE_FIELD if value is None else value
            for name, value in after.items()
            if value != before.get(name)
        }
        if changes:
            option = self._client.write_option(last_update_time=snapshot.update_time)
            snapshot.reference.update(changes, option=option, **HOW)
        return bool(changes)


def _without(value: object, disguise: Disguise, *, has_names: bool = False, is_left: bool = False) -> object:
    """A field without the person; text that is JSON is changed inside, so that it stays JSON."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            told = json.loads(value)
        except ValueError:
            return disguise.text(value, names=has_names)
        return json.dumps(disguise.value(told, names=has_names, drop=is_left), ensure_ascii=False, separators=(",", ":"))
    return disguise.value(value, names=has_names, drop=is_left)
