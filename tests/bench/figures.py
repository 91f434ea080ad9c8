"""Figures: what was measured, what it should be, and whether it is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `goal` and `is_met` are None where it is only told; `rounds` are the values of single rounds."""

    part: str
    name: str
    value: float
    unit: str
    goal: str | None = None
    is_met: bool | None = None
    rounds: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: the emulator's `address:port`, a folder for what is unpacked, and how to tell what is going on."""

    host: str
    folder: Path
    is_quick: bool
    say: Callable[[str], None]

    def rounds(self, usual: int = 5) -> int:
        """How many interleaved rounds are made."""
        return 2 if self.is_quick else usual


def told(part: str, name: str, value: float, unit: str, note: str = "") -> Figure:
    """A value without a goal."""
    return Figure(part, name, round(value, 3), unit, note=note)


def at_most(part: str, name: str, value: float, limit: float, unit: str = "x", note: str = "") -> Figure:
    """A value that must not be above its limit."""
    return Figure(part, name, round(value, 3), unit, f"<= {limit:g}", value <= limit, note=note)


def exactly(part: str, name: str, value: float, wanted: float, unit: str, note: str = "") -> Figure:
    """A count that must be just so."""
    return Figure(part, name, round(value, 3), unit, f"= {wanted:g}", value == wanted, note=note)


def ratio(part: str, name: str, ours: Sequence[float], theirs: Sequence[float], goal: str, note: str = "") -> Figure:
    """Our rounds against those of the reference: the median of the ratios, each of two neighbours in time.

    `goal` is a bound such as `<= 1.25` or `>= 0.9`.
    """
    rounds = tuple(round(one / other, 3) for one, other in zip(ours, theirs, strict=True))
    value, (sign, bound) = median(rounds), goal.split()
    is_met = value <= float(bound) if sign == "<=" else value >= float(bound)
    return Figure(part, name, round(value, 3), "x", goal, is_met, rounds, note)


def write_report(figures: Sequence[Figure], to: Path, seconds: float, *, is_quick: bool) -> None:
    """Write all figures as JSON."""
    to.parent.mkdir(parents=True, exist_ok=True)
    told_all = {"is_quick": is_quick, "seconds": round(seconds, 1), "figures": [asdict(figure) for figure in figures]}
    to.write_text(json.dumps(told_all, indent=2) + "\n", "utf-8")


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print all figures as a table."""
    table = Table("part", "figure", "value", "goal", "", "note", title="Rollcall, measured")
    last = ""
    for figure in sorted(figures, key=lambda figure: figure.part == "machine"):
        if figure.part != last and last:
            table.add_section()
        mark = {None: "", True: "[green]met[/]", False: "[bold red]missed[/]"}[figure.is_met]
        value = f"{figure.value:g} {figure.unit}"
        table.add_row(figure.part if figure.part != last else "", figure.name, value, figure.goal or "", mark, figure.note)
        last = figure.part
    console.print(table)
