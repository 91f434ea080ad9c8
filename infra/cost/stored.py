"""The stored counts: `measured.json`, written by measuring and read by pricing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cost.usage import Usage, usage_in
from infra.local.troubles import Trouble

MEASURED = Path(__file__).with_name("measured.json")
THINGS = ("class", "student", "look", "look_student", "tick", "housekeeping", "page", "poll", "line")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted, by what it depends on, when and how. `peak_mib` is the most memory that each function's process had."""

    on: str
    how: Mapping[str, Any]
    per: Mapping[str, Usage]
    peak_mib: Mapping[str, int]


def read_measured(path: Path = MEASURED) -> Measured:
    """The counts of the last measuring; raises `Trouble` when there are none that can be used."""
    try:
        told = json.loads(path.read_text("utf-8"))
        per = {name: usage_in(told["per"][name]) for name in THINGS}
        return Measured(told["measured_on"], told["how"], per, told["peak_mib"])
    except (OSError, ValueError, KeyError, TypeError) as bad:
        raise Trouble(f"{path} cannot be used ({bad!r}); count anew with `python -m infra.cost --measure`.") from bad


def write_measured(measured: Measured, path: Path = MEASURED) -> None:
    """Keep the counts for pricing."""
    told = {
        "measured_on": measured.on,
        "how": dict(measured.how),
        "per": {name: measured.per[name].told() for name in THINGS},
        "peak_mib": dict(measured.peak_mib),
    }
    path.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
