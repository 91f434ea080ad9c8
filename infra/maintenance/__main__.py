"""`python -m infra.maintenance pause --for 30m | pause | resume | status`: let the clock and the queue rest for a maintenance.

With --for it stays, and lets everything go on when the time is over, or at Ctrl-C; without, somebody has to `resume`.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table

from infra.local.troubles import Trouble
from infra.maintenance.clockwork import Clockwork, Standing
from infra.maintenance.places import duration, places
from shared.system import now

TRIES, PAUSE_S = 6, 10.0
UNDER_WAY = "What is under way now still comes to its end, within ten minutes at most."


def main(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Do one command; the exit code."""
    asked = _parser().parse_args(arguments)
    console = Console(soft_wrap=True, highlight=False)
    try:
        rest = duration(asked.rest) if asked.command == "pause" and asked.rest else None
        clockwork = Clockwork(places(env, asked.project, asked.region))
        if asked.command == "resume":
            clockwork.resume()
        if asked.command == "pause":
            clockwork.pause(keeps_tasks=asked.keep_tasks)
        _show(console, clockwork.standing())
        if rest is not None:
            return _rest(console, clockwork, rest)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return trouble.exit_code
    if asked.command == "pause":
        console.print(f"{UNDER_WAY} Go on with: python -m infra.maintenance resume", style="yellow")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.maintenance", description=__doc__)
    parser.add_argument("--project", help="the Google Cloud project (GOOGLE_CLOUD_PROJECT)")
    parser.add_argument("--region", help="the region of jobs and queue (TASKS_LOCATION, else europe-west1)")
    commands = parser.add_subparsers(dest="command", required=True)
    pause = commands.add_parser("pause", help="let the clock and the queue rest; webhooks and people are answered all the time")
    pause.add_argument("--for", dest="rest", help="how long, like 90s, 30m or 2h; it stays and resumes when the time is over")
    pause.add_argument("--keep-tasks", action="store_true", help="let the queue go on delivering, and stop the clock alone")
    commands.add_parser("resume", help="let them go on, and have the monitor catch up at once")
    commands.add_parser("status", help="show how they stand")
    return parser


def _rest(console: Console, clockwork: Clockwork, rest: timedelta) -> int:
    """Wait, then let everything go on, come what may."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    console.print(f"{UNDER_WAY} Everything goes on at {_clock(now() + rest)}, or at Ctrl-C.", style="yellow")
    was_cut_short = ended.wait(rest.total_seconds())
    for left in reversed(range(TRIES)):
        try:
            clockwork.resume()
            break
        except Trouble as trouble:
            console.print(f"Not resumed: {trouble}", style="red")
            if not left:
                raise Trouble("Still paused: run `python -m infra.maintenance resume` as soon as Google answers.") from trouble
            threading.Event().wait(PAUSE_S)
    console.print("Ended early; everything goes on." if was_cut_short else "The time is over; everything goes on.", style="green")
    _show(console, clockwork.standing())
    return 0


def _show(console: Console, standing: Standing) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("what", "state", "last attempt", "outcome", "next run"):
        table.add_column(title, no_wrap=True)
    for role, look in standing.jobs.items():
        told = (look.state.value, _clock(look.last_attempt_at), look.last_outcome or "-", _clock(look.next_run_at))
        table.add_row(role, *told)
    table.add_row("task queue", standing.queue_state, "", "", "")
    console.print(table)


def _clock(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
