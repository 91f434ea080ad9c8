"""`python -m tests.bench`: measure, show, and write build/bench.json.

`--only PART` measures one part, `--quick` a little of each, as a look and not as a measurement.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble
from tests.bench import billing, burst, cold, export, ingest, live, modules, push, sync, tick
from tests.bench.emulator import measuring_emulator
from tests.bench.figures import Bench, Figure, show, told, write_report
from tests.bench.store import warm_up

PARTS: dict[str, tuple[Callable[[Bench], list[Figure]], ...]] = {
    "ingest": (ingest.measure, burst.measure),
    "tick": (tick.measure,),
    "cold": (cold.measure,),
    "modules": (modules.measure,),
    "sync": (sync.measure,),
    "csv": (export.measure,),
    "push": (push.measure,),
    "live": (live.measure,),
    "billing": (billing.measure,),
}
WITHOUT_STORE = frozenset({"modules", "sync", "push"})
WARM_SECONDS = 10.0
WIDTH = 150


def main() -> int:
    """Measure what was asked for; 0 when every goal is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part (may be given again)")
    parser.add_argument("--quick", action="store_true", help="small sizes and two rounds: a look, not a measurement")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "build" / "bench.json", help="the report (build/bench.json)")
    asked = parser.parse_args()
    console, began = Console(width=None if sys.stdout.isatty() else WIDTH), time.monotonic()
    try:
        figures = _measured(asked.only or list(PARTS), console, is_quick=asked.quick)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.exit_code
    seconds = time.monotonic() - began
    write_report(figures, asked.out, seconds, is_quick=asked.quick)
    show(figures, console)
    missed = [figure for figure in figures if figure.is_met is False]
    goals = sum(figure.is_met is not None for figure in figures)
    console.print(f"{goals - len(missed)} of {goals} goals met in {seconds:.0f} s; all figures are in {asked.out.name}.")
    return 1 if missed else 0


def _measured(parts: list[str], console: Console, *, is_quick: bool) -> list[Figure]:
    """The figures of these parts, over one emulator that has been warmed up."""
    figures: list[Figure] = []
    with (
        console.status("starting") as status,
        tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder,
        measuring_emulator() as host,
    ):
        bench = Bench(host, Path(folder), is_quick, _telling(console, status.update))
        if not set(parts) <= WITHOUT_STORE:
            bench.say("warming up the emulator")
            warm_up(host, 3 if is_quick else WARM_SECONDS)
        for part in parts:
            for measure in PARTS[part]:
                figures += measure(bench)
            note = "above the number of cores, times are others' too"
            figures.append(told("machine", f"load average after {part}", os.getloadavg()[0], f"of {os.cpu_count()} cores", note))
    return figures


def _telling(console: Console, update: Callable[[str], None]) -> Callable[[str], None]:
    """Progress: one line that changes on a terminal, a line for each step elsewhere."""
    return update if console.is_terminal else lambda text: print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
