"""The functions as their tables (functions/*/function.json) describe them: what the local stack needs of each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from infra.local.troubles import Trouble


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One function. `paths` are the public paths whose whole subtree is its own; inner functions have none.

    A service (`is_service`) has a public port of its own instead, and serves by itself.
    """

    name: str
    summary: str
    paths: tuple[str, ...]
    environment: frozenset[str]
    timeout: timedelta
    cron: str | None = None
    cron_path: str = "/"
    deadline: timedelta = timedelta(minutes=3)
    is_service: bool = False

    @property
    def url_variable(self) -> str:
        """The variable by which other functions are told where this one is."""
        return f"{self.name.upper()}_URL"


def read_functions(folder: Path) -> tuple[FunctionSpec, ...]:
    """Every function of the folder, by name; raises `Trouble` for a table that cannot be used."""
    found = tuple(_read(path) for path in sorted(folder.glob("*/function.json")))
    if not found:
        raise Trouble(f"No function.json was found under {folder}: is the checkout whole?")
    return found


def owner_of(path: str, functions: Sequence[FunctionSpec]) -> FunctionSpec | None:
    """The function that a public path belongs to: the longest match by whole segments; None when it is nobody's.

    The path `/` is the start page alone, and not all there is.
    """
    matches = [
        (len(own), function)
        for function in functions
        for own in function.paths
        if path == own or (own != "/" and path.startswith(own.rstrip("/") + "/"))
    ]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _read(path: Path) -> FunctionSpec:
    try:
        table = json.loads(path.read_text())
        trigger = table["trigger"]
        return FunctionSpec(
            name=path.parent.name,
            summary=table.get("summary", ""),
            paths=_public_paths(trigger),
            environment=frozenset(table.get("environment", [])) | frozenset(table.get("secrets", [])),
            timeout=timedelta(seconds=table.get("timeout_s", 60)),
            cron=trigger["cron"] if trigger["kind"] == "schedule" else None,
            cron_path=trigger.get("path", "/"),
            deadline=timedelta(seconds=trigger.get("deadline_s", 180)),
            is_service=trigger["kind"] == "service",
        )
    except (ValueError, KeyError, TypeError) as bad:
        raise Trouble(f"{path} cannot be read as a function's table: {bad!r}.") from bad


def _public_paths(trigger: dict[str, object]) -> tuple[str, ...]:
    if trigger["kind"] != "http" or trigger.get("public") is not True:
        return ()
    paths = trigger.get("paths")
    return tuple(map(str, paths)) if isinstance(paths, list) else (str(trigger["prefix"]),)
