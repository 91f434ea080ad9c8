"""A scheduler and a queue in a thread, with jobs that call a listener, for the real clients of Google."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette

from infra.local.oidc import Signer
from infra.local.ports import hold_free_port, port_of
from infra.local.scheduler import Job, Scheduler
from infra.local.scheduler_api import SchedulerApi
from infra.local.servers import serving
from infra.local.tasks.dispatch import Backoff, Dispatcher
from infra.local.tasks.queues import QueueApi
from infra.local.tasks.server import TaskApi
from infra.local.tasks.store import TaskStore
from infra.maintenance.places import Places, places
from tests.infra.local.tasks.queue import KEY, now
from tests.infra.local.threads import in_thread

PARENT = "projects/demo-rollcall/locations/europe-west1"


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """A scheduler and a queue that serve at one address."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What makes our commands and functions ask here."""
        return {
            "GOOGLE_CLOUD_PROJECT": "demo-rollcall",
            "CLOUD_SCHEDULER_ENDPOINT": self.url,
            "CLOUD_TASKS_ENDPOINT": self.url,
        }

    @property
    def places(self) -> Places:
        """The jobs and the queue."""
        return places(self.environment)


def job(name: str, url: str, every_s: float) -> Job:
    """A job that calls a URL."""
    deadline, every = timedelta(seconds=5), timedelta(seconds=every_s)
    return Job(name, f"{url}/{name}", url, "scheduler@demo.example", "*/2 * * * *", deadline, every)


@contextmanager
def running_cloud(folder: Path, url: str, every_s: float = 0.2) -> Iterator[RunningCloud]:
    """The clock that calls `url` for the monitor, and for housekeeping once an hour, and a queue, for the time of the block."""

    @asynccontextmanager
    async def cloud() -> AsyncIterator[str]:
        signer, store, held = Signer(KEY, now), TaskStore(folder / "tasks"), hold_free_port()
        dispatcher = Dispatcher(store, signer, now, backoff=Backoff(timedelta(milliseconds=200)))
        scheduler = Scheduler(signer, now)
        apis = (TaskApi(store, now, dispatcher.wake), QueueApi(dispatcher), SchedulerApi(scheduler, PARENT))
        jobs = (job("monitor-tick", url, every_s), job("housekeeping", url, 3600))
        async with serving(Starlette(routes=[route for api in apis for route in api.routes()]), held, "The cloud"):
            work = [asyncio.create_task(one) for one in (dispatcher.run(), *(scheduler.keep(each) for each in jobs))]
            yield f"http://127.0.0.1:{port_of(held)}"
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        store.close()

    with in_thread(cloud) as address:
        yield RunningCloud(address)
