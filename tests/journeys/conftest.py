"""One local stack for all journeys of a worker: the very command that people type, on ports of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.ports import free_ports
from infra.local.settings import REPOSITORY, read_stack_settings
from infra.local.token import make_token, signing_settings
from shared import system

READY_WITHIN = 120
WARMED_BY = (
    "/api/schedule/classes",
    "/api/monitoring/active-sessions",
    "/api/user-sessions/stats",
    "/api/attendance-tracker/review",
    "/api/attendance-tracker/policy",
    "/api/attendance-tracker/students",
    "/api/privacy/access-log",
)


@dataclass
class Stack:
    """A stack that serves: its public address, its simulator, and tokens that it accepts."""

    url: str
    simulator: str
    environment: dict[str, str]

    def token(self, email: str, role: str) -> dict[str, str]:
        """The header of somebody who is signed in."""
        made = make_token(signing_settings(self.environment), email=email, role=role, name=None, now=system.now())
        return {"Authorization": f"Bearer {made}"}

    def warm_up(self) -> None:
        """Have each function composed, so that what a test times is not the import of a client library on a busy machine."""
        headers = self.token("root@school.example", "admin")
        for path in WARMED_BY:
            self.until(lambda path=path: self.ask("GET", path, headers=headers).is_success)

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One request to the public API."""
        return httpx.request(method, f"{self.url}{path}", timeout=60, **request)

    def play(self, path: str, **body: str) -> dict[str, Any]:
        """One move on the simulator's control path."""
        answer = httpx.post(f"{self.simulator}/_sim{path}", json=body, timeout=20)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def until(self, holds: Any, seconds: float = 40) -> Any:
        """What `holds` answers once it is true."""
        give_up = time.monotonic() + seconds
        while not (answer := holds()):
            assert time.monotonic() < give_up, "it did not come to pass"
            time.sleep(0.2)
        return answer


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """`python -m infra.local run`, as `make run` starts it."""
    with started(tmp_path_factory.mktemp("stack")) as serving:
        yield serving


@contextmanager
def started(folder: Path, **changes: str) -> Iterator[Stack]:
    """A stack of its own on free ports, with these settings changed, until the block ends."""
    port, simulator, realtime = free_ports(3)
    settings = {
        "PORT": str(port),
        "SIMULATOR_PORT": str(simulator),
        "REALTIME_PORT": str(realtime),
        "ROLLCALL_DATA": str(folder / "data"),
        "TICK_SECONDS": "5",
        "SYNC_DELAYS": "3,30,3600",
        **changes,
    }
    environment = {name: value for name, value in os.environ.items() if name != "FIRESTORE_EMULATOR_HOST"} | settings
    log = folder / "out.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "run"], cwd=REPOSITORY, env=environment, stdout=out, stderr=out
        )
        try:
            give_up = time.monotonic() + READY_WITHIN
            while "ready" not in log.read_text("utf-8").splitlines():
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < give_up, log.read_text("utf-8")
                time.sleep(0.2)
            assert read_stack_settings(environment).port == port
            serving = Stack(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{simulator}", environment)
            serving.warm_up()
            yield serving
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) in (0, -signal.SIGTERM)
