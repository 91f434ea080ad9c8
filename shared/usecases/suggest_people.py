"""Suggesting who somebody unidentified may be, each with its reasons; nothing is decided by it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Source
from shared.domain.identities import plain_name
from shared.domain.names import AFTER, BEFORE
from shared.domain.people import people_of
from shared.domain.presence import Heard, Stay, stays_of
from shared.domain.review import CardKind, ReviewCard
from shared.domain.sessions import Session
from shared.people_ports import Likeness

MOST = 5
ALIKE = 65
ADDRESS_ALIKE = 75
ASKING = (CardKind.UNIDENTIFIED, CardKind.DUPLICATE_NAME, CardKind.NOT_ENROLLED)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody whom it may have been. `likeness` is that of the names, from 0 to 100; `reasons` are sentences for a person."""

    email: str
    name: str | None
    likeness: int
    reasons: tuple[str, ...]


@dataclass
class _Candidate:
    likeness: int = 0
    points: int = 0
    reasons: list[str] = field(default_factory=list)

    def because(self, points: int, reason: str) -> None:
        """One more reason, and how much it speaks for the candidate."""
        self.points += points
        self.reasons.append(reason)


def suggested(
    card: ReviewCard, session: Session, held: ScheduledClass, rows: Sequence[Attendance], likeness: Likeness
) -> tuple[Suggestion, ...]:
    """Whom of the class's roster an open card may be about, the best first; nobody who is in the session for sure."""
    if card.kind not in ASKING or not card.is_open:
        return ()
    sure = {row.email for row in rows if row.stays and row.email and row.match.is_sure}
    stays = _stays_of(card.person_key, session, held)
    candidates: dict[str, _Candidate] = {}

    def candidate(email: str) -> _Candidate:
        return candidates.setdefault(email, _Candidate())

    name = card.display_name or ""
    for email in session.known.aliases.get(plain_name(name), ()):
        candidate(email).because(60, "Was confirmed under this name in an earlier class.")
    for claim in session.heard.values():
        if claim.source is Source.APP_SESSION and claim.participant.email and _is_then(claim, stays):
            candidate(claim.participant.email).because(50, _registered(claim))
    unseen = [row.email for row in rows if row.role is Role.STUDENT and row.email and not row.stays]
    if len(unseen) == 1:
        candidate(unseen[0]).because(30, "Is the only student of the class who was not seen.")
    for email in held.people if name else ():
        _compare(name, email, session.known.names.get(email), candidate(email), likeness)
    best = sorted(candidates.items(), key=lambda one: (-one[1].points, -one[1].likeness, one[0]))
    return tuple(
        Suggestion(email, session.known.names.get(email), told.likeness, tuple(told.reasons))
        for email, told in best
        if told.reasons and email in held.people and email not in sure
    )[:MOST]


def _compare(name: str, email: str, known_as: str | None, told: _Candidate, likeness: Likeness) -> None:
    """What the name itself says for somebody of the roster."""
    alike = likeness(name, known_as) if known_as else 0
    by_address = likeness(name, _spoken(email))
    told.likeness = max(alike, by_address)
    if known_as and plain_name(name) == plain_name(known_as):
        told.because(50, "Has exactly this name on the class's roster.")
    elif alike >= ALIKE:
        told.because(alike // 2, f"The name is like {known_as} on the class's roster ({alike} of 100).")
    if by_address >= ADDRESS_ALIKE:
        told.because(by_address // 4, f"The name is like the address {email}.")


def _spoken(email: str) -> str:
    """The part of an address before the @ as a name: dots and digits are no part of it."""
    return re.sub(r"[\W\d_]+", " ", email.partition("@")[0]).strip()


def _stays_of(key: str, session: Session, held: ScheduledClass) -> tuple[Stay, ...]:
    people = people_of(session, held)
    return tuple(stay for connection, each in session.heard.items() if people[connection] == key for stay in stays_of(each))


def _is_then(claim: Heard, stays: Iterable[Stay]) -> bool:
    """Whether a registration was made shortly before somebody came in, or just after."""
    return any(at - AFTER <= stay.joined_at <= at + BEFORE for at in claim.joins for stay in stays)


def _registered(claim: Heard) -> str:
    at, name = min(claim.joins), claim.participant.display_name
    told = f"as {name}" if name else "without a name"
    return f"Registered for this meeting {told} at {at:%H:%M} UTC."
