"""What the adapters need of the machine that they run on."""

from typing import Protocol


class Machine(Protocol):
    """A clock that never goes back, and a way to wait. The module shared.system is one."""

    def monotonic(self) -> float:
        """Seconds since some instant in the past."""

    def sleep(self, seconds: float) -> None:
        """Wait for about `seconds`."""
