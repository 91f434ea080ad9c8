"""Rules over one Python file: who reads the clock, how documents are changed, what money is counted in, where imports stand."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from infra.check.finding import Finding
from infra.check.names import mentioned

MACHINE = "shared/system.py"
HERE = "infra/check/sources.py"
FROM_THE_MACHINE = frozenset(
    {
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "time.monotonic",
        "time.perf_counter",
        "time.sleep",
        "time.time",
        "time.time_ns",
        "uuid.uuid1",
        "uuid.uuid4",
    }
)
CHANCE = ("random.", "secrets.", "os.urandom")
LOCKING = frozenset({"transaction", "transactional", "Transaction"})
BLIND = frozenset({"Increment", "ArrayUnion", "ArrayRemove"})
MONEY = frozenset({"money", "billing", "invoices", "payments", "rates", "rate_plans", "charges"})

# Imports inside functions: allowed where most requests do not need them, and only here.
MAY_IMPORT_LATE = {
    "shared/config.py": "settings made from a mapping, as tests make them, need no environment",
    "shared/web/callers.py": "only a caller with a token pays for reading one",
}


def check_source(path: str, text: str) -> Iterator[Finding]:
    """What is wrong in a file of functions/ or shared/."""
    tree = ast.parse(text, path)
    if path != MACHINE:
        yield from _machine(path, tree)
    yield from _documents(path, tree)
    if MONEY & {part.removesuffix(".py") for part in PurePosixPath(path).parts}:
        yield from _money(path, tree)
    if PurePosixPath(path).name != "wiring.py" and path not in MAY_IMPORT_LATE:
        yield from _late_imports(path, tree)


def _machine(path: str, tree: ast.AST) -> Iterator[Finding]:
    remedy = f"Only {MACHINE} asks the machine: take `now`, a Clock, Sleep or NewId as an argument; wiring.py passes them in."
    for line, name in mentioned(tree):
        if name in FROM_THE_MACHINE or name.startswith(CHANCE):
            yield Finding(path, line, f"{name} makes a result that no test can foresee", remedy)


def _documents(path: str, tree: ast.AST) -> Iterator[Finding]:
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        if name in LOCKING:
            remedy = "Read, apply a pure rule, and write with a last_update_time precondition; ask again when the race is lost."
            yield Finding(path, node.lineno, f"`{name}`: Firestore transactions lock, and a hot document stands still", remedy)  # type: ignore[attr-defined]
        elif name in BLIND:
            remedy = "Write facts under ids made of what they say, and derive counts and lists from them."
            yield Finding(path, node.lineno, f"`{name}` counts a fact that is told twice as two", remedy)  # type: ignore[attr-defined]


def _money(path: str, tree: ast.AST) -> Iterator[Finding]:
    for node in ast.walk(tree):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_float = isinstance(node, ast.Name) and node.id == "float"
        is_division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        if is_literal or is_float or is_division:
            remedy = "Count in whole minor units and divide with // or divmod, or use Decimal made from text."
            yield Finding(path, node.lineno, "money as a float loses cents", remedy)  # type: ignore[attr-defined]


def _late_imports(path: str, tree: ast.AST) -> Iterator[Finding]:
    remedy = f"Import at the top or in wiring.py; where only some requests need it, argue it in MAY_IMPORT_LATE of {HERE}."
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield Finding(path, node.lineno, "an import inside a function", remedy)
