"""An emulator for measuring: with the whole of Java's compiler and with room for a hundred thousand classes."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.emulator import HOST_VARIABLE, MAIN_CLASS, START_WITHIN, is_serving
from infra.local.emulator_jar import explain_failed_start, find_jar
from infra.local.java import find_java
from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn


@contextmanager
def measuring_emulator() -> Iterator[str]:
    """The `address:port` of a new, empty emulator for the time of the block; raises `Trouble` when there can be none."""
    env = {name: value for name, value in os.environ.items() if name != HOST_VARIABLE}
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-emulator-") as folder:
        log = Path(folder) / "firestore.log"
        java, jar = find_java(env), find_jar(env, log)
        port, websocket_port = free_ports(2)
        command = [java, "-Xmx3g", "-Duser.language=en", "-cp", str(jar), MAIN_CLASS, "start", f"--host={LOOPBACK}"]
        command += [f"--port={port}", f"--websocket_port={websocket_port}"]
        process = spawn(command, env={"PATH": env.get("PATH", "")}, cwd=log.parent, log=log)
        try:
            until = time.monotonic() + START_WITHIN.total_seconds()
            while not is_serving(f"{LOOPBACK}:{port}"):
                if process.poll() is not None or time.monotonic() > until:
                    raise explain_failed_start(log)
                time.sleep(0.05)
            yield f"{LOOPBACK}:{port}"
        finally:
            end([process])
