"""Admit a caller: the role that the directory leaves to a token, and how often one may ask."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from threading import Lock

from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.directory import Person
from shared.domain.ids import stable_id
from shared.people_ports import People
from shared.ports import Clock
from shared.usecases.spend_quota import SpendQuota

KNOWN_FOR_SECONDS = 60
MOST_KNOWN = 5_000

_RANK = {"user": 0, "teacher": 1, "admin": 2}


class CurrentRoles:
    """What somebody may do now. The directory is asked about each address at most once a minute; one for a process.

    `ticks` is a clock that never goes back, in seconds.
    """

    def __init__(self, people: People, admin_emails: Collection[str], ticks: Callable[[], float]) -> None:
        self._people, self._admins, self._ticks = people, frozenset(admin_emails), ticks
        self._lock = Lock()
        self._known: dict[str, tuple[Person | None, float]] = {}

    def __call__(self, caller: Caller) -> Caller:
        """The caller with the role that stands; raises `SignedOut` or `Unavailable`."""
        person = self._person(caller.email)
        if person is not None and person.signed_out_at is not None:
            issued_at = caller.token_issued_at
            if issued_at is None or issued_at < person.signed_out_at:
                raise SignedOut
        role = caller.role if caller.role_is_claimed else self._role_of(caller.email, person)
        if person is not None and person.access is not None:
            role = min(role, str(person.access), key=lambda each: _RANK.get(each, -1))
        return caller if role == caller.role else replace(caller, role=role)

    def _role_of(self, email: str, person: Person | None) -> str:
        """The role of somebody whose token names none, before what the directory takes away."""
        if email in self._admins:
            return "admin"
        if person is None:
            return "user"
        return str(person.access) if person.access is not None else "teacher" if person.is_teacher else "user"

    def _person(self, email: str) -> Person | None:
        with self._lock:
            known = self._known.get(email)
        now = self._ticks()
        if known is not None and now - known[1] < KNOWN_FOR_SECONDS:
            return known[0]
        found = self._people.get(email)
        person = None if found is None else found.value
        with self._lock:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[email] = (person, now)
        return person


@dataclass(frozen=True, slots=True)
class Gate:
    """Between a known caller and a door. `salt` keeps the keys of quotas from telling which address they are about."""

    role_of: CurrentRoles
    spend: SpendQuota
    clock: Clock
    per_user: int
    per_address: int
    salt: str = field(default="", repr=False)

    def admit(self, caller: Caller, address: str) -> Caller:
        """Somebody with a token: the caller with the role that stands; raises `AskedTooOften`, `SignedOut`, `Unavailable`."""
        self.admit_stranger(address)
        self._spend("user", caller.email, self.per_user)
        return self.role_of(caller)

    def admit_stranger(self, address: str) -> None:
        """Somebody who asks to be known; raises `AskedTooOften`."""
        self._spend("address", address, self.per_address)

    def _spend(self, kind: str, who: str, limit: int) -> None:
        resets_at = self.spend(stable_id("quota", kind, self.salt, who), limit)
        if resets_at is not None:
            raise AskedTooOften(limit, resets_at, _seconds_until(resets_at, self.clock()))


def _seconds_until(instant: datetime, now: datetime) -> int:
    return max(1, ceil((instant - now).total_seconds()))
