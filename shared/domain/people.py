"""People: who stands behind each connection of a session, how that is known, and where nobody can tell.

A person's key is `email:<address>` where an address is known, else the ref that the best source gives. Sources name one
person differently, so connections are joined where that cannot be wrong: by an address, by a provider's own id of an account,
by Zoom's own word that a phone leg is somebody's or that a report's row is a joining seen live, and where the audit log and
Meet tell of one visit to the second. Names are the last resort, and decide only where shared/domain/names.py lets them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Basis, PersonKind, Source
from shared.domain.matches import Match, weakest
from shared.domain.names import Nameless, Naming, named
from shared.domain.presence import Heard, Stay, heard_key, stays_of
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.domain.sessions import Session

SAME_INSTANT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class People:
    """Who is behind each connection. `person_of` is by the connection's key, the others by the person's.

    `match_of` says how an address is known; `namesakes` gives the addresses that a name fits which decides nothing; `guests`
    are those of whom a person said that they are nobody of ours; `linked` are the keys that people had before a person said
    who they were.
    """

    person_of: Mapping[str, str]
    match_of: Mapping[str, Match] = field(default_factory=dict)
    namesakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guests: frozenset[str] = frozenset()
    linked: Mapping[str, Ruling] = field(default_factory=dict)


def people_of(session: Session, held: ScheduledClass) -> dict[str, str]:
    """The person's key of every connection of the session, by the connection's key."""
    return dict(identified(session, held).person_of)


def identified(session: Session, held: ScheduledClass) -> People:
    """Everybody of the session, as far as it is known for sure, and after that by what their names may decide."""
    people, levels = _by_ids(session, held)
    links = standing(session.known.rulings, RulingKind.LINK)
    linked = {key: ruling for key, ruling in links.items() if key in people.values()}
    guests = frozenset(key for key, ruling in linked.items() if not ruling.value)
    for connection, key in people.items():
        if key in linked and linked[key].value:
            people[connection], levels[connection] = f"email:{linked[key].value}", Match.CONFIRMED_ALIAS
    decided = _by_names(session, held, people, guests)
    for connection, key in people.items():
        if key in decided.people:
            people[connection], levels[connection] = f"email:{decided.people[key][0]}", decided.people[key][1]
    return People(people, _weakest(session, people, levels), decided.namesakes, guests, linked)


def _by_ids(session: Session, held: ScheduledClass) -> tuple[dict[str, str], dict[str, Match]]:
    """Each connection's person by ids and addresses alone, and how that is known."""
    heard, addresses, same = session.heard, _addresses(session, held), _coincident(session.heard)
    for logged, visit in same.items():
        if (address := heard[logged].participant.email) is not None:
            addresses.setdefault(heard[visit].participant.ref, (address, Match.EXACT_EMAIL))
    people, levels = {}, {}
    for key, each in heard.items():
        known_by = _bound(_as_seen_live(each, heard) or key, heard)
        ref = heard[same.get(known_by, known_by)].participant.ref
        address, levels[key] = addresses.get(ref, (None, Match.EXACT_EMAIL))
        people[key] = f"email:{address}" if address else ref
    return people, levels


def _addresses(session: Session, held: ScheduledClass) -> dict[str, tuple[str, Match]]:
    """The address behind each ref, and how it is known.

    From the weakest word to the strongest: what the sources state, what Google's directories say, what our registrations
    know, what a person confirmed, whose account signed in here or is on an imported roster.
    """
    known = session.known
    stated = {
        each.participant.ref: (each.participant.address, Match.EXACT_EMAIL)
        for _, each in sorted(session.heard.items(), reverse=True)
        if each.participant.address is not None
    }
    directory = {ref: (address, Match.EXACT_EMAIL) for ref, address in session.identities.items()}
    registered = {f"zoom:registrant:{each.registrant_id}": (each.email, Match.EXACT_EMAIL) for each in held.registrants}
    confirmed = {ref: (address, Match.CONFIRMED_ALIAS) for ref, address in known.confirmed.items()}
    signed_in = {ref: (address, Match.EXACT_ID) for ref, address in known.ids.items()}
    return {**confirmed, **stated, **directory, **registered, **signed_in}


def _by_names(session: Session, held: ScheduledClass, people: Mapping[str, str], guests: frozenset[str]) -> Naming:
    """What names decide about those who are still unknown."""
    stays: dict[str, list[Stay]] = {}
    names: dict[str, set[str]] = {}
    phones: set[str] = set()
    for connection, key in people.items():
        each = session.heard[connection]
        if key.startswith("email:") or key in guests or not each.is_somebody:
            continue
        stays.setdefault(key, []).extend(stays_of(each))
        names.setdefault(key, set()).update(filter(None, (each.participant.display_name,)))
        if each.participant.kind is PersonKind.PHONE:
            phones.add(key)
    if not stays:
        return Naming()
    nameless = [Nameless(key, tuple(sorted(names[key])), tuple(stays[key])) for key in stays if key not in phones]
    present = frozenset(
        key.removeprefix("email:")
        for connection, key in people.items()
        if key.startswith("email:") and session.heard[connection].basis in (Basis.LIVE, Basis.MEASURED)
    )
    claims = [each for each in session.heard.values() if each.source is Source.APP_SESSION and each.joins]
    return named(nameless, claims, present, held, session.known)


def _weakest(session: Session, people: Mapping[str, str], levels: Mapping[str, Match]) -> dict[str, Match]:
    """How each person is known: by the weakest of the links that their presence hangs on."""
    found: dict[str, Match] = {}
    for connection, key in people.items():
        if session.heard[connection].basis is not Basis.CLAIMED and key.startswith("email:"):
            found[key] = weakest(found.get(key), levels[connection])
    return found


def _bound(key: str, heard: Mapping[str, Heard]) -> str:
    """The connection of the person that the source bound a phone leg to; any other connection stands for itself."""
    each = heard[key]
    others = sorted(f"{each.source}|{other}" for other in each.bound_to)
    return next((other for other in others if other in heard), key)


def _as_seen_live(each: Heard, heard: Mapping[str, Heard]) -> str | None:
    """The live connection that a nameless row of Zoom's report is: both bear Zoom's own id of that joining.

    Only live events tell that somebody went from room to room, or which phone leg is whose. What stands behind an `@` tells
    apart rows of one joining that overlap.
    """
    is_nameless = each.source is Source.ZOOM_REPORT and each.participant.kind is not PersonKind.SIGNED_IN
    key = heard_key(Source.ZOOM_WEBHOOK, each.connection.partition("@")[0])
    return key if is_nameless and key in heard else None


def _coincident(heard: Mapping[str, Heard]) -> dict[str, str]:
    """Which visit in Meet's records each visit of the audit log is, where there is just one that it can be.

    Both tell of the same device, so the visits begin and end at the same second or so, under the same name. Where two
    visits of either kind could be one another's, none is taken.
    """
    logged = {key: stay for key, each in heard.items() if each.source is Source.REPORTS_API for stay in _whole(each)}
    visits = {key: stay for key, each in heard.items() if each.source is Source.MEET_API for stay in _whole(each)}
    if not logged or not visits:
        return {}
    begun = sorted(visits, key=lambda key: visits[key].joined_at)
    found = {key: [v for v in begun if _is_one(heard[key], stay, heard[v], visits[v])] for key, stay in logged.items()}
    taken = [visit for matches in found.values() for visit in matches]
    return {key: matches[0] for key, matches in found.items() if len(matches) == 1 and taken.count(matches[0]) == 1}


def _whole(each: Heard) -> Iterable[Stay]:
    """The one visit of a connection, when it is over."""
    stays = stays_of(each)
    return stays if len(stays) == 1 and stays[0].left_at is not None else ()


def _is_one(log: Heard, logged: Stay, record: Heard, visit: Stay) -> bool:
    if logged.left_at is None or visit.left_at is None:
        return False
    is_then = abs(logged.joined_at - visit.joined_at) <= SAME_INSTANT and abs(logged.left_at - visit.left_at) <= SAME_INSTANT
    return is_then and _may_be(log, record)


def _may_be(log: Heard, record: Heard) -> bool:
    """Whether the two can be one person: the same name, and nothing that speaks against it."""
    who, seen = log.participant, record.participant
    if who.ref == seen.ref:
        return True
    if who.ref.startswith("google:") and seen.ref.startswith("google:"):
        return False
    if (who.kind is PersonKind.PHONE) is not (seen.kind is PersonKind.PHONE):
        return False
    if who.email is not None and seen.kind is not PersonKind.SIGNED_IN:
        return False
    if who.kind is PersonKind.PHONE:
        return True
    return bool(who.display_name) and who.display_name == seen.display_name
