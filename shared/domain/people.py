"""People: who stands behind each connection of a session, as far as the sources tell it for sure.

A person's key is `email:<address>` where an address is known, else the ref that the best source gives. Sources name one
person differently, so connections are joined where that cannot be wrong: by an address, by Zoom's own word that a phone
leg is somebody's or that a report's row is a joining seen live, and where the audit log and Meet tell of one visit to the
second. A likeness of names never decides.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import PersonKind, Source
from shared.domain.presence import Heard, Stay, heard_key, stays_of
from shared.domain.sessions import Session

SAME_INSTANT = timedelta(seconds=5)


def people_of(session: Session, held: ScheduledClass) -> dict[str, str]:
    """The person's key of every connection of the session, by the connection's key."""
    heard, addresses, same = session.heard, _addresses(session, held), _coincident(session.heard)
    for logged, visit in same.items():
        if (address := heard[logged].participant.email) is not None:
            addresses.setdefault(heard[visit].participant.ref, address)
    own = {key: _person(each.participant.ref, addresses) for key, each in heard.items()}
    people = {key: own[same.get(key, key)] for key in heard}
    bound = {key: _bound(key, heard, people) for key in heard}
    return {key: bound[_as_seen_live(each, heard) or key] for key, each in heard.items()}


def _addresses(session: Session, held: ScheduledClass) -> dict[str, str]:
    """The address behind each ref: what the sources state, what Google's directories say, what our registrations know."""
    stated = {
        each.participant.ref: each.participant.address
        for _, each in sorted(session.heard.items(), reverse=True)
        if each.participant.address is not None
    }
    registered = {f"zoom:registrant:{each.registrant_id}": each.email for each in held.registrants}
    return {**stated, **session.identities, **registered}


def _person(ref: str, addresses: Mapping[str, str]) -> str:
    address = addresses.get(ref)
    return f"email:{address}" if address else ref


def _bound(key: str, heard: Mapping[str, Heard], people: Mapping[str, str]) -> str:
    """A phone leg is the person of the connection that the source bound it to."""
    each = heard[key]
    others = sorted(f"{each.source}|{other}" for other in each.bound_to)
    return next((people[other] for other in others if other in people), people[key])


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
