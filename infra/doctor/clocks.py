"""The task queue and the clock: that they are there, and run."""

from collections.abc import Iterator

from google.rpc import code_pb2

from infra.doctor.database import APPLY
from infra.doctor.deployment import JOBS, QUEUE, Deployment
from infra.doctor.finding import Finding, missing, ok
from infra.doctor.google import Absent

RESUME = "python -m infra.maintenance --project {project} --region {region} resume"


class Queue:
    """Whether the task queue delivers."""

    key, title = "queue", "Task queue"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        name = f"{at.parent}/queues/{at.setting('TASKS_QUEUE') or QUEUE}"
        try:
            told = at.google.ask("cloudtasks", "projects.locations.queues.get", name=name)
        except Absent:
            yield missing(f"there is no queue {name}", "Classes open late, and are not read after their end.", APPLY)
            return
        state = str(told.get("state", "")).lower()
        if state == "running":
            yield ok("running")
        else:
            remedy = RESUME.format(project=at.project, region=at.region)
            yield missing(f"the queue is {state}", "Tasks wait until it runs again; none is lost within thirty days.", remedy)


class Jobs:
    """Whether the clock's jobs are enabled, and their last attempts went well."""

    key, title = "clock", "Clock"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        for variable, short in JOBS.items():
            name = at.setting(variable) or f"{at.parent}/jobs/{short}"
            try:
                told = at.google.ask("cloudscheduler", "projects.locations.jobs.get", name=name)
            except Absent:
                yield missing(f"there is no job {name}", "What is due is done by nobody.", APPLY)
                continue
            yield self._found(at, short, str(told.get("state")), told.get("status", {}).get("code", 0), "lastAttemptTime" in told)

    def _found(self, at: Deployment, short: str, state: str, code: int, has_run: bool) -> Finding:  # noqa: FBT001 - one caller
        if state == "PAUSED":
            remedy = RESUME.format(project=at.project, region=at.region)
            return missing(f"{short} is paused", "What is due is done by nobody until it is resumed.", remedy)
        run = f"gcloud scheduler jobs run {short} --location {at.region} --project {at.project}"
        if state != "ENABLED":
            return missing(f"{short} is {state.lower()}", "Google disabled it after an error.", f"{APPLY} && {run}")
        if not has_run:
            return missing(f"{short} has never run", "Either it was made this minute, or it cannot be called.", run)
        if code:
            word = code_pb2.Code.Name(code).lower() if code in code_pb2.Code.values() else str(code)
            log = f"gcloud logging read 'resource.labels.service_name=\"{short}\"' --limit 20 --project {at.project}"
            return missing(f"the last attempt of {short} ended with {word}", "Nothing that is due is done meanwhile.", log)
        return ok(f"{short} runs, the last attempt went well")
