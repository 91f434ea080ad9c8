"""The local Cloud Scheduler's REST interface, as Google's client and `gcloud scheduler` use it."""

from datetime import UTC, datetime
from typing import Any

from httpx import codes
from starlette.routing import Route

from infra.local.described import CloudCall, DescribedApi
from infra.local.scheduler import JobRecord, Scheduler
from infra.local.simulator.discovery import CloudApi
from infra.local.simulator.refusals import absent, invalid

Json = dict[str, Any]

PAGE = 500
# How Google tells of an answer's status code: the code of google.rpc.Status that stands for it.
_RPC_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 501: 12, 503: 14, 504: 4}
_NO_ANSWER, _INTERNAL, _UNKNOWN = 4, 13, 2


class SchedulerApi:
    """Shows, pauses, resumes and runs the jobs of `parent`, as projects/<project>/locations/<location>."""

    def __init__(self, scheduler: Scheduler, parent: str) -> None:
        self._scheduler = scheduler
        self._parent = parent

    def routes(self) -> list[Route]:
        """The routes under /v1."""
        jobs = "projects.locations.jobs"
        served = {
            f"{jobs}.get": self._get,
            f"{jobs}.list": self._list,
            f"{jobs}.pause": self._pause,
            f"{jobs}.resume": self._resume,
            f"{jobs}.run": self._run,
        }
        return DescribedApi(CloudApi.SCHEDULER, served).routes()

    async def _get(self, call: CloudCall) -> Json:
        return self._shown(self._named(call))

    async def _list(self, call: CloudCall) -> Json:
        if call.name() != self._parent:
            return {}
        found = self._scheduler.all()
        start = int(call.query.get("pageToken", 0))
        end = start + (call.query.get("pageSize") or PAGE)
        body: Json = {"jobs": [self._shown(each) for each in found[start:end]]}
        return body | ({"nextPageToken": str(end)} if end < len(found) else {})

    async def _pause(self, call: CloudCall) -> Json:
        record = self._named(call)
        if record.is_paused:
            raise _wrong_state(call, "ENABLED")
        self._scheduler.pause(record)
        return self._shown(record)

    async def _resume(self, call: CloudCall) -> Json:
        record = self._named(call)
        if not record.is_paused:
            raise _wrong_state(call, "PAUSED")
        self._scheduler.resume(record)
        return self._shown(record)

    async def _run(self, call: CloudCall) -> Json:
        record = self._named(call)
        self._scheduler.run_now(record)
        return self._shown(record)

    def _named(self, call: CloudCall) -> JobRecord:
        parent, _, name = call.name().rpartition("/jobs/")
        found = self._scheduler.known(name) if parent == self._parent else None
        if found is None:
            raise absent("Job not found.")
        return found

    def _shown(self, record: JobRecord) -> Json:
        job = record.job
        body: Json = {
            "name": f"{self._parent}/jobs/{job.name}",
            "httpTarget": {
                "uri": job.url,
                "httpMethod": "POST",
                "oidcToken": {"serviceAccountEmail": job.service_account, "audience": job.audience},
            },
            "schedule": job.cron,
            "timeZone": "Etc/UTC",
            "state": "PAUSED" if record.is_paused else "ENABLED",
            "attemptDeadline": f"{job.deadline.total_seconds():.0f}s",
        }
        times = {
            "userUpdateTime": record.changed_at,
            "lastAttemptTime": record.last_attempt_at,
            "scheduleTime": record.next_run_at,
        }
        body |= {name: _stamp(at) for name, at in times.items() if at is not None}
        return body | ({"status": _status(record)} if record.last_attempt_at else {})


def _status(record: JobRecord) -> Json:
    """What the last attempt came to: empty when it went well."""
    status = record.last_status
    if status is None:
        return {"code": _NO_ANSWER}
    if codes.is_success(status):
        return {}
    return {"code": _RPC_CODES.get(status, _INTERNAL if codes.is_server_error(status) else _UNKNOWN)}


def _wrong_state(call: CloudCall, wanted: str) -> Exception:
    """Google's refusal to pause what is paused, or to resume what is not."""
    return invalid(f"The job {call.name()} must be in state {wanted}.")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
