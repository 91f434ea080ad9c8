"""Child processes end with everything they started, whoever ends first."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from infra.local.processes import end, spawn, tail
from infra.local.settings import REPOSITORY
from tests.infra.local.support import plain_environment, processes_under

STUBBORN = "trap '' TERM; sleep 61 & wait; sleep 62"
PARENT = """
import sys, time
from pathlib import Path
from infra.local.processes import spawn
spawn(["sleep", "63"], env={"PATH": "/usr/bin:/bin"}, cwd=Path(sys.argv[1]), log=Path(sys.argv[1]) / "log")
print("started", flush=True)
time.sleep(60)
"""


def test_a_process_ends_with_its_children_even_when_it_does_not_want_to(tmp_path: Path) -> None:
    stubborn = spawn(["sh", "-c", STUBBORN], env=plain_environment(), cwd=tmp_path, log=tmp_path / "log")
    until(lambda: len(processes_under(tmp_path)) == 2)
    end([stubborn], timedelta(seconds=0.3))
    assert processes_under(tmp_path) == {}
    assert stubborn.returncode == -signal.SIGKILL


def test_a_process_that_ended_already_is_no_trouble(tmp_path: Path) -> None:
    short = spawn(["true"], env=plain_environment(), cwd=tmp_path, log=tmp_path / "log")
    short.wait()
    end([short])


def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        assert any("sleep 63" in command for command in processes_under(tmp_path).values())
        os.kill(parent.pid, signal.SIGKILL)
    until(lambda: processes_under(tmp_path) == {})


def test_what_a_process_says_is_at_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    spawn(["sh", "-c", "echo out; echo err >&2"], env=plain_environment(), cwd=tmp_path, log=log).wait()
    assert tail(log) == "before\nout\nerr"
    assert tail(log, 1) == "err"
    assert tail(tmp_path / "absent") == ""


def until(holds: object, seconds: float = 5) -> None:
    """Wait until something holds."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
