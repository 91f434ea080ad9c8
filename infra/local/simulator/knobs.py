"""What the control path can turn: settings, planned failures, and the count of reads within the quota."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from infra.local.simulator.discovery import Method

QUOTA_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Knobs:
    """Settings. `latency_ms` delays each answer of Google's; `meet_quota_per_minute` None means no quota.

    `conference_pending_polls`: how many times an event is read before its Meet link is there; 0 makes it at once.
    `conference_outcome` failure makes no link at all. `domains` are one customer's; `admins` may use the admin's view
    and the audit log, whose rows appear `reports_lag_s` seconds after somebody left. `operation_pending_polls`: how many
    times an operation of Workspace Events is looked at before it is done; 0 does it at once.
    """

    latency_ms: int = 0
    meet_quota_per_minute: int | None = 600
    conference_pending_polls: int = 0
    conference_outcome: str = "success"
    domains: frozenset[str] = frozenset({"school.example", "orinex.co.uk"})
    admins: frozenset[str] = frozenset({"admin@school.example"})
    operation_pending_polls: int = 0
    reports_lag_s: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Planned failures of an API, of one method when `method` names it, `times` to come.

    With `is_after` the call is carried out first and only its answer is lost.
    """

    api: str
    method: str | None
    status: int
    times: int
    reason: str | None = None
    is_after: bool = False

    def hits(self, called: Method) -> bool:
        """Whether it is meant for this method: `events.insert`, or `insert` for short."""
        named = self.method is None or called.name == self.method or called.name.endswith(f".{self.method}")
        return called.api.value.title == self.api and named


@dataclass(slots=True)
class Failures:
    """The planned failures, the oldest first."""

    planned: list[Failure] = field(default_factory=list)

    def take(self, called: Method) -> Failure | None:
        """The failure that this call meets, counted down."""
        for at, failure in enumerate(self.planned):
            if failure.hits(called):
                left = replace(failure, times=failure.times - 1)
                self.planned[at : at + 1] = [left] if left.times else []
                return failure
        return None


@dataclass(slots=True)
class ReadCount:
    """Reads of the last minute by user."""

    _reads: dict[str, deque[datetime]] = field(default_factory=dict)

    def admits(self, subject: str, now: datetime, most: int | None) -> bool:
        """Count one more read, unless the user has made `most` in the last minute."""
        if most is None:
            return True
        reads = self._reads.setdefault(subject, deque())
        while reads and now - reads[0] >= QUOTA_WINDOW:
            reads.popleft()
        if len(reads) >= most:
            return False
        reads.append(now)
        return True
