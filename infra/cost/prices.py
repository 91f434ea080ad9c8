"""What Google asks, in US dollars, one line for each thing that is counted. Look again before you rely on it.

The free tier is given each day for Firestore's operations (here as if all days were alike) and each month for the rest. It is the
account's or the database's, not ours: who uses it up elsewhere pays from the first on. `Price.is_read` is false where Google's
page could not be read on the day and the price is what was known of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

READ_ON = "2026-11-21"
DAYS = 30
GIB = 2**30
HOURS = 730.0


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for each `unit` of something, after `free` of it in a month. `source` is where Google says so."""

    usd: float
    unit: float
    free: float
    source: str
    is_read: bool = True

    def of(self, amount: float, *, is_free: bool = True) -> float:
        """What so much of it costs in a month."""
        return max(0.0, amount - (self.free if is_free else 0.0)) / self.unit * self.usd


FIRESTORE = "https://cloud.google.com/firestore/pricing"
RUN = "https://cloud.google.com/run/pricing"
NETWORK = "https://cloud.google.com/vpc/network-pricing"
BALANCER = "https://cloud.google.com/load-balancing/pricing"
SECRETS = "https://cloud.google.com/secret-manager/pricing"

_EVERYWHERE: dict[str, Price] = {
    "requests": Price(0.40, 1e6, 2e6, RUN),
    "vcpu_seconds": Price(0.000024, 1, 180_000, RUN),
    "gib_seconds": Price(0.0000025, 1, 360_000, RUN),
    # An instance that is kept waiting is billed less for its CPU, and nothing of it is free.
    "idle_vcpu_seconds": Price(0.0000025, 1, 0, RUN, is_read=False),
    "idle_gib_seconds": Price(0.0000025, 1, 0, RUN, is_read=False),
    # Up to five forwarding rules together.
    "edge_hours": Price(0.025, 1, 0, BALANCER, is_read=False),
    "edge_gib": Price(0.008, 1, 0, BALANCER, is_read=False),
    "tasks": Price(0.40, 1e6, 1e6, "https://cloud.google.com/tasks/pricing", is_read=False),
    "jobs": Price(0.10, 1, 3, "https://cloud.google.com/scheduler/pricing"),
    "message_gib": Price(40.0 / 1024, 1, 10, "https://cloud.google.com/pubsub/pricing", is_read=False),
    "egress_gib": Price(0.12, 1, 1, NETWORK),
    "log_gib": Price(0.50, 1, 50, "https://cloud.google.com/products/observability/pricing", is_read=False),
    "secret_versions": Price(0.06, 1, 6, SECRETS),
    "secret_accesses": Price(0.03, 10_000, 10_000, SECRETS),
}


def _firestore(read: float, write: float, delete: float, storage: float, *, is_read: bool = True) -> dict[str, Price]:
    return {
        "reads": Price(read, 100_000, 50_000 * DAYS, FIRESTORE, is_read),
        "writes": Price(write, 100_000, 20_000 * DAYS, FIRESTORE, is_read),
        "deletes": Price(delete, 100_000, 20_000 * DAYS, FIRESTORE, is_read),
        "stored_gib": Price(storage, 1, 1, FIRESTORE, is_read),
        "pitr_gib": Price(storage, 1, 0, FIRESTORE, is_read=False),
        "backup_gib": Price(storage / 5, 1, 0, FIRESTORE, is_read=False),
    }


# Where the database is: one region, or several of a continent. Functions are in Google's first tier of regions in each case. What
# europe-west1 asks was not to be read; it lies between the cheapest region and its continent's, so the dearer one is taken.
REGIONS: Mapping[str, Mapping[str, Price]] = {
    "europe-west1": _EVERYWHERE | _firestore(0.06, 0.18, 0.02, 0.18, is_read=False),
    "eur3": _EVERYWHERE | _firestore(0.06, 0.18, 0.02, 0.18),
    "nam5": _EVERYWHERE | _firestore(0.06, 0.18, 0.02, 0.18),
    "us-central1": _EVERYWHERE | _firestore(0.03, 0.09, 0.01, 0.15),
}
