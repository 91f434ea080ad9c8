"""Housekeeping's doors: a job that fails keeps none of the others from running, and says what stood in its way."""

import json
from typing import Any

from flask import Flask, request

from functions.housekeeping.doors import channel, housekeeping
from functions.housekeeping.wiring import Housekeeping, Job
from shared.domain.accounts import Caller
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.web.routes import Asked
from tests.builders import a_class, at
from tests.fakes import Clock, FakeHeartbeat
from tests.house import House


def ask(door: Any, app: Housekeeping, body: bytes = b"") -> dict[str, Any]:
    """What a door answers."""
    with Flask("test").test_request_context():
        told: Any = request
        reply = door(Asked(told, Caller("scheduler", "", "system"), {}, body, "0" * 32), app)
    assert reply.status == 200
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


def failing(trouble: Exception) -> Job:
    """A job that fails."""

    def job() -> dict[str, int]:
        raise trouble

    return job


def test_every_job_runs_whatever_becomes_of_the_others() -> None:
    beat = FakeHeartbeat()
    jobs: tuple[tuple[str, Job], ...] = (
        ("reports", failing(UpstreamRefused("Insufficient permissions", "Ask as an administrator."))),
        ("connections", failing(Unavailable("Google is busy."))),
        ("broken", failing(ZeroDivisionError())),
        ("channels", lambda: {"channels": 2}),
    )
    told = ask(housekeeping, Housekeeping(jobs, lambda _: None, lambda _: None, beat, Clock(at(0))))
    assert told["counts"] == {"channels": 2}
    assert told["troubles"] == [
        "reports: Insufficient permissions",
        "connections: Google is busy.",
        "broken: failed; the log has it under this request's id",
    ]
    assert beat.told == (at(0), {"channels": 2})


def test_a_task_sees_to_one_teachers_channel(house: House) -> None:
    teacher = a_class().teacher_email
    app = Housekeeping((), house.keep.one, lambda _: None, FakeHeartbeat(), house.clock)
    body = json.dumps({"teacher_email": teacher}).encode()
    assert ask(channel, app, body) == {"state": "none", "trouble": None}
    house.classes.add([a_class()], None)
    house.want(teacher)
    assert ask(channel, app, body) == {"state": "active", "trouble": None}
    assert house.push is not None
    house.push.trouble = UpstreamRefused("Insufficient permissions", "Grant it.")
    house.clock.at = at(0)
    assert ask(channel, app, body) == {"state": "active", "trouble": "Insufficient permissions"}
