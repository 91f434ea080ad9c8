"""Which full name a word in a source file stands for, as far as its imports tell."""

import ast
from collections.abc import Iterator, Mapping


def imported(tree: ast.AST) -> Mapping[str, str]:
    """Full names by local ones: `from datetime import datetime as d` makes `d` stand for `datetime.datetime`."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                full = alias.name if alias.asname else alias.name.split(".")[0]
                known[alias.asname or full] = full
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def mentioned(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported thing that the file uses: its line and full name, `datetime.datetime.now` for `datetime.now`.

    Of a dotted name each part is told as well: `datetime.datetime` and so on.
    """
    known = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            full = _full_name(node, known)
            if full is not None:
                yield node.lineno, full


def _full_name(node: ast.expr, known: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        before = _full_name(node.value, known)
        return f"{before}.{node.attr}" if before else None
    return None
