"""A small school is played through the whole local stack, with the meter in every function, and its counts are taken apart.

Two classes of different sizes tell what a class costs by itself and what each student adds; calls that nothing asked for tell
what the clock costs; readings of the dashboard and a billing run are counted by themselves.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from google.cloud import firestore
from rich.console import Console

from infra.cost.packing import Note, notes_of, pack_metered
from infra.cost.sizes import stored_bytes
from infra.cost.stored import Measured
from infra.cost.story import LINES, SIZES, WHOLE, Played, Script, Told, class_of, events_of, play
from infra.cost.usage import Usage, total
from infra.local.emulator import HOST_VARIABLE, running_emulator
from infra.local.folder import DataFolder
from infra.local.report import Reporter
from infra.local.run import run_stack
from infra.local.settings import REPOSITORY, StackSettings, read_stack_settings
from infra.local.stack import Stack
from infra.local.troubles import Trouble
from shared.adapters.firestore.store import connect

# A call takes the CPU that it took here, and waits in the cloud for Firestore in the same region and for Google's or Zoom's API.
RPC_MS, API_MS, ROUNDED_MS = 10, 150, 100
TICK, HOUSEKEEPING, LOOK = "POST /tick", "POST /housekeeping", "POST /look"
CLOCK, READERS = (TICK, HOUSEKEEPING), ("GET", "OPTIONS")
PUSHED = "POST /api/webhook/workspace-events"
TIMERS = {"VERIFY_SECONDS": "10", "POLL_SECONDS": "10"}


def measure(env: Mapping[str, str], folder: Path, console: Console) -> Measured:
    """Play the school in a folder of its own; takes about four minutes. Raises `Trouble`, also where the machine was too busy."""
    counted = count(env, folder, console, WHOLE)
    check_quiet(counted)
    return taken_apart(counted, datetime.now(UTC))


def count(env: Mapping[str, str], folder: Path, console: Console, script: Script) -> "Counted":
    """Play a script through a whole stack of its own, with the meter in every function. Raises `Trouble`."""
    with running_emulator({name: value for name, value in env.items() if name != HOST_VARIABLE}) as host:
        settings, kept = _settings(env, folder, host), list[Played]()
        client = _client(settings.project, host)

        async def guest(stack: Stack) -> None:
            told = Told(lambda: stored_bytes(client), lambda: _logged(folder), console.print)
            kept.append(await play(stack, script, told))

        code = run_stack(settings, Reporter(console), guest, packer=pack_metered)
    if code or not kept:
        raise Trouble(f"The school could not be played to its end (exit code {code}); the logs are in {folder / 'logs'}.")
    return Counted(kept[0], tuple(notes_of(DataFolder(folder).function("x").parent)))


@dataclass(frozen=True)
class Counted:
    """What was played, and all that the meters noted of it."""

    played: Played
    notes: tuple[Note, ...]

    def between(self, phase: str, is_meant: Callable[[str], bool]) -> Usage:
        """What the calls of a phase used whose routes are meant."""
        begin, end = self.played.phases[phase]
        found = (note for note in self.notes if begin <= note.at < end and is_meant(note.route))
        return total(used_by(note, _memory()[note.function]) for note in found)

    def by_clock(self, route: str) -> Usage:
        """What one call of the clock's uses while nothing is to be done."""
        return each(self.between("idle", lambda found: found == route))

    def work(self, phase: str) -> Usage:
        """What a phase used beyond the clock's own calls, readers left out, and without its looks into the meeting."""
        rest = self.between(phase, lambda route: route.split()[0] not in READERS and route not in (*CLOCK, LOOK))
        for route in CLOCK:
            runs = self.between(phase, lambda found, route=route: found == route)  # type: ignore[misc]
            beyond = runs - self.by_clock(route) * runs.calls
            rest += replace(beyond, calls=0.0, billed_ms=0.0, mib_ms=0.0, cpu_ms=0.0)
        grown = float(max(0, self.played.stored[phase]))
        return replace(rest, log_bytes=float(self.played.logged[phase]), stored_bytes=grown)

    def peaks(self) -> dict[str, int]:
        """The most memory that each function's process had, in MiB."""
        functions = sorted({note.function for note in self.notes})
        return {name: max(note.counts.get("peak_mib", 0) for note in self.notes if note.function == name) for name in functions}


def check_quiet(counted: Counted) -> None:
    """Raises `Trouble` when pushes came more than once: each class's are known by what happened in it."""
    for size in SIZES:
        came = counted.between(class_of(size), PUSHED.__eq__).messages
        if came != events_of(size):
            raise Trouble(
                f"Of the class of {size} came {came:.0f} pushes where {events_of(size)} things happened: the machine is too busy "
                "to answer in time, and what is done twice is counted twice. Nothing was stored; measure again when it is quiet."
            )


def taken_apart(counted: Counted, now: datetime) -> Measured:
    """What each thing costs, from two classes of different sizes and what was played beside them."""
    small, large = (counted.work(class_of(size)) for size in SIZES)
    looks = [each(counted.between(class_of(size), LOOK.__eq__)) for size in SIZES]
    steps = 1 / (SIZES[1] - SIZES[0])
    student, look_student = (large - small) * steps, (looks[1] - looks[0]) * steps
    per = {
        "class": small - student * SIZES[0],
        "student": student,
        "look": looks[0] - look_student * SIZES[0],
        "look_student": look_student,
        "tick": counted.by_clock(TICK),
        "housekeeping": counted.by_clock(HOUSEKEEPING),
        "page": counted.between("page", lambda route: route.split()[0] == "GET"),
        "poll": each(counted.between("poll", lambda route: route.startswith("GET /api/monitoring/active-sessions"))),
        "line": counted.work("billing") * (1 / LINES),
    }
    how = {"class_sizes": list(SIZES), "billed_lines": LINES, "rpc_ms": RPC_MS, "api_ms": API_MS}
    return Measured(now.date().isoformat(), how, per, counted.peaks())


def each(usage: Usage) -> Usage:
    """The mean of several calls."""
    return usage * (1 / usage.calls) if usage.calls else usage


def used_by(note: Note, memory_mib: int) -> Usage:
    """What Google would count for a line of the meter's: time is rounded up, as it is billed."""
    counts = note.counts
    kept = {name: float(counts.get(name, 0)) for name in ("reads", "writes", "deletes", "rpcs", "tasks", "api_calls")}
    if note.route == "-":
        return Usage(**kept)
    waited = counts.get("cpu_ms", 0) + RPC_MS * counts.get("rpcs", 0) + API_MS * counts.get("api_calls", 0)
    billed = float(-(-waited // ROUNDED_MS) * ROUNDED_MS)
    return Usage(
        **kept,
        calls=1.0,
        billed_ms=billed,
        mib_ms=billed * memory_mib,
        cpu_ms=float(counts.get("cpu_ms", 0)),
        messages=float(note.route == PUSHED),
        bytes_out=float(counts.get("bytes_out", 0)),
    )


def _settings(env: Mapping[str, str], folder: Path, host: str) -> StackSettings:
    settings = read_stack_settings(env)
    return replace(
        settings,
        data=folder,
        auth="open",
        emulator_host=host,
        sync_delays="3,30,3600",
        tick_every=timedelta(seconds=3),
        housekeeping_every=timedelta(seconds=5),
        passed_on={**settings.passed_on, **TIMERS},
    )


def _tables() -> list[Path]:
    return sorted((REPOSITORY / "functions").glob("*/function.json"))


@cache
def _memory() -> dict[str, int]:
    return {path.parent.name: json.loads(path.read_text("utf-8"))["memory_mib"] for path in _tables()}


def _client(project: str, host: str) -> firestore.Client:
    """A client of that very emulator, whatever the environment says before and after."""
    before = os.environ.get(HOST_VARIABLE)
    os.environ[HOST_VARIABLE] = host
    try:
        return connect(project)
    finally:
        os.environ.pop(HOST_VARIABLE)
        if before is not None:
            os.environ[HOST_VARIABLE] = before


def _logged(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "logs").glob("*.log") if path.stem in _memory())
