"""Tells browsers over Socket.IO when classes of their courses start and end, and who comes and goes.

The cloud entry point: `python main.py` serves on $PORT until it is told to stop. One process holds its sockets and nothing
else; what it tells comes from the database, so that there may be any number of them.
"""

import os

import uvicorn

from functions.realtime.service import create_app
from functions.realtime.wiring import wire

GRACE_SECONDS = 2


def serve() -> None:
    """Serve until SIGTERM, which closes every connection so that its client turns to another instance."""
    uvicorn.run(
        create_app(wire()),
        host=os.environ.get("HOST", "0.0.0.0"),  # noqa: S104 - the cloud reaches a container on every address
        port=int(os.environ.get("PORT", "4002")),
        loop="uvloop",
        http="httptools",
        ws="websockets",
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=GRACE_SECONDS,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    serve()
