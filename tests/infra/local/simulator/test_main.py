"""The simulator as a command."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from infra.local.ports import free_ports


def command(*args: str) -> "subprocess.Popen[str]":
    """The command, started."""
    line = [sys.executable, "-m", "infra.local.simulator", *args]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def until_it_answers(url: str) -> httpx.Response:
    """The first answer that comes."""
    until = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url)
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_the_port_until_a_signal_and_keeps_its_file(tmp_path: Path, ending: signal.Signals) -> None:
    (port,) = free_ports(1)
    file = tmp_path / "simulator.json"
    process = command("--port", str(port), "--state", str(file))
    try:
        assert until_it_answers(f"http://127.0.0.1:{port}/_sim/state").json()["spaces"] == []
        process.send_signal(ending)
        told, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in told
    assert file.exists()


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = command("--port", str(taken.getsockname()[1]))
        _, told = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "SIMULATOR_PORT" in told
