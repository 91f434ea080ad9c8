"""The clock's jobs: Google Cloud Scheduler, or the local stand-in behind the same client."""

from collections.abc import Callable
from datetime import datetime

from google.api_core.exceptions import Forbidden, GoogleAPIError, NotFound, Unauthorized
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import scheduler_v1
from google.rpc import code_pb2
from requests.exceptions import RequestException

from shared.clock_ports import JobLook, JobState
from shared.config import Settings

# Health waits for this, so it is short: an answer that takes longer is as good as none.
CALL_TIMEOUT = 2.0

_OK = 0
_STATES = {
    scheduler_v1.Job.State.ENABLED: JobState.ENABLED,
    scheduler_v1.Job.State.PAUSED: JobState.PAUSED,
    scheduler_v1.Job.State.DISABLED: JobState.DISABLED,
    scheduler_v1.Job.State.UPDATE_FAILED: JobState.DISABLED,
}
_AWAY = (GoogleAPIError, GoogleAuthError, RequestException, ValueError)
_anonymous: Callable[[], Credentials] = AnonymousCredentials


def cloud_scheduler(known: Settings) -> "CloudScheduler":
    """The jobs of the scheduler that the settings name. Without credentials every job is unknown; it never raises."""
    try:
        return CloudScheduler(connect(known.scheduler_endpoint))
    except _AWAY as away:
        return CloudScheduler(None, str(away))


def connect(endpoint: str | None) -> scheduler_v1.CloudSchedulerClient:
    """Google's client over plain HTTP, for the real scheduler or for the local one at `endpoint`."""
    if endpoint is None:
        return scheduler_v1.CloudSchedulerClient(transport="rest")
    options = {"api_endpoint": endpoint}
    return scheduler_v1.CloudSchedulerClient(transport="rest", credentials=_anonymous(), client_options=options)


class CloudScheduler:
    """The port `ClockJobs`. `client` is None where none could be made, for the reason `away`."""

    def __init__(self, client: scheduler_v1.CloudSchedulerClient | None, away: str = "") -> None:
        self._client = client
        self._away = away

    def look(self, job: str) -> JobLook:
        """See the port."""
        if self._client is None:
            return _unknown(job, self._away)
        try:
            return look_of(self._client.get_job(name=job, retry=None, timeout=CALL_TIMEOUT))
        except NotFound:
            remedy = f"Cloud Scheduler has no job {job}: deploy again, or mend the variable that names it."
            return JobLook(job, JobState.MISSING, remedy=remedy)
        except (Forbidden, Unauthorized) as refusal:
            return _unknown(job, f"{refusal} Give this function's service account the role Cloud Scheduler Viewer.")
        except _AWAY as away:
            return _unknown(job, f"Cloud Scheduler does not answer: {away}")


def look_of(job: scheduler_v1.Job) -> JobLook:
    """What a job's own description tells."""
    attempted, following = _instant(job, "last_attempt_time"), _instant(job, "schedule_time")
    outcome = _outcome(job) if attempted else None
    state = _STATES.get(job.state, JobState.UNKNOWN)
    if state is JobState.ENABLED and outcome not in (None, "ok"):
        state = JobState.FAILING
    is_on = state in (JobState.ENABLED, JobState.FAILING)
    return JobLook(job.name, state, attempted, outcome, following if is_on else None, _remedy(job, state, outcome))


def _instant(job: scheduler_v1.Job, field: str) -> datetime | None:
    return getattr(job, field) if field in job else None


def _outcome(job: scheduler_v1.Job) -> str:
    """The word for the last attempt: `ok`, or as google.rpc names it, like `deadline_exceeded`."""
    code = job.status.code
    if code == _OK:
        return "ok"
    return code_pb2.Code.Name(code).lower() if code in code_pb2.Code.values() else f"code_{code}"


def _remedy(job: scheduler_v1.Job, state: JobState, outcome: str | None) -> str | None:
    short = job.name.rpartition("/")[2]
    match state:
        case JobState.PAUSED:
            return "Paused: when the maintenance is over, run `python -m infra.maintenance resume`."
        case JobState.DISABLED:
            return f"Google disabled the job {short} after an error: deploy again, then run it once by hand."
        case JobState.FAILING:
            return (
                f"The last attempt of {short} ended with {outcome}: look into the log of the function that it calls; "
                "permission_denied and unauthenticated mean that its service account may not call that function."
            )
        case JobState.UNKNOWN:
            return (
                f"Cloud Scheduler tells of {short} neither that it is enabled nor that it is paused: look at it in the console."
            )
        case _:
            return None


def _unknown(job: str, why: str) -> JobLook:
    return JobLook(job, JobState.UNKNOWN, remedy=why)
