"""Rules over a function's folder: every route has a door and a known caller, every door has a route."""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.check.finding import Finding

CALLERS = frozenset(
    {"anyone", "public-signed", "zoom-signed", "stripe-signed", "user", "teacher", "admin", "task", "scheduler", "push"}
)


def check_routes(root: Path, folder: Path) -> Iterator[Finding]:
    """What is wrong between `folder`/function.json and its doors: doors.py, or the modules of the folder doors."""
    table, sources = folder / "function.json", [*folder.glob("doors.py"), *sorted(folder.glob("doors/[!_]*.py"))]
    text = table.read_text("utf-8")
    routes: list[Mapping[str, Any]] = json.loads(text)["routes"]
    doors = {door: (source, line) for source in sources for door, line in _doors(source).items()}
    where, seen = table.relative_to(root).as_posix(), set[tuple[str, str]]()
    for route in routes:
        door, line = str(route.get("door")), _line_of(text, str(route.get("door")))
        if door not in doors:
            yield Finding(
                where, line, f"the route's door {door!r} does not exist", f"Write `def {door}(asked, app)` in doors.py."
            )
        if route.get("caller") not in CALLERS:
            remedy = f"Say who may call, one of: {', '.join(sorted(CALLERS))}."
            yield Finding(where, line, f"the caller {route.get('caller')!r} of {door!r} is not known", remedy)
        if (key := (str(route.get("method")), str(route.get("path")))) in seen:
            yield Finding(where, line, f"{' '.join(key)} stands here twice", "Keep one of the two; the second is never reached.")
        seen.add(key)
    named = {str(route.get("door")) for route in routes}
    for door in sorted(doors.keys() - named):
        remedy = "Give it a line in function.json; or, when it is a helper, a name that starts with an underscore."
        source, place = doors[door]
        yield Finding(source.relative_to(root).as_posix(), place, f"the door {door!r} is in no route", remedy)


def _doors(source: Path) -> dict[str, int]:
    """The public functions of a module of doors and their lines."""
    tree = ast.parse(source.read_text("utf-8"), str(source))
    return {node.name: node.lineno for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}


def _line_of(text: str, door: str) -> int:
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{door}"' in line), 1)
