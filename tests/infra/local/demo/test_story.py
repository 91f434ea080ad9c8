"""The demo, whole: a class of one minute through the real functions, as `ONCE=1 make demo` plays it."""

import subprocess
import sys
from pathlib import Path

from infra.local.ports import free_ports
from infra.local.settings import REPOSITORY
from tests.infra.local.support import plain_environment, processes_under


def test_the_demo_plays_a_class_and_finds_everything_as_it_was(tmp_path: Path) -> None:
    port, simulator_port, realtime_port = map(str, free_ports(3))
    ports = {
        "PORT": port,
        "SIMULATOR_PORT": simulator_port,
        "REALTIME_PORT": realtime_port,
        "ROLLCALL_DATA": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "infra.local", "demo"]
    env = {**plain_environment(), **ports, "ONCE": "1"}
    played = subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, timeout=280, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "All 15 hold." in played.stdout
    assert "https://meet.google.com/" in played.stdout
    assert processes_under(tmp_path) == {}
