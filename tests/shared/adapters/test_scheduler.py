"""The clock's jobs: how they stand, in words that a person can act on, and never an error instead of an answer."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud import scheduler_v1
from google.rpc import status_pb2

from infra.maintenance.clockwork import Clockwork
from shared.adapters.scheduler import CloudScheduler, cloud_scheduler, connect, look_of
from shared.clock_ports import JobLook, JobState
from shared.config import read_settings
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import PARENT, running_cloud

TICK = f"{PARENT}/jobs/monitor-tick"


def until(look: Callable[[], JobLook], state: JobState) -> JobLook:
    """What is told once the job is in this state."""
    give_up = time.monotonic() + 15
    while (found := look()).state is not state:
        assert time.monotonic() < give_up, found
        time.sleep(0.05)
    return found


def test_a_job_that_runs_well_needs_nothing(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url, every_s=5) as cloud:
        called.until_asked(2)
        told = read_settings(cloud.environment)
        found = until(lambda: cloud_scheduler(told).look(TICK), JobState.ENABLED)
        assert found.remedy is None
        assert found.last_attempt_at is not None
        assert datetime.now(UTC) - found.last_attempt_at < timedelta(seconds=30)
        assert found.next_run_at is not None


def test_a_paused_job_says_how_it_goes_on(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        Clockwork(cloud.places).pause()
        found = CloudScheduler(connect(cloud.url)).look(TICK)
        assert found.state is JobState.PAUSED
        assert found.next_run_at is None
        assert "python -m infra.maintenance resume" in str(found.remedy)


def test_a_job_whose_last_attempt_was_refused_says_with_which_word(tmp_path: Path) -> None:
    with Listener([403]).listening() as called, running_cloud(tmp_path, called.url) as cloud:
        found = until(lambda: CloudScheduler(connect(cloud.url)).look(TICK), JobState.FAILING)
        assert found.last_outcome == "permission_denied"
        assert "service account" in str(found.remedy)


def test_a_job_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        found = CloudScheduler(connect(cloud.url)).look(f"{PARENT}/jobs/other")
        assert found.state is JobState.MISSING
        assert "jobs/other" in str(found.remedy)


def test_a_scheduler_that_does_not_answer_is_told_as_unknown_and_soon() -> None:
    with Listener().listening() as gone:
        url = gone.url
    began = time.monotonic()
    found = CloudScheduler(connect(url)).look(TICK)
    assert found.state is JobState.UNKNOWN
    assert "does not answer" in str(found.remedy)
    assert time.monotonic() - began < 5


def test_a_scheduler_that_answers_too_late_is_not_waited_for() -> None:
    with Listener(delay_s=4).listening() as slow:
        began = time.monotonic()
        assert CloudScheduler(connect(slow.url)).look(TICK).state is JobState.UNKNOWN
        assert time.monotonic() - began < 3.5


def test_without_a_role_it_says_which_one_is_missing() -> None:
    with Listener([403]).listening() as refusing:
        found = CloudScheduler(connect(refusing.url)).look(TICK)
    assert found.state is JobState.UNKNOWN
    assert "Cloud Scheduler Viewer" in str(found.remedy)


def test_without_credentials_every_job_is_unknown_for_that_reason() -> None:
    assert CloudScheduler(None, "no credentials here").look(TICK) == JobLook(TICK, JobState.UNKNOWN, remedy="no credentials here")


@pytest.mark.parametrize(
    ("state", "code", "told"),
    [
        (scheduler_v1.Job.State.ENABLED, 0, JobState.ENABLED),
        (scheduler_v1.Job.State.ENABLED, 4, JobState.FAILING),
        (scheduler_v1.Job.State.PAUSED, 4, JobState.PAUSED),
        (scheduler_v1.Job.State.DISABLED, 0, JobState.DISABLED),
        (scheduler_v1.Job.State.UPDATE_FAILED, 0, JobState.DISABLED),
        (scheduler_v1.Job.State.STATE_UNSPECIFIED, 0, JobState.UNKNOWN),
    ],
)
def test_each_state_of_google_is_one_of_ours(state: scheduler_v1.Job.State, code: int, told: JobState) -> None:
    job = scheduler_v1.Job(name=TICK, state=state, status=status_pb2.Status(code=code))
    job.last_attempt_time = datetime(2026, 11, 21, 12, tzinfo=UTC)
    found = look_of(job)
    assert found.state is told
    assert (found.remedy is None) == (told is JobState.ENABLED)


def test_a_job_that_never_ran_has_no_outcome() -> None:
    found = look_of(scheduler_v1.Job(name=TICK, state=scheduler_v1.Job.State.ENABLED))
    assert (found.state, found.last_attempt_at, found.last_outcome) == (JobState.ENABLED, None, None)
