"""Subjects: the person whom an export or an erasure is about, how a text names them, and how it does without.

A pseudonym is an address under a domain that can never exist. It is random, so that nobody finds the person behind it by
trying addresses; time and money stay with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from shared.domain.classes import CALENDAR_RETRY, ScheduledClass, Status
from shared.domain.evidence import Evidence, Participant
from shared.domain.ids import stable_id
from shared.domain.known import Known
from shared.domain.presence import Heard, heard_key
from shared.domain.review import CardKind, card_id_of
from shared.domain.rulings import Ruling
from shared.domain.sessions import Session

ERASED = "(erased)"
SHORTEST_NAME = 3
SHORTEST_ID = 8
_PSEUDONYM = re.compile(r"erased-[0-9a-f]{16}@erased\.invalid")
_ACCOUNTS = ("google:", "zoom:user:", "zoom:registrant:")
# What a document calls people beside their address; gone wherever the same part of it bears the subject's address.
_DETAILS = frozenset({"display_name", "first_name", "last_name", "participant_name", "device", "device_type", "location"})
_NAMES = ("display_name", "participant_name", "name")


def pseudonym_from(random_id: str) -> str:
    """A pseudonym that says nothing of anybody."""
    return f"erased-{stable_id('pseudonym', random_id)[:16]}@erased.invalid"


def is_pseudonym(address: str) -> bool:
    """Whether an address stands for somebody who was erased; nothing is ever sent to it."""
    return _PSEUDONYM.fullmatch(address) is not None


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody with everything that names them: address, names, refs (`google:<id>` and the like), and their classes' ids.

    `lookalikes` are the refs of unidentified people who called themselves by the person's full name in the person's classes.
    They may be somebody else, so their time stays their own and only the name goes.
    """

    email: str
    names: frozenset[str] = frozenset()
    refs: frozenset[str] = frozenset()
    class_ids: tuple[str, ...] = ()
    lookalikes: frozenset[str] = frozenset()

    def with_more(self, other: "Subject") -> "Subject":
        """All that either knows of the person."""
        class_ids = tuple(dict.fromkeys((*self.class_ids, *other.class_ids)))
        return Subject(
            self.email,
            self.names | other.names,
            self.refs | other.refs,
            class_ids,
            (self.lookalikes | other.lookalikes) - self.refs - other.refs,
        )

    @property
    def all_refs(self) -> tuple[str, ...]:
        """The refs, with the address's own."""
        return tuple(sorted({f"email:{self.email}", *self.refs}))

    def is_participant(self, participant: Participant) -> bool:
        """Whether this is the person in a meeting."""
        return participant.email == self.email or participant.ref in self.refs


@dataclass(frozen=True)
class Traces:
    """What to look for in texts: the address in any case, the refs, and the accounts' ids that stand in them."""

    subject: Subject

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Address, refs and ids as whole words."""
        email = re.escape(self.subject.email)
        refs = sorted(self.subject.refs, key=lambda ref: (-len(ref), ref))
        ids = sorted({_account_id(ref) for ref in refs} - {""}, key=lambda own: (-len(own), own))
        marks = [f"(?i:{email})", f"(?i:{email.replace('@', '%40')})", *map(re.escape, (*refs, *ids))]
        return re.compile(rf"(?<![A-Za-z0-9._%+-])(?:{'|'.join(marks)})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])")

    @cached_property
    def names(self) -> re.Pattern[str] | None:
        """The names as whole words; None where none is known."""
        told = {name.strip() for name in self.subject.names if len(name.strip()) >= SHORTEST_NAME}
        words = sorted(told, key=lambda name: (-len(name), name))
        return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None

    def are_in(self, value: object) -> bool:
        """Whether a document names the person by address or ref. A name alone may be a namesake's."""
        return _is_in(value, self.pattern)

    def are_likely_in(self, value: object) -> bool:
        """The same, and whether it holds the name of somebody who may be the person."""
        return self.are_in(value) or (self._lookalikes is not None and _is_in(value, self._lookalikes))

    @cached_property
    def _lookalikes(self) -> re.Pattern[str] | None:
        refs = sorted(self.subject.lookalikes)
        return re.compile(rf"(?:{'|'.join(map(re.escape, refs))})(?![A-Za-z0-9_-])") if refs else None


def _is_in(value: object, pattern: re.Pattern[str]) -> bool:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace").replace("\\u0040", "@")
    if isinstance(value, str):
        return pattern.search(value) is not None
    if isinstance(value, Mapping):
        return any(_is_in(key, pattern) or _is_in(item, pattern) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_is_in(item, pattern) for item in value)
    return False


def names_in(value: object, email: str) -> frozenset[str]:
    """What a document calls the person: the names in each part of it that bears the address."""
    found: set[str] = set()
    if isinstance(value, Mapping):
        if value.get("email") == email:
            parts = [value.get("first_name"), value.get("last_name")]
            told = [value.get(name) for name in _NAMES] + parts + [" ".join(part for part in parts if isinstance(part, str))]
            found |= {name for name in told if isinstance(name, str) and name}
        for item in value.values():
            found |= names_in(item, email)
    elif isinstance(value, (list, tuple)):
        for item in value:
            found |= names_in(item, email)
    return frozenset(found)


@dataclass(frozen=True)
class Disguise:
    """Puts the pseudonym in the person's place. The same fact always comes out the same, so late ones fit the early ones."""

    subject: Subject
    pseudonym: str
    traces: Traces = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "traces", Traces(self.subject))

    def text(self, told: str, *, names: bool = False) -> str:
        """A text without the person's address, refs and ids, and on request without their names."""
        told = self.traces.pattern.sub(self._stand_in, told)
        if names and self.traces.names is not None:
            told = self.traces.names.sub(ERASED, told)
        return told

    def value(self, told: object, *, names: bool = False, drop: bool = False) -> object:
        """A document without the person; with `drop` they leave its lists, else the pseudonym takes their place."""
        if isinstance(told, str):
            return self.text(told, names=names)
        if isinstance(told, Mapping):
            own = self._is_own(told)
            return {
                self.text(str(key), names=names): None if own and key in _DETAILS else self.value(item, names=names, drop=drop)
                for key, item in told.items()
            }
        if isinstance(told, (list, tuple)):
            kept = [item for item in told if not (drop and item == self.subject.email)]
            return [self.value(item, names=names, drop=drop) for item in kept]
        return told

    def fact(self, fact: Evidence) -> Evidence:
        """A fact without the person, whether it is about them or only mentions them."""
        return replace(
            fact,
            participant=self.participant(fact.participant),
            connection=self.connection(fact.connection),
            bound_to=self.connection(fact.bound_to) if fact.bound_to else fact.bound_to,
            event_id=self.text(fact.event_id) if fact.event_id else fact.event_id,
            author=self.text(fact.author) if fact.author else fact.author,
            reason=self.text(fact.reason, names=True) if fact.reason else fact.reason,
        )

    def participant(self, participant: Participant) -> Participant:
        """The pseudonym without name, device and place; somebody else stays who they are, a lookalike without the name."""
        if participant.ref in self.subject.lookalikes:
            return replace(participant, display_name=None, device=None)
        if not self.subject.is_participant(participant):
            return participant
        return Participant(f"email:{self.pseudonym}", kind=participant.kind)

    def connection(self, connection: str) -> str:
        """A connection's name without the person; a device in it, which people name after themselves, becomes a digest."""
        ref, mark, device = connection.partition("#")
        if mark and ref in self.subject.all_refs:
            return f"email:{self.pseudonym}#{stable_id('device', device)[:8] if device else ''}"
        return self.text(connection)

    def heard(self, heard: Mapping[str, Heard]) -> dict[str, Heard]:
        """What a session heard, without the person."""
        told = [
            replace(
                each,
                participant=self.participant(each.participant),
                connection=self.connection(each.connection),
                bound_to=frozenset(self.connection(other) for other in each.bound_to),
            )
            for each in heard.values()
        ]
        return {heard_key(each.source, each.connection): each for each in told}

    def session(self, session: Session) -> Session:
        """A session without the person; the next fold draws its rows and cards anew."""
        return replace(
            session,
            heard=self.heard(session.heard),
            identities=self._unnamed(session.identities),
            known=self.known(session.known),
        )

    def known(self, known: Known) -> Known:
        """What is known about a session's people, without the person."""
        kept = {name: tuple(each for each in people if each != self.subject.email) for name, people in known.aliases.items()}
        return replace(
            known,
            names={address: name for address, name in known.names.items() if address != self.subject.email},
            staff=frozenset(self.text(address) for address in known.staff),
            ids=self._unnamed(known.ids),
            confirmed=self._unnamed(known.confirmed),
            aliases={name: people for name, people in kept.items() if people},
            rulings=tuple(self.ruling(ruling) for ruling in known.rulings),
        )

    def ruling(self, ruling: Ruling) -> Ruling:
        """A decision without the person: it goes on to hold for the pseudonym."""
        return replace(
            ruling,
            about=self.cards(ruling.session_id).get(ruling.about) or self.text(ruling.about),
            value=self.text(ruling.value),
            by=self.text(ruling.by),
            reason=self.text(ruling.reason, names=True),
        )

    def cards(self, session_id: str) -> dict[str, str]:
        """The ids of the person's review cards in a session, and what they are from now on, as ids hold the person's key."""
        now = f"email:{self.pseudonym}"
        keys = self.subject.all_refs
        return {card_id_of(session_id, kind, key): card_id_of(session_id, kind, now) for kind in CardKind for key in keys}

    def _is_own(self, told: Mapping[object, object]) -> bool:
        refs = (*self.subject.all_refs, *self.subject.lookalikes)
        return told.get("email") == self.subject.email or any(told.get(name) in refs for name in ("ref", "person_key"))

    def _unnamed(self, addresses: Mapping[str, str]) -> dict[str, str]:
        mine = (self.subject.email, *self.subject.refs)
        return {ref: address for ref, address in addresses.items() if address not in mine and ref not in mine}

    def _stand_in(self, found: re.Match[str]) -> str:
        return f"email:{self.pseudonym}" if found.group() in self.subject.refs else self.pseudonym


def class_without(held: ScheduledClass, email: str, pseudonym: str, now: datetime) -> ScheduledClass:
    """The class without somebody: gone from one that has not begun, where Calendar follows; else under the pseudonym."""
    if email not in (*held.people, *held.co_teacher_emails, *(each.email for each in held.registrants)):
        return held
    is_ahead = held.status is Status.SCHEDULED
    stand_in = () if is_ahead else (pseudonym,)

    def without(emails: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(other for each in emails for other in (stand_in if each == email else (each,)))

    after = replace(
        held,
        teacher_email=pseudonym if held.teacher_email == email else held.teacher_email,
        student_emails=without(held.student_emails),
        co_teacher_emails=without(held.co_teacher_emails),
        registrants=tuple(each for each in held.registrants if each.email != email),
        rev=held.rev + 1,
    )
    if not is_ahead:
        return after
    return replace(after, calendar_wanted=held.calendar_wanted + 1, calendar_trouble=None, calendar_retry_at=now + CALENDAR_RETRY)


def _account_id(ref: str) -> str:
    """The id of an account that stands in a ref; Meet's resource names hold it again."""
    own = next((ref.removeprefix(head) for head in _ACCOUNTS if ref.startswith(head)), "")
    return own if len(own) >= SHORTEST_ID else ""
