"""The command: what it prints, how it ends, and that a rest always ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from infra.local.settings import REPOSITORY
from infra.maintenance.clockwork import Clockwork
from tests.infra.local.threads import Listener
from tests.infra.maintenance.cloud import RunningCloud, running_cloud


def command(cloud: RunningCloud, *arguments: str) -> "subprocess.Popen[str]":
    """The command as people type it."""
    return subprocess.Popen(
        [sys.executable, "-m", "infra.maintenance", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **cloud.environment, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> str:
    """All that it printed, once it has ended."""
    return process.communicate(timeout=60)[0]


def until_resting(cloud: RunningCloud, process: "subprocess.Popen[str]") -> None:
    """Wait until the command has paused everything."""
    clockwork, give_up = Clockwork(cloud.places), time.monotonic() + 60
    while clockwork.standing().queue_state != "paused":
        assert process.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_pause_says_how_to_go_on_and_resume_shows_that_it_does(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        paused = said(command(cloud, "pause"))
        assert paused.count("paused") == 3
        assert "python -m infra.maintenance resume" in paused
        resumed = said(command(cloud, "resume"))
        assert "paused" not in resumed
        assert "running" in resumed


def test_a_rest_ends_by_itself(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        process = command(cloud, "pause", "--for", "1s")
        assert "The time is over" in said(process)
        assert process.returncode == 0
        assert not Clockwork(cloud.places).standing().rests


def test_a_rest_that_is_interrupted_ends_with_everything_going_on(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        process = command(cloud, "pause", "--for", "1h")
        until_resting(cloud, process)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert "Ended early" in said(process)
        assert not Clockwork(cloud.places).standing().rests


def test_a_time_that_cannot_be_read_pauses_nothing(tmp_path: Path) -> None:
    with Listener().listening() as called, running_cloud(tmp_path, called.url) as cloud:
        process = command(cloud, "pause", "--for", "soon")
        assert "--for is 'soon'" in said(process)
        assert process.returncode == 2
        assert not Clockwork(cloud.places).standing().rests
