"""One tick in a process of its own: `python -m tests.shared.adapters.firestore.tick_process PROJECT MINUTE DIES_AFTER`.

It begins when it is told a line. After its `DIES_AFTER`-th commit, whatever became of that, it is killed (0: never).
"""

import os
import signal
import sys
from typing import Any

from shared.adapters.firestore.store import connect
from shared.adapters.firestore.writes import Batch, Commits
from tests.builders import at
from tests.conftest import firestore_house


class Mortal:
    """Counts commits and kills this process after one of them."""

    def __init__(self, dies_after: int) -> None:
        self.left = dies_after
        self.real = Commits.send

    def send(self, commits: Commits, batch: Batch) -> Any:
        """The commit, and perhaps the end."""
        try:
            return self.real(commits, batch)
        finally:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    mortal = Mortal(int(sys.argv[3]))

    def send(commits: Commits, batch: Batch) -> Any:
        return mortal.send(commits, batch)

    Commits.send = send  # type: ignore[method-assign,assignment]
    house = firestore_house(connect(sys.argv[1]))
    house.clock.at = at(float(sys.argv[2]))
    print("ready", flush=True)
    sys.stdin.readline()
    house.tick()
