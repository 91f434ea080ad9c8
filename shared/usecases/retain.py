"""Deleting what has outlived the time that it is kept for."""

from dataclasses import dataclass

from shared.people_ports import Expired
from shared.ports import Clock

LIMIT = 300


@dataclass(frozen=True, slots=True)
class Retain:
    """One bounded run of retention, a job for housekeeping; what is left over goes at the next one."""

    expired: Expired
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """Delete some of each kind; answers with counts under `expired_<kind>`."""
        return {f"expired_{kind}": count for kind, count in self.expired.sweep(self.clock(), LIMIT).items()}
