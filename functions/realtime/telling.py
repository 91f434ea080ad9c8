"""Telling: what happens in a course goes to everybody who follows it and may hear of it, each as they may see it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from functions.realtime.frames import Told, active_sessions, frames_of
from functions.realtime.sockets import Sockets
from functions.realtime.watching import Watched
from functions.realtime.wiring import Realtime
from shared import system
from shared.domain.accounts import Caller
from shared.domain.directory import Person
from shared.domain.live import Change, ChangeKind
from shared.domain.user_sessions import UserSession
from shared.usecases.follow_course import runs
from shared.web.log import log_crash


class Telling:
    """The audience of the watched courses: those who follow them on this process's sockets."""

    def __init__(self, app: Realtime, sockets: Sockets) -> None:
        self._app = app
        self._sockets = sockets

    async def happened(self, watched: Watched, changes: tuple[Change, ...]) -> None:
        """Tell everybody who follows the course and may hear of it what happened."""
        for change in changes:
            try:
                told = Told(await self._teachers_of(change), await self._registration_of(change))
                make = frames_of(change, told)
                groups: dict[tuple[bool, bool], tuple[Caller, list[str]]] = {}
                for sid, caller in tuple(watched.followers.items()):
                    if watched.course.may_see(caller, change.session):
                        is_own = change.person is not None and change.person.email == caller.email
                        groups.setdefault((runs(caller, change.session), is_own), (caller, []))[1].append(sid)
                for caller, sids in groups.values():
                    for frame in make(caller):
                        await self._sockets.send(frame, sids)
            except Exception as crash:  # noqa: BLE001 - whoever follows is told the state next, which holds it all
                log_crash(crash, system.new_id(), function="realtime", change=change.kind)

    async def changed(self, watched: Watched) -> None:
        """Send everybody who follows the course its state, as they may see it.

        Whoever has no part in it any more is told once that they see nothing, and then not even when something happens.
        """
        groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
        members = watched.course.members
        for sid, caller in tuple(watched.followers.items()):
            if watched.is_done_with(sid, is_in=caller.is_admin or caller.email in members):
                continue
            key = ",".join(session.held.session_id for session in watched.course.on_for(caller))
            if key not in groups:
                groups[key] = (active_sessions(watched.course, caller), [])
            groups[key][1].append(sid)
        for state, sids in groups.values():
            await self._sockets.send(("activeSessionsData", state), sids)

    async def _teachers_of(self, change: Change) -> Mapping[str, Person]:
        """The teacher of a class that starts or ends, as the directory has them; nothing else is told with a name."""
        if change.kind not in (ChangeKind.STARTED, ChangeKind.ENDED):
            return {}
        email = change.session.held.teacher_email
        return await asyncio.to_thread(self._app.people.get_many, [email])

    async def _registration_of(self, change: Change) -> UserSession | None:
        if change.registration is None:
            return None
        found = await asyncio.to_thread(self._app.registrations.get, change.registration.registration_id)
        return found.value if found else None
