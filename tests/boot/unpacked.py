"""A packed function, unpacked into an empty folder, and a process that serves it with nothing but what the cloud gives."""

import compileall
import http.client
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn, tail
from infra.pack import ROOT, pack

BIN = Path(sys.executable).parent
START_WITHIN_S = 60.0
JWT_SECRET = "boot:" + "b" * 32
# Nothing answers at the database's address: an archive that starts and refuses needs none.
SETTINGS = {
    "JWT_SECRET": JWT_SECRET,
    "WEBHOOK_SECRET": "whsec_" + "Ym9vdC1ib290LWJvb3QtYm9vdC1ib290LWJvb3Q=",
    "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a started function answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Booted:
    """A function that serves on a loopback port."""

    name: str
    port: int

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request without a body."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=20)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


def routes_of(name: str) -> list[dict[str, Any]]:
    """The lines of a function's route table."""
    lines: list[dict[str, Any]] = json.loads((ROOT / "functions" / name / "function.json").read_text("utf-8"))["routes"]
    return lines


def unpack(name: str, folder: Path) -> Path:
    """Pack a function and unpack it; its sources are compiled as the buildpack compiles them."""
    home = folder / "workspace"
    with zipfile.ZipFile(pack(name, folder)) as archive:
        archive.extractall(home)
    assert compileall.compile_dir(home, quiet=1, force=True), f"{name}: a packed file does not compile"
    return home


@contextmanager
def booted(name: str, folder: Path) -> Iterator[Booted]:
    """The function, served by the framework's console script in an otherwise empty environment."""
    home, log = unpack(name, folder), folder / "function.log"
    (port,) = free_ports(1)
    env = {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(folder),
        "HOST": LOOPBACK,
        "PORT": str(port),
        "FUNCTION_TARGET": name,
        "FUNCTION_SOURCE": "main.py",
        **SETTINGS,
    }
    process = spawn([str(BIN / "functions-framework")], env=env, cwd=home, log=log)
    try:
        function = Booted(name, port)
        _wait_until_it_answers(function, process, log)
        yield function
    finally:
        end([process])


def _wait_until_it_answers(function: Booted, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        try:
            function.ask("GET", "/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{function.name} did not start:\n{tail(log, 40)}")
