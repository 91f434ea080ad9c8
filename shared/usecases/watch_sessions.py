"""Looking at sessions: what is on now, and one session whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.attendance import Attendance
from shared.domain.attendance_rows import attendance_of
from shared.domain.classes import Provider, ScheduledClass, Status
from shared.domain.evidence import Evidence
from shared.domain.feeds import Feed, feed_of
from shared.domain.people import people_of
from shared.domain.presence import heard_key
from shared.domain.rooms import extent_of
from shared.domain.sessions import Session
from shared.ports import Channels, Classes, ClassFilter, Clock, EvidenceLog, Heartbeat, Page, Sessions
from shared.usecases.fold_evidence import FoldEvidence

# Zoom asks for a sign of life every 72 hours and switches the webhook off when none comes.
ZOOM_ALIVE = timedelta(hours=73)


@dataclass(frozen=True, slots=True)
class Watched:
    """A class with its session as folded so far; `session` is None while nothing was heard of it."""

    held: ScheduledClass
    session: Session | None
    rows: tuple[Attendance, ...]
    feed: Feed
    facts: tuple[Evidence, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)

    def person_of(self, fact: Evidence) -> str:
        """The key of the person that a fact tells of, as far as it is known now."""
        return self.people.get(heard_key(fact.source, fact.connection), fact.participant.ref)


@dataclass(frozen=True)
class WatchSessions:
    """Classes and their sessions, put together as they are asked for.

    A reading of Meet counts as fresh for `fresh_for`. `zoom` beats when Zoom asks our webhook for a sign of life.
    """

    classes: Classes
    sessions: Sessions
    evidence: EvidenceLog
    fold: FoldEvidence
    channels: Channels
    zoom: Heartbeat
    clock: Clock
    fresh_for: timedelta

    def active(self, wanted: ClassFilter, limit: int, token: str | None) -> Page[Watched]:
        """One page of classes with what is known of who is there."""
        page = self.classes.page(wanted, limit, token)
        sessions = self.sessions.get_many([held.session_id for held in page.items])
        delivering = self._delivering(page.items)
        watched = tuple(self._watched(held, sessions.get(held.session_id), page.items, delivering) for held in page.items)
        return Page(watched, page.next_token)

    def one(self, session_id: str) -> Watched:
        """One session with all its facts; raises `NotFound`."""
        held = self.classes.by_session(session_id)
        versioned = self.sessions.get(session_id)
        session = versioned.value if versioned else None
        others = self.fold.in_room(held.room, held.start_at) if held.room else ()
        watched = self._watched(held, session, others, self._delivering([held]))
        extent = extent_of(held, others)
        facts = tuple(
            fact
            for fact in self.fold.room_facts(held)
            if extent.holds(fact.at)
            or (session and heard_key(fact.source, fact.connection) in session.heard and fact.at < extent.closes_at)
        )
        people = people_of(session, held) if session else {}
        return Watched(held, session, watched.rows, watched.feed, facts, people)

    def _watched(
        self, held: ScheduledClass, session: Session | None, others: Sequence[ScheduledClass], delivering: frozenset[str]
    ) -> Watched:
        in_room = [other for other in others if other.room == held.room]
        rows = attendance_of(session, held, extent_of(held, in_room)) if session else ()
        return Watched(held, session, rows, self._feed(held, session, delivering, self.clock()))

    def _feed(self, held: ScheduledClass, session: Session | None, delivering: frozenset[str], now: datetime) -> Feed:
        """A class that is not on has no feed."""
        if held.status is not Status.ACTIVE:
            return Feed.NONE
        return feed_of(held, session, now, delivers=held.class_id in delivering, fresh_for=self.fresh_for)

    def _delivering(self, held: Sequence[ScheduledClass]) -> frozenset[str]:
        """The classes whose push channel is known to work: the teacher's subscription, or the one webhook of Zoom."""
        now = self.clock()
        on = [each for each in held if each.status is Status.ACTIVE]
        meet = [each for each in on if each.provider is Provider.GOOGLE_MEET]
        zoom = [each for each in on if each.provider is Provider.ZOOM]
        channels = self.channels.get_many(sorted({each.teacher_email for each in meet}))
        heard = self.zoom.last() if zoom else None
        zoom = zoom if heard is not None and now - heard[0] <= ZOOM_ALIVE else []
        meet = [each for each in meet if each.teacher_email in channels and channels[each.teacher_email].delivers(now)]
        return frozenset(each.class_id for each in (*meet, *zoom))
