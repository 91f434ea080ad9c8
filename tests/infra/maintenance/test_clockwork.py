"""Maintenance: the clock and the queue rest, nothing that was waiting is lost, and everything goes on."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from google.cloud import tasks_v2

from infra.local.troubles import Trouble
from infra.maintenance.clockwork import Clockwork
from shared.adapters import tasks
from shared.clock_ports import JobState
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import RunningCloud, running_cloud


@dataclass(frozen=True, slots=True)
class House:
    """A cloud, what its clock and its queue called, and the commands of a maintenance."""

    cloud: RunningCloud
    called: Listener

    @property
    def clockwork(self) -> Clockwork:
        """The commands."""
        return Clockwork(self.cloud.places)

    def calls(self, path: str) -> int:
        """How often a path was called."""
        return sum(1 for asked in self.called.asked if asked.path == path)

    def enqueue(self) -> None:
        """Put a task into the queue that is due at once."""
        request = tasks_v2.HttpRequest({"url": f"{self.called.url}/task", "body": b"{}"})
        client = tasks.connect(self.cloud.url)
        client.create_task(parent=self.cloud.places.queue, task=tasks_v2.Task(http_request=request))

    def until_called(self, path: str, times: int) -> None:
        """Wait for so many calls."""
        give_up = time.monotonic() + 15
        while self.calls(path) < times:
            assert time.monotonic() < give_up, f"{path} was called {self.calls(path)} times"
            time.sleep(0.02)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        yield House(cloud, called)


def test_while_it_rests_the_clock_calls_nobody_and_then_the_monitor_at_once(house: House) -> None:
    house.until_called("/monitor-tick", 2)
    house.clockwork.pause()
    time.sleep(0.5)
    before = house.calls("/monitor-tick")
    time.sleep(1)
    assert house.calls("/monitor-tick") == before
    house.clockwork.resume()
    house.until_called("/monitor-tick", before + 2)


def test_a_task_waits_while_the_queue_rests_and_is_delivered_after_it(house: House) -> None:
    house.clockwork.pause()
    house.enqueue()
    time.sleep(1.2)
    assert house.calls("/task") == 0
    house.clockwork.resume()
    house.until_called("/task", 1)


def test_the_queue_can_go_on_while_the_clock_alone_rests(house: House) -> None:
    house.clockwork.pause(keeps_tasks=True)
    house.enqueue()
    house.until_called("/task", 1)


def test_it_tells_how_everything_stands(house: House) -> None:
    house.until_called("/monitor-tick", 2)
    standing = house.clockwork.standing()
    assert not standing.rests
    assert standing.queue_state == "running"
    assert standing.jobs["tick"].state is JobState.ENABLED
    assert standing.jobs["tick"].last_outcome in ("ok", None)  # None while a run is under way
    house.clockwork.pause()
    standing = house.clockwork.standing()
    assert standing.rests
    assert (standing.queue_state, standing.jobs["tick"].state) == ("paused", JobState.PAUSED)
    assert standing.jobs["tick"].next_run_at is None


def test_pausing_and_resuming_twice_is_as_once(house: House) -> None:
    house.clockwork.pause()
    house.clockwork.pause()
    house.clockwork.resume()
    house.clockwork.resume()
    assert not house.clockwork.standing().rests


def test_a_job_that_google_does_not_know_is_told_by_its_name(house: House) -> None:
    elsewhere = replace(house.cloud.places, jobs={"tick": "projects/demo-rollcall/locations/europe-west1/jobs/other"})
    with pytest.raises(Trouble, match="jobs/other"):
        Clockwork(elsewhere).pause()
