"""Watching courses: one pair of listeners for each course that anybody here follows, however many follow it.

Listeners call on threads of their own; what they bring is handed over to the event loop, the latest state only, so that no burst
of changes can pile up. A listener that died, or says nothing although the store has news, is replaced.
"""

import asyncio
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from shared import system
from shared.domain.accounts import Caller
from shared.domain.errors import Unavailable
from shared.domain.live import SHOWN_AFTER_END, Change, LiveSession
from shared.live_ports import LiveViews, Watch
from shared.people_ports import Courses
from shared.ports import Clock
from shared.usecases.follow_course import FollowedCourse
from shared.web.log import log_crash

FIRST_STATE_SECONDS = 10.0
STATE_SECONDS = 1.0
"""A course's state is sent at most this often; what happened is told at once."""
CHECK_SECONDS = 5.0
COMPARE_SECONDS = 60.0
RENEW_SECONDS = 3600.0
MOST_COURSES = 500


class Audience(Protocol):
    """Whoever is told what is seen."""

    async def happened(self, watched: "Watched", changes: tuple[Change, ...]) -> None:
        """Something happened in a course."""

    async def changed(self, watched: "Watched") -> None:
        """The state of a course is another one."""


@dataclass(eq=False)
class Watched:
    """One course that is watched: its state, who follows it here by socket, and the listeners.

    `cleared` are the sockets of people who have no part in it any more, and were told so.
    """

    course: FollowedCourse
    followers: dict[str, Caller] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    known: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    watches: tuple[Watch, ...] = ()
    watched_since: float = 0.0
    compared_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    latest: tuple[Mapping[str, LiveSession], datetime] | None = None
    roster: frozenset[str] | None = None
    task: "asyncio.Task[None] | None" = None

    def is_done_with(self, sid: str, *, is_in: bool) -> bool:
        """Whether a socket's person has no part in the course (any more) and was told so already; counts as told from now on."""
        if is_in:
            self.cleared.discard(sid)
            return False
        was_told = sid in self.cleared
        self.cleared.add(sid)
        return was_told


class Watching:
    """The courses that are watched by this process. Everything but the listeners' own calls happens on the event loop.

    `patience_s` is how long whoever follows a course waits for its first state.
    """

    def __init__(
        self, live: LiveViews, courses: Courses, clock: Clock, audience: Audience, patience_s: float = FIRST_STATE_SECONDS
    ) -> None:
        self._patience_s = patience_s
        self._live, self._courses, self._clock, self._audience = live, courses, clock, audience
        self._watched: dict[str, Watched] = {}
        self._tending: asyncio.Task[None] | None = None

    @property
    def courses(self) -> tuple[Watched, ...]:
        """The courses that are watched now."""
        return tuple(self._watched.values())

    @property
    def is_well(self) -> bool:
        """Whether every listener lives, as far as it knows."""
        return all(watch.is_alive for watched in self._watched.values() for watch in watched.watches)

    async def follow(self, course_id: str, sid: str, caller: Caller) -> Watched:
        """Let a socket follow a course; answers once its state is known. Raises `Unavailable`."""
        watched = self._watched.get(course_id)
        if watched is None:
            if len(self._watched) >= MOST_COURSES:
                raise Unavailable("Too many courses are watched here at this moment; try again later.")
            watched = self._watched[course_id] = Watched(FollowedCourse(course_id))
            watched.task = asyncio.create_task(self._work(watched))
            if self._tending is None:
                self._tending = asyncio.create_task(self._tend())
        watched.followers[sid] = caller
        try:
            if not watched.watches:
                await self._listen(watched)
            await asyncio.wait_for(watched.known.wait(), self._patience_s)
        except Exception as trouble:
            await self.unfollow(course_id, sid)
            raise Unavailable("The course cannot be read right now; try again in a moment.") from trouble
        return watched

    async def unfollow(self, course_id: str, sid: str) -> None:
        """Let a socket follow a course no more; with the last one its listeners end."""
        watched = self._watched.get(course_id)
        if watched is None:
            return
        watched.followers.pop(sid, None)
        watched.cleared.discard(sid)
        if not watched.followers:
            self._watched.pop(course_id)
            if watched.task is not None:
                watched.task.cancel()
            await self._deafen(watched)

    async def close(self) -> None:
        """End every listener."""
        if self._tending is not None:
            self._tending.cancel()
        for watched in self.courses:
            for sid in tuple(watched.followers):
                await self.unfollow(watched.course.course_id, sid)

    async def _listen(self, watched: Watched) -> None:
        """Start a pair of listeners in place of those before."""
        loop = asyncio.get_running_loop()
        course_id, since = watched.course.course_id, self._clock() - SHOWN_AFTER_END

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(watched.news.set)

        def seen(sessions: Mapping[str, LiveSession], read_at: datetime) -> None:
            with watched.lock:
                watched.latest = (sessions, read_at)
            wake()

        def enrolled(roster: frozenset[str]) -> None:
            with watched.lock:
                watched.roster = roster
            wake()

        before = watched.watches
        watched.watched_since = watched.compared_at = loop.time()
        roster_watch = await asyncio.to_thread(self._live.watch_roster, course_id, enrolled)
        live_watch = await asyncio.to_thread(self._live.watch, course_id, since, seen)
        watched.watches = (roster_watch, live_watch)
        for watch in before:
            await asyncio.to_thread(watch.stop)
        if self._watched.get(course_id) is not watched:
            await self._deafen(watched)

    async def _deafen(self, watched: Watched) -> None:
        watches, watched.watches = watched.watches, ()
        for watch in watches:
            await asyncio.to_thread(watch.stop)

    async def _work(self, watched: Watched) -> None:
        """Tell what is seen, one state after the other; a state that nobody was told of yet is told when its time has come."""
        loop = asyncio.get_running_loop()
        state_at, is_due = 0.0, False
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(watched.news.wait(), max(0.0, state_at - loop.time()) if is_due else None)
            watched.news.clear()
            try:
                was_known = watched.course.is_known
                changes = self._taken_in(watched)
                if changes is not None and was_known:
                    is_due = True
                    await self._audience.happened(watched, changes)
                if is_due and loop.time() >= state_at:
                    state_at, is_due = loop.time() + STATE_SECONDS, False
                    await self._audience.changed(watched)
            except Exception as crash:  # noqa: BLE001 - the next state is told all the same
                log_crash(crash, system.new_id(), function="realtime", course=watched.course.course_id)

    def _taken_in(self, watched: Watched) -> tuple[Change, ...] | None:
        """What happened; None when there is nothing new."""
        with watched.lock:
            latest, roster, watched.latest = watched.latest, watched.roster, None
        is_other = roster is not None and roster != watched.course.roster
        if roster is not None:
            watched.course.roster = roster
        if latest is None:
            changes: tuple[Change, ...] | None = () if is_other else None
        else:
            before = watched.course.rev
            changes = watched.course.see(*latest)
            changes = changes if watched.course.rev != before or is_other else None
        if watched.course.is_known and roster is not None:
            watched.known.set()
        return changes

    async def _tend(self) -> None:
        """Replace listeners that are dead, deaf or old."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            for watched in self.courses:
                try:
                    if await self._is_worn(watched):
                        await self._listen(watched)
                except Exception:  # noqa: BLE001, S112 - tried again in a few seconds; the socket's health route tells of it
                    continue

    async def _is_worn(self, watched: Watched) -> bool:
        now = asyncio.get_running_loop().time()
        if not watched.watches or not all(watch.is_alive for watch in watched.watches):
            return True
        if now - watched.watched_since > RENEW_SECONDS:
            return True
        if now - watched.compared_at < COMPARE_SECONDS:
            return False
        watched.compared_at = now
        course_id = watched.course.course_id
        stored = await asyncio.to_thread(self._live.of_course, course_id, self._clock() - SHOWN_AFTER_END + timedelta(hours=2))
        course = await asyncio.to_thread(self._courses.get, course_id)
        roster = frozenset((*course.value.teacher_emails, *course.value.student_emails)) if course else frozenset()
        await asyncio.sleep(STATE_SECONDS)
        seen = watched.course.sessions
        is_behind = any(session_id not in seen or seen[session_id].rev < each.rev for session_id, each in stored.items())
        return is_behind or roster != watched.course.roster
