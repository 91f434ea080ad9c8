"""The clock and the queue of a deployment: how they stand, letting them rest, and letting them go on.

Nothing is lost while they rest. Google keeps tasks for thirty days and delivers those that became due when the queue goes on;
the monitor finds by itself what was due while its clock stood still. Webhooks, pushes and people are answered all the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from google.api_core.exceptions import BadRequest, GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.cloud import scheduler_v1, tasks_v2
from requests.exceptions import RequestException

from infra.local.troubles import Trouble
from infra.maintenance.places import Places
from shared.adapters import scheduler, tasks
from shared.clock_ports import JobLook, JobState

T = TypeVar("T")

CALL_TIMEOUT = 10.0
AWAY = (GoogleAPIError, GoogleAuthError, RequestException)


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands: the jobs by what they are for, and whether the queue delivers."""

    jobs: dict[str, JobLook]
    queue: str
    queue_state: str

    @property
    def rests(self) -> bool:
        """Whether any part of it is paused."""
        return self.queue_state == "paused" or any(look.state is JobState.PAUSED for look in self.jobs.values())


class Clockwork:
    """The jobs and the queue at `places`. Raises `Trouble` with what to do when Google refuses or is away."""

    def __init__(self, at: Places) -> None:
        self._at = at
        self._scheduler = _made(lambda: scheduler.connect(at.scheduler_endpoint))
        self._tasks = _made(lambda: tasks.connect(at.tasks_endpoint))

    def standing(self) -> Standing:
        """How everything stands now."""
        jobs = {role: scheduler.look_of(self._job(name)) for role, name in self._at.jobs.items()}
        return Standing(jobs, self._at.queue, self._queue_state())

    def pause(self, *, keeps_tasks: bool = False) -> None:
        """Let the clock rest, then the queue, unless it `keeps_tasks` going. What rests already is left as it is."""
        for name in self._at.jobs.values():
            if self._job(name).state != scheduler_v1.Job.State.PAUSED:
                self._act(name, partial(self._scheduler.pause_job, name=name, timeout=CALL_TIMEOUT))
        if not keeps_tasks and self._queue_state() != "paused":
            self._act(self._at.queue, lambda: self._tasks.pause_queue(name=self._at.queue, timeout=CALL_TIMEOUT))

    def resume(self) -> None:
        """Let the queue go on, then the clock, and have the monitor look at once for what was due meanwhile."""
        if self._queue_state() == "paused":
            self._act(self._at.queue, lambda: self._tasks.resume_queue(name=self._at.queue, timeout=CALL_TIMEOUT))
        for name in self._at.jobs.values():
            if self._job(name).state == scheduler_v1.Job.State.PAUSED:
                self._act(name, partial(self._scheduler.resume_job, name=name, timeout=CALL_TIMEOUT))
        tick = self._at.jobs["tick"]
        self._act(tick, lambda: self._scheduler.run_job(name=tick, timeout=CALL_TIMEOUT))

    def _job(self, name: str) -> scheduler_v1.Job:
        job: scheduler_v1.Job = self._act(name, lambda: self._scheduler.get_job(name=name, timeout=CALL_TIMEOUT))
        return job

    def _queue_state(self) -> str:
        queue = self._act(self._at.queue, lambda: self._tasks.get_queue(name=self._at.queue, timeout=CALL_TIMEOUT))
        return str(tasks_v2.Queue.State(queue.state).name).lower()

    def _act(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call gives
        """One call; a refusal because it is so already, by somebody else's hand, is fine."""
        try:
            return call()
        except BadRequest as refusal:
            if "state" in refusal.message:
                return None
            raise Trouble(f"{name}: {refusal.message}") from refusal
        except AWAY as away:
            raise Trouble(
                f"{name}: {away} Check the name, and that you have the roles Cloud Scheduler Admin and Queue Admin."
            ) from away


def _made(make: Callable[[], T]) -> T:
    try:
        return make()
    except GoogleAuthError as refusal:
        raise Trouble(f"{refusal} Sign in first: `gcloud auth application-default login`.") from refusal
