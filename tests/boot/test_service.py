"""The packed service, started as its Procfile says in an empty environment: it answers, refuses, and ends when told to."""

import http.client
import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from infra.local.ports import LOOPBACK, free_ports
from infra.pack import function_names, is_service
from tests.boot.unpacked import BIN, SETTINGS, START_WITHIN_S, Booted, unpack

SERVICES = [name for name in function_names() if is_service(name)]
POLL = "/socket.io/?EIO=4&transport=polling"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that has been started."""

    process: "subprocess.Popen[bytes]"
    door: Booted

    def post(self, path: str, body: str) -> int:
        """Send one piece of text; the status."""
        connection = http.client.HTTPConnection(LOOPBACK, self.door.port, timeout=20)
        try:
            connection.request("POST", path, body, {"Content-Type": "text/plain"})
            return connection.getresponse().status
        finally:
            connection.close()


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service after the other, packed, unpacked and started."""
    folder = tmp_path_factory.mktemp(request.param)
    home, (port,) = unpack(request.param, folder), free_ports(1)
    _, _, command = (home / "Procfile").read_text("utf-8").partition(": ")
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(folder), "HOST": LOOPBACK, "PORT": str(port), **SETTINGS}
    with (
        (folder / "service.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, *shlex.split(command)[1:]], env=env, cwd=home, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        running = Service(process, Booted(request.param, port))
        try:
            _wait_until_it_answers(running)
            yield running
        finally:
            process.kill()


def _wait_until_it_answers(service: Service) -> None:
    until = time.monotonic() + START_WITHIN_S
    while service.process.poll() is None and time.monotonic() < until:
        with suppress(OSError):
            service.door.ask("GET", "/health")
            return
        time.sleep(0.05)
    raise AssertionError(f"{service.door.name} did not start; it ended with {service.process.poll()}.")


def test_a_service_says_that_it_is_well(service: Service) -> None:
    answer = service.door.ask("GET", "/health")
    assert (answer.status, answer.json()) == (200, {"ok": True, "connections": 0, "courses": 0, "listeners": 0})
    assert answer.headers["cache-control"] == "no-store"


def test_anything_else_is_not_found(service: Service) -> None:
    answer = service.door.ask("GET", "/no/such/thing")
    assert (answer.status, answer.json()["status"]) == (404, 404)


def test_whoever_connects_without_a_token_is_refused_by_name(service: Service) -> None:
    opened = service.door.ask("GET", POLL)
    assert opened.status == 200
    path = f"{POLL}&sid={json.loads(opened.body[1:])['sid']}"
    assert service.post(path, "40") == 200
    told = service.door.ask("GET", path).body.decode()
    assert told.startswith("44")
    refusal = json.loads(told[2:].split("\x1e")[0])
    assert (refusal["message"], refusal["data"]["code"]) == ("Invalid or expired token", "unauthorised")


def test_a_service_that_is_told_to_end_is_gone_within_five_seconds(service: Service) -> None:
    began = time.monotonic()
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(20)
    assert time.monotonic() - began < 5
