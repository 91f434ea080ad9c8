"""Waiting: for as long as was asked at least, and for one's turn under Zoom's limits."""

import threading
from collections.abc import Callable

from shared.ports import Sleep

_SHORTEST_PAUSE = 0.02


class Pauses:
    """Waits that are never shorter than asked; a `Sleep` alone may be."""

    def __init__(self, sleep: Sleep, monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic

    def until(self, instant: float) -> None:
        """Wait until the clock that never goes back shows `instant`."""
        while (left := instant - self._monotonic()) > 0:
            self._sleep(max(left, _SHORTEST_PAUSE))

    def seconds(self, pause: float) -> None:
        """Wait for so many seconds."""
        self.until(self._monotonic() + pause)


class Turns:
    """At most `per_second` calls a second for all threads of this process, evenly spaced."""

    def __init__(self, per_second: float, pauses: Pauses, monotonic: Callable[[], float]) -> None:
        self._space = 1 / per_second
        self._pauses = pauses
        self._monotonic = monotonic
        self._next = 0.0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for the next turn."""
        with self._lock:
            mine = max(self._next, self._monotonic())
            self._next = mine + self._space
        self._pauses.until(mine)
