"""A fake of the port `Quotas`: counters in memory, which several instances may share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from shared.domain.errors import DomainError
from shared.people_ports import Grant


@dataclass
class MemoryQuotas:
    """The port `Quotas`; `trouble` is raised instead, `asked` counts the calls."""

    used: dict[tuple[str, int, int], int] = field(default_factory=dict)
    asked: int = 0
    trouble: DomainError | None = None
    lock: Lock = field(default_factory=Lock)

    def take(self, key: str, wanted: int, limit: int, window_s: int, now: datetime) -> Grant:
        """See the port."""
        with self.lock:
            self.asked += 1
            if self.trouble:
                raise self.trouble
            opened = int(now.timestamp()) // window_s * window_s
            used = self.used.get((key, window_s, opened), 0)
            given = max(0, min(wanted, limit - used))
            self.used[key, window_s, opened] = used + given
            return Grant(given, datetime.fromtimestamp(opened + window_s, UTC))
