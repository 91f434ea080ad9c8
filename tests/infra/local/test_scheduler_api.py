"""The scheduler's REST interface, through Google's own client."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import scheduler_v1

from shared.adapters.scheduler import connect
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import PARENT, running_cloud

TICK, HOUSEKEEPING = f"{PARENT}/jobs/monitor-tick", f"{PARENT}/jobs/housekeeping"


@pytest.fixture
def called() -> Iterator[Listener]:
    with Listener([200, 200, 503]).listening() as listener:
        yield listener


@pytest.fixture
def client(tmp_path: Path, called: Listener) -> Iterator[scheduler_v1.CloudSchedulerClient]:
    with running_cloud(tmp_path, called.url, every_s=3600) as cloud:
        yield connect(cloud.url)


def test_every_job_is_listed(client: scheduler_v1.CloudSchedulerClient, called: Listener) -> None:
    called.until_asked(2)
    assert [job.name for job in client.list_jobs(parent=PARENT)] == [HOUSEKEEPING, TICK]
    assert [job.name for job in client.list_jobs(request={"parent": PARENT, "page_size": 1})] == [HOUSEKEEPING, TICK]
    assert list(client.list_jobs(parent="projects/other/locations/europe-west1")) == []


def test_a_job_tells_whom_it_calls_and_as_whom(client: scheduler_v1.CloudSchedulerClient, called: Listener) -> None:
    called.until_asked(2)
    job = client.get_job(name=TICK)
    assert job.http_target.uri == f"{called.url}/monitor-tick"
    assert job.http_target.oidc_token.audience == called.url
    assert (job.schedule, job.time_zone) == ("*/2 * * * *", "Etc/UTC")


def test_a_job_runs_when_it_is_asked_to_even_paused_and_tells_how_that_went(
    client: scheduler_v1.CloudSchedulerClient, called: Listener
) -> None:
    called.until_asked(2)
    client.pause_job(name=TICK)
    client.run_job(name=TICK)
    called.until_asked(3)
    give_up = time.monotonic() + 10
    while (job := client.get_job(name=TICK)).status.code == 0:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert job.status.code == 14
    assert job.state == scheduler_v1.Job.State.PAUSED


def test_only_what_runs_can_be_paused_and_only_what_is_paused_resumed(
    client: scheduler_v1.CloudSchedulerClient, called: Listener
) -> None:
    called.until_asked(2)
    with pytest.raises(BadRequest, match="must be in state PAUSED"):
        client.resume_job(name=TICK)
    client.pause_job(name=TICK)
    with pytest.raises(BadRequest, match="must be in state ENABLED"):
        client.pause_job(name=TICK)
    assert client.resume_job(name=TICK).state == scheduler_v1.Job.State.ENABLED


@pytest.mark.parametrize("name", [f"{PARENT}/jobs/other", "projects/other/locations/europe-west1/jobs/monitor-tick"])
def test_a_job_that_is_not_there_is_not_found(client: scheduler_v1.CloudSchedulerClient, name: str) -> None:
    with pytest.raises(NotFound):
        client.get_job(name=name)
