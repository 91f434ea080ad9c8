"""Ports about people: who they are, what was decided about them, and who hears of it. The others stand in shared/ports.py.

Each is a protocol with a suite in tests/contracts. `save` methods store a value that nobody else changed since it was read
(`before`, or None for one that must not be there yet) and answer whether they did.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.directory import Course, Person, PersonRole
from shared.domain.evidence import Evidence
from shared.domain.identities import Identity, IdentityKind, Word
from shared.domain.ids import stable_id
from shared.domain.policies import Policy
from shared.domain.review import CardKind, ReviewCard
from shared.domain.rulings import Ruling
from shared.domain.subjects import Subject
from shared.domain.user_sessions import UserSession
from shared.ports import Page, Versioned

Likeness = Callable[[str, str], int]
"""How alike two names are, from 0 to 100; good for suggestions, never for decisions."""


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which people a list holds; None does not filter. `guardian_email` asks for a guardian's students."""

    role: PersonRole | None = None
    guardian_email: str | None = None


class People(Protocol):
    """The directory of students, teachers and guardians."""

    def get(self, email: str) -> Versioned[Person] | None:
        """One person by address."""

    def by_id(self, person_id: str) -> Versioned[Person] | None:
        """One person by id."""

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Person]:
        """The people who exist among these, by address."""

    def page(self, wanted: PersonFilter, limit: int, token: str | None) -> Page[Person]:
        """One page of people by address; the token is the id of the last one of the page before. Raises `NotFound`."""

    def save(self, changes: Sequence[tuple[Versioned[Person] | None, Person]]) -> bool:
        """Store these people in one commit, all or none."""

    def delete(self, email: str, before: Versioned[Person] | None = None) -> bool:
        """Forget one person, with `before` only if nobody changed them since; answers whether they are gone."""


class Courses(Protocol):
    """The courses and their rosters."""

    def get(self, course_id: str) -> Versioned[Course] | None:
        """One course."""

    def page(self, person_email: str | None, limit: int, token: str | None) -> Page[Course]:
        """One page of courses by id, all or those that a person teaches or takes. Raises `NotFound` for a foreign token."""

    def save(self, before: Versioned[Course] | None, after: Course) -> bool:
        """Store one course."""

    def delete(self, before: Versioned[Course]) -> bool:
        """Delete a course that nobody changed since."""


class Identities(Protocol):
    """Which person a ref or a name stands for."""

    def get_many(self, wanted: Sequence[tuple[IdentityKind, str]]) -> tuple[Identity, ...]:
        """The identities that exist among these, in one read."""

    def tell(self, kind: IdentityKind, key: str, word: Word) -> Identity:
        """Add a word, losing nobody's; told twice it is one. Raises `Stale` or `Unavailable`."""

    def of_person(self, email: str) -> tuple[Identity, ...]:
        """Every identity with a word about this address."""

    def erase(self, identity_ids: Sequence[str]) -> None:
        """Delete identities."""


class Policies(Protocol):
    """Every version of the attendance policy."""

    def all(self) -> tuple[Policy, ...]:
        """All versions, the oldest first. May be a minute old."""

    def add(self, policy: Policy) -> bool:
        """Store one version under its number; answers whether the number was free."""


class Rulings(Protocol):
    """What people decided about sessions."""

    def get(self, ruling_id: str) -> Ruling | None:
        """One ruling."""

    def of_session(self, session_id: str) -> tuple[Ruling, ...]:
        """All rulings about one session, the oldest first."""

    def add(self, rulings: Sequence[Ruling]) -> None:
        """Store new rulings in one commit; one that is stored already is fine."""

    def about(self, about: str) -> tuple[Ruling, ...]:
        """All rulings about one address, key or card, the oldest first."""

    def erase(self, ruling_ids: Sequence[str]) -> None:
        """Delete rulings."""


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Which cards a list holds; None does not filter. `teacher_email` teaches the class, alone or with others."""

    is_open: bool | None = None
    kind: CardKind | None = None
    session_id: str | None = None
    teacher_email: str | None = None


class ReviewQueue(Protocol):
    """The cards as sessions wrote them; they are stored with the session, by the port `Sessions`."""

    def get(self, card_id: str) -> ReviewCard | None:
        """One card."""

    def page(self, wanted: CardFilter, limit: int, token: str | None) -> Page[ReviewCard]:
        """One page of cards, the newest class first; raises `NotFound` for a foreign token."""


class UserSessions(Protocol):
    """The registrations. At most one is active for each slot (a person, a meeting, a device)."""

    def join(self, wanted: UserSession, fact: Evidence) -> UserSession:
        """Store a registration, its slot and its claim as evidence (noted as pending), in one commit.

        Where the slot holds one that is still active at `wanted.joined_at`, that one is the answer and nothing is stored.
        """

    def get(self, session_id: str) -> Versioned[UserSession] | None:
        """One registration."""

    def end(self, before: Versioned[UserSession], after: UserSession, fact: Evidence | None) -> bool:
        """Store the end of a registration nobody else ended, with its claim as evidence, in one commit."""

    def of_person(self, email: str, limit: int, token: str | None) -> Page[UserSession]:
        """One page of a person's registrations, the newest first."""

    def in_room(self, room: str, joined_from: datetime, joined_before: datetime) -> tuple[UserSession, ...]:
        """The registrations for a room in that time, the oldest first."""

    def active(self, now: datetime, limit: int) -> tuple[UserSession, ...]:
        """Registrations that are neither left nor expired at `now`."""

    def expired(self, now: datetime, limit: int) -> tuple[Versioned[UserSession], ...]:
        """Registrations that expired by `now` and were never left, the oldest first."""

    def erase(self, session_ids: Sequence[str]) -> None:
        """Delete registrations and their slots."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on an imported roster; `google_id` is the account's id as Meet gives it (`users/{id}`)."""

    google_id: str
    email: str | None
    first_name: str | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class ImportedRoster:
    """A course as Google Classroom has it."""

    classroom_id: str
    name: str
    teachers: tuple[Member, ...]
    students: tuple[Member, ...]


class Classroom(Protocol):
    """Google Classroom, read with a teacher's own authority."""

    def courses(self, teacher: str) -> Sequence[tuple[str, str]]:
        """Ids and names of the courses that the teacher teaches."""

    def roster(self, teacher: str, classroom_id: str) -> ImportedRoster | None:
        """One course with everybody in it, all pages; None when there is none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An answer of a quota: how many of the asked-for uses were given, and when the window ends."""

    given: int
    resets_at: datetime


class Quotas(Protocol):
    """Counters in fixed windows of time that all instances share."""

    def take(self, key: str, wanted: int, limit: int, window_s: int, now: datetime) -> Grant:
        """Take up to `wanted` uses of `limit` in the window that `now` lies in; nobody's uses are lost. Raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class Access:
    """That somebody read other people's attendance: who, as what, what, about which session, course or person, when."""

    by: str
    role: str
    what: str
    about: str
    at: datetime
    why: str | None = None


class AccessLog(Protocol):
    """Who read whose attendance."""

    def note(self, access: Access) -> None:
        """Store one reading; durable when this returns. Readings of the same within a minute are one."""

    def page(self, about: str | None, by: str | None, limit: int, token: str | None) -> Page[Access]:
        """One page of readings, the newest first."""


NAMELESS = ""
"""In place of a pseudonym, for somebody who bears a forgotten person's name and may be another: only the name goes."""


class Forgotten(Protocol):
    """Whom we were asked to forget, as keyed digests of addresses and refs: enough to know them when they come again."""

    def add(self, refs: Sequence[str], pseudonym: str, at: datetime) -> str:
        """Remember that these refs (`email:<address>`, `google:<id>`) are from now on the pseudonym.

        Answers with the pseudonym that the first of them has, which is another one where it was forgotten before.
        """

    def pseudonym_of(self, refs: Sequence[str]) -> Mapping[str, str]:
        """The pseudonyms of those among these refs that are forgotten. Answered from memory for a minute."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that is not finished, with what it looks for; it is deleted at the end.

    `begun_at` is when the person was put on the list of the forgotten. Until everybody has read that list, somebody may still
    write the person's name; so the whole store is gone through after that, and `place` is how far.
    """

    subject: Subject
    pseudonym: str
    begun_at: datetime
    place: str | None = None
    rev: int = 1

    @property
    def erasure_id(self) -> str:
        """There is one for each address at a time."""
        return stable_id("erasure", self.subject.email)


class Erasures(Protocol):
    """The erasures that are not finished."""

    def get(self, email: str) -> Versioned[Erasure] | None:
        """The unfinished erasure of an address."""

    def save(self, before: Versioned[Erasure] | None, after: Erasure) -> bool:
        """Store it; answers whether nobody else did meanwhile."""

    def finished(self, email: str) -> None:
        """Forget the erasure itself; one that is gone already is fine."""

    def all(self, limit: int) -> tuple[Erasure, ...]:
        """The unfinished ones, the oldest first."""


class Expired(Protocol):
    """What has outlived the time that it is kept for."""

    def sweep(self, now: datetime, limit: int) -> Mapping[str, int]:
        """Delete at most `limit` documents of each kind that has expired; answers with counts by kind."""


@dataclass(frozen=True, slots=True)
class Record:
    """One stored document and what it says, its texts of JSON read."""

    collection: str
    record_id: str
    says: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Swept:
    """What one step through the whole store changed: counts by collection, sessions to fold anew, where to go on."""

    counts: Mapping[str, int]
    session_ids: tuple[str, ...]
    place: str | None


class PersonalData(Protocol):
    """Everything that is stored about a person, wherever it lies."""

    def subject(self, email: str) -> Subject:
        """The person with the names, refs and classes under which the store knows them."""

    def of(self, subject: Subject) -> Iterator[Record]:
        """Every document that names the person."""

    def scrub(self, subject: Subject, pseudonym: str) -> Mapping[str, int]:
        """Take the person out of every document that names them; counts by collection. May be called again at any time."""

    def sweep(self, subject: Subject, pseudonym: str, place: str | None, limit: int) -> Swept:
        """The same for the next `limit` documents of the whole store, from `place` on."""
