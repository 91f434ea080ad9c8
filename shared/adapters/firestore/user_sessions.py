"""Registrations in Firestore: `user_sessions`, and `user_session_slots`, which name the one that is active in each slot.

A slot is there only while its registration may be active: whoever ends one takes its slot away in the same commit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.firestore.codec import BODY_VERSION, body_of
from shared.adapters.firestore.evidence import put_fact
from shared.adapters.firestore.lists import page_of
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import read
from shared.adapters.firestore.writes import Batch, Commits, version_of
from shared.domain.errors import Stale
from shared.domain.evidence import Evidence
from shared.domain.ids import is_id
from shared.domain.user_sessions import UserSession
from shared.ports import Page, Sleep, Versioned

TRIES = 8


class FirestoreUserSessions:
    """Fulfils the port `UserSessions`."""

    def __init__(self, client: firestore.Client, sleep: Sleep) -> None:
        self._commits = Commits(client, sleep)
        self._sleep = sleep
        self._registrations = client.collection("user_sessions")
        self._slots = client.collection("user_session_slots")

    def join(self, wanted: UserSession, fact: Evidence) -> UserSession:
        """See the port; of many at once one is stored, and the others find it. Raises `Stale` or `Unavailable`."""
        for attempt in range(TRIES):
            slot = self._slot(wanted)
            standing = self.get(slot.value) if slot is not None else None
            if standing is not None and standing.value.is_active(wanted.joined_at):
                return standing.value
            batch = self._commits.batch()
            batch.create(f"user_sessions/{wanted.session_id}", _document(wanted))
            self._take(batch, wanted, slot)
            put_fact(batch, fact, body_of(fact), pending=True)
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                self._sleep(0.01 * 2**attempt)
                continue
            return wanted
        raise Stale("The same device is being registered by others at this moment; register again.")

    def get(self, session_id: str) -> Versioned[UserSession] | None:
        """See the port."""
        if not is_id(session_id):
            return None
        with reachable():
            snapshot = self._registrations.document(session_id).get(**HOW)
        return _versioned(snapshot) if snapshot.exists else None

    def end(self, before: Versioned[UserSession], after: UserSession, fact: Evidence | None) -> bool:
        """See the port; a lost reply is told from a lost race by what is stored. Raises `Stale` or `Unavailable`."""
        for attempt in range(TRIES):
            batch = self._commits.batch()
            batch.swap(f"user_sessions/{after.session_id}", _document(after), before.version)
            slot = self._slot(after)
            if slot is not None and slot.value == after.session_id:
                batch.delete(f"user_session_slots/{after.slot_id}", slot.version)
            if fact is not None:
                put_fact(batch, fact, body_of(fact), pending=True)
            try:
                self._commits.send(batch)
            except AMBIGUOUS:
                stored = self.get(after.session_id)
                if stored is None or stored.version != before.version:
                    return stored is not None and stored.value == after
                self._sleep(0.01 * 2**attempt)
                continue
            return True
        raise Stale("The registration could not be ended because its device is registering again and again; try again.")

    def of_person(self, email: str, limit: int, token: str | None) -> Page[UserSession]:
        """See the port; the token is the id of the last registration of the page before. Raises `NotFound`."""
        query: Any = self._registrations.where(filter=FieldFilter("email", "==", email))
        query = query.order_by("joined_at", direction=firestore.Query.DESCENDING)
        rows, is_own = self._registrations, lambda last: last.get("email") == email
        return page_of(rows, query, limit, token, lambda snapshot: _versioned(snapshot).value, is_own)

    def in_room(self, room: str, joined_from: datetime, joined_before: datetime) -> tuple[UserSession, ...]:
        """See the port."""
        query: Any = self._registrations.where(filter=FieldFilter("room", "==", room))
        query = query.where(filter=FieldFilter("joined_at", ">=", joined_from))
        query = query.where(filter=FieldFilter("joined_at", "<", joined_before)).order_by("joined_at")
        return tuple(each.value for each in self._run(query))

    def active(self, now: datetime, limit: int) -> tuple[UserSession, ...]:
        """See the port."""
        query: Any = self._registrations.where(filter=FieldFilter("open_until", ">", now)).order_by("open_until").limit(limit)
        return tuple(each.value for each in self._run(query))

    def expired(self, now: datetime, limit: int) -> tuple[Versioned[UserSession], ...]:
        """See the port."""
        query: Any = self._registrations.where(filter=FieldFilter("open_until", "<=", now)).order_by("open_until").limit(limit)
        return self._run(query)

    def erase(self, session_ids: Sequence[str]) -> None:
        """See the port; a slot that meanwhile names another registration stays."""
        for session_id in session_ids:
            known = self.get(session_id)
            if known is None:
                continue
            batch = self._commits.batch()
            batch.delete(f"user_sessions/{session_id}")
            slot = self._slot(known.value)
            if slot is not None and slot.value == session_id:
                batch.delete(f"user_session_slots/{known.value.slot_id}")
            self._commits.send(batch)

    def _slot(self, wanted: UserSession) -> Versioned[str] | None:
        """The id of the registration that the slot names."""
        with reachable():
            snapshot = self._slots.document(wanted.slot_id).get(**HOW)
        return Versioned(str(snapshot.get("session_id")), version_of(snapshot)) if snapshot.exists else None

    def _take(self, batch: Batch, wanted: UserSession, slot: Versioned[str] | None) -> None:
        path, fields = f"user_session_slots/{wanted.slot_id}", {"session_id": wanted.session_id}
        if slot is None:
            batch.create(path, fields)
        else:
            batch.swap(path, fields, slot.version)

    def _run(self, query: Any) -> tuple[Versioned[UserSession], ...]:  # noqa: ANN401 - a query of the client library
        with reachable():
            return tuple(_versioned(snapshot) for snapshot in query.stream(**HOW))


def _document(registration: UserSession) -> dict[str, Any]:
    is_open = registration.left_at is None and registration.ended_by is None
    return {
        "v": BODY_VERSION,
        "email": registration.email,
        "room": registration.room,
        "joined_at": registration.joined_at,
        "open_until": registration.expires_at if is_open else None,
        "body": body_of(registration),
    }


def _versioned(snapshot: Any) -> Versioned[UserSession]:  # noqa: ANN401 - a snapshot of the client library
    return Versioned(read(UserSession, snapshot), version_of(snapshot))
