"""JSON from strangers: the same text always means the same, and nothing in it can exhaust us."""

import json
from typing import Any

from shared.web.problems import Problem

DEEPEST = 16
MOST_KEYS = 64
LONGEST_TEXT = 4096


def strict_json(body: bytes) -> dict[str, Any]:
    """The object in `body`; raises a 400 `Problem` for anything that two parsers might read differently."""
    try:
        text = body.decode("utf-8")
        if text.count("[") + text.count("{") > MOST_KEYS * DEEPEST:
            raise ValueError("it is nested too deep")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_int=_integer)
        _check(value, 1)
    except (ValueError, RecursionError) as bad:
        why = str(bad) if not isinstance(bad, (json.JSONDecodeError, UnicodeDecodeError)) else "it cannot be parsed"
        raise Problem(400, "The body is not usable JSON", f"The body is refused: {why}.", code="invalid-json") from bad
    if not isinstance(value, dict):
        raise Problem(400, "The body is not usable JSON", "The body must be one JSON object.", code="invalid-json")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise ValueError("an object has too many members")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is given twice")
    return found


def _refuse(constant: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{constant} is no number")


def _integer(text: str) -> int:
    if len(text) > 16:  # noqa: PLR2004 - beyond 2^53 in any case
        raise ValueError("a number is too large")
    return int(text)


def _check(value: Any, depth: int) -> None:  # noqa: ANN401 - JSON is what it is
    if depth > DEEPEST:
        raise ValueError("it is nested too deep")
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError("a text is too long")
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("a text holds characters that cannot be stored")
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth + 1)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
