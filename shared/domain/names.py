"""What a name may decide about somebody whom no id and no address identifies, and what it may not.

A name decides only where it is exactly a person's of the class, nobody else in the room bears it at the same time, and that
person is not in the room already. Who signed in here under that name shortly before is surer, and so is a name that a person
confirmed earlier. Whatever fits less than that is a suggestion for a person to decide; likeness decides nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from shared.domain.classes import ScheduledClass
from shared.domain.identities import plain_name
from shared.domain.known import Known
from shared.domain.matches import Match
from shared.domain.presence import Heard, Stay, stays_of

BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Nameless:
    """Somebody whom no id identifies: the key, the names that were told, the stays."""

    key: str
    names: tuple[str, ...]
    stays: tuple[Stay, ...]

    @property
    def plain(self) -> str | None:
        """The one name, as it is compared; None where there is none or more than one."""
        plain = {plain_name(name) for name in self.names} - {""}
        return next(iter(plain)) if len(plain) == 1 else None


@dataclass(frozen=True, slots=True)
class Naming:
    """`people` gives the address and the match of each key that a name decided; `namesakes` whom a name fits without deciding."""

    people: Mapping[str, tuple[str, Match]] = field(default_factory=dict)
    namesakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def named(
    nameless: Sequence[Nameless], claims: Sequence[Heard], present: frozenset[str], held: ScheduledClass, known: Known
) -> Naming:
    """What the names decide. `present` are the addresses of people who are in the room for sure."""
    groups: dict[str, list[Nameless]] = {}
    for each in nameless:
        if each.plain is not None:
            groups.setdefault(each.plain, []).append(each)
    bearers: dict[str, set[str]] = {}
    for email in held.people:
        if email in known.names:
            bearers.setdefault(plain_name(known.names[email]), set()).add(email)
    people: dict[str, tuple[str, Match]] = {}
    namesakes: dict[str, tuple[str, ...]] = {}
    for name, group in sorted(groups.items()):
        fitting = _fitting(name, group, claims, held, known, bearers.get(name, set()))
        if not fitting:
            continue
        email, match = next(iter(fitting.items()))
        is_one = len(fitting) == 1 and not _are_apart(group) and email not in present and not _is_other(group, email, known)
        for each in group:
            if is_one:
                people[each.key] = (email, match)
            else:
                namesakes[each.key] = tuple(sorted(fitting))
    taken = [email for email, _ in {(people[g.key][0], g.plain) for g in nameless if g.key in people}]
    contested = {email for email in taken if taken.count(email) > 1}
    namesakes |= {key: (email,) for key, (email, _) in people.items() if email in contested}
    return Naming({key: told for key, told in people.items() if told[0] not in contested}, namesakes)


def _fitting(
    name: str, group: Sequence[Nameless], claims: Iterable[Heard], held: ScheduledClass, known: Known, bearers: set[str]
) -> dict[str, Match]:
    """Everybody of the class whom the name can mean, and how: all who bear it, registered under it or were confirmed under it."""
    fitting = dict.fromkeys(sorted(bearers), Match.UNIQUE_NAME)
    for email in known.aliases.get(name, ()):
        if email in held.people:
            fitting[email] = Match.CONFIRMED_ALIAS
    for claim in claims:
        claimant, told = claim.participant.email, claim.participant.display_name
        if told is None or plain_name(told) != name or not any(_is_then(claim, each) for each in group):
            continue
        if claimant is not None and claimant in held.people:
            fitting[claimant] = Match.REGISTERED_SESSION
    return fitting


def _is_then(claim: Heard, each: Nameless) -> bool:
    """Whether somebody came in around the time of a registration: it goes before, or follows by a little."""
    return any(at - AFTER <= stay.joined_at <= at + BEFORE for at in claim.joins for stay in each.stays) or any(
        stay.joined_at <= claimed.joined_at and (stay.left_at is None or claimed.joined_at < stay.left_at)
        for claimed in stays_of(claim)
        for stay in each.stays
    )


def _are_apart(group: Sequence[Nameless]) -> bool:
    """Whether two of one name were in the room at once: then they are two people, or one on two devices; nobody can tell."""
    steps = sorted((stay.joined_at, stay.left_at, each.key) for each in group for stay in each.stays if stay.left_at is not None)
    is_open = [(stay.joined_at, each.key) for each in group for stay in each.stays if stay.left_at is None]
    for place, (_, left_at, key) in enumerate(steps):
        if any(other != key and joined < left_at for joined, _, other in steps[place + 1 :]):
            return True
        if any(other != key and joined < left_at for joined, other in is_open):
            return True
    return len({key for _, key in is_open}) > 1


def _is_other(group: Iterable[Nameless], email: str, known: Known) -> bool:
    """Whether somebody of the name shows another account than the person is known to have."""
    own = {ref for ref, address in {**known.confirmed, **known.ids}.items() if address == email and ref.startswith("google:")}
    return bool(own) and any(each.key.startswith("google:") and each.key not in own for each in group)
