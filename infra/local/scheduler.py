"""The local Cloud Scheduler: calls each function that runs by the clock, never twice at once, and not while it is paused."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class JobRecord:
    """How a job stands: whether it is paused and since when, what the last attempt that ended came to, when it runs next.

    `last_status` is the status code of the answer, None when there was none in time.
    """

    job: Job
    is_paused: bool = False
    changed_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_status: int | None = None
    next_run_at: datetime | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Scheduler:
    """Runs jobs. `on_run` is called after each run. A pause lasts until the job is resumed, or the stack ends."""

    def __init__(self, signer: Signer, clock: Callable[[], datetime], on_run: Callable[[], None] = lambda: None) -> None:
        self._signer = signer
        self._clock = clock
        self._on_run = on_run
        self._records: dict[str, JobRecord] = {}
        self._forced: set[asyncio.Task[int | None]] = set()

    def record(self, job: Job) -> JobRecord:
        """How a job stands; a job is known from the first time that it is asked for."""
        return self._records.setdefault(job.name, JobRecord(job))

    def known(self, name: str) -> JobRecord | None:
        """How the job of this name stands; None when there is none."""
        return self._records.get(name)

    def all(self) -> list[JobRecord]:
        """Every job, by name."""
        return [self._records[name] for name in sorted(self._records)]

    def pause(self, record: JobRecord) -> None:
        """Let a job rest. A run that is under way comes to its end."""
        record.is_paused, record.changed_at, record.next_run_at = True, self._clock(), None

    def resume(self, record: JobRecord) -> None:
        """Let a job run again, by its clock."""
        record.is_paused, record.changed_at = False, self._clock()
        record.next_run_at = record.job.next_run(self._clock())

    def run_now(self, record: JobRecord) -> None:
        """Run a job beside its clock, paused or not; once the run that is under way has ended."""
        running = asyncio.create_task(self.fire(record.job, self._clock()))
        self._forced.add(running)
        running.add_done_callback(self._forced.discard)

    async def keep(self, job: Job) -> None:
        """Run a job at once and then by its clock, until cancelled. A run that outlasts the next one's time skips it."""
        record, planned = self.record(job), self._clock()
        while True:
            if not record.is_paused:
                await self.fire(job, planned)
            planned = max(job.next_run(planned if job.every else self._clock()), self._clock())
            record.next_run_at = None if record.is_paused else planned
            await asyncio.sleep((planned - self._clock()).total_seconds())

    async def fire(self, job: Job, planned: datetime) -> int | None:
        """One run; the status code of the answer, None when there was none in time. Not repeated when it fails."""
        record = self.record(job)
        async with record.busy:
            began_at = self._clock()
            status = await self._called(job, planned)
            record.last_attempt_at, record.last_status = began_at, status
        return status

    async def _called(self, job: Job, planned: datetime) -> int | None:
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
