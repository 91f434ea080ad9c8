"""What a caller asks of the queue, checked as Cloud Tasks checks it."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud import tasks_v2
from google.protobuf import json_format

from infra.local.tasks.store import QueuedTask

TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,500}")
HORIZON = timedelta(days=30)
LARGEST = 1024 * 1024
DEADLINES = (timedelta(seconds=15), timedelta(minutes=30))
WITH_BODY = ("POST", "PUT", "PATCH")
OUTPUT_ONLY = ("dispatchCount", "responseCount", "firstAttempt", "lastAttempt", "view", "createTime")


class InvalidTask(Exception):
    """The request breaks a rule of Cloud Tasks; the message says which."""


def new_task(queue: str, asked: object, now: datetime) -> QueuedTask:
    """The task of a create request for `queue`; raises `InvalidTask`."""
    task = _parsed(asked)
    body: dict[str, Any] = json_format.MessageToDict(task)
    for field in OUTPUT_ONLY:
        body.pop(field, None)
    name = _name(queue, task.name)
    due_at = _due_at(task, now)
    _check_request(task)
    body |= {"name": name, "createTime": _stamp(now), "scheduleTime": _stamp(due_at)}
    body.setdefault("dispatchDeadline", "600s")
    body["httpRequest"].setdefault("httpMethod", "POST")
    return QueuedTask(name, due_at, body)


def deadline_of(body: Mapping[str, Any]) -> timedelta:
    """How long a delivery of a task may take."""
    return timedelta(seconds=float(body["dispatchDeadline"].removesuffix("s")))


def _parsed(asked: object) -> Any:  # noqa: ANN401 - the message behind Google's class, which has no types
    if not isinstance(asked, dict) or not isinstance(asked.get("task"), dict):
        raise InvalidTask('The body must be an object with a "task".')
    unknown = sorted(set(asked) - {"task", "responseView"})
    if unknown:
        raise InvalidTask(f'Unknown name "{unknown[0]}": Cannot find field.')
    message = tasks_v2.Task.pb(tasks_v2.Task())
    try:
        json_format.ParseDict(asked["task"], message)
    except json_format.ParseError as bad:
        raise InvalidTask(f"Invalid value at 'task': {bad}") from bad
    if message.ByteSize() > LARGEST:
        raise InvalidTask("Task size too large: a task may have at most 1 MiB.")
    return message


def _name(queue: str, asked: str) -> str:
    if not asked:
        return f"{queue}/tasks/{secrets.randbelow(10**19):019d}"
    if not asked.startswith(f"{queue}/tasks/") or not TASK_ID.fullmatch(asked.removeprefix(f"{queue}/tasks/")):
        raise InvalidTask(
            f'Task name must be formatted: "{queue}/tasks/<TASK_ID>", the TASK_ID of up to 500 letters, digits, "_" and "-".'
        )
    return asked


def _due_at(task: Any, now: datetime) -> datetime:  # noqa: ANN401 - see _parsed
    if not task.HasField("schedule_time"):
        return now
    due_at: datetime = task.schedule_time.ToDatetime(tzinfo=UTC)
    if due_at > now + HORIZON:
        raise InvalidTask("The Task.scheduleTime is too far in the future: it may be at most 30 days ahead.")
    return max(due_at, now)


def _check_request(task: Any) -> None:  # noqa: ANN401 - see _parsed
    if not task.HasField("http_request"):
        raise InvalidTask("Task.httpRequest is required: this queue delivers to HTTP targets only.")
    request = task.http_request
    if not re.match(r"https?://[^/\s]+", request.url):
        raise InvalidTask("HttpRequest.url must begin with http:// or https:// and name a host.")
    if request.body and tasks_v2.HttpMethod(request.http_method or tasks_v2.HttpMethod.POST).name not in WITH_BODY:
        raise InvalidTask("HTTP request body can only be set for the methods POST, PUT and PATCH.")
    if request.HasField("oidc_token") and not request.oidc_token.service_account_email:
        raise InvalidTask("HttpRequest.oidcToken.serviceAccountEmail must be set.")
    if task.HasField("dispatch_deadline") and not DEADLINES[0] <= task.dispatch_deadline.ToTimedelta() <= DEADLINES[1]:
        raise InvalidTask("Task.dispatchDeadline must be between [15s, 30m].")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
