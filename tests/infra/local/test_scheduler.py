"""Jobs: at once, by the clock, never twice at once, with Google's headers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import jwt
import pytest

from infra.local.oidc import Signer
from infra.local.scheduler import Job, Scheduler
from tests.infra.local.tasks.queue import KEY, now
from tests.infra.local.threads import Listener, in_thread


def job(url: str, every_s: float | None = None, cron: str = "*/2 * * * *") -> Job:
    """A job that calls a URL."""
    every = timedelta(seconds=every_s) if every_s else None
    return Job("monitor-tick", f"{url}/tick", url, "scheduler@demo.example", cron, timedelta(seconds=5), every)


@asynccontextmanager
async def kept(one: Job) -> AsyncIterator[None]:
    """The job, run by its clock."""
    running = asyncio.create_task(Scheduler(Signer(KEY, now), now).keep(one))
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_a_job_runs_at_once_and_then_by_its_period() -> None:
    with Listener().listening() as target, in_thread(lambda: kept(job(target.url, 0.5))):
        asked = target.until_asked(4)
        gaps = [later.at - earlier.at for earlier, later in pairwise(asked)]
        assert all(0.3 <= gap <= 0.8 for gap in gaps)
        assert (asked[0].method, asked[0].path, asked[0].body) == ("POST", "/tick", b"")


def test_a_run_that_takes_long_is_never_overtaken() -> None:
    with Listener(delay_s=0.7).listening() as target, in_thread(lambda: kept(job(target.url, 0.2))):
        asked = target.until_asked(3)
        assert all(later.at - earlier.at >= 0.7 for earlier, later in pairwise(asked))


def test_a_failure_is_not_repeated_before_the_next_run() -> None:
    with Listener([500]).listening() as target, in_thread(lambda: kept(job(target.url))):
        target.until_asked(1)
        time.sleep(0.5)
        assert len(target.asked) == 1


def test_headers_are_those_that_google_sends() -> None:
    with Listener().listening() as target:
        asyncio.run(Scheduler(Signer(KEY, now), now).fire(job(target.url), datetime(2026, 9, 15, 15, tzinfo=UTC)))
        headers = target.asked[0].headers
        assert headers["User-Agent"] == "Google-Cloud-Scheduler"
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["X-CloudScheduler"] == "true"
        assert headers["X-CloudScheduler-JobName"] == "monitor-tick"
        assert headers["X-CloudScheduler-ScheduleTime"] == "2026-09-15T15:00:00Z"
        token = headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256"], audience=target.url)
        assert claims["email"] == "scheduler@demo.example"


@pytest.mark.parametrize(
    ("cron", "following"),
    [("*/2 * * * *", (12, 2)), ("5 * * * *", (12, 5)), ("0 13 * * *", (13, 0))],
)
def test_the_next_run_follows_the_cron_line_in_utc(cron: str, following: tuple[int, int]) -> None:
    noon = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    assert job("http://x", cron=cron).next_run(noon) == noon.replace(hour=following[0], minute=following[1])


def test_a_target_that_is_down_is_no_end() -> None:
    with Listener().listening() as target:
        url = target.url
    assert asyncio.run(Scheduler(Signer(KEY, now), now).fire(job(url), now())) is None
