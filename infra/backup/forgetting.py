"""Whoever was erased after a backup was taken is erased again after it is restored.

That somebody was erased is all that is left of them: keyed digests, of which nobody can read a name, and the key. So the list of
the forgotten is kept apart from the backups, and newer than they are. In what was restored every address is held against it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore

from infra.backup.digest import plain
from shared.adapters.firestore.books import addresses_in
from shared.adapters.firestore.classes import FirestoreClasses
from shared.adapters.firestore.evidence import FirestoreEvidence
from shared.adapters.firestore.forgotten import PEPPER, FirestoreErasures, FirestoreForgotten
from shared.adapters.firestore.knowledge import knowledge
from shared.adapters.firestore.lists import streamed
from shared.adapters.firestore.people import FirestorePeople
from shared.adapters.firestore.personal_data import FirestorePersonalData
from shared.adapters.firestore.sessions import FirestoreSessions
from shared.adapters.firestore.store import HOW, reachable
from shared.domain.errors import NotInThisState
from shared.ports import Clock, NewId, Sleep
from shared.usecases.erase_person import SETTLES, ErasePerson
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence

# Clocks of instances differ, and an erasure may have begun shortly before the backup and ended after it.
OVERLAP = timedelta(days=1)
ASKED_AT_ONCE = 300

ANOTHER = (
    "The restored database forgets people under another key than the list that was kept: it is no backup of the same database. "
    "Nobody was erased; give the list of the database that the backup is of."
)


class OtherKey(Exception):
    """The database's list was made with another key, so that nobody can be found by it."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The list of the forgotten: the key, and each digest with its pseudonym and when it was put on the list."""

    key: bytes | None
    digests: Mapping[str, tuple[str, datetime]]

    def told(self) -> dict[str, Any]:
        """For a file, which has to be kept as the database is: with the key, somebody's address can be held against it."""
        digests = {digest: {"pseudonym": name, "at": at.isoformat()} for digest, (name, at) in self.digests.items()}
        return {"key": self.key.hex() if self.key else None, "digests": digests}

    def with_more(self, other: "Forgotten | None") -> "Forgotten":
        """This list and another one of the same database; raises `OtherKey` when it is of another one."""
        if other is None or other.key is None:
            return self
        if self.key not in (None, other.key):
            raise OtherKey(ANOTHER)
        return Forgotten(other.key, {**self.digests, **other.digests})

    def since(self, taken_at: datetime) -> set[str]:
        """The digests that a backup of then may lack, or whose erasure it may hold unfinished."""
        return {digest for digest, (_, at) in self.digests.items() if at >= taken_at - OVERLAP}


@dataclass(frozen=True, slots=True)
class Erased:
    """How many people were erased again, and the addresses of those who could not be yet, with the reason."""

    people: int
    left: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Machine:
    """Time and chance, as `shared.system` has them."""

    now: Clock
    sleep: Sleep
    new_id: NewId
    delays: tuple[timedelta, ...]


def forgotten_in(told: Mapping[str, Any]) -> Forgotten:
    """What `Forgotten.told` wrote."""
    digests = {digest: (each["pseudonym"], datetime.fromisoformat(each["at"])) for digest, each in told["digests"].items()}
    return Forgotten(bytes.fromhex(told["key"]) if told["key"] else None, digests)


def forgotten_of(client: firestore.Client) -> Forgotten:
    """The list of a database. Raises `Unavailable`."""
    found = dict(
        streamed(
            client.collection("forgotten").order_by("__name__"),
            lambda each: (each.id, (str(each.get("pseudonym")), datetime.fromisoformat(each.get("at").isoformat()))),
        )
    )
    with reachable():
        pepper = client.collection("peppers").document(PEPPER).get(**HOW)
    return Forgotten(pepper.get("pepper") if pepper.exists else None, found)


def erase_again(client: firestore.Client, newer: Forgotten, taken_at: datetime, machine: Machine) -> Erased:
    """Put the newer list into what was restored, and erase whom it or the database's own list names; may be begun again.

    Nobody else may write to the database meanwhile. Raises `OtherKey` and `Unavailable`.
    """
    newer = newer.with_more(forgotten_of(client))
    if newer.key is None:
        return Erased(0, {})
    _merge(client, newer)
    ours = newer.since(taken_at)
    refs = FirestoreForgotten(client, machine.now, machine.new_id)
    count, left = 0, {}
    for address in sorted(_named(client, refs, ours, newer)):
        try:
            _erase(client, address, machine)
            count += 1
        except NotInThisState as refused:
            left[address] = str(refused)
    return Erased(count, left)


def _merge(client: firestore.Client, newer: Forgotten) -> None:
    key = client.collection("peppers").document(PEPPER)
    with reachable():
        key.set({"pepper": newer.key}, **HOW)
        for digest, (pseudonym, at) in newer.digests.items():
            client.collection("forgotten").document(digest).set({"pseudonym": pseudonym, "at": at}, **HOW)


def _named(client: firestore.Client, refs: FirestoreForgotten, ours: set[str], newer: Forgotten) -> Iterator[str]:
    """The addresses that stand anywhere in the database and are among `ours` of the list."""
    meant = {newer.digests[digest][0] for digest in ours}
    addresses: set[str] = set()
    with reachable():
        names = sorted(collection.id for collection in client.collections(**HOW))
    for name in names:
        query = client.collection(name).order_by("__name__")
        for text in streamed(query, lambda snapshot: str(plain(snapshot.to_dict()))):
            addresses.update(addresses_in(text))
    asked = sorted(addresses)
    for first in range(0, len(asked), ASKED_AT_ONCE):
        known = refs.pseudonym_of([f"email:{each}" for each in asked[first : first + ASKED_AT_ONCE]])
        yield from (ref.removeprefix("email:") for ref, pseudonym in known.items() if pseudonym in meant)


def _erase(client: firestore.Client, address: str, machine: Machine) -> None:
    """Erase whole: nobody else writes, so there is nobody to wait for and the second round follows at once."""
    _erasing(client, machine, lambda: machine.now() - SETTLES)(address)
    for _ in range(ASKED_AT_ONCE):
        if _erasing(client, machine, machine.now)(address).is_done:
            return


def _erasing(client: firestore.Client, machine: Machine, clock: Clock) -> ErasePerson:
    classes, evidence = FirestoreClasses(client, machine.sleep), FirestoreEvidence(client, machine.sleep)
    sessions, people = FirestoreSessions(client, machine.sleep), FirestorePeople(client, machine.sleep)
    know = knowledge(client, machine.sleep, lambda: 0.0)
    return ErasePerson(
        classes,
        people,
        FirestoreForgotten(client, clock, machine.new_id),
        FirestoreErasures(client, machine.sleep),
        FirestorePersonalData(client, machine.sleep),
        FoldEvidence(sessions, evidence, ClassesInRoom(classes, clock), machine.sleep, know),
        clock,
        machine.new_id,
        machine.delays,
    )
