"""Small functions, a small simulator and a way to start a stack of them: the local stack without Rollcall in it.

`python -m tests.infra.local.support` runs such a stack in the foreground, with the environment that `stack_process` gives.
"""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.ports import free_ports
from infra.local.processes import end
from infra.local.report import Reporter
from infra.local.run import keep_serving, run_stack
from infra.local.settings import REPOSITORY, read_stack_settings
from infra.local.stack import Outward

GREETER = """
import json, os, time
import flask, functions_framework

@functions_framework.http
def greeter(request):
    if request.path == "/api/greet/die":
        os.kill(os.getppid(), 9)
    if request.path == "/api/greet/slow":
        return flask.Response((time.sleep(0.5) or f"{n}\\n" for n in range(4)), mimetype="text/plain")
    if request.path == "/api/greet/remember":
        from google.cloud import firestore
        note = firestore.Client().collection("notes").document("one")
        if request.method == "POST":
            note.set(request.get_json())
        return note.get().to_dict() or {}
    return {"path": request.full_path, "headers": dict(request.headers), "env": dict(os.environ)}
"""

TICKER = """
import json, os, pathlib
import functions_framework

@functions_framework.http
def ticker(request):
    if request.method == "POST":
        with open(pathlib.Path(os.environ["NOTEBOOK"]), "a") as book:
            told = {"path": request.path, "headers": dict(request.headers), "body": request.get_data(as_text=True)}
            book.write(json.dumps(told) + "\\n")
    return {}
"""

TABLES = {
    "greeter": {
        "summary": "Greets",
        "trigger": {"kind": "http", "public": True, "prefix": "/api/greet"},
        "environment": ["ROLLCALL_AUTH", "TICKER_URL", "WEBHOOK_SECRET"],
        "secrets": ["JWT_SECRET"],
    },
    "ticker": {
        "summary": "Ticks",
        "trigger": {"kind": "schedule", "cron": "*/2 * * * *", "path": "/tick", "deadline_s": 30},
        "environment": ["NOTEBOOK", "SCHEDULER_SERVICE_ACCOUNT", "TICKER_URL"],
        "secrets": [],
    },
}


def write_functions(folder: Path) -> Path:
    """A folder of two functions: a public one that tells what it was asked, and a timed one that keeps a notebook."""
    for name, source in (("greeter", GREETER), ("ticker", TICKER)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "function.json").write_text(json.dumps(TABLES[name]))
        (folder / name / "main.py").write_text(source)
    return folder


def packer_of(folder: Path) -> Callable[[str, Path], Path]:
    """Packs functions out of `folder`: one file each."""

    def pack(name: str, out: Path) -> Path:
        archive = out / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("main.py", (folder / name / "main.py").read_text())
        return archive

    return pack


def small_simulator(clock: Callable[[], datetime], state_file: Path, _: Outward) -> Starlette:
    """A simulator that knows the time and where its file would be."""

    async def tell(_: Request) -> JSONResponse:
        return JSONResponse({"now": clock().isoformat(), "file": str(state_file)})

    return Starlette(routes=[Route("/", tell)])


def main() -> int:
    """Run a stack of the two functions in the foreground; the exit code."""
    data = Path(os.environ["ROLLCALL_DATA"])
    folder = write_functions(Path(os.environ["TEST_FUNCTIONS"]))
    if "TEST_BREAK" in os.environ:
        (folder / os.environ["TEST_BREAK"] / "main.py").write_text("import no_such_module\n")
    report = Reporter()
    settings = replace(
        read_stack_settings(os.environ),
        functions=folder,
        passed_on={"NOTEBOOK": str(data / "notebook")},
        export_every=timedelta(seconds=1),
    )
    return run_stack(
        settings,
        report,
        lambda stack: keep_serving(stack, report, settings),
        packer=packer_of(folder),
        simulator=small_simulator,
    )


class Running:
    """A stack in a process of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path, port: int, simulator_port: int) -> None:
        self.process, self._output, self.port, self.simulator_port = process, output, port, simulator_port

    @property
    def url(self) -> str:
        """The edge."""
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        """What it wrote to its terminal."""
        return self._output.read_text()

    def until(self, holds: Callable[[], object], seconds: float = 30) -> None:
        """Wait until something holds; fails with the stack's output when it does not."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"this did not come true; the stack said:\n{self.output()}"
            time.sleep(0.05)

    def until_ready(self) -> "Running":
        """Wait until it says so."""
        self.until(lambda: "ready" in self.output().splitlines() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output()
        return self

    def until_ended(self, seconds: float = 20) -> int:
        """Its exit code."""
        return self.process.wait(seconds)


@contextmanager
def stack_process(folder: Path, *, ports: tuple[int, int] | None = None, **env: str) -> Iterator[Running]:
    """A stack of the two functions in a process of its own, its data under `folder`; ended with the block at the latest."""
    port, simulator_port = ports or free_ports(2)
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / f"output-{port}"
    told = {
        **plain_environment(),
        "PORT": str(port),
        "SIMULATOR_PORT": str(simulator_port),
        "ROLLCALL_DATA": str(folder / "data"),
        "TEST_FUNCTIONS": str(folder / "functions"),
        **env,
    }
    command = [sys.executable, "-m", "tests.infra.local.support"]
    with output.open("wb") as out:
        process = subprocess.Popen(command, env=told, cwd=REPOSITORY, stdout=out, stderr=out, start_new_session=True)
    try:
        yield Running(process, output, port, simulator_port)
    finally:
        if process.poll() is None:
            process.terminate()
        end([process], timedelta(seconds=20))


def processes_under(folder: Path) -> dict[int, str]:
    """Processes of this machine that work in or write to `folder`, by number, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            places = [str((entry / "cwd").readlink()), str((entry / "fd/1").readlink()), command]
        except OSError:
            continue
        if int(entry.name) != os.getpid() and any(str(folder) in place for place in places):
            found[int(entry.name)] = command
    return found


def get(url: str, **more: str) -> httpx.Response:
    """Ask once, with these headers."""
    return httpx.get(url, headers=more, timeout=10)


def plain_environment() -> Mapping[str, str]:
    """This process's environment without anything that means something to a stack."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "JAVA_HOME") if name in os.environ}


if __name__ == "__main__":
    sys.exit(main())
