"""Presence: how long somebody was really there, as a pure fold over a set of evidence.

What was heard of a connection is kept as two sets of instants, joins and leaves. Sets do not care about order or repetition, so
neither does anything computed from them: the same facts in any order, any number of times, give the same stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from shared.domain.evidence import BASIS_OF, Basis, Evidence, Kind, Participant, Source


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
    """All that one source told of one connection."""

    source: Source
    connection: str
    participant: Participant
    joins: frozenset[datetime] = frozenset()
    leaves: frozenset[datetime] = frozenset()
    recorded_at: datetime | None = None

    @property
    def basis(self) -> Basis:
        """How much the source is worth."""
        return BASIS_OF[self.source]

    @property
    def latest(self) -> datetime:
        """The last instant that anything was heard of."""
        return max(self.joins | self.leaves)


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
    """Who it was is taken from the fact that sorts first, so that it does not depend on the order of arrival either."""
    joins, leaves = known.joins, known.leaves
    if fact.kind is Kind.JOIN:
        joins = joins | {fact.at}
    else:
        leaves = leaves | {fact.at}
    participant = max(known.participant, fact.participant, key=_told_most)
    is_manual = fact.source is Source.MANUAL
    recorded_at = min(filter(None, (known.recorded_at, fact.received_at))) if is_manual else None
    return replace(known, joins=joins, leaves=leaves, participant=participant, recorded_at=recorded_at)


def _told_most(participant: Participant) -> tuple[bool, str, str]:
    return (participant.display_name is not None, participant.display_name or "", participant.device or "")


def stays_of(heard: Heard) -> tuple[Stay, ...]:
    """The stays that a connection's joins and leaves tell, oldest first.

    A second join while inside changes nothing, nor does a leave of somebody who is not inside: a leave without its join
    has no length that anybody could know.
    """
    steps = sorted([(at, 1) for at in heard.joins] + [(at, 0) for at in heard.leaves])
    stays: list[Stay] = []
    since: datetime | None = None
    for at, is_join in steps:
        if is_join:
            since = since or at
        elif since is not None:
            stays.append(Stay(since, at))
            since = None
    if since is not None:
        stays.append(Stay(since, None))
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


_RANK = (Basis.MEASURED, Basis.LIVE, Basis.CLAIMED)


@dataclass(frozen=True, slots=True)
class Believed:
    """The stays that count for one person, and what they rest on."""

    stays: tuple[Stay, ...]
    connections: tuple[tuple[Stay, ...], ...]
    basis: Basis
    source: Source


def believed(heard: Iterable[Heard], measured_at: datetime | None) -> Believed | None:
    """What to believe of one person: the best source's stays; every source stays on record beside it.

    A person's word from the staff outranks all, the newest word the older ones. A measurement is the truth up to the
    instant it was read at (`measured_at`); what live sources saw after that goes on from there until it is read again.
    """
    by_basis = {
        basis: tuple(group)
        for basis, group in groupby(sorted(heard, key=lambda h: (h.basis, h.source, h.connection)), key=lambda h: h.basis)
    }
    if manual := by_basis.get(Basis.MANUAL):
        newest = max(h.recorded_at for h in manual if h.recorded_at)
        return _told_by(h for h in manual if h.recorded_at == newest)
    present = [basis for basis in _RANK if basis in by_basis]
    if not present:
        return None
    best = by_basis[present[0]]
    later = [h for basis in present[1:] for h in by_basis[basis] if basis is Basis.LIVE]
    if present[0] is Basis.MEASURED and measured_at and any(h.latest > measured_at for h in later):
        return _continued(best, later, measured_at)
    return _told_by(best)


def _told_by(heard: Iterable[Heard]) -> Believed:
    heard = tuple(heard)
    connections = tuple(stays for h in heard if (stays := stays_of(h)))
    return Believed(united(stay for stays in connections for stay in stays), connections, heard[0].basis, heard[0].source)


def _continued(measured: tuple[Heard, ...], live: Iterable[Heard], measured_at: datetime) -> Believed:
    """Measured stays up to `measured_at`, live ones after it: an open measured stay ends when live sources saw the person go."""
    live = tuple(live)
    seen = united(stay for h in live for stay in stays_of(h))
    ends = next((stay.left_at for stay in seen if stay.left_at and stay.left_at > measured_at), None)
    if ends is None and not any(stay.left_at is None for stay in seen):
        ends = min((at for h in live for at in h.leaves if at > measured_at), default=None)
    connections = [tuple(replace(stay, left_at=ends) if stay.left_at is None else stay for stay in stays_of(h)) for h in measured]
    connections += [tuple(stay for stay in stays_of(h) if stay.joined_at > measured_at) for h in live]
    told = tuple(stays for stays in connections if stays)
    return Believed(united(stay for stays in told for stay in stays), told, Basis.LIVE, live[0].source)
