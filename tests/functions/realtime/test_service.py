"""The gateway's own re-checks: who belongs no more is let go, and a role that the directory took away is gone here as well."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from functions.realtime.service import Gateway
from functions.realtime.sockets import Client
from functions.realtime.wiring import Realtime
from shared.config import read_settings
from shared.domain.accounts import Caller
from shared.domain.directory import Access, Person, PersonRole
from shared.usecases.admit_caller import CurrentRoles
from shared.usecases.follow_course import FollowedCourse
from tests.builders import at
from tests.fake_people import MemoryPeople
from tests.fakes import Clock
from tests.functions.realtime.test_watching import Rosters, Views

OMAR, ADA = Caller("o", "omar@school.example", "user"), Caller("a", "ada@school.example", "teacher")


@dataclass
class Roles:
    """Of the gate only what is asked here."""

    role_of: CurrentRoles


@dataclass
class Here:
    """A gateway over fakes; `members` are the people who belong to any course."""

    members: set[str] = field(default_factory=set)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    views: Views = field(default_factory=Views)

    def gateway(self) -> Gateway:
        """The gateway of one process."""
        app: Any = Realtime(
            live=self.views,
            courses=Rosters(),  # type: ignore[arg-type]
            people=self.people,
            registrations=None,  # type: ignore[arg-type]
            belongs=lambda caller, _: caller.email in self.members,  # type: ignore[arg-type]
            look=FollowedCourse,
            gate=Roles(CurrentRoles(self.people, (), lambda: 0.0)),  # type: ignore[arg-type]
            clock=Clock(at(0)),
            settings=read_settings({}),
        )
        return Gateway(app)


async def follows(gateway: Gateway, caller: Caller) -> Client:
    """Somebody who follows the course already."""
    client = gateway.clients["sid"] = Client(caller, {"maths"})
    await gateway.watching.follow("maths", "sid", caller)
    return client


def played(story: Callable[[Here, Gateway], Coroutine[Any, Any, None]]) -> None:
    """Play a story on an event loop of its own."""

    async def play() -> None:
        here = Here()
        gateway = here.gateway()
        await story(here, gateway)
        await gateway.stop()

    asyncio.run(play())


def test_whoever_belongs_no_more_is_let_go_with_their_listeners() -> None:
    async def story(here: Here, gateway: Gateway) -> None:
        client = await follows(gateway, ADA)
        here.members = {ADA.email}
        await gateway._recheck_one("sid", client)
        assert (client.courses, here.views.alive) == ({"maths"}, 2)
        here.members = set()
        await gateway._recheck_one("sid", client)
        assert (client.courses, here.views.alive) == (set(), 0)

    played(story)


def test_who_stands_on_the_roster_stays_without_being_asked_for() -> None:
    async def story(here: Here, gateway: Gateway) -> None:
        client = await follows(gateway, OMAR)
        await gateway._recheck_one("sid", client)
        assert (client.courses, here.views.alive) == ({"maths"}, 2)

    played(story)


def test_a_role_that_was_taken_away_is_gone_for_what_is_told_next() -> None:
    async def story(here: Here, gateway: Gateway) -> None:
        client = await follows(gateway, ADA)
        here.members = {ADA.email}
        here.people.save([(None, Person(ADA.email, (PersonRole.TEACHER,), access=Access.USER))])
        await gateway._recheck_one("sid", client)
        (watched,) = gateway.watching.courses
        assert (client.caller.role, watched.followers["sid"].role) == ("user", "user")

    played(story)
