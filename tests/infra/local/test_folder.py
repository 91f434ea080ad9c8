"""The data folder and its lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.folder import LOG_KEPT, DataFolder
from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble

HOLD = """
import sys, time
from pathlib import Path
from infra.local.folder import DataFolder
with DataFolder(Path(sys.argv[1])).locked():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_stack_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.locked(), pytest.raises(Trouble, match=rf"process {os.getpid()}\).*ROLLCALL_DATA"), folder.locked():
        pass


def test_the_folder_is_free_when_its_stack_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with DataFolder(tmp_path).locked():
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Trouble, match=f"process {holder.pid}"), DataFolder(tmp_path).locked():
            pass
        holder.kill()
        holder.wait()
        with DataFolder(tmp_path).locked():
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_an_overgrown_log_is_moved_aside(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.log("schedule").write_bytes(b"x" * (LOG_KEPT + 1))
    assert not folder.log("schedule").exists()
    assert (tmp_path / "logs/schedule.old.log").stat().st_size == LOG_KEPT + 1
