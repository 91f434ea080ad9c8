"""HTTP servers inside the supervisor: on sockets that are held already, with the supervisor's own way to stop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette

from infra.local.troubles import Trouble

STOP_WITHIN_S = 2
KEEP_ALIVE_S = 75
"""Longer than any usual client keeps an idle connection: the side that reuses one must be the side that closes it."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the supervisor."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Starlette, held: socket.socket, name: str) -> AsyncIterator[None]:
    """Serve `app` on the socket for the time of the block; raises `Trouble` when it does not come up."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    server = _Server(config)
    running = asyncio.create_task(_serve(server, held, name))
    try:
        while not server.started and not running.done():  # noqa: ASYNC110 - the server sets a flag, not an event
            await asyncio.sleep(0.01)
        if running.done():
            await running
            raise Trouble(f"{name} did not start; logs/stack.log in the data folder says why.")
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([running])


async def _serve(server: uvicorn.Server, held: socket.socket, name: str) -> None:
    try:
        await server.serve(sockets=[held])
    except SystemExit as failed:
        raise Trouble(f"{name} did not start; logs/stack.log in the data folder says why.") from failed
