"""Functions with the meter in their archives, and what it noted."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cost.meter import NOTES
from infra.local.functions import pack_function
from infra.pack import is_service

METER = "rollcall_meter"
_HEAD = f"import {METER}\n\n{METER}.install()\n\n"


def pack_metered(name: str, out: Path) -> Path:
    """Pack a function as it is deployed, with the meter beside its main.py."""
    archive = pack_function(name, out)
    with zipfile.ZipFile(archive) as packed:
        files = {each: packed.read(each) for each in packed.namelist()}
    main = files["main.py"].decode()
    files["main.py"] = (_HEAD + main + ("" if is_service(name) else f"\n{name} = {METER}.metered({name})\n")).encode()
    files[f"{METER}.py"] = (Path(__file__).parent / "meter.py").read_bytes()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            packed.writestr(path, content)
    return archive


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the meter's: `at` in seconds since 1970, `route` as method and path, or `-` outside of any request."""

    function: str
    at: float
    route: str
    counts: dict[str, int]


def notes_of(functions: Path) -> Iterator[Note]:
    """Everything noted so far under a stack's folder of unpacked functions."""
    for path in sorted(functions.glob(f"*/{NOTES}")):
        for line in path.read_text("utf-8").splitlines():
            told: dict[str, Any] = json.loads(line)
            at, route = told.pop("at"), told.pop("route")
            yield Note(path.parent.name, at, route, told)
