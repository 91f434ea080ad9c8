"""Reading a meeting from Google: in parallel, as few calls as there can be, and within the quota."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.request import Request, urlopen

from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn, tail
from infra.local.settings import REPOSITORY
from shared import system
from shared.adapters.google.access import GoogleApis, local
from shared.adapters.google.apis import Api
from shared.adapters.google.meet import GoogleMeet
from shared.adapters.google.quota import ReadQuotas
from shared.config import read_settings
from tests.bench.figures import Bench, Figure, at_most, ratio, told
from tests.shared.adapters.google.machines import FakeMachine

TEACHER = "ada.teacher@school.example"
CODE = "syn-cspe-edx"
PEOPLE = 100
LATENCY_MS = 40
PER_MINUTE = 600
READS = 3000


class CountingApis(GoogleApis):
    """Google's APIs, with every call counted by its method."""

    calls = 0

    def call(
        self,
        api: Api,
        subject: str,
        method: str,
        params: Mapping[str, object],
        toll: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """See `GoogleApis`."""
        self.calls += 1
        return super().call(api, subject, method, params, toll)


def measure(bench: Bench) -> list[Figure]:
    """The reading of a class of a hundred, in turn with one call after the other; then the quota."""
    people = 20 if bench.is_quick else PEOPLE
    known = read_settings({"MEET_READS_PER_MINUTE": "1000000"})
    with _simulator(bench) as url:
        _meeting(url, people)
        apis = CountingApis(url, local, system.sleep)
        both = GoogleMeet(apis, known, system), GoogleMeet(apis, known, system, threads=1)
        calls, _ = (_read(meet, apis, people)[1] for meet in both)
        _tell(url, "settings", latency_ms=LATENCY_MS)
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(bench.rounds()):
            bench.say(f"sync: round {number + 1}, {people} people at {LATENCY_MS} ms an answer")
            for meet, times in zip(both, took, strict=True):
                times.append(_read(meet, apis, people)[0])
    note = f"{sorted(took[0])[len(took[0]) // 2]:.2f} s against {sorted(took[1])[len(took[1]) // 2]:.2f} s"
    return [
        ratio("sync", f"{people} people, of one call after the other", took[0], took[1], "<= 0.15", note),
        at_most(
            "sync", f"calls for {people} people", calls, people + 4, "calls", "one each, the room, the meeting, the list, names"
        ),
        *_quota(),
    ]


def _read(meet: GoogleMeet, apis: CountingApis, people: int) -> tuple[float, int]:
    """Seconds and calls of one reading; raises `RuntimeError` when somebody is missing."""
    now, before = datetime.now(UTC), apis.calls
    began = time.perf_counter()
    reading = meet.read(TEACHER, CODE, now - timedelta(hours=2), now + timedelta(hours=1))
    took = time.perf_counter() - began
    if len(reading.stays) != people:
        raise RuntimeError(f"Of {people} people {len(reading.stays)} were read.")
    return took, apis.calls - before


@contextmanager
def _simulator(bench: Bench) -> Iterator[str]:
    """The address of a simulator that is a process of its own."""
    (port,) = free_ports(1)
    log = bench.folder / "simulator.log"
    command = [sys.executable, "-m", "infra.local.simulator", "--port", str(port)]
    url = f"http://{LOOPBACK}:{port}"
    process = spawn(command, env={"PATH": "/usr/bin:/bin"}, cwd=REPOSITORY, log=log)
    try:
        until = time.monotonic() + 30
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The simulator did not start:\n{tail(log)}")
            time.sleep(0.05)
        yield url
    finally:
        end([process])


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/_sim/state", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _meeting(url: str, people: int) -> None:
    """A meeting that a hundred people attended, and that is over; without a quota."""
    _tell(url, "settings", meet_quota_per_minute=None)
    _tell(url, "meetings", owner_email=TEACHER, meet_code=CODE)
    began = datetime.now(UTC) - timedelta(hours=1)
    for number in range(people):
        at = (began + timedelta(seconds=number)).isoformat()
        _tell(url, f"meetings/{CODE}/join", email=f"p{number}@school.example", kind="signed_in", at=at)
    _tell(url, f"meetings/{CODE}/end", at=(began + timedelta(minutes=50)).isoformat())


def _tell(url: str, path: str, **body: object) -> None:
    request = Request(f"{url}/_sim/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        answer.read()


def _quota() -> list[Figure]:
    """Thousands of reads for one organiser in a changing rhythm, on a clock that moves only by waiting and by their pace."""
    machine, taken = FakeMachine(), list[float]()
    quota = ReadQuotas(PER_MINUTE, machine).of(TEACHER)
    for number in range(READS):
        quota.take()
        taken.append(machine.now)
        machine.now += (0.0, 0.01, 0.25)[number // 500 % 3]
    busiest = max(sum(begin <= at <= begin + 60 for at in taken) for begin in taken)
    rate = READS / (taken[-1] - taken[0]) * 60
    return [
        at_most("sync", "reads in the busiest 60 s", busiest, PER_MINUTE, "reads", "a fake clock"),
        told("sync", "reads a minute over all", rate, "reads", "a fake clock"),
    ]
