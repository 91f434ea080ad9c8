"""Tests of the queue of delayed tasks: the real client against the local queue, and against a server that refuses."""

import base64
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from shared.adapters.tasks import cloud_tasks
from shared.config import Settings, read_settings
from shared.domain.errors import Unavailable
from shared.ports import PlannedTask, TaskKind
from tests.infra.local.tasks.queue import QUEUE, RunningQueue, running_queue
from tests.infra.local.threads import Listener
from tests.shared.adapters.google.scripted import Answer, Asked, error, in_turn, scripted_google

ACCOUNT = "tasks@demo-rollcall.example"
CLASS_ID = "0123456789abcdef0123456789abcdef"


def settings_for(endpoint: str, **env: str) -> Settings:
    """Settings of a function that plans tasks."""
    known = {
        "CLOUD_TASKS_ENDPOINT": endpoint,
        "TASKS_SERVICE_ACCOUNT": ACCOUNT,
        "MONITOR_TICK_URL": "https://monitor.example/",
        "MEET_SYNC_URL": "https://sync.example",
    }
    return read_settings({**known, **env})


def planned(name: str = "start", kind: TaskKind = TaskKind.CLASS_DUE, at: datetime | None = None) -> PlannedTask:
    """A task in an hour."""
    return PlannedTask(kind, CLASS_ID, at or datetime.now(UTC) + timedelta(hours=1), name)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RunningQueue]:
    """A local queue of the test's own."""
    with running_queue(tmp_path / "tasks") as running:
        yield running


def test_a_task_waits_in_the_queue_until_its_time(queue: RunningQueue) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    cloud_tasks(settings_for(queue.url)).enqueue([planned(at=at)])
    (task,) = queue.client.list_tasks(parent=QUEUE)
    assert task.schedule_time == at
    assert task.http_request.url == "https://monitor.example/class-due"


def test_a_task_planned_twice_is_one_task(queue: RunningQueue) -> None:
    tasks = cloud_tasks(settings_for(queue.url))
    tasks.enqueue([planned("start")])
    tasks.enqueue([planned("start"), planned("end")])
    names = [task.name.rpartition("/")[2] for task in queue.client.list_tasks(parent=QUEUE)]
    assert sorted(name.partition("-")[2] for name in names) == ["end", "start"]


def test_many_tasks_are_all_put_in(queue: RunningQueue) -> None:
    cloud_tasks(settings_for(queue.url)).enqueue([planned(f"task-{number}") for number in range(60)])
    assert len(list(queue.client.list_tasks(parent=QUEUE))) == 60


def test_a_due_task_brings_the_class_to_its_target_with_a_token_for_it(queue: RunningQueue) -> None:
    with Listener().listening() as target:
        tasks = cloud_tasks(settings_for(queue.url, MEET_SYNC_URL=target.url))
        tasks.enqueue([planned(kind=TaskKind.SYNC, at=datetime.now(UTC) - timedelta(seconds=1))])
        (asked, *_) = target.until_asked(1)
    assert (asked.method, asked.path) == ("POST", "/sync")
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == {"class_id": CLASS_ID}
    token = asked.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["email"]) == (f"{target.url}/sync", ACCOUNT)


def test_what_google_is_sent() -> None:
    at = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    with scripted_google(in_turn((200, {}))) as google:
        cloud_tasks(settings_for(google.url)).enqueue([planned("abc", TaskKind.SYNC, at)])
    (asked,) = google.asked
    task = asked.body["task"]
    assert asked.path == f"/v2/{QUEUE}/tasks"
    assert task["name"] == f"{QUEUE}/tasks/ba7816bf-abc"
    assert (task["scheduleTime"], task["dispatchDeadline"]) == ("2026-12-01T15:30:00Z", "300s")
    request = task["httpRequest"]
    assert request["url"] == request["oidcToken"]["audience"] == "https://sync.example/sync"
    assert request["oidcToken"]["serviceAccountEmail"] == ACCOUNT
    assert json.loads(base64.b64decode(request["body"])) == {"class_id": CLASS_ID}


def test_nothing_to_plan_is_no_call() -> None:
    with scripted_google(in_turn((200, {}))) as google:
        cloud_tasks(settings_for(google.url)).enqueue([])
    assert google.asked == []


def test_a_queue_that_stumbles_is_asked_again_and_a_lost_answer_does_no_harm() -> None:
    taken = (409, {"error": {"code": 409, "status": "ALREADY_EXISTS", "message": "Requested entity already exists"}})
    with scripted_google(in_turn(error(503), taken)) as google:
        cloud_tasks(settings_for(google.url)).enqueue([planned()])
    assert len(google.asked) == 2


def test_a_queue_that_refuses_is_reported_with_a_remedy() -> None:
    with scripted_google(in_turn(error(403, "The principal lacks cloudtasks.tasks.create"))) as google:
        tasks = cloud_tasks(settings_for(google.url))
        with pytest.raises(Unavailable, match=r"lacks cloudtasks\.tasks\.create.*may create tasks"):
            tasks.enqueue([planned()])
    assert len(google.asked) == 1


def test_one_bad_task_does_not_keep_the_others_out() -> None:
    def picky(asked: Asked) -> Answer:
        return error(400, "too far ahead") if asked.body["task"]["name"].endswith("-bad") else (200, {})

    with scripted_google(picky) as google:
        tasks = cloud_tasks(settings_for(google.url))
        with pytest.raises(Unavailable, match="1 of 3 tasks"):
            tasks.enqueue([planned("one"), planned("bad"), planned("two")])
    assert len(google.asked) == 3


def test_a_queue_that_is_away_is_not_waited_for_once_per_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.adapters.tasks._RETRY", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        tasks = cloud_tasks(settings_for(f"http://127.0.0.1:{free.getsockname()[1]}"))
        calls: list[str] = []
        create = tasks._client.create_task

        def counted(**request: Any) -> Any:
            calls.append(request["task"].name)
            return create(**request)

        monkeypatch.setattr(tasks._client, "create_task", counted)
        with pytest.raises(Unavailable, match=r"500 of 500 tasks.*does not answer"):
            tasks.enqueue([planned(f"task-{number}") for number in range(500)])
    assert len(calls) < 100


@pytest.mark.parametrize(
    ("env", "kind", "variable"),
    [
        ({"MEET_SYNC_URL": ""}, TaskKind.SYNC, "MEET_SYNC_URL"),
        ({"MONITOR_TICK_URL": ""}, TaskKind.CLASS_DUE, "MONITOR_TICK_URL"),
        ({"TASKS_SERVICE_ACCOUNT": ""}, TaskKind.CLASS_DUE, "TASKS_SERVICE_ACCOUNT"),
    ],
)
def test_a_function_that_does_not_know_the_target_says_which_variable_is_missing(
    env: dict[str, str], kind: TaskKind, variable: str
) -> None:
    with pytest.raises(Unavailable, match=variable):
        cloud_tasks(settings_for("http://127.0.0.1:1", **env)).enqueue([planned(kind=kind)])
