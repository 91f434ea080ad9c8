"""Watching courses: two listeners for each however many follow it, replaced when they are dead, deaf or old."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from functions.realtime import watching as module
from functions.realtime.watching import Watched, Watching
from shared.domain.accounts import Caller
from shared.domain.directory import Course
from shared.domain.errors import Unavailable
from shared.domain.live import Change, LiveSession
from shared.live_ports import Seen
from shared.ports import Versioned
from tests.builders import at
from tests.fakes import Clock
from tests.functions.realtime.test_frames import session

OMAR, LENA = Caller("o", "omar@school.example", "user"), Caller("l", "lena@school.example", "user")


@dataclass
class Listener:
    """The port `Watch`."""

    is_alive: bool = True

    def stop(self) -> None:
        """See the port."""
        self.is_alive = False


@dataclass
class Views:
    """The port `LiveViews`: what it stores, and what it tells of it, are two things; `is_mute` tells nothing."""

    stored: dict[str, LiveSession] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)
    seen: Seen | None = None
    is_mute: bool = False

    def of_course(self, course_id: str, ends_after: datetime) -> Mapping[str, LiveSession]:  # noqa: ARG002 - the port's form
        """See the port."""
        return self.stored

    def watch(self, course_id: str, ends_after: datetime, seen: Seen) -> Listener:  # noqa: ARG002 - the port's form
        """See the port."""
        self.seen = seen
        if not self.is_mute:
            seen(dict(self.stored), at(0))
        self.listeners.append(Listener())
        return self.listeners[-1]

    def watch_roster(self, course_id: str, seen: Callable[[frozenset[str]], None]) -> Listener:  # noqa: ARG002
        """See the port."""
        if not self.is_mute:
            seen(frozenset({OMAR.email}))
        self.listeners.append(Listener())
        return self.listeners[-1]

    @property
    def alive(self) -> int:
        """How many listeners are alive."""
        return sum(each.is_alive for each in self.listeners)


@dataclass
class Rosters:
    """Of the port `Courses` only what is asked here."""

    students: tuple[str, ...] = (OMAR.email,)

    def get(self, course_id: str) -> Versioned[Course]:
        """See the port."""
        return Versioned(Course(course_id, "Maths", (), self.students), 1)


@dataclass
class Heard:
    """Whoever is told."""

    changes: list[Change] = field(default_factory=list)
    states: int = 0

    async def happened(self, watched: Watched, changes: tuple[Change, ...]) -> None:  # noqa: ARG002 - the port's form
        """Note it."""
        self.changes += changes

    async def changed(self, watched: Watched) -> None:  # noqa: ARG002 - the port's form
        """Count it."""
        self.states += 1


@dataclass
class Here:
    """What one test stands on."""

    views: Views = field(default_factory=Views)
    rosters: Rosters = field(default_factory=Rosters)
    heard: Heard = field(default_factory=Heard)

    def watching(self) -> Watching:
        """The course-watching of one process."""
        return Watching(self.views, self.rosters, Clock(at(0)), self.heard, 0.2)  # type: ignore[arg-type]


def played(story: Callable[[Here, Watching], Coroutine[Any, Any, None]]) -> Here:
    """Play a story on an event loop of its own."""
    here = Here()

    async def play() -> None:
        watching = here.watching()
        await story(here, watching)
        await watching.close()

    asyncio.run(play())
    return here


def test_many_who_follow_a_course_share_two_listeners_that_end_with_the_last() -> None:
    async def story(here: Here, watching: Watching) -> None:
        for number in range(20):
            await watching.follow("maths", f"sid {number}", OMAR)
        assert here.views.alive == 2
        for number in range(19):
            await watching.unfollow("maths", f"sid {number}")
        assert here.views.alive == 2
        await watching.unfollow("maths", "sid 19")
        assert (here.views.alive, watching.courses) == (0, ())

    assert len(played(story).views.listeners) == 2


def test_a_listener_that_died_is_worn_and_its_successor_tells_on() -> None:
    async def story(here: Here, watching: Watching) -> None:
        watched = await watching.follow("maths", "sid", OMAR)
        assert not await watching._is_worn(watched)
        here.views.listeners[0].is_alive = False
        assert not watching.is_well
        assert await watching._is_worn(watched)
        await watching._listen(watched)
        assert (here.views.alive, watching.is_well) == (2, True)
        assert here.views.seen
        here.views.seen({session().held.session_id: session()}, at(1))
        await asyncio.sleep(0.05)

    assert len(played(story).heard.changes) == 1


@pytest.mark.parametrize("missed", ["a class", "a roster", "nothing"])
def test_a_listener_that_fell_silent_is_found_out_by_comparing(missed: str) -> None:
    async def story(here: Here, watching: Watching) -> None:
        watched = await watching.follow("maths", "sid", OMAR)
        if missed == "a class":
            here.views.stored = {session().held.session_id: session()}
        if missed == "a roster":
            here.rosters.students = ()
        watched.compared_at -= module.COMPARE_SECONDS
        assert await watching._is_worn(watched) is (missed != "nothing")

    played(story)


def test_a_listener_is_made_anew_after_an_hour_whatever_it_says() -> None:
    async def story(_: Here, watching: Watching) -> None:
        watched = await watching.follow("maths", "sid", OMAR)
        watched.watched_since -= module.RENEW_SECONDS + 1
        assert await watching._is_worn(watched)

    played(story)


def test_a_course_that_cannot_be_read_is_followed_by_nobody() -> None:
    async def story(here: Here, watching: Watching) -> None:
        here.views.is_mute = True
        with pytest.raises(Unavailable):
            await watching.follow("maths", "sid", OMAR)
        assert (here.views.alive, watching.courses) == (0, ())

    played(story)


def test_changes_are_told_at_once_and_the_state_at_most_once_a_second() -> None:
    async def story(here: Here, watching: Watching) -> None:
        await watching.follow("maths", "sid", OMAR)
        assert here.views.seen
        for number in range(1, 4):
            here.views.seen({f"{each}": session() for each in range(number)}, at(number))
            await asyncio.sleep(0.03)
        assert (len(here.heard.changes), here.heard.states) == (3, 1)
        await asyncio.sleep(1.1)
        assert here.heard.states == 2

    played(story)


def test_whoever_has_no_part_any_more_is_told_so_once() -> None:
    async def story(_: Here, watching: Watching) -> None:
        watched = await watching.follow("maths", "sid", LENA)
        told = [watched.is_done_with("sid", is_in=is_in) for is_in in (True, False, False, True, False)]
        assert told == [False, False, True, False, False]

    played(story)
