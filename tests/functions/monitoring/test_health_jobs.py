"""What health says of the clock's jobs."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.monitoring.health import Beat, Found, HealthBody, looked_at
from shared.clock_ports import JobLook, JobState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class KnownJobs:
    """The port `ClockJobs` over jobs that are told beforehand."""

    def __init__(self, *looks: JobLook) -> None:
        self._looks = {look.name: look for look in looks}

    def look(self, job: str) -> JobLook:
        """See the port."""
        return self._looks[job]


def health(*states: JobState) -> HealthBody:
    """The health of a system that ticks, with jobs in these states."""
    jobs = {f"job{number}": JobLook(f"job{number}", state) for number, state in enumerate(states)}
    beats: dict[str, Beat] = {
        "tick": (NOW - timedelta(minutes=1), {}),
        "housekeeping": None,
        "reports": None,
        "zoom_webhook": None,
    }
    return HealthBody.of(Found(NOW, beats, None, (), (), (), (), jobs))


def test_jobs_that_run_are_well() -> None:
    assert health(JobState.ENABLED, JobState.ENABLED).status == "ok"


@pytest.mark.parametrize("state", [JobState.PAUSED, JobState.FAILING, JobState.DISABLED, JobState.MISSING])
def test_a_job_that_does_not_run_degrades_the_whole(state: JobState) -> None:
    assert health(JobState.ENABLED, state).status == "degraded"


def test_what_cannot_be_found_out_is_no_trouble_by_itself() -> None:
    told = health(JobState.UNKNOWN)
    assert told.status == "ok"
    assert told.jobs["job0"].state == "unknown"


def test_a_job_is_told_with_its_last_attempt_its_next_run_and_the_remedy() -> None:
    paused = JobLook("jobs/tick", JobState.FAILING, NOW, "deadline_exceeded", NOW + timedelta(minutes=2), "Look into its log.")
    told = looked_at({"tick": "jobs/tick"}, KnownJobs(paused))
    assert told == {"tick": paused}


def test_a_job_that_nobody_named_says_which_variable_names_it() -> None:
    told = looked_at({"tick": "", "housekeeping": "jobs/h"}, KnownJobs(JobLook("jobs/h", JobState.ENABLED)))
    assert told["tick"].state is JobState.UNKNOWN
    assert "TICK_JOB is not set" in str(told["tick"].remedy)
    assert told["housekeeping"].state is JobState.ENABLED
