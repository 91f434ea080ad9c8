"""The queue's REST interface, through the real Cloud Tasks client and by plain requests."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound
from google.cloud import tasks_v2

from tests.infra.local.tasks.queue import QUEUE, RunningQueue, now, running_queue, task_for

FAR = timedelta(hours=1)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RunningQueue]:
    """A queue of its own for each test."""
    with running_queue(tmp_path / "tasks.sqlite") as running:
        yield running


def test_a_task_is_created_shown_listed_and_deleted(queue: RunningQueue) -> None:
    created = queue.client.create_task(parent=QUEUE, task=task_for("http://127.0.0.1:9/x", "first", FAR))
    assert created.name == f"{QUEUE}/tasks/first"
    assert created.http_request.http_method is tasks_v2.HttpMethod.POST
    assert queue.client.get_task(name=created.name).schedule_time == created.schedule_time
    assert [task.name for task in queue.client.list_tasks(parent=QUEUE)] == [created.name]
    queue.client.delete_task(name=created.name)
    with pytest.raises(NotFound):
        queue.client.get_task(name=created.name)


def test_a_name_is_used_once_even_after_its_task_was_deleted(queue: RunningQueue) -> None:
    task = task_for("http://127.0.0.1:9/x", "once", FAR)
    created = queue.client.create_task(parent=QUEUE, task=task)
    with pytest.raises(Conflict):
        queue.client.create_task(parent=QUEUE, task=task)
    queue.client.delete_task(name=created.name)
    with pytest.raises(Conflict):
        queue.client.create_task(parent=QUEUE, task=task)


def test_a_task_without_a_name_gets_one(queue: RunningQueue) -> None:
    names = {queue.client.create_task(parent=QUEUE, task=task_for("http://127.0.0.1:9/x", after=FAR)).name for _ in range(3)}
    assert len(names) == 3
    assert all(name.startswith(f"{QUEUE}/tasks/") for name in names)


def test_the_basic_view_leaves_the_payload_out(queue: RunningQueue) -> None:
    name = queue.client.create_task(parent=QUEUE, task=task_for("http://127.0.0.1:9/x", "seen", FAR)).name
    full = queue.client.get_task(request={"name": name, "response_view": tasks_v2.Task.View.FULL})
    assert queue.client.get_task(name=name).http_request.body == b""
    assert full.http_request.body == b"{}"


def test_lists_come_in_pages(queue: RunningQueue) -> None:
    for number in range(5):
        queue.client.create_task(parent=QUEUE, task=task_for("http://127.0.0.1:9/x", f"n{number}", FAR))
    pages = list(queue.client.list_tasks(request={"parent": QUEUE, "page_size": 2}).pages)
    assert [len(page.tasks) for page in pages] == [2, 2, 1]


def test_more_than_thirty_days_ahead_is_refused(queue: RunningQueue) -> None:
    with pytest.raises(BadRequest, match="too far in the future"):
        queue.client.create_task(parent=QUEUE, task=task_for("http://127.0.0.1:9/x", after=timedelta(days=31)))


def test_plain_requests_are_understood_too(queue: RunningQueue) -> None:
    request = {"url": "http://127.0.0.1:9/x", "httpMethod": "PUT"}
    later = (now() + FAR).isoformat()
    answer = httpx.post(queue.rest, json={"task": {"httpRequest": request, "scheduleTime": later}})
    assert answer.status_code == 200
    assert answer.json()["httpRequest"]["httpMethod"] == "PUT"
    assert httpx.get(f"{queue.url}/v2/{answer.json()['name']}").status_code == 200
    assert httpx.delete(f"{queue.url}/v2/{answer.json()['name']}").json() == {}
    assert httpx.get(queue.rest).json() == {}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "task"),
        ({"task": {}}, "httpRequest"),
        ({"task": {"httpRequest": {"url": "ftp://x"}}}, "url"),
        ({"task": {"httpRequest": {"url": "http://x", "colour": "red"}}}, "colour"),
        ({"task": {"httpRequest": {"url": "http://x"}}, "colour": "red"}, "colour"),
        ({"task": {"httpRequest": {"url": "http://x", "httpMethod": "GET", "body": "e30="}}}, "body"),
        ({"task": {"httpRequest": {"url": "http://x", "oidcToken": {"audience": "y"}}}}, "serviceAccountEmail"),
        ({"task": {"httpRequest": {"url": "http://x"}, "dispatchDeadline": "5s"}}, "dispatchDeadline"),
        ({"task": {"httpRequest": {"url": "http://x"}, "name": "elsewhere"}}, "name"),
        ({"task": {"httpRequest": {"url": "http://x"}, "scheduleTime": "tomorrow"}}, "task"),
    ],
)
def test_a_task_that_google_would_refuse_is_refused_here(queue: RunningQueue, body: object, word: str) -> None:
    error = httpx.post(queue.rest, json=body).json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert word in error["message"]


def test_a_body_that_is_not_json_is_refused(queue: RunningQueue) -> None:
    assert httpx.post(queue.rest, content=b"{").status_code == 400
