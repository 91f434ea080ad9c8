"""The queue's REST interface, as the real Cloud Tasks client and plain callers use it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.tasks.asked import InvalidTask, new_task
from infra.local.tasks.store import QueuedTask, TaskStore

QUEUE = "/v2/projects/{project}/locations/{location}/queues/{queue}"
PAGE = 1000


class TaskApi:
    """Creates, shows, lists and deletes tasks. `on_change` is called when there is something new to deliver."""

    def __init__(self, store: TaskStore, clock: Callable[[], datetime], on_change: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_change = on_change

    def routes(self) -> list[Route]:
        """The routes under /v2."""
        return [
            Route(f"{QUEUE}/tasks", self.create, methods=["POST"]),
            Route(f"{QUEUE}/tasks", self.list, methods=["GET"]),
            Route(f"{QUEUE}/tasks/{{task}}", self.get, methods=["GET"]),
            Route(f"{QUEUE}/tasks/{{task}}", self.delete, methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> JSONResponse:
        """Put a task into the queue; 409 when its name was used within the last hour."""
        now = self._clock()
        try:
            asked = json.loads(await request.body())
            task = new_task(_queue_of(request), asked, now)
        except ValueError as bad:
            return _refusal(400, "INVALID_ARGUMENT", f"Invalid JSON payload received: {bad}")
        except InvalidTask as bad:
            return _refusal(400, "INVALID_ARGUMENT", str(bad))
        if not self._store.add(task, now):
            return _refusal(409, "ALREADY_EXISTS", "Requested entity already exists")
        self._on_change()
        return JSONResponse(_shown(task, str(asked.get("responseView", "BASIC"))))

    async def list(self, request: Request) -> JSONResponse:
        """Waiting tasks by name, a page at a time."""
        size = request.query_params.get("pageSize", "0")
        limit = min(int(size) or PAGE, PAGE) if size.isdecimal() else PAGE
        found = self._store.page(_queue_of(request), request.query_params.get("pageToken", ""), limit + 1)
        body: dict[str, Any] = {"tasks": [_shown(task, _view(request)) for task in found[:limit]]} if found else {}
        if len(found) > limit:
            body["nextPageToken"] = found[limit - 1].name
        return JSONResponse(body)

    async def get(self, request: Request) -> JSONResponse:
        """One waiting task."""
        task = self._store.get(_name_of(request))
        return JSONResponse(_shown(task, _view(request))) if task else _absent()

    async def delete(self, request: Request) -> JSONResponse:
        """Take a task out of the queue; its name stays blocked."""
        return JSONResponse({}) if self._store.finish(_name_of(request), self._clock()) else _absent()


def _queue_of(request: Request) -> str:
    given = request.path_params
    return f"projects/{given['project']}/locations/{given['location']}/queues/{given['queue']}"


def _name_of(request: Request) -> str:
    return f"{_queue_of(request)}/tasks/{request.path_params['task']}"


def _view(request: Request) -> str:
    return request.query_params.get("responseView", "BASIC")


def _shown(task: QueuedTask, view: str) -> dict[str, Any]:
    """The Task resource; the basic view leaves out the payload. Views come as names or, from the client, as numbers."""
    body: dict[str, Any] = json.loads(json.dumps(task.body))
    is_full = view in ("FULL", "2")
    if not is_full:
        body["httpRequest"].pop("body", None)
    counts = {"dispatchCount": task.attempts, "responseCount": task.answered}
    return body | {name: count for name, count in counts.items() if count} | {"view": "FULL" if is_full else "BASIC"}


def _absent() -> JSONResponse:
    return _refusal(404, "NOT_FOUND", "The task does not exist.")


def _refusal(code: int, status: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "status": status}}, status_code=code)
