"""Functions under measurement: unpacked as they ship, served by the framework's console script, and looked at from outside."""

import compileall
import http.client
import os
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn, tail
from tests.bench.figures import Bench
from tests.boot.unpacked import BIN, unpack

REFERENCE = Path(__file__).parent / "reference"
START_WITHIN_S = 30.0
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Source:
    """A function on disk, its bytecode compiled: where it lies, and the name it is served by."""

    home: Path
    target: str


@dataclass(frozen=True, slots=True)
class Server:
    """A function that is being served."""

    process: "Popen[bytes]"
    port: int
    log: Path

    @property
    def worker(self) -> int:
        """The process id of gunicorn's one worker, which does all the work."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else pid

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Send one request on a connection of its own; the status and the body."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=START_WITHIN_S)
        try:
            connection.request(method, path, body or None, dict(JSON_TYPE if headers is None else headers))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def packed(bench: Bench, name: str) -> Source:
    """One of ours, from the archive that ships."""
    folder = bench.folder / name
    return Source(folder / "workspace" if folder.exists() else unpack(name, folder), name)


def reference(bench: Bench, name: str) -> Source:
    """One of the minimal functions to compare with."""
    home = bench.folder / f"reference-{name}"
    home.mkdir(exist_ok=True)
    shutil.copy(REFERENCE / f"{name}.py", home / "main.py")
    compileall.compile_dir(home, quiet=1, force=True)
    return Source(home, name)


def environment(bench: Bench, project: str, **more: str) -> dict[str, str]:
    """What a function under measurement sees: the emulator, a project, open doors, and `more`."""
    return {
        "PATH": f"{BIN}:/usr/bin:/bin",
        "HOME": str(bench.folder),
        "FIRESTORE_EMULATOR_HOST": bench.host,
        "GOOGLE_CLOUD_PROJECT": project,
        "ROLLCALL_AUTH": "open",
        **more,
    }


def start(source: Source, env: Mapping[str, str], port: int) -> Server:
    """Start serving, without waiting."""
    log = source.home.parent / f"{source.target}-{port}.log"
    command = [str(BIN / "functions-framework"), "--target", source.target, "--source", "main.py"]
    command += ["--host", LOOPBACK, "--port", str(port)]
    return Server(spawn(command, env=env, cwd=source.home, log=log), port, log)


def until_listening(server: Server) -> None:
    """Wait until a connection is taken, looking every 2 ms; raises `RuntimeError` when the function does not come up."""
    until = time.monotonic() + START_WITHIN_S
    while server.process.poll() is None and time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection((LOOPBACK, server.port), timeout=1).close()
            return
        time.sleep(0.002)
    raise RuntimeError(f"The function did not start; its log ends with:\n{tail(server.log, 30)}")


def stop(server: Server) -> None:
    """Stop at once, without the graceful part."""
    end([server.process], timedelta())


@contextmanager
def serving(source: Source, env: Mapping[str, str]) -> Iterator[Server]:
    """The function, served for the time of the block, with its worker up."""
    (port,) = free_ports(1)
    server = start(source, env, port)
    try:
        until_listening(server)
        server.ask("GET", "/no/such/thing")
        yield server
    finally:
        stop(server)


def cpu_ms(pid: int) -> float:
    """The processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory_kib(pid: int, field: str = "VmRSS") -> int:
    """A process's memory as the kernel counts it: `VmRSS` now, `VmHWM` at its highest."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise RuntimeError(f"Process {pid} has ended: its {field} cannot be read.")


def footprint_mib(server: Server) -> float:
    """What the server and its worker take of the machine's memory together; a page that both have counts once."""
    total = 0
    for pid in {server.process.pid, server.worker}:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return total / 1024


def forget_peak(pid: int) -> bool:
    """Let `VmHWM` begin anew; False where the kernel does not allow it."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return False
    return True
