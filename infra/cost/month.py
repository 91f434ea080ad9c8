"""A month's usage and its price, item by item, from what was measured and what somebody plans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from infra.cost.prices import DAYS, GIB, HOURS, Price
from infra.cost.usage import Usage, total

TICKS, HOUSEKEEPINGS = DAYS * 24 * 30, DAYS * 24 * 6
MESSAGE_BYTES = 2048.0
"""What a pushed event is billed as: a little over Pub/Sub's least, when it is published and again when it is pushed."""
REQUEST_LOG_BYTES = 900.0
"""What Cloud Run itself writes about each request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody plans for a month. Hours are of a month too.

    `viewer_hours` are hours of one open dashboard, `live_hours` those in which anybody is connected to the gateway: a socket is a
    request that lasts, so the gateway is billed while there is one. `starts` is how often a function's instance starts in a day.
    """

    classes: int = 1000
    students: int = 20
    minutes: int = 60
    viewer_hours: float = 200.0
    pages: int = 2000
    live_hours: float = 220.0
    months_kept: int = 12
    verify_seconds: int = 300
    starts: int = 20


@dataclass(frozen=True, slots=True)
class Deployed:
    """What is deployed: functions with what of it Google counts, from the functions' own tables."""

    functions: int
    jobs: int
    secrets: int
    secret_references: int
    gateway_mib: int
    waiting_mib: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill: `amount` of `unit`, what of it is free, and what the rest costs in US dollars."""

    name: str
    amount: float
    unit: str
    free: float
    usd: float
    usd_without_free: float
    source: str
    is_read: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A priced month. `parts` is the usage by what it comes from."""

    items: tuple[Item, ...]
    parts: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def usd(self) -> float:
        """All of it, after the free tier."""
        return sum(item.usd for item in self.items)

    @property
    def usd_without_free(self) -> float:
        """All of it where others use up the free tier."""
        return sum(item.usd_without_free for item in self.items)


def usage_of(plan: Plan, per: Mapping[str, Usage]) -> dict[str, Usage]:
    """The month's usage by what it comes from. A poll reads each class that is on, so it grows with how many are at once."""
    looks = plan.classes * plan.minutes * 60 / plan.verify_seconds
    polls = plan.viewer_hours * 3600 / 10
    at_once = max(1.0, plan.classes * plan.minutes / 60 / max(plan.live_hours, 1.0))
    return {
        "classes": per["class"] * plan.classes + per["student"] * (plan.classes * plan.students),
        "looks into meetings": per["look"] * looks + per["look_student"] * (looks * plan.students),
        "the clock": per["tick"] * TICKS + per["housekeeping"] * HOUSEKEEPINGS,
        "dashboards": per["page"] * plan.pages + _wider(per["poll"], at_once) * polls,
        "bills": per["line"] * (plan.classes * plan.students),
    }


def price(plan: Plan, per: Mapping[str, Usage], deployed: Deployed, prices: Mapping[str, Price]) -> Month:
    """The bill of a month."""
    parts = usage_of(plan, per)
    return Month(tuple(_items(plan, total(parts.values()), deployed, prices)), parts)


def _items(plan: Plan, used: Usage, deployed: Deployed, prices: Mapping[str, Price]) -> Iterator[Item]:
    def item(name: str, key: str, amount: float, unit: str, why: str = "") -> Item:
        found, whole = prices[key], prices[key].of(amount, is_free=False)
        return Item(name, amount, unit, min(amount, found.free), found.of(amount), whole, found.source, found.is_read, why)

    yield item("Firestore reads", "reads", used.reads, "documents")
    yield item("Firestore writes", "writes", used.writes, "documents")
    yield item("Firestore deletes", "deletes", used.deletes, "documents")
    gib, live = used.stored_bytes * plan.months_kept / GIB, plan.live_hours * 3600
    yield item("Firestore storage", "stored_gib", gib, "GiB", f"what {plan.months_kept} such months leave, with index entries")
    yield item("Point-in-time recovery", "pitr_gib", gib, "GiB", "at most as much again")
    yield item("Backups", "backup_gib", gib * (7 + 8), "GiB", "7 daily and 8 weekly ones, each whole")
    yield item("Function calls", "requests", used.calls, "calls")
    yield item("Function CPU", "vcpu_seconds", used.billed_ms / 1000, "vCPU s", "each call rounded up to 100 ms")
    yield item("Function memory", "gib_seconds", used.mib_ms / 1000 / 1024, "GiB s")
    why = "one instance while anybody is connected"
    yield _beyond("Gateway CPU", prices["vcpu_seconds"], used.billed_ms / 1000, live, "vCPU s", why)
    memory = live * deployed.gateway_mib / 1024
    yield _beyond("Gateway memory", prices["gib_seconds"], used.mib_ms / 1000 / 1024, memory, "GiB s", why)
    waiting = len(deployed.waiting_mib) * HOURS * 3600
    yield item("Waiting instances, CPU", "idle_vcpu_seconds", waiting, "vCPU s", f"min_instances of {len(deployed.waiting_mib)}")
    yield item("Waiting instances, memory", "idle_gib_seconds", sum(deployed.waiting_mib) / 1024 * HOURS * 3600, "GiB s")
    yield item("Load balancer", "edge_hours", HOURS, "hours", "the one public address; two rules")
    yield item("Load balancer, data", "edge_gib", used.bytes_out / GIB, "GiB")
    yield item("Tasks", "tasks", used.tasks * 2, "operations", "each is made and delivered")
    yield item("Scheduler jobs", "jobs", deployed.jobs, "jobs")
    yield item("Pub/Sub", "message_gib", used.messages * MESSAGE_BYTES * 2 / GIB, "GiB", "Meet's events")
    yield item("Traffic out", "egress_gib", used.bytes_out / GIB, "GiB")
    yield item("Logs", "log_gib", (used.log_bytes + used.calls * REQUEST_LOG_BYTES) / GIB, "GiB")
    yield item("Secrets kept", "secret_versions", deployed.secrets, "versions")
    yield item(
        "Secrets read", "secret_accesses", deployed.secret_references * plan.starts * DAYS, "accesses", "at each instance's start"
    )


def _beyond(name: str, price: Price, before: float, amount: float, unit: str, why: str) -> Item:
    """A second item of one price: the free tier is what the first one left of it."""
    left = max(0.0, price.free - before)
    usd = max(0.0, amount - left) / price.unit * price.usd
    return Item(name, amount, unit, min(amount, left), usd, amount / price.unit * price.usd, price.source, price.is_read, why)


def _wider(poll: Usage, classes: float) -> Usage:
    """A poll while so many classes are on."""
    return replace(poll, reads=poll.reads * classes, bytes_out=poll.bytes_out * classes)
