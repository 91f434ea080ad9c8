"""`python -m infra.local.simulator`: the simulator alone, in the foreground."""

import argparse
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from infra.local.ports import LOOPBACK, hold_port
from infra.local.simulator.app import create_app
from infra.local.troubles import Trouble

DEFAULT_PORT = 8090


def main() -> int:
    """Serve until a signal; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.simulator", description=__doc__)
    port = os.environ.get("SIMULATOR_PORT", str(DEFAULT_PORT))
    parser.add_argument("--port", type=int, default=port, help="loopback port (SIMULATOR_PORT, else %(default)s)")
    parser.add_argument("--state", type=Path, help="file that keeps rooms and calendars between runs")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        app = create_app(clock=lambda: datetime.now(UTC), state_file=asked.state)
        held = hold_port(asked.port, "SIMULATOR_PORT")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    print(f"simulator: http://{LOOPBACK}:{asked.port}  (look at it: /_sim/state)", flush=True)
    config = uvicorn.Config(app, ws="none", lifespan="on", log_level="warning", timeout_graceful_shutdown=2)
    with held:
        uvicorn.Server(config).run(sockets=[held])
    return 0


if __name__ == "__main__":
    sys.exit(main())
