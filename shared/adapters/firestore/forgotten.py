"""Whom we forget, in Firestore: `forgotten` holds keyed digests of refs, `peppers` their key, `erasures` what is under way.

The key is random and lies in the database, not among the deployment's secrets: those are rotated, and a digest under a key
that is gone would let the person come back.
"""

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, RETRY, STREAM_TIMEOUT, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Commits, version_of
from shared.domain.ids import stable_id
from shared.people_ports import Erasure
from shared.ports import Clock, NewId, Sleep, Versioned

REMEMBERED = timedelta(seconds=60)
# Clocks of instances differ, and a write takes its time: what is this much older than the newest known is asked for again.
OVERLAP = timedelta(minutes=10)
PEPPER = stable_id("pepper", "forgotten")


@dataclass
class _Memory:
    """What was read so far: the key, digests with their pseudonyms, the newest entry's time, and when it was read."""

    pepper: bytes | None = None
    known: dict[str, str] = field(default_factory=dict)
    newest: datetime | None = None
    read_at: datetime | None = None


class FirestoreForgotten:
    """Fulfils the port `Forgotten`. While nobody is forgotten, knowing that costs one empty query a minute."""

    def __init__(self, client: firestore.Client, clock: Clock, new_id: NewId) -> None:
        self._forgotten = client.collection("forgotten")
        self._peppers = client.collection("peppers")
        self._clock = clock
        self._new_id = new_id
        self._memory = _Memory()

    def add(self, refs: Sequence[str], pseudonym: str, at: datetime) -> str:
        """See the port: the first ref is created once, the others follow its pseudonym."""
        key = self._pepper()
        digests = [_digest(key, ref) for ref in dict.fromkeys(refs)]
        stands = self._create(digests[0], pseudonym, at) if digests else pseudonym
        for digest in digests[1:]:
            with reachable():
                self._forgotten.document(digest).set({"pseudonym": stands, "at": at}, **HOW)
        self._memory.known |= dict.fromkeys(digests, stands)
        return stands

    def pseudonym_of(self, refs: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        self._refresh()
        if not self._memory.known:
            return {}
        digests = {ref: _digest(self._pepper(), ref) for ref in refs}
        return {ref: self._memory.known[digest] for ref, digest in digests.items() if digest in self._memory.known}

    def _create(self, digest: str, pseudonym: str, at: datetime) -> str:
        document = self._forgotten.document(digest)
        try:
            with reachable():
                document.create({"pseudonym": pseudonym, "at": at}, **HOW)
        except exceptions.AlreadyExists:
            with reachable():
                return str(document.get(**HOW).get("pseudonym"))
        return pseudonym

    def _refresh(self) -> None:
        memory, now = self._memory, self._clock()
        if memory.read_at is not None and now - memory.read_at < REMEMBERED:
            return
        query: Any = self._forgotten
        if memory.newest is not None:
            query = query.where(filter=FieldFilter("at", ">=", memory.newest - OVERLAP))
        with reachable():
            for snapshot in query.stream(retry=RETRY, timeout=STREAM_TIMEOUT):
                memory.known[snapshot.id] = snapshot.get("pseudonym")
                memory.newest = max(filter(None, (memory.newest, snapshot.get("at"))))
        memory.read_at = now

    def _pepper(self) -> bytes:
        """The key, made by whoever needs it first."""
        if self._memory.pepper is None:
            document = self._peppers.document(PEPPER)
            with reachable(), suppress(exceptions.AlreadyExists):
                document.create({"pepper": (self._new_id() + self._new_id()).encode()}, **HOW)
            with reachable():
                self._memory.pepper = document.get(**HOW).get("pepper")
        return self._memory.pepper or b""


class FirestoreErasures:
    """Fulfils the port `Erasures`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._erasures = client.collection("erasures")

    def get(self, email: str) -> Versioned[Erasure] | None:
        """See the port."""
        with reachable():
            snapshot = self._erasures.document(_id(email)).get(**HOW)
        return Versioned(read(Erasure, snapshot), version_of(snapshot)) if snapshot.exists else None

    def save(self, before: Versioned[Erasure] | None, after: Erasure) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored."""
        path = f"erasures/{after.erasure_id}"
        fields = {"v": BODY_VERSION, "begun_at": after.begun_at, "body": body_of(after)}
        batch = self._commits.batch()
        if before is None:
            batch.create(path, fields)
        else:
            batch.swap(path, fields, before.version)
        try:
            self._commits.send(batch)
        except AMBIGUOUS:
            stored = self.get(after.subject.email)
            return stored is not None and stored.value == after
        return True

    def finished(self, email: str) -> None:
        """See the port."""
        with reachable():
            self._erasures.document(_id(email)).delete(**HOW)

    def all(self, limit: int) -> tuple[Erasure, ...]:
        """See the port."""
        with reachable():
            found = self._erasures.order_by("begun_at").limit(limit).stream(**HOW)
            return tuple(read(Erasure, snapshot) for snapshot in found)


def _id(email: str) -> str:
    return stable_id("erasure", email)


def _digest(key: bytes, ref: str) -> str:
    return hmac.new(key, ref.encode(), "sha256").hexdigest()[:32]
