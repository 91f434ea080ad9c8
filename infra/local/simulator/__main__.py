"""`python -m infra.local.simulator`: the simulator alone, in the foreground."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette

from infra.local.ports import LOOPBACK, hold_port
from infra.local.servers import serving
from infra.local.simulator.app import create_app
from infra.local.troubles import Trouble

DEFAULT_PORT = 8090


def main() -> int:
    """Serve until SIGINT or SIGTERM; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.simulator", description=__doc__)
    port = os.environ.get("SIMULATOR_PORT", str(DEFAULT_PORT))
    parser.add_argument("--port", type=int, default=port, help="loopback port (SIMULATOR_PORT, else 8090)")
    parser.add_argument("--state", type=Path, help="file that keeps rooms and calendars between runs")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        app = create_app(clock=lambda: datetime.now(UTC), state_file=asked.state)
        with hold_port(asked.port, "SIMULATOR_PORT") as held:
            asyncio.run(_serve(app, held, asked.port))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    return 0


async def _serve(app: Starlette, held: socket.socket, port: int) -> None:
    stopped = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    async with serving(app, held, "The simulator"):
        print(f"simulator: http://{LOOPBACK}:{port}  (look at it: /_sim/state)", flush=True)
        await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
