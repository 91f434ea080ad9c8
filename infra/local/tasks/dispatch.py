"""Delivering tasks when they are due, and again, ever later, until somebody answers with success."""

import asyncio
import base64
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
from httpx import codes

from infra.local.oidc import Signer
from infra.local.tasks.asked import deadline_of
from infra.local.tasks.store import QueuedTask, TaskStore

AT_ONCE = 16
LONGEST_SLEEP = timedelta(seconds=1)

log = logging.getLogger("rollcall.tasks")


@dataclass(frozen=True, slots=True)
class Backoff:
    """The wait before another attempt: doubled each time, from `shortest` up to `longest`."""

    shortest: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=1)

    def after(self, attempts: int) -> timedelta:
        """The wait after that many attempts."""
        doubled: timedelta = self.shortest * (1 << min(attempts - 1, 20))
        return min(doubled, self.longest)


class Dispatcher:
    """Delivers what is due, several tasks at once and each one alone. `on_delivery` is called after each delivery."""

    def __init__(
        self,
        store: TaskStore,
        signer: Signer,
        clock: Callable[[], datetime],
        on_delivery: Callable[[], None] = lambda: None,
        backoff: Backoff | None = None,
    ) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._on_delivery = on_delivery
        self._backoff = backoff or Backoff()
        self._wake = asyncio.Event()
        self._paused: set[str] = set()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def pause(self, queue: str) -> None:
        """Hold the tasks of a queue back, by its full name, until it is resumed or the stack ends; none of them is lost."""
        self._paused.add(queue)

    def resume(self, queue: str) -> None:
        """Deliver the tasks of a queue again, those that became due meanwhile at once."""
        self._paused.discard(queue)
        self.wake()

    def is_paused(self, queue: str) -> bool:
        """Whether the tasks of a queue are held back."""
        return queue in self._paused

    def wake(self) -> None:
        """Look for due tasks now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; a delivery that is cut off is made again at the next start."""
        async with httpx.AsyncClient(
            follow_redirects=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        ) as client:
            try:
                while True:
                    self._wake.clear()
                    self._start_due(client)
                    await self._sleep()
            finally:
                for running in self._under_way.values():
                    running.cancel()
                await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient) -> None:
        for task in self._store.due(self._clock(), AT_ONCE + len(self._under_way), self._paused):
            if len(self._under_way) >= AT_ONCE:
                return
            if task.name not in self._under_way:
                running = asyncio.create_task(self._attempt(client, task))
                self._under_way[task.name] = running
                running.add_done_callback(partial(self._ended, task.name))

    def _ended(self, name: str, _: "asyncio.Task[None]") -> None:
        del self._under_way[name]
        self._wake.set()

    async def _sleep(self) -> None:
        now = self._clock()
        next_due = self._store.next_due(now)
        wait = min(next_due - now, LONGEST_SLEEP) if next_due else LONGEST_SLEEP
        # not wait_for: in Python 3.11 it swallows a cancellation that comes together with the event
        with suppress(TimeoutError):
            async with asyncio.timeout(wait.total_seconds()):
                await self._wake.wait()

    async def _attempt(self, client: httpx.AsyncClient, task: QueuedTask) -> None:
        try:
            status = await self._deliver(client, task)
        finally:
            self._on_delivery()
        now = self._clock()
        if status is not None and codes.is_success(status):
            self._store.finish(task.name, now)
            log.info("%s delivered: %s", task.name, status)
            return
        wait = self._backoff.after(task.attempts + 1)
        log.warning("%s not delivered (%s), again in %.0f s", task.name, status or "no answer", wait.total_seconds())
        answered = status is not None and not codes.is_server_error(status)
        self._store.reschedule(
            replace(
                task,
                due_at=now + wait,
                attempts=task.attempts + 1,
                answered=task.answered + answered,
                previous=status if status is not None else task.previous,
            )
        )

    async def _deliver(self, client: httpx.AsyncClient, task: QueuedTask) -> int | None:
        """The status code of the answer; None when there was none in time."""
        request = task.body["httpRequest"]
        try:
            async with asyncio.timeout(deadline_of(task.body).total_seconds()):
                answer = await client.request(
                    request["httpMethod"],
                    request["url"],
                    headers=self._headers(task),
                    content=base64.b64decode(request.get("body", "")),
                    timeout=None,
                )
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return None
        return answer.status_code

    def _headers(self, task: QueuedTask) -> dict[str, str]:
        request: dict[str, Any] = task.body["httpRequest"]
        headers = {name.title(): value for name, value in request.get("headers", {}).items()}
        if "body" in request:
            headers.setdefault("Content-Type", "application/octet-stream")
        headers |= {
            "User-Agent": "Google-Cloud-Tasks",
            "X-CloudTasks-QueueName": task.queue.rpartition("/")[2],
            "X-CloudTasks-TaskName": task.name.rpartition("/")[2],
            "X-CloudTasks-TaskRetryCount": str(task.attempts),
            "X-CloudTasks-TaskExecutionCount": str(task.answered),
            "X-CloudTasks-TaskETA": f"{task.due_at.timestamp():.6f}",
        }
        if task.attempts:
            headers |= {"X-CloudTasks-TaskRetryReason": ""}
        if task.previous is not None:
            headers |= {"X-CloudTasks-TaskPreviousResponse": str(task.previous)}
        if "oidcToken" in request:
            asked = request["oidcToken"]
            audience = asked.get("audience") or request["url"]
            token = self._signer.token(email=asked["serviceAccountEmail"], audience=audience)
            headers["Authorization"] = f"Bearer {token}"
        return headers
