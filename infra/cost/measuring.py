"""A small school is played through the whole local stack, with the meter in every function, and its counts are taken apart.

Two classes of different sizes tell what a class costs by itself and what each student adds; calls that nothing asked for tell
what the clock costs; readings of the dashboard and a billing run are counted by themselves.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from infra.cost.packing import Note, notes_of, pack_metered
from infra.cost.sizes import stored_bytes
from infra.cost.stored import Measured
from infra.cost.story import LINES, SIZES, Played, play
from infra.cost.usage import Usage, total
from infra.local.emulator import running_emulator
from infra.local.folder import DataFolder
from infra.local.report import Reporter
from infra.local.run import run_stack
from infra.local.settings import REPOSITORY, StackSettings, read_stack_settings
from infra.local.stack import Stack
from infra.local.troubles import Trouble
from shared.adapters.firestore.store import connect

# A call takes the CPU that it took here, and waits in the cloud for Firestore in the same region and for Google's or Zoom's API.
RPC_MS, API_MS, ROUNDED_MS = 10, 150, 100
TICK, HOUSEKEEPING = "POST /tick", "POST /housekeeping"
LOOK = "POST /look"
PUSHED = "POST /api/webhook/workspace-events"
TIMERS = {"VERIFY_SECONDS": "10", "POLL_SECONDS": "10"}


def measure(env: Mapping[str, str], folder: Path, console: Console) -> Measured:
    """Play the school in a folder of its own; takes about four minutes. Raises `Trouble`."""
    with running_emulator({name: value for name, value in env.items() if name != "FIRESTORE_EMULATOR_HOST"}) as host:
        settings = _settings(env, folder, host)
        kept: list[Played] = []

        async def guest(stack: Stack) -> None:
            kept.append(await play(stack, lambda: _stored(settings.project, host), lambda: _logged(folder), console.print))

        code = run_stack(settings, Reporter(console), guest, packer=pack_metered)
    if code or not kept:
        raise Trouble(f"The school could not be played to its end (exit code {code}); the logs are in {folder / 'logs'}.")
    return taken_apart(kept[0], list(notes_of(DataFolder(folder).function("x").parent)), datetime.now(UTC))


def taken_apart(played: Played, notes: Iterable[Note], now: datetime) -> Measured:
    """What each thing costs, from the notes of the whole play."""
    notes = list(notes)
    memory = {path.parent.name: json.loads(path.read_text("utf-8"))["memory_mib"] for path in _tables()}

    def between(phase: str, is_meant: Callable[[Note], bool]) -> Usage:
        begin, end = played.phases[phase]
        return total(used_by(note, memory[note.function]) for note in notes if begin <= note.at < end and is_meant(note))

    def each(usage: Usage) -> Usage:
        return usage * (1 / usage.calls) if usage.calls else usage

    clock = {name: each(between("idle", lambda note, route=name: note.route == route)) for name in (TICK, HOUSEKEEPING)}  # type: ignore[misc]
    asked = {"GET", "OPTIONS"}

    def work(phase: str) -> Usage:
        """What a phase cost beyond the clock's own calls, readers left out, and without its looks."""
        rest = between(phase, lambda note: note.route.split()[0] not in asked and note.route not in (TICK, HOUSEKEEPING, LOOK))
        for route, idle in clock.items():
            runs = between(phase, lambda note, route=route: note.route == route)  # type: ignore[misc]
            rest += replace(runs - idle * runs.calls, calls=0.0, billed_ms=0.0, mib_ms=0.0, cpu_ms=0.0)
        return replace(rest, log_bytes=played.logged[phase], stored_bytes=max(0, played.stored[phase]))

    small, large = (work(f"class of {size}") for size in SIZES)
    looks = [each(between(f"class of {size}", lambda note: note.route == LOOK)) for size in SIZES]
    steps = 1 / (SIZES[1] - SIZES[0])
    student, look_student = (large - small) * steps, (looks[1] - looks[0]) * steps
    per = {
        "class": small - student * SIZES[0],
        "student": student,
        "look": looks[0] - look_student * SIZES[0],
        "look_student": look_student,
        "tick": clock[TICK],
        "housekeeping": clock[HOUSEKEEPING],
        "page": between("page", lambda note: note.route.split()[0] == "GET"),
        "poll": each(between("poll", lambda note: note.route.startswith("GET /api/monitoring/active-sessions"))),
        "line": work("billing") * (1 / LINES),
    }
    peaks: dict[str, int] = {}
    for note in notes:
        peaks[note.function] = max(peaks.get(note.function, 0), note.counts.get("peak_mib", 0))
    how = {"class_sizes": list(SIZES), "billed_lines": LINES, "rpc_ms": RPC_MS, "api_ms": API_MS}
    return Measured(now.date().isoformat(), how, per, dict(sorted(peaks.items())))


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


def _stored(project: str, host: str) -> int:
    import os

    os.environ["FIRESTORE_EMULATOR_HOST"] = host
    return stored_bytes(connect(project))


def _logged(folder: Path) -> int:
    names = {path.parent.name for path in _tables()}
    return sum(path.stat().st_size for path in (folder / "logs").glob("*.log") if path.stem in names)
