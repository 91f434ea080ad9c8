"""Which jobs and which queue a maintenance is about, and where they are asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from infra.local.troubles import BadSetting

LONGEST = timedelta(hours=12)
REGION, QUEUE = "europe-west1", "rollcall"
JOBS = {"tick": "monitor-tick", "housekeeping": "housekeeping"}

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/jobs/[^/]+")


@dataclass(frozen=True, slots=True)
class Places:
    """Full names of the jobs, by what they are for, and of the queue; the endpoints are None where Google itself is asked."""

    jobs: Mapping[str, str]
    queue: str
    scheduler_endpoint: str | None
    tasks_endpoint: str | None


def places(env: Mapping[str, str], project: str | None = None, region: str | None = None) -> Places:
    """The places that an environment names, as the functions have it; raises `BadSetting` naming what is missing."""
    project = project or env.get("GOOGLE_CLOUD_PROJECT")
    if not project:
        raise BadSetting("Give the project with --project, or set GOOGLE_CLOUD_PROJECT.")
    region = region or env.get("TASKS_LOCATION") or REGION
    parent = f"projects/{project}/locations/{region}"
    jobs = {role: env.get(f"{role.upper()}_JOB") or f"{parent}/jobs/{name}" for role, name in JOBS.items()}
    for role, name in jobs.items():
        if not _JOB.fullmatch(name):
            raise BadSetting(f"{role.upper()}_JOB is {name!r}: write projects/<project>/locations/<region>/jobs/<job>.")
    return Places(
        jobs=jobs,
        queue=f"{parent}/queues/{env.get('TASKS_QUEUE') or QUEUE}",
        scheduler_endpoint=env.get("CLOUD_SCHEDULER_ENDPOINT") or None,
        tasks_endpoint=env.get("CLOUD_TASKS_ENDPOINT") or None,
    )


def duration(text: str) -> timedelta:
    """A time to rest, as 90s, 30m or 2h; raises `BadSetting`."""
    found = re.fullmatch(r"(\d{1,6})([smh])", text.strip())
    asked = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < asked <= LONGEST:
        raise BadSetting(f"--for is {text!r}: write a time up to {LONGEST.total_seconds() / 3600:.0f}h, like 90s, 30m or 2h.")
    return asked
