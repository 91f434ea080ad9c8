"""What a caller may ask of the queue."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.tasks.asked import InvalidTask, deadline_of, new_task

QUEUE = "projects/p/locations/l/queues/q"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def asked(**task: object) -> dict[str, object]:
    """A create request for a task that calls http://x."""
    return {"task": {"httpRequest": {"url": "http://x"}, **task}}


def test_a_task_without_a_time_is_due_at_once() -> None:
    assert new_task(QUEUE, asked(), NOON).due_at == NOON


def test_a_time_that_has_passed_is_now() -> None:
    assert new_task(QUEUE, asked(scheduleTime="2020-01-01T00:00:00Z"), NOON).due_at == NOON


def test_thirty_days_are_the_most() -> None:
    limit = NOON + timedelta(days=30)
    assert new_task(QUEUE, asked(scheduleTime=limit.isoformat()), NOON).due_at == limit
    with pytest.raises(InvalidTask, match="30 days"):
        new_task(QUEUE, asked(scheduleTime=(limit + timedelta(seconds=1)).isoformat()), NOON)


def test_a_delivery_may_take_ten_minutes_unless_told_otherwise() -> None:
    assert deadline_of(new_task(QUEUE, asked(), NOON).body) == timedelta(minutes=10)
    assert deadline_of(new_task(QUEUE, asked(dispatchDeadline="15s"), NOON).body) == timedelta(seconds=15)


def test_enums_come_as_names_or_as_numbers() -> None:
    for method in ("PUT", 4):
        request = {"url": "http://x", "httpMethod": method}
        body = new_task(QUEUE, {"task": {"httpRequest": request}}, NOON).body
        assert body["httpRequest"]["httpMethod"] == "PUT"


def test_what_only_the_queue_knows_cannot_be_told() -> None:
    assert "dispatchCount" not in new_task(QUEUE, asked(dispatchCount=7), NOON).body


def test_a_mebibyte_is_the_most() -> None:
    with pytest.raises(InvalidTask, match="1 MiB"):
        new_task(QUEUE, {"task": {"httpRequest": {"url": "http://x", "body": "QUJD" * 400_000}}}, NOON)
