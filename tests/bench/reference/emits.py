"""The least that tells browsers something: a bare Socket.IO server that says to everybody what comes on its standard input."""

import asyncio
import json
import os
import sys
from typing import Any

import socketio
import uvicorn

ROOM = "everybody"
server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[])
running: list[asyncio.Task[None]] = []


@server.event
async def connect(sid: str, *_: Any) -> None:
    """Let everybody in, and into the one room."""
    await server.enter_room(sid, ROOM)


async def _emit_lines() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await server.emit("participantJoined", json.loads(line), room=ROOM)


async def _start() -> None:
    running.append(asyncio.create_task(_emit_lines()))


if __name__ == "__main__":
    uvicorn.run(
        socketio.ASGIApp(server, on_startup=_start),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        ws="websockets",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
