"""What something uses that Google counts, and sums of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

FREE_OF_CHARGE = frozenset({"rpcs", "api_calls"})


@dataclass(frozen=True, slots=True)
class Usage:
    """Counted operations, of one thing or of a month; fractions where it is the mean of several.

    `billed_ms` are milliseconds of one vCPU, `mib_ms` the same times the memory that is reserved. `rpcs` and `api_calls` cost
    nothing by themselves: each is time that a function waits.
    """

    calls: float = 0.0
    billed_ms: float = 0.0
    mib_ms: float = 0.0
    cpu_ms: float = 0.0
    reads: float = 0.0
    writes: float = 0.0
    deletes: float = 0.0
    rpcs: float = 0.0
    tasks: float = 0.0
    messages: float = 0.0
    api_calls: float = 0.0
    bytes_out: float = 0.0
    log_bytes: float = 0.0
    stored_bytes: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    def __sub__(self, other: "Usage") -> "Usage":
        """The rest, of which nothing is less than none."""
        return Usage(*(max(0.0, getattr(self, name) - getattr(other, name)) for name in NAMES))

    def __mul__(self, times: float) -> "Usage":
        return Usage(*(getattr(self, name) * times for name in NAMES))

    def told(self) -> dict[str, float]:
        """What is not zero, rounded, for a file."""
        return {name: round(value, 3) for name in NAMES if (value := getattr(self, name))}


NAMES = tuple(field.name for field in fields(Usage))


def total(usages: Iterable[Usage]) -> Usage:
    """The sum of these."""
    found = Usage()
    for each in usages:
        found += each
    return found


def usage_in(told: Mapping[str, float]) -> Usage:
    """What `Usage.told` wrote; raises `TypeError` for a name that it does not know."""
    return Usage(**told)
