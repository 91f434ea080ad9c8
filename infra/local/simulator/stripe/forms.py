"""Stripe's parameters: names with brackets, checked against what an operation takes."""

import re
from collections.abc import Iterable
from typing import Any

from infra.local.simulator.stripe.refusals import wrong

Json = dict[str, Any]

_PARTS = re.compile(r"[^\[\]]+")


def read(pairs: Iterable[tuple[str, str]], takes: Iterable[str]) -> Json:
    """The parameters as nested objects. In `takes`, `[0]` stands for any place of a list and `[*]` for any name.

    Raises `StripeRefusal` for a parameter that is not taken, or comes twice.
    """
    patterns = [_pattern(one) for one in takes]
    told: Json = {}
    for name, value in pairs:
        if not any(pattern.fullmatch(name) for pattern in patterns):
            raise wrong(name, f"Received unknown parameter: {name}", "parameter_unknown")
        _put(told, _PARTS.findall(name), name, value)
    return told


def number(told: Json, name: str, least: int = 0) -> int:
    """A whole number that must be there; raises `StripeRefusal`."""
    text = told.get(name)
    if text is None:
        raise wrong(name, f"Missing required param: {name}.", "parameter_missing")
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or int(text) < least:
        raise wrong(name, f"Invalid integer: {text}", "parameter_invalid_integer")
    return int(text)


def _put(told: Json, parts: list[str], name: str, value: str) -> None:
    for part in parts[:-1]:
        told = told.setdefault(part, {})
    if parts[-1] in told:
        raise wrong(name, f"Received the parameter {name} twice.")
    told[parts[-1]] = value


def _pattern(taken: str) -> re.Pattern[str]:
    escaped = re.escape(taken).replace(re.escape("[0]"), r"\[\d{1,2}\]").replace(re.escape("[*]"), r"\[[A-Za-z0-9_-]{1,40}\]")
    return re.compile(escaped)
