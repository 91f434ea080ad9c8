"""Presence: how long somebody was really there, as a pure fold over a set of evidence.

What was heard of a connection is kept as two sets of instants, joins and leaves. Sets do not care about order or repetition, so
neither does anything computed from them: the same facts in any order, any number of times, give the same stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.evidence import BASIS_OF, Basis, Evidence, Kind, Participant, Source

NOTHING_NEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """One unbroken visit; `left_at` is None while it is not known to be over."""

    joined_at: datetime
    left_at: datetime | None

    def within(self, opens_at: datetime, closes_at: datetime) -> "Stay | None":
        """The part of the stay inside a window; an open stay is cut at the window's end."""
        joined = max(self.joined_at, opens_at)
        left = closes_at if self.left_at is None else min(self.left_at, closes_at)
        return Stay(joined, left) if joined < left else None


@dataclass(frozen=True, slots=True)
class Heard:
    """All that one source told of one connection.

    `ends` is there for the name of a meeting, when it ended for everybody in it; `bound_to` names connections of the same person.
    """

    source: Source
    connection: str
    participant: Participant
    joins: frozenset[datetime] = frozenset()
    leaves: frozenset[datetime] = frozenset()
    recorded_at: datetime | None = None
    ends: frozenset[datetime] = frozenset()
    bound_to: frozenset[str] = frozenset()

    @property
    def basis(self) -> Basis:
        """How much the source is worth."""
        return BASIS_OF[self.source]

    @property
    def is_somebody(self) -> bool:
        """Whether it tells of anybody's coming or going."""
        return bool(self.joins or self.leaves)


def heard_key(source: Source, connection: str) -> str:
    """The key under which a connection is kept."""
    return f"{source}|{connection}"


def heard_with(heard: Mapping[str, Heard], facts: Iterable[Evidence]) -> dict[str, Heard]:
    """`heard` and these facts; facts that are in it already change nothing."""
    result = dict(heard)
    for fact in facts:
        key = heard_key(fact.source, fact.connection)
        known = result.get(key) or Heard(fact.source, fact.connection, fact.participant)
        result[key] = _with_fact(known, fact)
    return result


def _with_fact(known: Heard, fact: Evidence) -> Heard:
    """Who it was is taken from the fact that tells most, so that it does not depend on the order of arrival either."""
    is_manual = fact.source is Source.MANUAL
    recorded_at = min(filter(None, (known.recorded_at, fact.received_at))) if is_manual else None
    known = replace(known, participant=max(known.participant, fact.participant, key=_told_most), recorded_at=recorded_at)
    match fact.kind:
        case Kind.JOIN:
            return replace(known, joins=known.joins | {fact.at})
        case Kind.LEAVE:
            return replace(known, leaves=known.leaves | {fact.at})
        case Kind.END:
            return replace(known, ends=known.ends | {fact.at})
        case Kind.BIND:
            return replace(known, bound_to=known.bound_to | ({fact.bound_to} if fact.bound_to else set()))


def _told_most(participant: Participant) -> tuple[bool, bool, str, str, str, str]:
    return (
        participant.address is not None,
        participant.display_name is not None,
        participant.address or "",
        participant.display_name or "",
        participant.device or "",
        participant.ref,
    )


def ends_of(heard: Iterable[Heard]) -> dict[str, datetime]:
    """When each meeting ended that is known to have ended, by the source and the beginning of its connections' names."""
    return {heard_key(h.source, f"{h.connection}/"): max(h.ends) for h in heard if h.ends}


def end_of(heard: Heard, ends: Mapping[str, datetime]) -> datetime | None:
    """When the meeting of a connection ended, if it did."""
    key = heard_key(heard.source, heard.connection)
    return max((at for meeting, at in ends.items() if key.startswith(meeting)), default=None)


def stays_of(heard: Heard, ended_at: datetime | None = None) -> tuple[Stay, ...]:
    """The stays that a connection's joins and leaves tell, oldest first.

    A second join while inside changes nothing, nor does a leave of somebody who is not inside: a leave without its join
    has no length that anybody could know. Whoever left at the instant of joining was not there, unless a later leave says
    otherwise. The meeting's end closes what is open; a leave that was told stands, however late.
    """
    steps = sorted([(at, 1) for at in heard.joins] + [(at, 0) for at in heard.leaves])
    stays: list[Stay] = []
    since: datetime | None = None
    is_moot = False
    for at, is_join in steps:
        if is_join:
            was_inside = bool(stays) and stays[-1].left_at == at
            if since is None or is_moot:
                since, is_moot = at, at in heard.leaves and not was_inside
        elif since is not None:
            stays.append(Stay(since, at))
            since = None
    if since is not None and not is_moot and (ended_at is None or since < ended_at):
        stays.append(Stay(since, ended_at))
    return tuple(stays)


def united(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """The stays with overlapping and touching ones merged, oldest first: two devices at once are one presence."""
    merged: list[Stay] = []
    for stay in sorted(stays, key=lambda s: s.joined_at):
        last = merged[-1] if merged else None
        if last is not None and (last.left_at is None or stay.joined_at <= last.left_at):
            left_at = None if last.left_at is None or stay.left_at is None else max(last.left_at, stay.left_at)
            merged[-1] = Stay(last.joined_at, left_at)
        else:
            merged.append(stay)
    return tuple(merged)


def time_present(stays: Iterable[Stay], opens_at: datetime, closes_at: datetime) -> timedelta:
    """Time within the window that is covered by any stay: each instant counts once, whatever the number of devices."""
    cut = (stay.within(opens_at, closes_at) for stay in united(stays))
    return sum(((stay.left_at - stay.joined_at) for stay in cut if stay and stay.left_at), timedelta())


# They name each device's joining; another live source knows of devices only what it was told.
_EXACT = (Source.MEET_EVENT, Source.ZOOM_WEBHOOK)
# Their records are whole: who is not in them was not there. The audit log lacks whoever is still inside.
_WHOLE = (Source.MEET_API, Source.ZOOM_REPORT)


@dataclass(frozen=True, slots=True)
class Believed:
    """The stays that count for one person, and what they rest on."""

    stays: tuple[Stay, ...]
    connections: tuple[tuple[Stay, ...], ...]
    basis: Basis
    source: Source


def believed(heard: Iterable[Heard], measured_at: datetime | None, ends: Mapping[str, datetime] | None = None) -> Believed | None:
    """What to believe of one person: the best source's stays; every source stays on record beside it.

    A person's word from the staff outranks all, the newest word the older ones. A whole measurement is the truth up to the
    instant it was read at (`measured_at`); what live sources saw after that goes on from there until it is read again. A
    measurement that may lack something (a partial report, the audit log) proves presence but no absence. `ends` tells which
    meetings are over.
    """
    told: dict[Basis, list[Heard]] = {}
    for each in sorted(heard, key=lambda h: (h.source, h.connection)):
        if each.is_somebody:
            told.setdefault(each.basis, []).append(each)
    if manual := told.get(Basis.MANUAL):
        newest = max(h.recorded_at for h in manual if h.recorded_at)
        return _told_by([h for h in manual if h.recorded_at == newest], {})
    live, measured = told.get(Basis.LIVE, []), told.get(Basis.MEASURED, [])
    whole = [h for h in measured if h.source in _WHOLE]
    ends = ends or {}
    if whole and measured_at is not None:
        return _continued(whole, live, measured_at, ends)
    if measured:
        return _completed(whole or measured, live, ends)
    for rest in (live, told.get(Basis.CLAIMED, [])):
        if rest:
            return _told_by(rest, ends)
    return None


def _told_by(heard: list[Heard], ends: Mapping[str, datetime]) -> Believed:
    """All stays of these; a device that two sources tell of is one device, so only the best source's count as connections."""
    told = [(h, stays) for h in heard if (stays := stays_of(h, end_of(h, ends)))]
    exact = tuple(stays for h, stays in told if h.source in _EXACT)
    best = next((h for h in heard if h.source in _EXACT), heard[0])
    return Believed(
        united(stay for _, stays in told for stay in stays), exact or tuple(s for _, s in told), best.basis, best.source
    )


def _completed(measured: list[Heard], live: list[Heard], ends: Mapping[str, datetime]) -> Believed:
    """What a reading that may lack something tells, and what live sources saw beyond it."""
    known = _told_by(measured, {})
    if not live:
        return known
    seen = _told_by(live, ends)
    both = united((*known.stays, *seen.stays))
    if all(stay.left_at is not None for stay in both) and _length(both) - _length(known.stays) <= NOTHING_NEW:
        return known
    return Believed(both, (*known.connections, *seen.connections), Basis.LIVE, seen.source)


def _length(stays: Iterable[Stay]) -> timedelta:
    return sum((stay.left_at - stay.joined_at for stay in stays if stay.left_at is not None), timedelta())


def _continued(measured: list[Heard], live: list[Heard], measured_at: datetime, ends: Mapping[str, datetime]) -> Believed:
    """Measured stays up to `measured_at`, live ones after it: an open measured stay ends when live sources saw the person go."""
    closed = [(h, end_of(h, ends)) for h in live]
    seen = united(stay for h, ended_at in closed for stay in stays_of(h, ended_at))
    left = [at for h, ended_at in closed for at in (*h.leaves, ended_at) if at is not None and at > measured_at]
    is_open = any(stay.left_at is None for h in measured for stay in stays_of(h))
    if not (left and is_open) and not any(at > measured_at for h, _ in closed for at in h.joins):
        return _told_by(measured, {})
    ends_at = next((stay.left_at for stay in seen if stay.left_at and stay.left_at > measured_at), None)
    if ends_at is None and not any(stay.left_at is None for stay in seen):
        ends_at = min(left, default=None)
    known = [tuple(replace(stay, left_at=ends_at) if stay.left_at is None else stay for stay in stays_of(h)) for h in measured]
    later = [(h, tuple(s for s in stays_of(h, ended_at) if s.joined_at > measured_at)) for h, ended_at in closed]
    exact = [stays for h, stays in later if h.source in _EXACT]
    told = tuple(stays for stays in (*known, *(exact or [stays for _, stays in later])) if stays)
    stays = united(stay for told_by in (*known, *(stays for _, stays in later)) for stay in told_by)
    best = next((h for h, _ in closed if h.source in _EXACT), live[0])
    return Believed(stays, told, Basis.LIVE, best.source)
