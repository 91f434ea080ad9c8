"""Gateways as processes of their own over the emulator, and tokens that they take."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, tail
from tests.boot.unpacked import BIN, Booted

SECRET = "g" * 40
ORIGIN = "https://app.school.example"
START_WITHIN_S = 30.0


def token(email: str, role: str = "user", *, good_for: timedelta = timedelta(hours=1), issued: timedelta = timedelta()) -> str:
    """A token that the gateways take; `issued` is how long ago it was made."""
    now = datetime.now(UTC) - issued
    claims = {"sub": f"sub-{email}", "email": email, "role": role, "iss": "rollcall", "aud": "rollcall"}
    times = {"iat": int(now.timestamp()), "exp": int((datetime.now(UTC) + good_for).timestamp())}
    return jwt.encode({**claims, **times}, SECRET, algorithm="HS256", headers={"kid": "test"})


@dataclass
class Gateway:
    """One gateway process on a port that stays its own, also when it is started anew."""

    home: Path
    env: Mapping[str, str]
    port: int
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.home.parent / f"gateway-{self.port}.log"

    def start(self) -> None:
        """Start it as its Procfile says, and wait until it answers."""
        env = {**self.env, "PORT": str(self.port), "HOST": LOOPBACK}
        # not by way of infra's `spawn`: what it runs between fork and exec does not go with gRPC's threads in this process
        with self.log.open("ab") as out:
            command = [sys.executable, "main.py"]
            self.process = subprocess.Popen(
                command, env=env, cwd=self.home, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        until = time.monotonic() + START_WITHIN_S
        while self.process.poll() is None and time.monotonic() < until:
            with suppress(OSError):
                socket.create_connection((LOOPBACK, self.port), timeout=1).close()
                return
            time.sleep(0.02)
        raise AssertionError(f"The gateway did not start:\n{tail(self.log, 40)}")

    def kill(self) -> None:
        """End it at once, as a machine that fails does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stops_within(self) -> float:
        """Ask it to end; the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - began

    def health(self) -> Any:
        """What its health route answers."""
        return Booted("realtime", self.port).ask("GET", "/health").json()

    def close(self) -> None:
        """End it, if it is still there."""
        end([self.process], timedelta(seconds=5))


def gateway(home: Path, project: str, emulator: str, **more: str) -> Gateway:
    """A gateway over a project of the emulator, in an otherwise empty environment."""
    env = {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(home.parent),
        "JWT_SECRET": f"test:{SECRET}",
        "FIRESTORE_EMULATOR_HOST": emulator,
        "GOOGLE_CLOUD_PROJECT": project,
        "CORS_ORIGINS": ORIGIN,
        **more,
    }
    (port,) = free_ports(1)
    return Gateway(home, env, port)
