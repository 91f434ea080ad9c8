"""Queues, through Google's own client: held back, their tasks wait; another queue's go on."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import tasks_v2

from shared.adapters.tasks import connect
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import PARENT, running_cloud

QUEUE, OTHER = f"{PARENT}/queues/rollcall", f"{PARENT}/queues/other"


@pytest.fixture
def called() -> Iterator[Listener]:
    with Listener().listening() as listener:
        yield listener


@pytest.fixture
def client(tmp_path: Path, called: Listener) -> Iterator[tasks_v2.CloudTasksClient]:
    with running_cloud(tmp_path, called.url, every_s=3600) as cloud:
        yield connect(cloud.url)


def paths(called: Listener) -> list[str]:
    """The tasks that were delivered."""
    return [asked.path for asked in called.asked if asked.path.startswith("/task")]


def test_the_tasks_of_a_queue_that_is_held_back_wait_in_their_order(client: tasks_v2.CloudTasksClient, called: Listener) -> None:
    assert client.pause_queue(name=QUEUE).state == tasks_v2.Queue.State.PAUSED
    for queue, path in ((QUEUE, "/task-1"), (OTHER, "/task-2")):
        request = tasks_v2.HttpRequest({"url": f"{called.url}{path}", "body": b"{}"})
        client.create_task(parent=queue, task=tasks_v2.Task(http_request=request))
    give_up = time.monotonic() + 10
    while "/task-2" not in paths(called):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    time.sleep(0.5)
    assert paths(called) == ["/task-2"]
    assert len(list(client.list_tasks(parent=QUEUE))) == 1
    client.resume_queue(name=QUEUE)
    while "/task-1" not in paths(called):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    assert client.get_queue(name=QUEUE).state == tasks_v2.Queue.State.RUNNING
