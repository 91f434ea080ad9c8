"""Spend a shared quota a share at a time, so that most uses cost nothing and all instances together never exceed the limit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from shared.domain.errors import Unavailable
from shared.people_ports import Quotas
from shared.ports import Clock

WINDOW_SECONDS = 60
MOST_KEYS = 20_000
# After the store did not answer, this long nobody waits for it again just to be counted.
ALONE_SECONDS = 10


@dataclass(slots=True)
class _Share:
    """What this instance holds of one key's window."""

    ends_at: datetime
    left: int = 0
    used: int = 0
    is_spent: bool = False
    lock: Lock = field(default_factory=Lock)


class SpendQuota:
    """One for a process. A first share is a hundredth of the limit; then as much again as was used, up to a tenth.

    So somebody who asks a little of many instances is not refused for what lies unused with the others. While the store does
    not answer, each instance counts alone. `ticks` is a clock that never goes back, in seconds.
    """

    def __init__(self, quotas: Quotas, clock: Clock, ticks: Callable[[], float]) -> None:
        self._quotas, self._clock, self._ticks = quotas, clock, ticks
        self._lock = Lock()
        self._shares: dict[str, _Share] = {}
        self._alone_until = 0.0

    def __call__(self, key: str, limit: int) -> datetime | None:
        """Spend one use of `limit` a minute; None when it was there, else when there are new ones."""
        share, now = self._share_of(key)
        with share.lock:
            if not share.left and not share.is_spent:
                share.left = self._more(key, share, limit, now)
                share.is_spent = not share.left
            if share.is_spent:
                return share.ends_at
            share.left -= 1
            share.used += 1
            return None

    def _share_of(self, key: str) -> tuple[_Share, datetime]:
        with self._lock:
            now = self._clock()
            share = self._shares.get(key)
            if share is None or now >= share.ends_at:
                if len(self._shares) >= MOST_KEYS:
                    self._shares = {known: one for known, one in self._shares.items() if now < one.ends_at}
                if len(self._shares) >= MOST_KEYS:
                    self._shares.clear()
                share = self._shares[key] = _Share(_end_of_window(now))
            return share, now

    def _more(self, key: str, share: _Share, limit: int, now: datetime) -> int:
        """How many more uses there are: those that the store gives, or one at a time while it does not answer."""
        if self._ticks() >= self._alone_until:
            wanted = max(1, min(max(share.used, limit // 100), limit // 10))
            try:
                return self._quotas.take(key, wanted, limit, WINDOW_SECONDS, now).given
            except Unavailable:
                self._alone_until = self._ticks() + ALONE_SECONDS
        return 1 if share.used < limit else 0


def _end_of_window(now: datetime) -> datetime:
    into = timedelta(seconds=now.timestamp() % WINDOW_SECONDS)
    return now - into + timedelta(seconds=WINDOW_SECONDS)
