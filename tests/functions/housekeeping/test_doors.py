"""Housekeeping's doors: a job that fails keeps none of the others from running, and says what stood in its way."""

import json
from datetime import timedelta
from typing import Any

from flask import Flask, request

from functions.housekeeping.doors import channel, deliver, housekeeping
from functions.housekeeping.wiring import Housekeeping, Job
from shared.domain.accounts import Caller
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import TaskKind
from shared.web.routes import Asked
from tests.builders import a_class, at
from tests.fakes import Clock, FakeHeartbeat
from tests.house import House
from tests.told import told_in_memory


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


def test_a_run_tells_of_an_invoice_and_days_later_reminds_of_it() -> None:
    books = told_in_memory()
    invoice, clock = books.bills(), books.billed.house.clock
    jobs: tuple[tuple[str, Job], ...] = (("warnings", books.clear), ("reminders", books.remind), ("deliveries", books.deliver))
    app = Housekeeping(jobs, lambda _: None, books.deliver.one, FakeHeartbeat(), clock)
    told = ask(housekeeping, app)
    assert (told["counts"]["outbox_rows"], told["counts"]["reminders"], told["troubles"]) == (1, 0, [])
    clock.at = invoice.due_at + timedelta(days=2)
    ask(housekeeping, app)
    clock.at = invoice.due_at + timedelta(days=3, minutes=10)
    assert ask(housekeeping, app)["counts"]["reminders"] == 1
    clock.passes(timedelta(minutes=10))
    assert "reminders" not in ask(housekeeping, app)["counts"]
    first, *_, last = books.tasks.of(TaskKind.DELIVER)
    assert ask(deliver, app, json.dumps({"delivery_id": first.about}).encode())["state"] == "sent"
    books.billed.pays(6000, "all")
    dropped = ask(deliver, app, json.dumps({"delivery_id": last.about}).encode())
    assert dropped == {
        "state": "dropped",
        "attempts": 0,
        "trouble": "The invoice was paid or taken back before the reminder was sent.",
    }
