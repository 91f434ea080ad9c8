"""A fake of the port of registrations, in memory, and the stories about registrations over any house."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from shared.domain.accounts import Caller
from shared.domain.directory import Person
from shared.domain.errors import NotFound
from shared.domain.evidence import Evidence
from shared.domain.user_sessions import UserSession
from shared.people_ports import UserSessions
from shared.ports import Page, Versioned
from shared.usecases.admit_caller import CurrentRoles
from shared.usecases.claims import Claims, Fold
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.join_meeting import JoinMeeting
from shared.usecases.leave_meeting import EndMeeting, ExpireUserSessions, LeaveMeeting
from shared.usecases.pseudonymise import Pseudonymise
from shared.usecases.sign_in import SignIn
from shared.usecases.watch_user_sessions import WatchUserSessions
from tests.fakes import FakeHeartbeat, MemoryEvidence
from tests.house import House

if TYPE_CHECKING:
    from google.cloud import firestore

ROOT = "root@school.example"


@dataclass
class MemoryUserSessions:
    """The port `UserSessions`; it files claims in `evidence` as the store does in the same commit."""

    evidence: MemoryEvidence = field(default_factory=MemoryEvidence)
    stored: dict[str, Versioned[UserSession]] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    lock: Any = field(default_factory=Lock)

    def join(self, wanted: UserSession, fact: Evidence) -> UserSession:
        """See the port."""
        with self.lock:
            standing = self.get(self.slots.get(wanted.slot_id, ""))
            if standing is not None and standing.value.is_active(wanted.joined_at):
                return standing.value
            self._put(wanted, fact)
            self.slots[wanted.slot_id] = wanted.session_id
            return wanted

    def get(self, session_id: str) -> Versioned[UserSession] | None:
        """See the port."""
        return self.stored.get(session_id)

    def end(self, before: Versioned[UserSession], after: UserSession, fact: Evidence | None) -> bool:
        """See the port."""
        with self.lock:
            now = self.stored.get(after.session_id)
            if now is None or now.version != before.version:
                return now is not None and now.value == after
            self._put(after, fact)
            self._free(after)
            return True

    def of_person(self, email: str, limit: int, token: str | None) -> Page[UserSession]:
        """See the port."""
        found = _by_joining(each.value for each in self.stored.values() if each.value.email == email)[::-1]
        if token is not None:
            ids = [each.session_id for each in found]
            if token not in ids:
                raise NotFound("No such page.")
            found = found[ids.index(token) + 1 :]
        return Page(tuple(found[:limit]), found[limit - 1].session_id if len(found) > limit else None)

    def in_room(self, room: str, joined_from: datetime, joined_before: datetime) -> tuple[UserSession, ...]:
        """See the port."""
        every = (each.value for each in self.stored.values())
        return tuple(_by_joining(e for e in every if e.room == room and joined_from <= e.joined_at < joined_before))

    def active(self, now: datetime, limit: int) -> tuple[UserSession, ...]:
        """See the port."""
        return tuple(each.value for each in self._open() if each.value.expires_at > now)[:limit]

    def expired(self, now: datetime, limit: int) -> tuple[Versioned[UserSession], ...]:
        """See the port."""
        return tuple(each for each in self._open() if each.value.expires_at <= now)[:limit]

    def erase(self, session_ids: Sequence[str]) -> None:
        """See the port."""
        for session_id in session_ids:
            known = self.stored.pop(session_id, None)
            if known is not None:
                self._free(known.value)

    def _put(self, registration: UserSession, fact: Evidence | None) -> None:
        self.writes += 1
        self.stored[registration.session_id] = Versioned(registration, self.writes)
        self.evidence.record([fact] if fact else [], pending=True)

    def _free(self, registration: UserSession) -> None:
        if self.slots.get(registration.slot_id) == registration.session_id:
            del self.slots[registration.slot_id]

    def _open(self) -> list[Versioned[UserSession]]:
        found = [each for each in self.stored.values() if each.value.left_at is None and each.value.ended_by is None]
        return sorted(found, key=lambda each: (each.value.expires_at, each.value.session_id))


def _by_joining(found: Iterable[UserSession]) -> list[UserSession]:
    return sorted(found, key=lambda each: (each.joined_at, each.session_id))


@dataclass
class Desk:
    """The stories about registrations, as the function wires them, over a house."""

    house: House
    registrations: UserSessions
    beat: FakeHeartbeat = field(default_factory=FakeHeartbeat)
    fold: Fold | None = None

    def __post_init__(self) -> None:
        house = self.house
        in_room = ClassesInRoom(house.classes, house.clock, timedelta())
        self.claims = Claims(Pseudonymise(house.forgotten), in_room, self.fold or FoldQueue(house.fold).add)
        self.join = JoinMeeting(self.registrations, house.people, self.claims, house.clock, house.new_id)
        self.leave = LeaveMeeting(self.registrations, self.claims, house.clock)
        self.watch = WatchUserSessions(self.registrations, house.classes, house.people, self.beat, house.clock)
        self.end = EndMeeting(self.registrations, self.watch, self.claims, house.clock)
        self.expire = ExpireUserSessions(self.registrations, self.beat, house.clock)
        self.sign_in = SignIn(house.people, house.identities, (ROOT,), self._role_of, house.clock)

    def enters(self, *people: Person) -> None:
        """Put people into the directory."""
        assert self.house.people.save([(None, person) for person in people])

    def _role_of(self, caller: Caller) -> Caller:
        return CurrentRoles(self.house.people, (ROOT,), lambda: 0.0)(caller)


def desk_over(house: House, client: "firestore.Client | None" = None) -> Desk:
    """The stories over a house: with the fake store where its evidence is in memory, else with the emulator's."""
    if isinstance(house.evidence, MemoryEvidence):
        return Desk(house, MemoryUserSessions(house.evidence))
    assert client is not None
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions

    return Desk(house, FirestoreUserSessions(client, lambda _: None))
