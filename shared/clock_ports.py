"""The port of the clock: the jobs of Cloud Scheduler that call us, how they stand, and letting them rest for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class JobState(StrEnum):
    """How a job stands. `FAILING` runs, and its last attempt went wrong; `UNKNOWN` means that nobody could be asked."""

    ENABLED = "enabled"
    FAILING = "failing"
    PAUSED = "paused"
    DISABLED = "disabled"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class JobLook:
    """What was found out about a job: its last attempt and what that came to, its next run, and what a person can do.

    `last_outcome` is `ok`, or the word of the error; None where it has never run or nobody could be asked. `remedy` is None
    where nothing has to be done.
    """

    name: str
    state: JobState
    last_attempt_at: datetime | None = None
    last_outcome: str | None = None
    next_run_at: datetime | None = None
    remedy: str | None = None


class ClockJobs(Protocol):
    """The jobs of the clock."""

    def look(self, job: str) -> JobLook:
        """How a job stands, by its full name. Never raises: what cannot be found out is told as unknown, with the reason."""
