"""Meet's filters: comparisons of fields with values, joined with AND."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from infra.local.simulator import instants
from infra.local.simulator.refusals import Refusal, invalid

T = TypeVar("T")
Value = str | int

_TERM = re.compile(
    r"""\s*(?P<field>[a-z_.]+)\s*
    (?:(?P<compared>>=|<=|!=|=|>|<)\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))|(?P<null>IS\s+NULL))\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_AND = re.compile(r"AND\b", re.IGNORECASE)

_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A field to filter by. `read` takes it from an item, None when it has none; a field of time compares as instants."""

    read: Callable[[T], Value | None]
    is_time: bool = False


@dataclass(frozen=True, slots=True)
class _Term(Generic[T]):
    field: Field[T]
    compared: str | None
    value: Value

    def holds(self, item: T) -> bool:
        told = self.field.read(item)
        if self.compared is None:
            return told is None
        return told is not None and _COMPARISONS[self.compared](told, self.value)


def read_filter(text: str, fields: Mapping[str, Field[T]]) -> Callable[[T], bool]:
    """Whether an item passes; raises `Refusal` for what Meet cannot read. Something absent passes no comparison."""
    terms, at = [], 0
    while text.strip():
        found = _TERM.match(text, at)
        if found is None:
            raise _unreadable(text, f"at character {at + 1}")
        terms.append(_term(text, found, fields))
        at = found.end()
        if at == len(text):
            break
        joined = _AND.match(text, at)
        if joined is None:
            raise _unreadable(text, f"at character {at + 1}: comparisons are joined with AND")
        at = joined.end()
    return lambda item: all(term.holds(item) for term in terms)


def _term(text: str, found: re.Match[str], fields: Mapping[str, Field[T]]) -> _Term[T]:
    field = fields.get(found["field"])
    if field is None:
        raise _unreadable(text, f"{found['field']} is none of {', '.join(fields)}")
    if found["null"]:
        return _Term(field, None, "")
    told = found["bare"] if found["quoted"] is None else found["quoted"]
    if not field.is_time:
        if found["compared"] not in ("=", "!="):
            raise _unreadable(text, f"{found['field']} can be compared with = and != only")
        return _Term(field, found["compared"], told)
    try:
        return _Term(field, found["compared"], instants.parsed(told))
    except ValueError as bad:
        raise _unreadable(text, str(bad)) from bad


def _unreadable(text: str, why: str) -> Refusal:
    return invalid(f"Invalid filter {text!r}: {why}.")
