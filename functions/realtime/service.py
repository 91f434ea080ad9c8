"""The gateway: who may connect, what they may ask, and for how long.

Nothing is kept here that is not told anew to whoever connects: a client that was cut off connects to any instance, is sent the
state of its course, and has missed nothing that matters.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import socketio
from pydantic import BaseModel, ConfigDict, ValidationError

from functions.realtime.admission import admitted, refused
from functions.realtime.frames import active_sessions
from functions.realtime.sockets import SLOWER, Client, Sockets
from functions.realtime.telling import Telling
from functions.realtime.watching import Watching
from functions.realtime.wiring import Realtime
from shared import system
from shared.domain.accounts import SignedOut
from shared.domain.errors import DomainError
from shared.web.fields import Key
from shared.web.log import log, log_crash

MOST_COURSES_EACH = 50
MOST_SOCKETS_EACH = 30
RECHECK_SECONDS = 60.0
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
NOT_YOURS = "There is no such course, or you do not belong to it."


class CourseAsked(BaseModel):
    """What every event of a client says."""

    model_config = ConfigDict(extra="ignore", strict=True)

    course_id: Key


class Gateway:
    """One process's sockets."""

    def __init__(self, app: Realtime) -> None:
        self._app = app
        self.clients: dict[str, Client] = {}
        self.sockets = Sockets(app.settings.cors_origins)
        self.watching = Watching(app.live, app.courses, app.clock, Telling(app, self.sockets))
        self._rechecking: asyncio.Task[None] | None = None
        on = self.sockets.server.on
        on("connect", self.connect)
        on("disconnect", self.disconnect)
        on("subscribeToCourse", self.subscribe)
        on("unsubscribeFromCourse", self.unsubscribe)
        on("checkActiveSessions", self.check)
        on("*", self.unheard_of)

    async def start(self) -> None:
        """Begin to make sure, again and again, that whoever is connected may still be."""
        self._rechecking = asyncio.create_task(self._recheck())

    async def stop(self) -> None:
        """End every listener and every connection; clients turn to another instance by themselves."""
        if self._rechecking is not None:
            self._rechecking.cancel()
        await self.watching.close()
        await self.sockets.close()

    async def connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> None:
        """Let somebody in who shows a token; `connect_error` tells everybody else why not."""
        if len(self.clients) >= self._app.settings.realtime_connections:
            raise refused("The gateway is full; try again in a moment.", "full", retry_after=5)
        caller = await asyncio.to_thread(admitted, self._app, auth, environ)
        if sum(1 for client in self.clients.values() if client.caller.email == caller.email) >= MOST_SOCKETS_EACH:
            raise refused(f"At most {MOST_SOCKETS_EACH} connections are taken from one person; close some.", "too-many")
        loop = asyncio.get_running_loop()
        client = self.clients[sid] = Client(caller, counted_at=loop.time())
        if caller.token_expires_at is not None:
            left = (caller.token_expires_at - self._app.clock()).total_seconds()
            client.expiry = loop.call_later(max(0.0, left), lambda: self.sockets.background(self._expire(sid)))

    async def disconnect(self, sid: str, *_: object) -> None:
        """Forget a socket."""
        client = self.clients.pop(sid, None)
        if client is None:
            return
        if client.expiry is not None:
            client.expiry.cancel()
        for course_id in client.courses:
            await self.watching.unfollow(course_id, sid)

    async def subscribe(self, sid: str, *told: object) -> dict[str, Any]:
        """Follow a course: its state at once, then whatever happens in it."""
        return await self._answered(sid, told, self._subscribed)

    async def unsubscribe(self, sid: str, *told: object) -> dict[str, Any]:
        """Follow a course no more; one that was not followed is fine."""
        return await self._answered(sid, told, self._unsubscribed)

    async def check(self, sid: str, *told: object) -> dict[str, Any]:
        """The classes of a course that are on, once."""
        return await self._answered(sid, told, self._checked)

    async def unheard_of(self, event: str, sid: str, *_: object) -> dict[str, Any]:
        """An event that there is not."""
        client = self.clients.get(sid)
        if client is None or not await self.sockets.has_room(sid, client):
            return {"success": False, "message": SLOWER}
        told = "Send subscribeToCourse, unsubscribeFromCourse or checkActiveSessions."
        return await self.sockets.sorry(sid, f"There is no event {event[:64]!r}. {told}")

    async def _answered(self, sid: str, told: tuple[object, ...], act: Any) -> dict[str, Any]:  # noqa: ANN401 - one of our own
        client = self.clients.get(sid)
        if client is None:
            return {"success": False, "message": "You are not connected."}
        if not await self.sockets.has_room(sid, client):
            return {"success": False, "message": SLOWER}
        try:
            course_id = CourseAsked.model_validate(told[0] if told else None).course_id
        except ValidationError:
            return await self.sockets.sorry(sid, "course_id is missing or no text of 1 to 128 characters; send {course_id}.")
        try:
            message = await act(sid, client, course_id)
        except DomainError as trouble:
            return await self.sockets.sorry(sid, trouble.detail, course_id)
        except Exception as crash:  # noqa: BLE001 - nobody sees a stack trace
            log_crash(crash, trace := system.new_id(), function="realtime", event=act.__name__)
            return await self.sockets.sorry(sid, f"Something went wrong on our side; the log has it under {trace}.", course_id)
        if message is not None:
            return await self.sockets.sorry(sid, message, course_id)
        return {"success": True, "course_id": course_id}

    async def _subscribed(self, sid: str, client: Client, course_id: str) -> str | None:
        if len(client.courses) >= MOST_COURSES_EACH and course_id not in client.courses:
            return f"One connection follows at most {MOST_COURSES_EACH} courses; leave one."
        if not await asyncio.to_thread(self._app.belongs, client.caller, course_id):
            return NOT_YOURS
        watched = await self.watching.follow(course_id, sid, client.caller)
        if sid not in self.clients:
            await self.watching.unfollow(course_id, sid)
            return None
        client.courses.add(course_id)
        await self.sockets.send(("activeSessionsData", active_sessions(watched.course, client.caller)), [sid])
        return None

    async def _unsubscribed(self, sid: str, client: Client, course_id: str) -> str | None:
        client.courses.discard(course_id)
        await self.watching.unfollow(course_id, sid)
        return None

    async def _checked(self, sid: str, client: Client, course_id: str) -> str | None:
        if not await asyncio.to_thread(self._app.belongs, client.caller, course_id):
            return NOT_YOURS
        course = await asyncio.to_thread(self._app.look, course_id)
        await self.sockets.send(("activeSessionsResponse", active_sessions(course, client.caller)), [sid])
        return None

    async def _expire(self, sid: str) -> None:
        if sid in self.clients:
            await self.sockets.expire(sid)

    async def _recheck(self) -> None:
        """Make sure again and again that whoever is connected was not signed out, and still belongs to what they follow."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            for sid, client in tuple(self.clients.items()):
                try:
                    await self._recheck_one(sid, client)
                except Exception as trouble:  # noqa: BLE001 - asked again in a minute; frames are filtered by what is known
                    log("WARNING", "recheck failed", system.new_id(), function="realtime", trouble=type(trouble).__name__)

    async def _recheck_one(self, sid: str, client: Client) -> None:
        try:
            client.caller = await asyncio.to_thread(self._app.gate.role_of, client.caller)
        except SignedOut:
            await self._expire(sid)
            return
        for course_id in tuple(client.courses):
            watched = next((each for each in self.watching.courses if each.course.course_id == course_id), None)
            if watched is not None and sid in watched.followers:
                watched.followers[sid] = client.caller
            is_sure = watched is not None and client.caller.email in watched.course.members
            if not is_sure and not await asyncio.to_thread(self._app.belongs, client.caller, course_id):
                client.courses.discard(course_id)
                await self.watching.unfollow(course_id, sid)
                await self.sockets.sorry(sid, NOT_YOURS, course_id)


def create_app(app: Realtime) -> Any:  # noqa: ANN401 - an ASGI application
    """The gateway as an ASGI application, with `GET /health` beside the sockets."""
    gateway = Gateway(app)

    async def beside(scope: Mapping[str, Any], _: object, send: Any) -> None:  # noqa: ANN401 - ASGI's own
        is_health = scope["type"] == "http" and scope["path"] == "/health"
        is_well = gateway.watching.is_well
        told: dict[str, object] = {"type": "urn:rollcall:problem:not-found", "title": "Not found", "status": 404}
        status = 404
        if is_health:
            courses = gateway.watching.courses
            counts = {"courses": len(courses), "listeners": sum(len(each.watches) for each in courses)}
            told = {"ok": is_well, "connections": len(gateway.clients), **counts}
            status = 200 if is_well else 503
        await send({"type": "http.response.start", "status": status, "headers": list(HEADERS)})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})

    return socketio.ASGIApp(gateway.sockets.server, beside, on_startup=gateway.start, on_shutdown=gateway.stop)
