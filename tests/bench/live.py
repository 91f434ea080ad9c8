"""From a change to every browser that watches: a webhook's event and a bare commit, against a bare emit and a bare listener.

All clients are real ones, in Node processes of their own; each step waits until every client has heard the one before.
"""

import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from google.cloud import firestore

from infra.local.ports import LOOPBACK, free_ports
from infra.local.troubles import Trouble
from shared import system
from shared.adapters.firestore.live import put_news
from shared.adapters.firestore.writes import Commits
from shared.domain.attendance import AttendanceStatus, Match, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.ids import stable_id
from shared.domain.live import LiveNews, LivePerson
from tests.bench.figures import Bench, Figure, at_most, exactly, told
from tests.bench.ingest import PATH
from tests.bench.load import code_of
from tests.bench.served import REFERENCE, Server, environment, memory_kib, packed, serving
from tests.bench.store import class_on, client_of, house_over, new_project
from tests.functions.realtime.browser import CLIENT
from tests.functions.realtime.gateways import Gateway, gateway, token

COURSE = "maths"
PEOPLE = 30
HEARD_WITHIN_S = 60.0
SOCKETS_EACH = 20
TOLD = "courseSessionStarted,participantJoined,participantLeft"


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds until each client heard each change."""

    emit: list[float] = field(default_factory=list)
    listener: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    webhook: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)


def measure(bench: Bench) -> list[Figure]:
    """The same steps with 1, 100 and 1,000 clients."""
    figures: list[Figure] = []
    for clients in (1, 50) if bench.is_quick else (1, 100, 1000):
        figures += _with(bench, clients, 10 if bench.is_quick else 60)
    return figures


def _with(bench: Bench, clients: int, steps: int) -> list[Figure]:
    project, waits = new_project("live"), Waits()
    store = client_of(bench.host, project)
    with ExitStack() as stack:
        door = stack.enter_context(_gateway(bench, project))
        webhook = stack.enter_context(serving(packed(bench, "webhook"), environment(bench, project)))
        before = memory_kib(door.process.pid)
        ours = stack.enter_context(_fleet(bench, door.url, COURSE, clients))
        each_kib = (memory_kib(door.process.pid) - before) / clients
        bare = stack.enter_context(_bare(bench))
        theirs = stack.enter_context(_fleet(bench, bare.url, "", clients))
        held = _started(store, ours, waits)
        listened = stack.enter_context(_listener(store))
        for number in range(-4, steps):
            if number % 20 == 0:
                bench.say(f"live: {clients} clients, {number} of {steps} changes")
            _step(_Sides(store, webhook, bare, listened, ours, theirs, held), number, waits if number >= 0 else Waits())
        health = door.health()
    return _figures(waits, clients, each_kib, health)


@dataclass(frozen=True, slots=True)
class _Sides:
    store: firestore.Client
    webhook: Server
    bare: "_Bare"
    listened: "queue.Queue[float]"
    ours: "_Fleet"
    theirs: "_Fleet"
    held: ScheduledClass


def _step(sides: _Sides, number: int, waits: Waits) -> None:
    """One change of each kind, one after the other."""
    mark = f"mark {number}"
    began = time.time() * 1000
    sides.bare.say({"mark": mark, **_LIKE_OURS})
    waits.emit.extend(at - began for at in sides.theirs.heard(mark))
    began = time.time() * 1000
    sides.store.document("bench/one").set({"mark": number})
    waits.listener.append(sides.listened.get(timeout=HEARD_WITHIN_S) - began)
    person, commits = _person(number), Commits(sides.store, system.sleep)
    batch = commits.batch()
    put_news(batch, LiveNews(sides.held.session_id, sides.held.end_at, people=(person,)))
    began = time.time() * 1000
    commits.send(batch)
    waits.commit.extend(at - began for at in sides.ours.heard(str(person.email)))
    event = _event(number)
    began = time.time() * 1000
    status, answer = sides.webhook.ask("POST", PATH, json.dumps(event).encode())
    if status != 200:
        raise Trouble(f"An event was answered with {status}: {answer[:300]!r}")
    waits.webhook.extend(at - began for at in sides.ours.heard(event["participantEmail"]))


def _figures(waits: Waits, clients: int, each_kib: float, health: dict[str, Any]) -> list[Figure]:
    floor = _at(waits.emit, 0.95) + _at(waits.listener, 0.95)
    ours, who = _at(waits.commit, 0.95), f"{clients} client{'s' if clients > 1 else ''}"
    note = f"ours {ours:.1f} ms; bare emit {_at(waits.emit, 0.95):.1f} ms, bare listener {_at(waits.listener, 0.95):.1f} ms"
    figures = [
        at_most("live", f"commit to client, p95, {who}, of bare emit + listener", ours / floor, 2.0, note=note),
        exactly("live", f"clients that heard the start, {who}", len(waits.start), clients, "clients"),
        exactly("live", f"listeners held for the one course, {who}", health["listeners"], 2, "listeners"),
    ]
    for name, values in (("webhook", waits.webhook), ("commit", waits.commit), ("bare emit", waits.emit), ("start", waits.start)):
        spread = f"p95 {_at(values, 0.95):.1f} ms, p99 {_at(values, 0.99):.1f} ms"
        figures.append(told("live", f"{name} to client, median, {who}", _at(values, 0.5), "ms", spread))
    if clients > 1:
        figures.append(told("live", f"memory of one connection, {who}", each_kib, "KiB"))
    return figures


def _at(values: list[float], share: float) -> float:
    return sorted(values)[math.ceil(len(values) * share) - 1]


_LIKE_OURS = {
    "meetingId": "abc-mnop-xyz",
    "session_id": "0" * 32,
    "course_id": COURSE,
    "rev": 1_795_265_055_475_523,
    "participant": {"participant_id": "0" * 32, "display_name": "Pupil", "role": "student", "present": True, "devices": 1},
}


def _person(number: int) -> LivePerson:
    """Somebody of whom every other change says that they came, and the ones between that they went."""
    who, moment = number // 2 % PEOPLE, datetime.now(UTC)
    known = LivePerson(
        stable_id("bench", str(who)),
        f"b{who}@school.example",
        f"Pupil {who}",
        Role.STUDENT,
        Match.EXACT_EMAIL,
        AttendanceStatus.UNKNOWN,
        moment,
        moment,
    )
    return known if number % 2 == 0 else replace(known, went_at=moment)


def _event(number: int) -> dict[str, str]:
    return {
        "meetingId": code_of(0),
        "participantEmail": f"p{number // 2 % PEOPLE}@school.example",
        "eventType": "exit" if number % 2 else "join",
        "timestamp": datetime.now(UTC).isoformat(),
        "eventId": f"live-{number}",
    }


def _started(store: firestore.Client, ours: "_Fleet", waits: Waits) -> ScheduledClass:
    """A class of the course begins: everybody hears it."""
    now = datetime.now(UTC)
    booked = replace(class_on(0, PEOPLE), course_id=COURSE, status=Status.SCHEDULED, opened_at=None, planned_at=None, due_at=now)
    house = house_over(store, now)
    house.classes.add([booked], None)
    began = time.time() * 1000
    house.tick()
    waits.start.extend(at - began for at in ours.heard(booked.session_id))
    return house.classes.get(booked.class_id)


@contextmanager
def _gateway(bench: Bench, project: str) -> Iterator[Gateway]:
    running = gateway(packed(bench, "realtime").home, project, bench.host, RATE_PER_ADDRESS="100000")
    try:
        yield running
    finally:
        running.close()


@dataclass(frozen=True, slots=True)
class _Bare:
    url: str
    lines: IO[str]

    def say(self, payload: dict[str, Any]) -> None:
        """Have everybody told."""
        self.lines.write(json.dumps(payload) + "\n")
        self.lines.flush()


@contextmanager
def _bare(bench: Bench) -> Iterator[_Bare]:
    (port,) = free_ports(1)
    env = {**environment(bench, "bare"), "PORT": str(port)}
    command = [sys.executable, str(REFERENCE / "emits.py")]
    with subprocess.Popen(command, env=env, cwd=bench.folder, stdin=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin
            yield _Bare(f"http://{LOOPBACK}:{port}", process.stdin)
        finally:
            process.kill()


@contextmanager
def _listener(store: firestore.Client) -> Iterator["queue.Queue[float]"]:
    """The instants, in milliseconds, at which a listener of one document was told of a change."""
    heard: queue.Queue[float] = queue.Queue()
    watch = store.document("bench/one").on_snapshot(lambda *_: heard.put(time.time() * 1000))
    try:
        heard.get(timeout=HEARD_WITHIN_S)
        yield heard
    finally:
        watch.unsubscribe()


class _Fleet:
    """Many clients in one Node process, and what all of them have heard."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._from = lines
        threading.Thread(target=self._hear, daemon=True).start()

    def ready(self) -> None:
        """Wait until all are connected and know their state."""
        while "ready" not in self._next("the clients are connected"):
            continue

    def heard(self, mark: str) -> list[float]:
        """When each of them heard of what is so marked, in milliseconds."""
        while True:
            said = self._next(mark)
            if said.get("mark") == mark:
                at: list[float] = said["at"]
                return at

    def _next(self, what: str) -> dict[str, Any]:
        try:
            said = self._lines.get(timeout=HEARD_WITHIN_S)
        except queue.Empty as nothing:
            raise Trouble(f"Not every client heard that {what} within {HEARD_WITHIN_S:.0f} s.") from nothing
        if "refused" in said or "lost" in said or said.get("success") is False:
            raise Trouble(f"A client of the bench was not served: {said}.")
        return said

    def _hear(self) -> None:
        for line in self._from:
            self._lines.put(json.loads(line))


@contextmanager
def _fleet(bench: Bench, url: str, course: str, clients: int) -> Iterator[_Fleet]:
    """So many administrators, connected; each address has a few connections."""
    tokens = Path(bench.folder / "tokens.json")
    people = max(1, math.ceil(clients / SOCKETS_EACH))
    tokens.write_text(json.dumps([token(f"boss{number}@school.example", "admin") for number in range(people)]))
    command = ["node", "fleet.mjs", url, str(tokens), course, str(clients), TOLD]
    env = {"PATH": os.environ.get("PATH", "")}
    with subprocess.Popen(command, cwd=CLIENT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            fleet = _Fleet(process.stdout)
            fleet.ready()
            yield fleet
        finally:
            process.kill()
