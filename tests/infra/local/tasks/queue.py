"""A task queue in a thread, with the real Cloud Tasks client of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksRestTransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.oidc import Signer
from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.tasks.dispatch import Backoff, Dispatcher
from infra.local.tasks.server import TaskApi
from infra.local.tasks.store import TaskStore
from tests.infra.local.threads import in_thread

QUEUE = "projects/demo-rollcall/locations/europe-west1/queues/rollcall"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RunningQueue:
    """A queue that serves."""

    host: str
    client: tasks_v2.CloudTasksClient

    @property
    def url(self) -> str:
        """The server."""
        return f"http://{self.host}"

    @property
    def rest(self) -> str:
        """The queue's tasks, for plain callers."""
        return f"{self.url}/v2/{QUEUE}/tasks"


@contextmanager
def running_queue(path: Path, backoff: Backoff | None = None) -> Iterator[RunningQueue]:
    """A queue whose file is `path`, for the time of the block."""
    backoff = backoff or Backoff(timedelta(milliseconds=200))

    @asynccontextmanager
    async def queue() -> AsyncIterator[str]:
        signer, store, held = Signer(KEY, now), TaskStore(path), hold_free_port()

        async def certs(_: Request) -> JSONResponse:
            return JSONResponse(signer.key_set())

        dispatcher = Dispatcher(store, signer, now, backoff=backoff)
        routes = [Route("/certs", certs), *TaskApi(store, now, dispatcher.wake).routes()]
        async with serving(Starlette(routes=routes), held, "The queue"):
            running = asyncio.create_task(dispatcher.run())
            yield f"127.0.0.1:{port_of(held)}"
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        store.close()

    with in_thread(queue) as host:
        transport = CloudTasksRestTransport(host=host, credentials=AnonymousCredentials(), url_scheme="http")
        yield RunningQueue(host, tasks_v2.CloudTasksClient(transport=transport))


def task_for(url: str, name: str = "", after: timedelta | None = None, **request: object) -> tasks_v2.Task:
    """A task that posts `{}` to a URL, some time from now."""
    told = {"url": url, "body": b"{}", "headers": {"Content-Type": "application/json"}, **request}
    task = tasks_v2.Task(http_request=tasks_v2.HttpRequest(told))
    if name:
        task.name = f"{QUEUE}/tasks/{name}"
    if after is not None:
        task.schedule_time = now() + after
    return task
