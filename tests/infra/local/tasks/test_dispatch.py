"""Deliveries: on time, again until they succeed, with the headers and tokens that Google sends."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import jwt
import pytest
from google.auth.transport.requests import Request
from google.cloud import tasks_v2
from google.oauth2 import id_token

from infra.local.tasks.dispatch import Backoff
from infra.local.tasks.store import QueuedTask, TaskStore
from tests.infra.local.tasks.queue import QUEUE, RunningQueue, now, running_queue, task_for
from tests.infra.local.threads import Listener


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RunningQueue]:
    """A queue of its own for each test."""
    with running_queue(tmp_path / "tasks.sqlite") as running:
        yield running


def test_a_task_is_delivered_at_its_time_and_not_before(queue: RunningQueue) -> None:
    with Listener().listening() as target:
        begun = time.monotonic()
        queue.client.create_task(parent=QUEUE, task=task_for(f"{target.url}/sync", after=timedelta(seconds=1.2)))
        asked = target.until_asked(1)[0]
        assert 1.1 <= asked.at - begun <= 1.9
        assert (asked.method, asked.path, asked.body) == ("POST", "/sync", b"{}")


def test_headers_are_those_that_google_sends(queue: RunningQueue) -> None:
    with Listener([503, 404, 200]).listening() as target:
        queue.client.create_task(parent=QUEUE, task=task_for(target.url, "told", headers={"x-own": "kept"}))
        first, second, third = target.until_asked(3)
        assert first.headers["User-Agent"] == "Google-Cloud-Tasks"
        assert first.headers["X-CloudTasks-QueueName"] == "rollcall"
        assert first.headers["X-CloudTasks-TaskName"] == "told"
        assert first.headers["X-Own"] == "kept"
        assert first.headers["Content-Type"] == "application/octet-stream"
        assert float(first.headers["X-CloudTasks-TaskETA"]) == pytest.approx(now().timestamp(), abs=10)
        counts = [
            (one.headers["X-CloudTasks-TaskRetryCount"], one.headers["X-CloudTasks-TaskExecutionCount"])
            for one in (first, second, third)
        ]
        assert counts == [("0", "0"), ("1", "0"), ("2", "1")]
        assert "X-CloudTasks-TaskPreviousResponse" not in first.headers
        assert third.headers["X-CloudTasks-TaskPreviousResponse"] == "404"


def test_a_failed_delivery_is_made_again_after_ever_longer_waits(tmp_path: Path) -> None:
    quick = Backoff(timedelta(seconds=0.3))
    with running_queue(tmp_path / "tasks.sqlite", quick) as queue, Listener([500, 500, 500, 200]).listening() as target:
        name = queue.client.create_task(parent=QUEUE, task=task_for(target.url)).name
        asked = target.until_asked(4)
        waits = [later.at - earlier.at for earlier, later in pairwise(asked)]
        assert 0.25 <= waits[0] <= 0.9
        assert 0.55 <= waits[1] <= 1.2
        assert 1.15 <= waits[2] <= 1.9
        _until_gone(queue, name)


def test_a_target_that_is_down_is_tried_again(queue: RunningQueue) -> None:
    with Listener().listening() as target:
        url = target.url
    name = queue.client.create_task(parent=QUEUE, task=task_for(url)).name
    time.sleep(0.5)
    assert queue.client.get_task(name=name).dispatch_count >= 1


def test_a_target_that_takes_longer_than_the_deadline_is_asked_again(tmp_path: Path) -> None:
    with Listener(delay_s=1).listening() as target:
        request = {"url": target.url, "httpMethod": "POST"}
        store = TaskStore(tmp_path / "tasks.sqlite")
        store.add(QueuedTask(f"{QUEUE}/tasks/slow", now(), {"httpRequest": request, "dispatchDeadline": "0.2s"}), now())
        store.close()
        with running_queue(tmp_path / "tasks.sqlite"):
            assert target.until_asked(2)[1].headers["X-CloudTasks-TaskRetryCount"] == "1"


def test_waits_double_from_a_second_up_to_a_minute() -> None:
    assert Backoff().after(1) == timedelta(seconds=1)
    assert Backoff().after(5) == timedelta(seconds=16)
    assert Backoff().after(500) == timedelta(minutes=1)


def test_one_task_is_never_delivered_twice_at_once(queue: RunningQueue) -> None:
    with Listener(delay_s=1.5).listening() as target:
        name = queue.client.create_task(parent=QUEUE, task=task_for(target.url)).name
        _until_gone(queue, name)
        assert len(target.asked) == 1


def test_the_token_passes_googles_own_check(queue: RunningQueue) -> None:
    token = tasks_v2.OidcToken(service_account_email="tasks@demo.example", audience="http://own.example/sync")
    with Listener().listening() as target:
        queue.client.create_task(parent=QUEUE, task=task_for(target.url, oidc_token=token))
        shown = target.until_asked(1)[0].headers["Authorization"].removeprefix("Bearer ")
    certs = f"{queue.url}/certs"
    claims = id_token.verify_token(shown, Request(), audience="http://own.example/sync", certs_url=certs)
    assert claims["iss"] == "https://accounts.google.com"
    assert (claims["email"], claims["email_verified"]) == ("tasks@demo.example", True)
    with pytest.raises(jwt.InvalidAudienceError):
        id_token.verify_token(shown, Request(), audience="http://other.example", certs_url=certs)


def test_an_audience_that_is_not_given_is_the_url(queue: RunningQueue) -> None:
    token = tasks_v2.OidcToken(service_account_email="tasks@demo.example")
    with Listener().listening() as target:
        url = f"{target.url}/sync"
        queue.client.create_task(parent=QUEUE, task=task_for(url, oidc_token=token))
        shown = target.until_asked(1)[0].headers["Authorization"].removeprefix("Bearer ")
    assert id_token.verify_token(shown, Request(), audience=url, certs_url=f"{queue.url}/certs")["aud"] == url


def test_waiting_tasks_survive_a_restart(tmp_path: Path) -> None:
    with Listener().listening() as target:
        with running_queue(tmp_path / "tasks.sqlite") as queue:
            queue.client.create_task(parent=QUEUE, task=task_for(target.url, "kept", timedelta(seconds=2)))
        assert target.asked == []
        with running_queue(tmp_path / "tasks.sqlite"):
            assert target.until_asked(1)[0].headers["X-CloudTasks-TaskName"] == "kept"


def _until_gone(queue: RunningQueue, name: str) -> None:
    until = time.monotonic() + 10
    while any(task.name == name for task in queue.client.list_tasks(parent=QUEUE)):
        assert time.monotonic() < until, f"{name} is still in the queue"
        time.sleep(0.05)
