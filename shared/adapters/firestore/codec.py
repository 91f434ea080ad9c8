"""Domain values as JSON text and back, by the types that the dataclasses declare."""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

V = TypeVar("V")
BODY_VERSION = 1


def body_of(value: object) -> str:
    """A domain value as JSON text."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def value_of(kind: type[V], body: str) -> V:
    """The domain value of type `kind` that `body_of` wrote; fields it does not know yet take their defaults."""
    return _reader(kind)(json.loads(body))  # type: ignore[arg-type]


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    raise TypeError(f"{type(value).__name__} has no form in a document")


@cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - types of types
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - types of types
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(arg for arg in args if arg is not type(None)))
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple:
        inner = _reader(args[0])
        return lambda raw: tuple(inner(item) for item in raw)
    if origin is frozenset:
        inner = _reader(args[0])
        return lambda raw: frozenset(inner(item) for item in raw)
    if origin is not None and issubclass(origin, Mapping):
        inner = _reader(args[1])
        return lambda raw: {key: inner(item) for key, item in raw.items()}
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return lambda raw: raw


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - types of types
    hints = get_type_hints(kind)
    readers = {name: _reader(hints[name]) for name in _names(kind)}
    return lambda raw: kind(**{name: readers[name](item) for name, item in raw.items() if name in readers})
