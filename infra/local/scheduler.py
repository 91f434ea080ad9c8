"""The local Cloud Scheduler: calls each function that runs by the clock, never twice at once."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from croniter import croniter

from infra.local.oidc import Signer

log = logging.getLogger("rollcall.scheduler")


@dataclass(frozen=True, slots=True)
class Job:
    """A function's clock: unix-cron in UTC, or every `every` when that is given. `audience` goes into its token."""

    name: str
    url: str
    audience: str
    service_account: str
    cron: str
    deadline: timedelta
    every: timedelta | None = None

    def next_run(self, after: datetime) -> datetime:
        """The first run after an instant."""
        if self.every is not None:
            return after + self.every
        following: datetime = croniter(self.cron, after.astimezone(UTC)).get_next(datetime)
        return following


class Scheduler:
    """Runs jobs. `on_run` is called after each run."""

    def __init__(self, signer: Signer, clock: Callable[[], datetime], on_run: Callable[[], None] = lambda: None) -> None:
        self._signer = signer
        self._clock = clock
        self._on_run = on_run

    async def keep(self, job: Job) -> None:
        """Run a job at once and then by its clock, until cancelled. A run that outlasts the next one's time skips it."""
        planned = self._clock()
        while True:
            await self.fire(job, planned)
            planned = max(job.next_run(planned if job.every else self._clock()), self._clock())
            await asyncio.sleep((planned - self._clock()).total_seconds())

    async def fire(self, job: Job, planned: datetime) -> int | None:
        """One run; the status code of the answer, None when there was none in time. Not repeated when it fails."""
        headers = {
            "User-Agent": "Google-Cloud-Scheduler",
            "Content-Type": "application/octet-stream",
            "X-CloudScheduler": "true",
            "X-CloudScheduler-JobName": job.name,
            "X-CloudScheduler-ScheduleTime": planned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Authorization": f"Bearer {self._signer.token(email=job.service_account, audience=job.audience)}",
        }
        try:
            async with asyncio.timeout(job.deadline.total_seconds()), httpx.AsyncClient(trust_env=False) as client:
                answer = await client.post(job.url, headers=headers, timeout=job.deadline.total_seconds())
        except (httpx.HTTPError, TimeoutError) as failed:
            log.warning("%s did not answer: %r", job.name, failed)
            return None
        finally:
            self._on_run()
        level = logging.INFO if answer.is_success else logging.WARNING
        log.log(level, "%s answered %s", job.name, answer.status_code)
        return answer.status_code
