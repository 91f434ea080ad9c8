"""The gateway's sockets: frames laid into each one's queue, clients that are slow or send too much cut off."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import socketio
from socketio.async_manager import eio_packet

from functions.realtime.frames import Frame
from shared import system
from shared.domain.accounts import Caller
from shared.web.log import log

LARGEST_FRAME = 16 * 1024
MOST_WAITING = 500
"""Frames that may wait for one slow client; then it is cut off, connects anew and is sent the state."""
BURST, PER_SECOND = 30.0, 10.0
MOST_FLOODED = 100
CLOSE_SECONDS = 1.0
SLOWER = "Too many events; slow down."


@dataclass
class Client:
    """One connected socket. `tokens` are the events that it may still send at once; they grow again with time."""

    caller: Caller
    courses: set[str] = field(default_factory=set)
    tokens: float = BURST
    counted_at: float = 0.0
    flooded: int = 0
    expiry: asyncio.TimerHandle | None = None

    def spends(self, now: float) -> bool:
        """Whether it may send one more event at `now`, in the loop's seconds."""
        self.tokens = min(BURST, self.tokens + (now - self.counted_at) * PER_SECOND)
        self.counted_at = now
        if self.tokens < 1:
            self.flooded += 1
            return False
        self.tokens -= 1
        return True


class Sockets:
    """One process's sockets, as the library keeps them."""

    def __init__(self, cors_origins: Iterable[str]) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=list(cors_origins) or None,
            max_http_buffer_size=LARGEST_FRAME,
            logger=False,
            engineio_logger=False,
        )

    async def close(self) -> None:
        """End every connection; clients turn to another instance by themselves."""
        closing = [asyncio.create_task(self.server.eio.disconnect(eio_sid)) for eio_sid in tuple(self.server.eio.sockets)]
        if closing:  # a client that reads nothing would never let its connection end
            await asyncio.wait(closing, timeout=CLOSE_SECONDS)

    async def send(self, frame: Frame, sids: Iterable[str]) -> None:
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
                self.background(self.server.eio.disconnect(eio_sid))
            else:
                socket.queue.put_nowait(message)
        await asyncio.sleep(0)  # those who write to the network have their turn between two frames

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done that nobody waits for; the loop itself remembers no task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def sorry(self, sid: str, message: str, course_id: str | None = None) -> dict[str, Any]:
        """Tell a socket why not; answers with what the acknowledgement says."""
        payload = {"message": message, **({"course_id": course_id} if course_id is not None else {})}
        await self.send(("activeSessionsError", payload), [sid])
        return {"success": False, **payload}

    async def has_room(self, sid: str, client: Client) -> bool:
        """Whether a client may send one more event; whoever goes on and on is cut off."""
        if client.spends(asyncio.get_running_loop().time()):
            return True
        if client.flooded == 1 or client.flooded % 20 == 0:
            await self.send(("activeSessionsError", {"message": SLOWER}), [sid])
        if client.flooded > MOST_FLOODED:
            log("WARNING", "flood", system.new_id(), function="realtime")
            await self.server.disconnect(sid)
        return False

    async def expire(self, sid: str) -> None:
        """The token is good no more: the client has to come with another one."""
        await self.send(("activeSessionsError", {"message": "Invalid or expired token", "code": "unauthorised"}), [sid])
        await self.server.disconnect(sid)
