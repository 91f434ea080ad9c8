"""Remembering what Google said, as much of it as is worth the memory."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Values by name, for many threads; beyond `most` of them the one that was not asked for the longest is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> T | None:
        """The value, if it is remembered."""
        with self._lock:
            if name in self._values:
                self._values.move_to_end(name)
            return self._values.get(name)

    def forget(self, name: str) -> None:
        """Remember a value no longer."""
        with self._lock:
            self._values.pop(name, None)

    def put(self, name: str, value: T) -> None:
        """Remember a value in the place of an earlier one."""
        with self._lock:
            self._values[name] = value
            self._values.move_to_end(name)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
