"""Feeds: how we come to know who is in a class that is on, said truthfully.

A push channel that Google calls active may still be silent, and no provider tells that it lost something. So a feed is called
live only while nothing contradicts it: when Meet's own records show somebody coming or going whom no live source told of,
it is not.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.classes import ScheduledClass
from shared.domain.evidence import Basis, Source
from shared.domain.people import people_of
from shared.domain.presence import Heard
from shared.domain.sessions import Session, SyncStatus

TOLD_WITHIN = timedelta(seconds=60)
ON_THE_WAY = timedelta(seconds=30)
_PUSHED = (Source.BRIDGE, Source.ZOOM_WEBHOOK)


class Feed(StrEnum):
    """`live`: told as it happens; `polling`: read every so often; `stale`: known, but not how it is now; `none`: unknown."""

    LIVE = "live"
    POLLING = "polling"
    STALE = "stale"
    NONE = "none"


def feed_of(held: ScheduledClass, session: Session | None, now: datetime, *, delivers: bool, fresh_for: timedelta) -> Feed:
    """The feed of a class. `delivers` is whether its push channel is known to work; a reading is fresh for `fresh_for`."""
    heard = tuple(session.heard.values()) if session else ()
    is_pushed = delivers or any(each.source in _PUSHED for each in heard)
    if is_pushed and not (session and _lacks_something(session, held)):
        return Feed.LIVE
    if session is None:
        return Feed.NONE
    if session.sync is not None and session.sync.status is not SyncStatus.FAILED and now - session.sync.read_at <= fresh_for:
        return Feed.POLLING
    return Feed.STALE if any(each.basis in (Basis.LIVE, Basis.MEASURED) for each in heard) else Feed.NONE


def is_doubtful(held: ScheduledClass, session: Session) -> bool:
    """Whether Meet's records show something just now that may still be on its way to us: then it is worth another look soon."""
    return _lacks_something(session, held, timedelta())


def _lacks_something(session: Session, held: ScheduledClass, on_the_way: timedelta = ON_THE_WAY) -> bool:
    """Whether the newest thing that Meet's records show is one that no live source told of."""
    if session.measured_at is None:
        return False
    until = session.measured_at - on_the_way
    people = people_of(session, held)
    measured = [
        (at, people[key], is_join)
        for key, each in session.heard.items()
        if each.source is Source.MEET_API
        for at, is_join in _steps(each)
        if at <= until
    ]
    if not measured:
        return False
    newest, person, was_join = max(measured)
    return not any(
        people[key] == person and is_join is was_join and abs(at - newest) <= TOLD_WITHIN
        for key, each in session.heard.items()
        if each.basis is Basis.LIVE
        for at, is_join in _steps(each)
    )


def _steps(each: Heard) -> list[tuple[datetime, bool]]:
    return [(at, True) for at in each.joins] + [(at, False) for at in each.leaves]
