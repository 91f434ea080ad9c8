"""Tasks of a period's run in a process of their own: `python -m tests.journeys.month_process PROJECT INSTANT DIES_AFTER`.

It issues the orders that it is told, one in each line. After its `DIES_AFTER`-th commit, whatever became of that, it is killed.
"""

import sys
from datetime import datetime
from typing import Any

from shared.adapters.firestore.store import connect
from shared.adapters.firestore.writes import Batch, Commits
from shared.usecases.run_period import order_in
from tests.fakes import Clock, FakeTasks
from tests.journeys.stored_month import over
from tests.shared.adapters.firestore.tick_process import Mortal

if __name__ == "__main__":
    mortal = Mortal(int(sys.argv[3]))

    def send(commits: Commits, batch: Batch) -> Any:
        return mortal.send(commits, batch)

    Commits.send = send  # type: ignore[method-assign,assignment]
    billed = over(connect(sys.argv[1]), Clock(datetime.fromisoformat(sys.argv[2])), FakeTasks())
    print("ready", flush=True)
    for line in sys.stdin:
        billed.run.one(order_in(line.strip()))
