"""A machine whose clock moves only when somebody waits."""

import threading


class FakeMachine:
    """Seconds that pass by sleeping alone; safe for threads."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Seconds."""
        with self._lock:
            return self.now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds
