"""Calls of Zoom's API: which operation a path belongs to, and the uuids in it, which may be encoded twice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from infra.local.simulator.zoom.refusals import no_meeting

Json = dict[str, Any]

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class ZoomCall:
    """One call: the named parts of the path, decoded, the query, the body as bytes, and the present."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    content: bytes
    now: int


@dataclass(frozen=True, slots=True)
class ZoomAnswer:
    """A status, and a body with the name of its schema; an answer without a body has neither."""

    status: int
    schema: str = ""
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class ZoomOperation:
    """How a call is served: verb, path with named parts in braces, the query parameters it takes, and who answers."""

    verb: str
    template: str
    answer: Callable[[ZoomCall], ZoomAnswer]
    takes: frozenset[str] = frozenset()


def matched(operation: ZoomOperation, raw_path: str) -> dict[str, str] | None:
    """The named parts of a path as it was sent, decoded; None when it is another operation's.

    Raises `ZoomRefusal` for a uuid that had to be encoded twice and was not.
    """
    asked, known = raw_path.strip("/").split("/"), operation.template.strip("/").split("/")
    if len(asked) != len(known):
        return None
    parts: dict[str, str] = {}
    for sent, name in zip(asked, known, strict=True):
        if name.startswith("{"):
            parts[name.strip("{}")] = sent
        elif sent != name:
            return None
    return {name: _decoded(sent) for name, sent in parts.items()}


def _decoded(sent: str) -> str:
    once = unquote(sent)
    if _ENCODED.search(once):
        return unquote(once)
    if once.startswith("/") or "//" in once:
        raise no_meeting(once)
    return once
