"""Watching over children: started again a few times, then given up on."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from infra.local.processes import end, spawn
from infra.local.troubles import Trouble
from infra.local.watch import Child, ending
from tests.infra.local.support import plain_environment
from tests.infra.local.threads import Listener


def child_of(folder: Path, script: str, url: str = "http://127.0.0.1:9") -> Child:
    """A child that runs a shell script."""
    log = folder / "child.log"

    def launch() -> "subprocess.Popen[bytes]":
        return spawn(["sh", "-c", script], env=plain_environment(), cwd=folder, log=log)

    return Child("greeter", launch, url, log)


def test_a_child_that_dies_is_started_again_three_times_and_then_given_up(tmp_path: Path) -> None:
    said: list[str] = []
    child = child_of(tmp_path, "echo it hurts; exit 7")
    child.start()
    with pytest.raises(Trouble, match=r"(?s)greeter ended 4 times within a minute.*it hurts"):
        asyncio.run(asyncio.wait_for(child.keep(said.append), 20))
    assert [line.split(".")[0] for line in said] == [
        f"greeter ended (exit code 7); restart {number} of 3 within a minute" for number in (1, 2, 3)
    ]


def test_a_child_serves_when_it_answers_anything(tmp_path: Path) -> None:
    with Listener([404]).listening() as target:
        child = child_of(tmp_path, "sleep 30", target.url)
        child.start()
        asyncio.run(asyncio.wait_for(child.serves(), 10))
        assert child.process is not None
        end([child.process])


def test_a_child_that_dies_while_starting_is_told_with_its_log(tmp_path: Path) -> None:
    child = child_of(tmp_path, "echo no such module; exit 1")
    child.start()
    with pytest.raises(Trouble, match=r"(?s)greeter did not start.*no such module"):
        asyncio.run(asyncio.wait_for(child.serves(), 10))


def test_endings_are_told_in_words() -> None:
    assert (ending(-9), ending(3), ending(None)) == ("signal 9", "exit code 3", "unknown")
