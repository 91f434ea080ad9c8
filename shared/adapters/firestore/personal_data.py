"""Everything in Firestore that names a person: found by the person's classes where collections are large, else by reading all.

No document is indexed by whom its body names, so evidence, sessions and attendance are reached through the classes that the
person is in or has a row of; every other collection, also one that is new, is read whole.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.books import KEPT
from shared.adapters.firestore.classes import FirestoreClasses
from shared.adapters.firestore.evidence import FirestoreEvidence
from shared.adapters.firestore.scrubbing import Scrubber
from shared.adapters.firestore.sessions import FirestoreSessions
from shared.adapters.firestore.store import HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.versions import read
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Evidence
from shared.domain.identities import Identity, IdentityKind, plain_name
from shared.domain.ids import is_id
from shared.domain.people import people_of
from shared.domain.rooms import LATE_CLOSE, LONGEST_STAY
from shared.domain.sessions import Session
from shared.domain.subjects import Disguise, Subject, Traces, names_in
from shared.people_ports import Record, Swept
from shared.ports import AttendanceFilter, ClassFilter, Sleep

LARGE = frozenset(
    {"classes", "sessions", "attendance", "evidence", "review", "access_log", "pending", "requests", "documents", "payments"}
)
# What erasing itself stands on: digests, their key, and the erasures under way.
OWN = frozenset({"forgotten", "peppers", "erasures"})
PAGE = 300
TEXTS = ("body", "heard")


class FirestorePersonalData:
    """Fulfils the port `PersonalData`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._client = client
        self._classes = FirestoreClasses(client, sleep)
        self._sessions = FirestoreSessions(client, sleep)
        self._evidence = FirestoreEvidence(client, sleep)
        self._scrubber = Scrubber(client, sleep)

    def subject(self, email: str) -> Subject:
        """See the port: named by the directory, by identities, and by the facts that sessions hold to be theirs."""
        names: set[str] = set()
        refs: set[str] = set()
        for collection in ("people", "user_sessions", "parties"):
            for snapshot in self._read(self._client.collection(collection)):
                names |= names_in(told(snapshot), email)
        for snapshot in self._read(self._client.collection("identities")):
            _learn(snapshot, email, names, refs)
        classes = self._classes_of(email)
        subject = Subject(email, frozenset(names), frozenset(refs) - {f"email:{email}"}, tuple(classes))
        seen = [(held, found.value) for held in classes.values() if (found := self._sessions.get(held.session_id))]
        for held, session in seen:
            subject = subject.with_more(_named_in(session, held, email))
        for held in classes.values():
            subject = subject.with_more(self._named_by_facts(held, subject))
        return subject.with_more(Subject(email, lookalikes=frozenset(_lookalikes(subject, seen))))

    def of(self, subject: Subject) -> Iterator[Record]:
        """See the port."""
        traces = Traces(subject)
        for collection, snapshot in self._naming(subject, traces.are_in):
            yield Record(collection, snapshot.id, told(snapshot))

    def scrub(self, subject: Subject, pseudonym: str) -> Mapping[str, int]:
        """See the port."""
        disguise, counts = Disguise(subject, pseudonym), dict[str, int]()
        for collection, snapshot in self._naming(subject, disguise.traces.are_likely_in):
            if self._scrubber(collection, snapshot, disguise):
                counts[collection] = counts.get(collection, 0) + 1
        return counts

    def sweep(self, subject: Subject, pseudonym: str, place: str | None, limit: int) -> Swept:
        """See the port; the place is `collection/document`, in the order of names."""
        disguise, counts, touched = Disguise(subject, pseudonym), dict[str, int](), []
        first, _, last = (place or "/").partition("/")
        left = limit
        for name in sorted(self._collections() - OWN - KEPT):
            if name < first:
                continue
            after = last if name == first else ""
            page = self._page(name, after, left)
            for snapshot in page:
                if disguise.traces.are_likely_in(told(snapshot)) and self._scrubber(name, snapshot, disguise):
                    counts[name] = counts.get(name, 0) + 1
                    touched += [snapshot.id] if name == "sessions" else []
            if len(page) == left:
                return Swept(counts, tuple(touched), f"{name}/{page[-1].id}")
            left -= len(page)
        return Swept(counts, tuple(touched), None)

    def _page(self, name: str, after: str, limit: int) -> list[Any]:
        collection = self._client.collection(name)
        query = collection.order_by("__name__").limit(limit)
        query = query.start_after({"__name__": collection.document(after)}) if after else query
        with reachable():
            return list(query.stream(**HOW))

    def _naming(self, subject: Subject, is_meant: Callable[[object], bool]) -> Iterator[tuple[str, Any]]:
        """Every document that is meant, once."""
        seen = set[str]()
        for collection, snapshot in self._candidates(subject):
            path = f"{collection}/{snapshot.id}"
            if path not in seen and is_meant(told(snapshot)):
                seen.add(path)
                yield collection, snapshot

    def _candidates(self, subject: Subject) -> Iterator[tuple[str, Any]]:
        for name in sorted(self._collections() - LARGE - OWN):
            yield from ((name, snapshot) for snapshot in self._read(self._client.collection(name)))
        yield from (("evidence", snapshot) for snapshot in self._unfolded())
        known = {held.class_id: held for held in self._by_id(subject.class_ids)}
        for held in {**known, **self._classes_of(subject.email)}.values():
            yield from self._of_class(held)
        for field in ("by", "about"):
            yield from (("access_log", found) for found in self._where("access_log", field, subject.email))
        for name in ("documents", "payments"):
            query = self._client.collection(name).where(filter=FieldFilter("people", "array_contains", subject.email))
            yield from ((name, found) for found in self._read(query))

    def _of_class(self, held: ScheduledClass) -> Iterator[tuple[str, Any]]:
        """The class with all that was seen, drawn and asked about it; facts come before the session that they are folded into."""
        facts: Any = self._client.collection("evidence").where(filter=FieldFilter("room", "==", held.room or ""))
        facts = facts.where(filter=FieldFilter("at", ">=", held.start_at - LONGEST_STAY))
        facts = facts.where(filter=FieldFilter("at", "<", held.end_at + LATE_CLOSE)).order_by("at")
        if held.room is not None:
            yield from (("evidence", snapshot) for snapshot in self._read(facts))
        for collection, document_id in (("sessions", held.session_id), ("classes", held.class_id)):
            with reachable():
                snapshot = self._client.collection(collection).document(document_id).get(**HOW)
            if snapshot.exists:
                yield collection, snapshot
        for collection in ("attendance", "review"):
            yield from ((collection, found) for found in self._where(collection, "session_id", held.session_id))

    def _unfolded(self) -> Iterator[Any]:
        """The facts that no session holds yet."""
        notes = [snapshot.id for snapshot in self._read(self._client.collection("pending"))]
        facts = self._client.collection("evidence")
        for first in range(0, len(notes), PAGE):
            with reachable():
                found = list(self._client.get_all([facts.document(each) for each in notes[first : first + PAGE]], **HOW))
            yield from (snapshot for snapshot in found if snapshot.exists)

    def _classes_of(self, email: str) -> dict[str, ScheduledClass]:
        """The classes that the person is in, and those where they have a row."""
        found, token = dict[str, ScheduledClass](), None
        while True:
            page = self._classes.page(ClassFilter(person_email=email), PAGE, token)
            found |= {held.class_id: held for held in page.items}
            token = page.next_token
            if token is None:
                break
        others = {row.class_id for row in self._sessions.stream(AttendanceFilter(email=email))} - found.keys()
        return found | {held.class_id: held for held in self._by_id(sorted(others))}

    def _by_id(self, class_ids: Iterable[str]) -> Iterator[ScheduledClass]:
        wanted = [class_id for class_id in class_ids if is_id(class_id)]
        for first in range(0, len(wanted), PAGE):
            yield from (each.value for each in self._classes.versioned(wanted[first : first + PAGE]))

    def _named_by_facts(self, held: ScheduledClass, subject: Subject) -> Subject:
        """What the person called themselves in the class's room, and their place in its meeting."""
        registered = {f"zoom:registrant:{each.registrant_id}" for each in held.registrants if each.email == subject.email}
        facts: tuple[Evidence, ...] = ()
        if held.room is not None:
            facts = self._evidence.in_room(held.room, held.start_at - LONGEST_STAY, held.end_at + LATE_CLOSE)
        own = [fact.participant for fact in facts if subject.is_participant(fact.participant)]
        refs = registered | {who.ref for who in own} - {f"email:{subject.email}"}
        return Subject(subject.email, frozenset(who.display_name for who in own if who.display_name), frozenset(refs))

    def _collections(self) -> set[str]:
        with reachable():
            return {collection.id for collection in self._client.collections(**HOW)}

    def _where(self, collection: str, field: str, value: str) -> Iterator[Any]:
        return self._read(self._client.collection(collection).where(filter=FieldFilter(field, "==", value)))

    def _read(self, query: Any) -> Iterator[Any]:  # noqa: ANN401 - a query of the client library
        with reachable():
            yield from query.stream(retry=RETRY, timeout=STREAM_TIMEOUT)


def told(snapshot: Any) -> dict[str, object]:  # noqa: ANN401 - a snapshot of the client library
    """What a document says, its texts of JSON read."""
    fields: dict[str, object] = snapshot.to_dict()
    return {name: _parsed(value) if name in TEXTS else value for name, value in fields.items()}


def _parsed(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _parsed(item) for name, item in value.items()}
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _named_in(session: Session, held: ScheduledClass, email: str) -> Subject:
    """What the class's session calls the person: by its own matching, also where only a name told who it is."""
    refs = {ref for ref, address in session.identities.items() if address == email}
    names = {session.known.names[email]} if email in session.known.names else set[str]()
    for key, person in people_of(session, held).items():
        participant = session.heard[key].participant
        if person == f"email:{email}" or participant.email == email:
            refs.add(participant.ref)
            names |= {participant.display_name} if participant.display_name else set()
    return Subject(email, frozenset(names), frozenset(refs) - {f"email:{email}"})


def _lookalikes(subject: Subject, seen: Iterable[tuple[ScheduledClass, Session]]) -> Iterator[str]:
    """The refs of those whom nobody could identify and who bear the person's full name."""
    full = {plain_name(name) for name in subject.names if " " in name.strip()}
    for held, session in seen:
        for key, person in people_of(session, held).items():
            name = session.heard[key].participant.display_name
            if not person.startswith("email:") and name and plain_name(name) in full:
                yield session.heard[key].participant.ref


def _learn(snapshot: Any, email: str, names: set[str], refs: set[str]) -> None:  # noqa: ANN401 - a snapshot
    """What an identity says of the person, as long as nobody else is meant by it now."""
    identity = read(Identity, snapshot)
    if not any(word.email == email for word in identity.words):
        return
    if identity.kind is IdentityKind.NAME:
        names.add(identity.key)
    elif identity.word is None or identity.word.email == email:
        refs.add(identity.key)
