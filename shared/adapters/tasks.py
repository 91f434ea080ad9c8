"""The queue of delayed tasks: Google Cloud Tasks, or the local stand-in behind the same client."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

from google.api_core.exceptions import Conflict, GoogleAPIError, RetryError, ServerError, TooManyRequests
from google.api_core.retry import Retry, if_exception_type
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud import tasks_v2
from requests.exceptions import RequestException

from shared.config import Settings
from shared.domain.errors import Unavailable
from shared.ports import PlannedTask, TaskKind

CALL_TIMEOUT = 5.0
THREADS = 10
DEADLINES = {
    TaskKind.CLASS_DUE: timedelta(minutes=2),
    TaskKind.SYNC: timedelta(minutes=5),
    TaskKind.LOOK: timedelta(minutes=5),
    TaskKind.STAFF_CHECK: timedelta(minutes=5),
    TaskKind.CHANNEL: timedelta(minutes=2),
    TaskKind.DELIVER: timedelta(minutes=2),
    TaskKind.TELL: timedelta(minutes=5),
    TaskKind.ISSUE: timedelta(minutes=5),
}

_PATHS = {
    TaskKind.CLASS_DUE: "/class-due",
    TaskKind.SYNC: "/sync",
    TaskKind.LOOK: "/look",
    TaskKind.STAFF_CHECK: "/staff-check",
    TaskKind.CHANNEL: "/channel",
    TaskKind.DELIVER: "/deliver",
    TaskKind.TELL: "/tell",
    TaskKind.ISSUE: "/issue",
}
_VARIABLES = {
    TaskKind.CLASS_DUE: "MONITOR_TICK_URL",
    TaskKind.SYNC: "MEET_SYNC_URL",
    TaskKind.LOOK: "MEET_SYNC_URL",
    TaskKind.STAFF_CHECK: "MEET_SYNC_URL",
    TaskKind.CHANNEL: "HOUSEKEEPING_URL",
    TaskKind.DELIVER: "HOUSEKEEPING_URL",
    TaskKind.TELL: "HOUSEKEEPING_URL",
    TaskKind.ISSUE: "BILLING_URL",
}
_FIELDS = {TaskKind.CHANNEL: "teacher_email", TaskKind.DELIVER: "delivery_id", TaskKind.TELL: "row_id", TaskKind.ISSUE: "order"}
_MAY_PASS = (ServerError, TooManyRequests, TransportError, RequestException)
_anonymous: Callable[[], Credentials] = AnonymousCredentials
_RETRY = Retry(predicate=if_exception_type(*_MAY_PASS), initial=0.1, maximum=1.0, timeout=8.0)


def cloud_tasks(known: Settings) -> "CloudTasks":
    """The queue that the settings name, with its client."""
    client = connect(known.tasks_endpoint)
    queue = client.queue_path(known.project, known.tasks_location, known.tasks_queue)
    bases = {
        TaskKind.CLASS_DUE: known.monitor_tick_url,
        TaskKind.SYNC: known.meet_sync_url,
        TaskKind.LOOK: known.meet_sync_url,
        TaskKind.STAFF_CHECK: known.meet_sync_url,
        TaskKind.CHANNEL: known.housekeeping_url,
        TaskKind.DELIVER: known.housekeeping_url,
        TaskKind.TELL: known.housekeeping_url,
        TaskKind.ISSUE: known.billing_url,
    }
    targets = {kind: base.rstrip("/") + _PATHS[kind] for kind, base in bases.items() if base}
    return CloudTasks(client, queue, targets, known.tasks_service_account)


def connect(endpoint: str | None) -> tasks_v2.CloudTasksClient:
    """Google's client over plain HTTP, for the real queue or for the local one at `endpoint`."""
    if endpoint is None:
        return tasks_v2.CloudTasksClient(transport="rest")
    return tasks_v2.CloudTasksClient(transport="rest", credentials=_anonymous(), client_options={"api_endpoint": endpoint})


class CloudTasks:
    """The port `Tasks`. A task tells its kind's target what it is about, signed for `account` and that very target."""

    def __init__(self, client: tasks_v2.CloudTasksClient, queue: str, targets: Mapping[TaskKind, str], account: str) -> None:
        self._client = client
        self._queue = queue
        self._targets = targets
        self._account = account

    def enqueue(self, tasks: Sequence[PlannedTask]) -> None:
        """Put tasks into the queue; one whose name is there already is fine. Raises `Unavailable`.

        When the queue cannot be reached the rest is not tried, so that a long list does not wait for each of its tasks.
        """
        ready = [self._written(task) for task in tasks]
        is_away = Event()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="tasks") as pool:
            results = pool.map(lambda task: self._create(task, is_away), ready)
        troubles = [trouble for trouble in results if trouble is not None]
        if troubles:
            raise Unavailable(f"{len(troubles)} of {len(ready)} tasks could not be put into the queue: {troubles[0]}")

    def _create(self, task: tasks_v2.Task, is_away: Event) -> str | None:
        """What went wrong, in words; None when the task is in the queue."""
        if is_away.is_set():
            return "the queue does not answer right now."
        try:
            self._client.create_task(parent=self._queue, task=task, retry=_RETRY, timeout=CALL_TIMEOUT)
        except Conflict:
            return None
        except (RetryError, *_MAY_PASS):
            is_away.set()
            return "the queue does not answer right now; try again in a moment."
        except (GoogleAPIError, GoogleAuthError) as refusal:
            return f"{refusal} Check that the queue {self._queue} exists and that this function may create tasks in it."
        return None

    def _written(self, task: PlannedTask) -> tasks_v2.Task:
        target = self._targets.get(task.kind)
        if target is None or not self._account:
            variable = "TASKS_SERVICE_ACCOUNT" if target else _VARIABLES[task.kind]
            raise Unavailable(f"No task can be planned: {variable} is not set for this function.")
        return tasks_v2.Task(
            name=f"{self._queue}/tasks/{_id_of(task.name)}",
            schedule_time=task.at,
            dispatch_deadline=DEADLINES[task.kind],
            http_request=tasks_v2.HttpRequest(
                http_method=tasks_v2.HttpMethod.POST,
                url=target,
                headers={"Content-Type": "application/json"},
                body=json.dumps({_FIELDS.get(task.kind, "class_id"): task.about}).encode(),
                oidc_token=tasks_v2.OidcToken(service_account_email=self._account, audience=target),
            ),
        )


def _id_of(name: str) -> str:
    """The name behind eight digits of its hash: the queue is slow with names that begin alike."""
    return f"{hashlib.sha256(name.encode()).hexdigest()[:8]}-{name}"
