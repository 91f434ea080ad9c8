"""The gateway's sockets: who may connect, what they may ask, and how they are told.

Nothing is kept here that is not told anew to whoever connects: a client that was cut off connects to any instance, is sent the
state of its course, and has missed nothing that matters.
"""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import socketio
from pydantic import BaseModel, ConfigDict, ValidationError
from socketio.async_manager import eio_packet

from functions.realtime.frames import Frame, Told, active_sessions, frames_of
from functions.realtime.watching import Watched, Watching
from functions.realtime.wiring import Realtime
from shared import system
from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.directory import Person
from shared.domain.errors import DomainError
from shared.domain.live import Change, ChangeKind
from shared.domain.user_sessions import UserSession
from shared.usecases.follow_course import runs
from shared.web.callers import Door, caller_of
from shared.web.fields import Key
from shared.web.gate import address_of
from shared.web.log import log, log_crash
from shared.web.problems import Problem

LARGEST_FRAME = 16 * 1024
MOST_COURSES_EACH = 50
MOST_SOCKETS_EACH = 30
MOST_WAITING = 500
"""Frames that may wait for one slow client; then it is cut off, connects anew and is sent the state."""
BURST, PER_SECOND = 30.0, 10.0
MOST_FLOODED = 100
RECHECK_SECONDS = 60.0
CLOSE_SECONDS = 1.0
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
NOT_YOURS = "There is no such course, or you do not belong to it."


class CourseAsked(BaseModel):
    """What every event of a client says."""

    model_config = ConfigDict(extra="ignore", strict=True)

    course_id: Key


@dataclass
class Client:
    """One connected socket. `tokens` are the events that it may still send at once; they grow again with time."""

    caller: Caller
    courses: set[str] = field(default_factory=set)
    tokens: float = BURST
    counted_at: float = 0.0
    flooded: int = 0
    expiry: asyncio.TimerHandle | None = None


class Gateway:
    """One process's sockets."""

    def __init__(self, app: Realtime) -> None:
        self._app = app
        self.clients: dict[str, Client] = {}
        self.watching = Watching(app.live, app.courses, app.clock, self)
        self._rechecking: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=list(app.settings.cors_origins) or None,
            max_http_buffer_size=LARGEST_FRAME,
            logger=False,
            engineio_logger=False,
        )
        on = self.server.on
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
        closing = [asyncio.create_task(self.server.eio.disconnect(eio_sid)) for eio_sid in tuple(self.server.eio.sockets)]
        if closing:  # a client that reads nothing would never let its connection end
            await asyncio.wait(closing, timeout=CLOSE_SECONDS)

    async def connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> None:
        """Let somebody in who shows a token; `connect_error` tells everybody else why not."""
        if len(self.clients) >= self._app.settings.realtime_connections:
            raise _refused("The gateway is full; try again in a moment.", "full", retry_after=5)
        try:
            caller = await asyncio.to_thread(self._admitted, auth, environ)
        except Problem as refusal:
            raise _refused(refusal.told.title, refusal.told.code, detail=refusal.told.detail) from refusal
        except AskedTooOften as often:
            raise _refused("Too many requests", "too-many-requests", retry_after=often.retry_s) from often
        except SignedOut as out:
            raise _refused("Invalid or expired token", "unauthorised", detail="You were signed out; sign in again.") from out
        except DomainError as trouble:
            raise _refused(trouble.detail, "unavailable", retry_after=5) from trouble
        if sum(1 for client in self.clients.values() if client.caller.email == caller.email) >= MOST_SOCKETS_EACH:
            raise _refused(f"At most {MOST_SOCKETS_EACH} connections are taken from one person; close some.", "too-many")
        loop = asyncio.get_running_loop()
        client = self.clients[sid] = Client(caller, counted_at=loop.time())
        if caller.token_expires_at is not None:
            left = (caller.token_expires_at - self._app.clock()).total_seconds()
            client.expiry = loop.call_later(max(0.0, left), lambda: self._background(self._expire(sid)))

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
        if client is None or not await self._has_room(sid, client):
            return {"success": False, "message": "Too many events; slow down."}
        told = "Send subscribeToCourse, unsubscribeFromCourse or checkActiveSessions."
        return await self._sorry(sid, f"There is no event {event[:64]!r}. {told}")

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
                        await self._send(frame, sids)
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
            await self._send(("activeSessionsData", state), sids)

    def _admitted(self, auth: object, environ: Mapping[str, Any]) -> Caller:
        """Who shows this token, with the role that the directory leaves them."""
        token = auth.get("token") if isinstance(auth, Mapping) else None
        shown = token.removeprefix("Bearer ") if isinstance(token, str) else ""
        headers = {"Authorization": f"Bearer {shown}"}
        caller = caller_of(Door("user", ()), headers, self._app.settings)
        peer = environ.get("asgi.scope", {}).get("client") or ("", 0)
        address = address_of(environ.get("HTTP_X_FORWARDED_FOR", ""), peer[0], self._app.settings.trusted_proxies)
        return self._app.gate.admit(caller, address)

    async def _answered(self, sid: str, told: tuple[object, ...], act: Any) -> dict[str, Any]:  # noqa: ANN401 - one of our own
        client = self.clients.get(sid)
        if client is None:
            return {"success": False, "message": "You are not connected."}
        if not await self._has_room(sid, client):
            return {"success": False, "message": "Too many events; slow down."}
        try:
            course_id = CourseAsked.model_validate(told[0] if told else None).course_id
        except ValidationError:
            return await self._sorry(sid, "course_id is missing or no text of 1 to 128 characters; send {course_id}.")
        try:
            message = await act(sid, client, course_id)
        except DomainError as trouble:
            return await self._sorry(sid, trouble.detail, course_id)
        except Exception as crash:  # noqa: BLE001 - nobody sees a stack trace
            log_crash(crash, trace := system.new_id(), function="realtime", event=act.__name__)
            return await self._sorry(sid, f"Something went wrong on our side; the log has it under {trace}.", course_id)
        if message is not None:
            return await self._sorry(sid, message, course_id)
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
        await self._send(("activeSessionsData", active_sessions(watched.course, client.caller)), [sid])
        return None

    async def _unsubscribed(self, sid: str, client: Client, course_id: str) -> str | None:
        client.courses.discard(course_id)
        await self.watching.unfollow(course_id, sid)
        return None

    async def _checked(self, sid: str, client: Client, course_id: str) -> str | None:
        if not await asyncio.to_thread(self._app.belongs, client.caller, course_id):
            return NOT_YOURS
        course = await asyncio.to_thread(self._app.look, course_id)
        await self._send(("activeSessionsResponse", active_sessions(course, client.caller)), [sid])
        return None

    async def _send(self, frame: Frame, sids: Iterable[str]) -> None:
        """Send to these sockets, but for those that take too long: they are cut off and come again.

        What goes to many is encoded once and laid into each one's queue: the library's `emit` makes a task for every socket.
        """
        event, payload = frame
        text = self.server.packet_class(socketio.packet.EVENT, data=[event, payload], namespace="/").encode()
        message = eio_packet.Packet(eio_packet.MESSAGE, text)
        for sid in sids:
            eio_sid = self.server.manager.eio_sid_from_sid(sid, "/")
            socket = self.server.eio.sockets.get(eio_sid)
            if socket is None or socket.closed:
                continue
            if socket.queue.qsize() > MOST_WAITING:
                self._background(self.server.eio.disconnect(eio_sid))
            else:
                socket.queue.put_nowait(message)
        await asyncio.sleep(0)  # those who write to the network have their turn between two frames

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done that nobody waits for; the loop itself remembers no task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sorry(self, sid: str, message: str, course_id: str | None = None) -> dict[str, Any]:
        payload = {"message": message, **({"course_id": course_id} if course_id is not None else {})}
        await self._send(("activeSessionsError", payload), [sid])
        return {"success": False, **payload}

    async def _has_room(self, sid: str, client: Client) -> bool:
        """Whether a client may send one more event; whoever goes on and on is cut off."""
        now = asyncio.get_running_loop().time()
        client.tokens = min(BURST, client.tokens + (now - client.counted_at) * PER_SECOND)
        client.counted_at = now
        if client.tokens >= 1:
            client.tokens -= 1
            return True
        client.flooded += 1
        if client.flooded == 1 or client.flooded % 20 == 0:
            await self._send(("activeSessionsError", {"message": "Too many events; slow down."}), [sid])
        if client.flooded > MOST_FLOODED:
            log("WARNING", "flood", system.new_id(), function="realtime")
            await self.server.disconnect(sid)
        return False

    async def _expire(self, sid: str) -> None:
        """The token is good no more: the client has to come with another one."""
        if sid in self.clients:
            await self._send(("activeSessionsError", {"message": "Invalid or expired token", "code": "unauthorised"}), [sid])
            await self.server.disconnect(sid)

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
                await self._sorry(sid, NOT_YOURS, course_id)

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

    return socketio.ASGIApp(gateway.server, beside, on_startup=gateway.start, on_shutdown=gateway.stop)


def _refused(message: str, code: str, **more: object) -> socketio.exceptions.ConnectionRefusedError:
    return socketio.exceptions.ConnectionRefusedError(message, {"message": message, "code": code, **more})
