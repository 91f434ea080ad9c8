"""From a push to the live view, on the whole local stack: how long until a join in Meet is shown, and until Zoom is answered."""

import json
import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

from infra.local import keys
from infra.local.folder import DataFolder
from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end, spawn, tail
from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble
from shared.web.zoom_signatures import signature
from tests.bench.figures import Bench, Figure, at_most, told

TEACHER = "ada.teacher@school.example"
JOINS = 100
READY_WITHIN_S = 120.0
SHOWN_WITHIN_S = 30.0


def measure(bench: Bench) -> list[Figure]:
    """One person after the other joins; the clock runs from the push of the join to its being in active-sessions."""
    joins = 20 if bench.is_quick else JOINS
    with _stack(bench) as (api, simulator):
        code = _class_that_is_on(api)
        waits = []
        for number in range(joins):
            if number % 25 == 0:
                bench.say(f"push: {number} of {joins} joins")
            waits.append(_shown_after(api, simulator, code, f"pupil{number}@school.example"))
        bench.say("push: events of Zoom")
        zoom = _zoom_answers(api, keys.zoom_webhook_secret(DataFolder(bench.folder / "stack").secrets), joins * 4)
    waits.sort()
    p50, p95, worst = (_at(waits, share) for share in (0.5, 0.95, 1.0))
    note = f"{joins} joins, Meet's answers included; the look that shows it costs {_look_ms(waits):.0f} ms at the least"
    return [
        at_most("push", "a join shown after its push, p95", p95, 1.0, "s", note),
        told("push", "a join shown after its push, median", p50, "s"),
        told("push", "a join shown after its push, longest", worst, "s"),
        at_most("push", "an event of Zoom answered, p99 at 8 connections", _at(zoom, 0.99), 3.0, "s", "Zoom waits three seconds"),
        told("push", "an event of Zoom answered, median", _at(zoom, 0.5), "s"),
    ]


def _at(sorted_values: list[float], share: float) -> float:
    return sorted_values[math.ceil(len(sorted_values) * share) - 1]


def _zoom_answers(api: str, secret: str, events: int) -> list[float]:
    """Seconds until the answer to each of many joins of one Zoom class, signed as Zoom signs them, sorted."""
    start = (datetime.now(UTC) + timedelta(seconds=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"teacher_email": TEACHER, "student_emails": [], "subject": "Zoom", "start_time": start, "duration_minutes": 30}
    number = _post(f"{api}/api/schedule/class", {**body, "provider": "zoom", "allow_conflicts": True})["meet_code"]
    time.sleep(4)

    def ask(index: int) -> float:
        who = {"user_id": str(index), "user_name": f"Pupil {index}", "email": f"pupil{index}@school.example"}
        meeting = {"id": number, "uuid": "bench==", "participant": {**who, "join_time": start}}
        content = json.dumps({"event": "meeting.participant_joined", "event_ts": 1, "payload": {"object": meeting}}).encode()
        stamp = str(int(time.time()))
        headers = {"Content-Type": "application/json", "x-zm-request-timestamp": stamp}
        headers["x-zm-signature"] = signature(secret, stamp, content)
        began = time.monotonic()
        with urlopen(Request(f"{api}/api/webhook/zoom", content, headers), timeout=20) as answer:
            if json.load(answer)["status"] != "filed":
                raise Trouble("An event of Zoom was not filed.")
        return time.monotonic() - began

    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(ask, range(events)))


def _look_ms(waits: list[float]) -> float:
    return waits[0] * 1000


def _shown_after(api: str, simulator: str, code: str, email: str) -> float:
    _post(f"{simulator}/_sim/meetings/{code}/join", {"email": email, "display_name": email, "kind": "signed_in"})
    pushed = time.monotonic()
    while time.monotonic() - pushed < SHOWN_WITHIN_S:
        sessions = _get(f"{api}/api/monitoring/active-sessions?teacher_email={TEACHER}")["sessions"]
        if any(person["email"] == email and person["present"] for each in sessions for person in each["participants"]):
            return time.monotonic() - pushed
    raise Trouble(f"{email} joined and was not shown within {SHOWN_WITHIN_S:.0f} s.")


def _class_that_is_on(api: str) -> str:
    """The code of a class that has begun and whose pushes come."""
    start = (datetime.now(UTC) + timedelta(seconds=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"teacher_email": TEACHER, "student_emails": [], "subject": "Push", "start_time": start, "duration_minutes": 30}
    code: str = _post(f"{api}/api/schedule/class", body)["meet_code"]
    give_up = time.monotonic() + SHOWN_WITHIN_S
    while time.monotonic() < give_up:
        delivers = any(one["delivers"] for one in _get(f"{api}/api/monitoring/health")["subscriptions"])
        if delivers and _get(f"{api}/api/monitoring/active-sessions")["sessions"]:
            return code
        time.sleep(0.2)
    raise Trouble("The class did not open, or its push channel was not made.")


@contextmanager
def _stack(bench: Bench) -> Iterator[tuple[str, str]]:
    """`make run` with ports and data of its own: the addresses of its API and of its simulator."""
    port, simulator, realtime = map(str, free_ports(3))
    settings = {
        "PORT": port,
        "SIMULATOR_PORT": simulator,
        "REALTIME_PORT": realtime,
        "ROLLCALL_DATA": str(bench.folder / "stack"),
    }
    env = {name: value for name, value in os.environ.items() if name != "FIRESTORE_EMULATOR_HOST"} | settings
    log = bench.folder / "stack.log"
    process = spawn([sys.executable, "-m", "infra.local", "run"], env=env, cwd=REPOSITORY, log=log)
    try:
        give_up = time.monotonic() + READY_WITHIN_S
        while "ready" not in log.read_text("utf-8").splitlines():
            if process.poll() is not None or time.monotonic() > give_up:
                raise Trouble(f"The local stack did not start:\n{tail(log)}")
            time.sleep(0.2)
        yield f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{simulator}"
    finally:
        process.send_signal(signal.SIGTERM)
        end([process])


def _get(url: str) -> Any:
    with urlopen(url, timeout=20) as answer:
        return json.load(answer)


def _post(url: str, body: dict[str, Any]) -> Any:
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)
