"""Keeping to Google's quota of reads: so many in any 60 seconds, and not one more."""

import threading
from collections import deque

from shared.adapters.google.machine import Machine
from shared.domain.errors import Unavailable

# Half a second more than the minute: two requests do not travel equally long.
WINDOW = 60.5
LONGEST_WAIT = 90.0
_SHORTEST_PAUSE = 0.02


class ReadQuota:
    """A sliding window of `per_minute` reads for one organiser, shared by all threads of this process.

    A window rather than a bucket that refills: a bucket that never lets more than N through in a minute has to start with
    less than N, and the reading of a big class, which needs most of a minute's reads at once, would wait for nothing.
    """

    def __init__(self, per_minute: int, machine: Machine) -> None:
        self._machine = machine
        self._taken: deque[float] = deque(maxlen=per_minute)
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until one more read is within the quota; raises `Unavailable` after 90 seconds of waiting."""
        give_up_at = self._machine.monotonic() + LONGEST_WAIT
        while (wait := self._wait_or_take()) > 0:
            if self._machine.monotonic() + wait > give_up_at:
                raise Unavailable(
                    "This organiser's Meet quota (reads a minute) is used up by other meetings; try again in a minute."
                )
            self._machine.sleep(max(wait, _SHORTEST_PAUSE))

    def _wait_or_take(self) -> float:
        """0 when a read was taken, else the seconds until the oldest one leaves the window."""
        with self._lock:
            now = self._machine.monotonic()
            is_full = len(self._taken) == self._taken.maxlen
            if is_full and now - self._taken[0] <= WINDOW:
                return max(self._taken[0] + WINDOW - now, _SHORTEST_PAUSE)
            self._taken.append(now)
            return 0.0


class ReadQuotas:
    """One quota for each organiser."""

    def __init__(self, per_minute: int, machine: Machine) -> None:
        self._limits = (per_minute, machine)
        self._of: dict[str, ReadQuota] = {}
        self._lock = threading.Lock()

    def of(self, organiser: str) -> ReadQuota:
        """The organiser's quota."""
        with self._lock:
            return self._of.setdefault(organiser, ReadQuota(*self._limits))
