"""Calls of Google's methods: the parameters read and checked as the description demands, and who serves them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.simulator.discovery import Method
from infra.local.simulator.refusals import invalid
from infra.local.simulator.schemas import INT32, OFFSET, TIME

Json = dict[str, Any]

_INTEGER = re.compile(r"-?\d{1,10}")
_INSTANT = re.compile(TIME + OFFSET)


@dataclass(frozen=True, slots=True)
class Call:
    """One checked call. `subject` is whom the caller acts as, `path` the named parts of the path, decoded."""

    subject: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Json
    now: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """How a method is served. `takes` are the query parameters that it understands, beside those without effect here."""

    answer: Callable[[Call], Json | None]
    takes: frozenset[str] = frozenset()


def read_query(method: Method, pairs: Iterable[tuple[str, str]]) -> Json:
    """The query parameters by name with their values typed; raises `Refusal` for what the API does not put up with."""
    read: Json = {}
    for name, text in pairs:
        about = method.query.get(name)
        if about is None and method.api.value.is_lenient:
            continue
        if about is None:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"{method.method_id} has no such parameter."
            )
        value = _value(name, text, about)
        if about.get("repeated"):
            read.setdefault(name, []).append(value)
        elif name in read and not method.api.value.is_lenient:
            raise invalid(f"Invalid value at '{name}': the parameter is given twice.")
        else:
            read[name] = value
    missing = [name for name, about in method.query.items() if about.get("required") and name not in read]
    if missing:
        raise invalid(f"Required parameter: {missing[0]}")
    return read


def _value(name: str, text: str, about: Json) -> Any:  # noqa: ANN401 - as typed as the description makes it
    if "enum" in about and text not in about["enum"]:
        raise invalid(f"Invalid value at '{name}': \"{text}\" is none of {', '.join(about['enum'])}.")
    if about.get("format") == "date-time" and not _INSTANT.fullmatch(text):
        raise invalid(f"Invalid value at '{name}': \"{text}\" is no RFC 3339 time with an offset.")
    match about["type"]:
        case "boolean":
            return _boolean(name, text)
        case "integer":
            return _integer(name, text, about)
        case _:
            return text


def _boolean(name: str, text: str) -> bool:
    if text not in ("true", "false", "True", "False"):  # with a capital by gcloud
        raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
    return text in ("true", "True")


def _integer(name: str, text: str, about: Json) -> int:
    low, high = int(about.get("minimum", INT32[0])), int(about.get("maximum", INT32[1]))
    if _INTEGER.fullmatch(text) is None:
        raise invalid(f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"")
    if not low <= int(text) <= high:
        raise invalid(f"Invalid value '{text}' for {name}. Values must be within the range: [{low}, {high}]")
    return int(text)
