"""The load generator, a process of its own: closed loops on plain sockets that are kept open.

`python -m tests.bench.load JOB`, where JOB is a `Job` as JSON; prints a `Load` as JSON.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from infra.local.ports import LOOPBACK

STEP = timedelta(microseconds=100)
EARLIER = timedelta(minutes=30)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Job:
    """So many seconds of events over the rooms `first_room` and on, each with so many people who come and go in turn."""

    port: int
    path: str
    seconds: float
    mark: str
    connections: int = 8
    first_room: int = 0
    rooms: int = 100
    people: int = 40
    warm_seconds: float = 0.4
    most: int = 10**9


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a job; times are of single requests. `sent` counts those of the warming up as well."""

    sent: int
    counted: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float


def code_of(room: int) -> str:
    """The Meet code of a numbered room."""
    letters = "".join(LETTERS[room // 26**place % 26] for place in range(4))
    return f"qzr-{letters}-mtg"


def event(job: Job, number: int, begin: datetime) -> bytes:
    """The numbered event of a job as a whole HTTP request."""
    told = {
        "meetingId": code_of(job.first_room + number % job.rooms),
        "participantEmail": f"p{number // job.rooms % job.people}@school.example",
        "eventType": "exit" if number // (job.rooms * job.people) % 2 else "join",
        "timestamp": (begin + number * STEP).isoformat(),
        "eventId": f"{job.mark}-{number}",
    }
    body = json.dumps(told).encode()
    head = (
        f"POST {job.path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(job: Job) -> Load:
    """Run a job in a process of its own; raises `RuntimeError` when it breaks down."""
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(job))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=job.seconds + 60)
    if ran.returncode:
        raise RuntimeError(f"The load generator ended with {ran.returncode}:\n{ran.stderr[-2000:]}")
    return Load(**json.loads(ran.stdout))


def _exchange(connection: socket.socket, request: bytes) -> bool:
    """Send, and read the whole answer; whether it was a 200 that says `success`."""
    connection.sendall(request)
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        if not (piece := connection.recv(65536)):
            raise ConnectionError("The server closed the connection.")
        got += piece
    lengths = [line for line in got[:end].lower().split(b"\r\n") if line.startswith(b"content-length:")]
    whole = end + 4 + int(lengths[0].split(b":")[1])
    while len(got) < whole:
        got += connection.recv(65536)
    return got.startswith(b"HTTP/1.1 200") and b'"success"' in got


def _loop(job: Job, own: int, begin: datetime, times: list[tuple[float, float, bool]], until: float) -> None:
    """One connection's closed loop: its share of the numbers, one after the other."""
    with socket.create_connection((LOOPBACK, job.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = own
        while (sent := time.monotonic()) < until and number < job.most:
            is_good = _exchange(connection, event(job, number, begin))
            times.append((sent, time.monotonic(), is_good))
            number += job.connections


def _measure(job: Job) -> Load:
    begin, started = datetime.now(UTC) - EARLIER, time.monotonic()
    times: list[list[tuple[float, float, bool]]] = [[] for _ in range(job.connections)]
    until = started + job.warm_seconds + job.seconds
    loops = [threading.Thread(target=_loop, args=(job, own, begin, times[own], until)) for own in range(job.connections)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    counted = [each for own in times for each in own if each[0] >= started + job.warm_seconds]
    if not counted:
        raise TimeoutError(f"No event was answered in {job.seconds} s; is something else keeping the machine busy?")
    took = sorted((done - sent) * 1000 for sent, done, _ in counted)
    span = max(done for _, done, _ in counted) - started - job.warm_seconds
    failed = sum(not is_good for own in times for _, _, is_good in own)
    return Load(sum(map(len, times)), len(took), failed, len(took) / span, median(took), took[int(len(took) * 0.99)])


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(Job(**json.loads(sys.argv[1]))))))
