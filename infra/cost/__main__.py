"""`python -m infra.cost --classes 1000 --students 20` prices a month from the stored counts; `--measure` counts anew.

Pricing asks nobody and takes no time. Measuring starts the whole local stack and plays a small school through it, four minutes.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console

from infra.cost.deployed import deployed
from infra.cost.month import Plan, price
from infra.cost.prices import READ_ON, REGIONS
from infra.cost.report import table
from infra.cost.stored import read_measured, write_measured
from infra.local.troubles import Trouble


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; the exit code."""
    asked = _parser().parse_args(arguments)
    console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 120)
    try:
        if asked.measure:
            _measure(console)
        counted = read_measured()
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return trouble.exit_code
    plan = Plan(**{field.name: getattr(asked, field.name) for field in fields(Plan)})
    month = price(plan, counted.per, deployed(), REGIONS[asked.region])
    if asked.json:
        told = {"region": asked.region, "prices_read_on": READ_ON, "measured_on": counted.on, "plan": asdict(plan)}
        told |= {"usd": round(month.usd, 2), "usd_without_free_tier": round(month.usd_without_free, 2)}
        print(json.dumps(told | {"items": [asdict(item) for item in month.items]}, indent=2))
    else:
        console.print(table(plan, month, asked.region, counted.on))
    return 0


def _measure(console: Console) -> None:
    from infra.cost.measuring import measure

    with tempfile.TemporaryDirectory(prefix="rollcall-cost-") as folder:
        write_measured(measure(os.environ, Path(os.environ.get("ROLLCALL_DATA") or folder) / "cost", console))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description="What a month costs in Google Cloud.")
    helps = {
        "classes": "classes in the month",
        "students": "students in each",
        "minutes": "minutes that each lasts",
        "viewer_hours": "hours of one open dashboard, of all people together",
        "pages": "times that somebody opens the dashboard",
        "live_hours": "hours in which anybody's browser is connected to the gateway",
        "months_kept": "months like this one whose documents lie in the database",
        "verify_seconds": "VERIFY_SECONDS: how often a meeting is looked into while it is on",
        "starts": "times a day that an instance of a function starts",
    }
    for field in fields(Plan):
        kind = float if isinstance(field.default, float) else int
        parser.add_argument(
            f"--{field.name.replace('_', '-')}", type=_at_least(kind, field.name), default=field.default, help=helps[field.name]
        )
    parser.add_argument("--region", choices=sorted(REGIONS), default="europe-west1", help="where the database is")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--measure", action="store_true", help="play the school and store its counts first")
    return parser


def _at_least(kind: type[float], name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        least = 1 if name in ("verify_seconds", "months_kept") else 0
        value = kind(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"give {least} or more")
        return value

    read.__name__ = kind.__name__
    return read


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
