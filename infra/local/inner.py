"""What only the functions see: the task queue, the scheduler, Pub/Sub, and the keys that their deliveries are signed with."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local import keys
from infra.local.folder import DataFolder
from infra.local.functions import PUSH_ACCOUNT, SCHEDULER_ACCOUNT, Addresses, parent_of, topic_of
from infra.local.manifest import FunctionSpec
from infra.local.oidc import Signer
from infra.local.pubsub.messages import PubsubMessage
from infra.local.pubsub.push import LocalPush, PushSubscription
from infra.local.scheduler import Job, Scheduler
from infra.local.scheduler_api import SchedulerApi
from infra.local.settings import StackSettings
from infra.local.tasks.dispatch import Dispatcher
from infra.local.tasks.queues import QueueApi
from infra.local.tasks.server import TaskApi
from infra.local.tasks.store import TaskStore

PUSHED_TO = "meet_push"


class Inner:
    """The task queue, the scheduler and Pub/Sub of one stack. `on_delivery` is called after a function was called."""

    def __init__(
        self,
        folder: DataFolder,
        functions: Sequence[FunctionSpec],
        at: Addresses,
        settings: StackSettings,
        clock: Callable[[], datetime],
        on_delivery: Callable[[], None],
    ) -> None:
        self._signer = Signer(keys.signing_key(folder.secrets), clock)
        self._store = TaskStore(folder.tasks)
        self._store.move_origins(at.functions)
        self._dispatcher = Dispatcher(self._store, self._signer, clock, on_delivery)
        self._api = TaskApi(self._store, clock, self._dispatcher.wake)
        self._queues = QueueApi(self._dispatcher)
        self._scheduler = Scheduler(self._signer, clock, on_delivery)
        self._scheduler_api = SchedulerApi(self._scheduler, parent_of(settings))
        origin = at.functions.get(PUSHED_TO)
        self._push = None if origin is None else LocalPush(_subscription(settings, origin), self._signer, clock, on_delivery)
        self._jobs = [_job(one, one.cron, at.functions[one.name], settings) for one in functions if one.cron]

    def app(self) -> Starlette:
        """The application to serve on the inner port."""
        return Starlette(
            routes=[Route("/certs", self._certs), *self._api.routes(), *self._queues.routes(), *self._scheduler_api.routes()]
        )

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What has to run all the time, from when the functions serve."""
        pushing = [] if self._push is None else [self._push.run()]
        return [self._dispatcher.run(), *pushing, *(self._scheduler.keep(job) for job in self._jobs)]

    def publish(self, topic: str, message: PubsubMessage) -> None:
        """Publish a message to a topic, as Google does with Meet's events."""
        if self._push is not None:
            self._push.publish(topic, message)

    def issue_id_token(self, *, email: str, name: str, audience: str) -> str:
        """What Google's sign-in says about a person, signed with the key that `/certs` shows."""
        return self._signer.id_token(email=email, name=name, audience=audience)

    def close(self) -> None:
        """Let go of the queue's file."""
        self._store.close()

    async def _certs(self, _: Request) -> JSONResponse:
        return JSONResponse(self._signer.key_set())


def _subscription(settings: StackSettings, origin: str) -> PushSubscription:
    return PushSubscription(
        topic=topic_of(settings),
        name=f"projects/{settings.project}/subscriptions/meet-events-push",
        endpoint=f"{origin}/api/webhook/workspace-events",
        account=PUSH_ACCOUNT,
        audience=origin,
    )


def _job(function: FunctionSpec, cron: str, origin: str, settings: StackSettings) -> Job:
    return Job(
        name=function.name.replace("_", "-"),
        url=origin + function.cron_path,
        audience=origin,
        service_account=SCHEDULER_ACCOUNT,
        cron=cron,
        deadline=function.deadline,
        every=settings.every(function.name),
    )
