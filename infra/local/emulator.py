"""The Firestore emulator: started directly with java, ready when it answers, ended with everything it started."""

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from infra.local.emulator_jar import explain_failed_start, find_jar
from infra.local.java import find_java
from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn
from infra.local.troubles import Trouble

MAIN_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
START_WITHIN = timedelta(seconds=60)
HOST_VARIABLE = "FIRESTORE_EMULATOR_HOST"


def launch_emulator(java: str, jar: Path, *, port: int, websocket_port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the emulator on loopback; it serves a second or so later, see `is_serving`."""
    command = [
        java,
        "-XX:TieredStopAtLevel=1",
        "-Xmx1g",
        "-Duser.language=en",
        "-cp",
        str(jar),
        MAIN_CLASS,
        "start",
        f"--host={LOOPBACK}",
        f"--port={port}",
        f"--websocket_port={websocket_port}",
    ]
    return spawn(command, env={"PATH": os.environ.get("PATH", "")}, cwd=log.parent, log=log)


def is_serving(host: str) -> bool:
    """Whether an emulator answers at `host` (`address:port`)."""
    connection = http.client.HTTPConnection(host, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check_given_host(host: str) -> None:
    """Make sure that an emulator of somebody else's answers; raises `Trouble` when it does not."""
    if not is_serving(host):
        raise Trouble(
            f"{HOST_VARIABLE} is {host!r} and no Firestore emulator answers there: "
            f"start it, or unset {HOST_VARIABLE} to have one started."
        )


@contextmanager
def running_emulator(env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The `address:port` of an emulator for the time of the block: the one of FIRESTORE_EMULATOR_HOST, else a new one.

    A new one is empty, is on free ports and is gone at the end. Raises `Trouble` when there can be none.
    """
    env = os.environ if env is None else env
    given = env.get(HOST_VARIABLE)
    if given:
        check_given_host(given)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="rollcall-emulator-") as folder:
        log = Path(folder) / "firestore.log"
        java, jar = find_java(env), find_jar(env, log)
        port, websocket_port = free_ports(2)
        process = launch_emulator(java, jar, port=port, websocket_port=websocket_port, log=log)
        try:
            yield _ready(process, f"{LOOPBACK}:{port}", log)
        finally:
            end([process])


def _ready(process: subprocess.Popen[bytes], host: str, log: Path) -> str:
    until = time.monotonic() + START_WITHIN.total_seconds()
    while not is_serving(host):
        if process.poll() is not None or time.monotonic() > until:
            raise explain_failed_start(log)
        time.sleep(0.05)
    return host
