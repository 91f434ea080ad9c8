"""The queue's file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.tasks.store import NAME_BLOCKED, QueuedTask, TaskStore

QUEUE = "projects/p/locations/l/queues/q"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def task(name: str = "one", url: str = "http://x", **request: object) -> QueuedTask:
    """A task due at noon."""
    return QueuedTask(f"{QUEUE}/tasks/{name}", NOON, {"httpRequest": {"url": url, **request}})


def test_a_name_is_free_again_an_hour_after_its_task_was_done(tmp_path: Path) -> None:
    store = TaskStore(tmp_path / "tasks")
    assert store.add(task(), NOON)
    store.finish(task().name, NOON)
    assert not store.add(task(), NOON + NAME_BLOCKED - timedelta(seconds=1))
    assert store.add(task(), NOON + NAME_BLOCKED + timedelta(seconds=1))


def test_an_attempt_does_not_bring_a_deleted_task_back(tmp_path: Path) -> None:
    store = TaskStore(tmp_path / "tasks")
    store.add(task(), NOON)
    store.finish(task().name, NOON)
    store.reschedule(replace(task(), attempts=1))
    assert store.get(task().name) is None


def test_the_longest_due_comes_first_and_the_next_due_is_known(tmp_path: Path) -> None:
    store = TaskStore(tmp_path / "tasks")
    for name, minutes in (("late", 2), ("early", -2), ("middle", -1)):
        store.add(replace(task(name), due_at=NOON + timedelta(minutes=minutes)), NOON)
    assert [one.name.rpartition("/")[2] for one in store.due(NOON, 10)] == ["early", "middle"]
    assert store.next_due(NOON) == NOON + timedelta(minutes=2)


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    before = replace(task(), attempts=3, answered=2, previous=404)
    store = TaskStore(tmp_path / "tasks")
    store.add(before, NOON)
    store.close()
    assert TaskStore(tmp_path / "tasks").get(before.name) == before


def test_tasks_follow_their_function_to_its_new_port(tmp_path: Path) -> None:
    store = TaskStore(tmp_path / "tasks")
    store.move_origins({"sync": "http://127.0.0.1:1"})
    token = {"serviceAccountEmail": "a@b", "audience": "http://127.0.0.1:1/sync"}
    store.add(task("ours", "http://127.0.0.1:1/sync", oidcToken=token), NOON)
    store.add(task("foreign", "http://127.0.0.1:11/sync"), NOON)
    store.move_origins({"sync": "http://127.0.0.1:2"})
    ours, foreign = store.get(f"{QUEUE}/tasks/ours"), store.get(f"{QUEUE}/tasks/foreign")
    assert ours is not None
    assert ours.body["httpRequest"]["url"] == ours.body["httpRequest"]["oidcToken"]["audience"] == "http://127.0.0.1:2/sync"
    assert foreign is not None
    assert foreign.body["httpRequest"]["url"] == "http://127.0.0.1:11/sync"
