"""Cold start: from the start of a process to its first answer, and the memory that it has then."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from infra.local.ports import free_ports
from shared import system
from tests.bench.figures import Bench, Figure, ratio, told
from tests.bench.ingest import PATH
from tests.bench.load import Job, event
from tests.bench.served import (
    Source,
    cpu_ms,
    environment,
    footprint_mib,
    memory_kib,
    packed,
    reference,
    start,
    stop,
    until_listening,
)
from tests.bench.store import book, class_on, client_of, new_project

TOO_LONG = b'"' + b"x" * 70_000 + b'"'


@dataclass(frozen=True, slots=True)
class Case:
    """A process, its first request, and the status that it must be answered with."""

    source: Source
    env: Mapping[str, str]
    method: str
    path: str
    body: bytes
    status: int
    times: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    footprints: list[float] = field(default_factory=list)


def measure(bench: Bench) -> list[Figure]:
    """Rounds in which every case starts once."""
    cases = _cases(bench)
    for number in range(bench.rounds(7) + 1):
        bench.say(f"cold start: round {number}")
        for case in cases.values():
            _start_once(case)
    times = {name: case.times[1:] for name, case in cases.items()}
    sizes = {name: case.sizes[1:] for name, case in cases.items()}
    figures = [
        ratio("cold", "first event, of a function that only writes", times["event"], times["write"], "<= 1.25"),
        ratio("cold", "memory of its process after it", sizes["event"], sizes["write"], "<= 1.15"),
    ]
    for refusal in ("401", "404", "413"):
        name = f"first answer a {refusal}, of a bare function"
        figures.append(ratio("cold", name, times[refusal], times["bare"], "<= 1.3"))
    for name in cases:
        cpu, size, whole = median(cases[name].cpus[1:]), median(sizes[name]), median(cases[name].footprints[1:])
        note = f"{cpu:.0f} ms of processor time; its process {size:.1f} MiB, with gunicorn's other one {whole:.1f} MiB"
        figures.append(told("cold", f"start to first answer, {name}", median(times[name]), "ms", note))
    return figures


def _cases(bench: Bench) -> dict[str, Case]:
    project = new_project("cold")
    book(client_of(bench.host, project), [class_on(0)])
    webhook, open_doors = packed(bench, "webhook"), environment(bench, project)
    closed = {name: value for name, value in open_doors.items() if name != "ROLLCALL_AUTH"}
    body = b'{"eventId": "?"}'
    return {
        "event": Case(webhook, open_doors, "POST", PATH, b"", 200),
        "write": Case(reference(bench, "write"), environment(bench, new_project("write")), "POST", "/", b"", 200),
        "bare": Case(reference(bench, "bare"), open_doors, "GET", "/", b"", 200),
        "401": Case(webhook, closed, "POST", PATH, body, 401),
        "404": Case(webhook, closed, "GET", "/no/such/thing", b"", 404),
        "413": Case(webhook, closed, "POST", PATH, TOO_LONG, 413),
    }


def _start_once(case: Case) -> None:
    """Start, ask, note milliseconds and MiB, stop; raises `RuntimeError` when it answers anything else."""
    (port,) = free_ports(1)
    body = case.body or (_fresh_event() if case.method == "POST" else b"")
    began = time.perf_counter()
    server = start(case.source, case.env, port)
    try:
        until_listening(server)
        status, answer = server.ask(case.method, case.path, body)
        case.times.append((time.perf_counter() - began) * 1000)
        case.cpus.append(sum(cpu_ms(pid) for pid in (server.process.pid, server.worker)))
        case.sizes.append(max(memory_kib(pid) for pid in (server.process.pid, server.worker)) / 1024)
        case.footprints.append(footprint_mib(server))
    finally:
        stop(server)
    if status != case.status:
        raise RuntimeError(f"{case.source.target} answered {status} where {case.status} was due: {answer[:300]!r}")


def _fresh_event() -> bytes:
    """The body of an event in the known session that nobody has told yet."""
    job = Job(0, PATH, 0, system.new_id(), rooms=1)
    sent = event(job, 0, system.now())
    return json.dumps(json.loads(sent.partition(b"\r\n\r\n")[2])).encode()
