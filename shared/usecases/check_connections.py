"""Asking again the services that refused us: whoever mended something should see it, without waiting for the next class."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.errors import DomainError, UpstreamRefused
from shared.ports import Clock, Connections

AGAIN_AFTER = timedelta(minutes=5)
AT_ONCE = 20

Probe = Callable[[str, str], None]
"""Makes the cheapest call of a service (by its title) as a subject; raises what the call raises."""


@dataclass(frozen=True)
class CheckConnections:
    """Try each refusal that stands; one that is mended is forgotten, one that is not is noted with its present words."""

    connections: Connections
    probe: Probe
    clock: Clock

    def __call__(self) -> dict[str, int]:
        """Try those that were not seen for five minutes, the longest standing first; answers with counts."""
        now = self.clock()
        standing = [each for each in self.connections.troubles() if now - each.seen_at >= AGAIN_AFTER]
        mended = 0
        for each in sorted(standing, key=lambda one: one.seen_at)[:AT_ONCE]:
            try:
                self.probe(each.service, each.subject)
            except UpstreamRefused as refusal:
                self.connections.refused(each.service, each.subject, refusal.title, refusal.detail, now)
            except DomainError:
                continue
            else:
                self.connections.works(each.service, each.subject)
                mended += 1
        return {"connections_checked": min(len(standing), AT_ONCE), "connections_mended": mended}
