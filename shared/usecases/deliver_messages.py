"""Telling the outside: putting messages into the queue, trying them, and finding those that the queue lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.delivery_ports import Deliveries, Outgoing
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.ids import stable_id
from shared.domain.messages import Delivery, DeliveryState, Outcome, Way, attempted, claimed, dropped
from shared.ports import Clock, PlannedTask, TaskKind, Tasks, Versioned

SERVICE = "Outgoing webhook"
GIVEN_UP = "A message could not be delivered"
AT_ONCE = 200
# What is due has its task; only what is over it for longer has lost it.
OVERDUE = timedelta(minutes=1)
SLOT_MINUTES = 5

Notice = Callable[[str, str, UpstreamRefused | None], None]
"""Told of a service's refusal of a subject, or with None that it works."""


def never_moot(_: Delivery) -> str | None:
    """What happened stays true, so that it is told however late."""
    return None


@dataclass(frozen=True)
class DeliverMessages:
    """Try deliveries, each when it is due, and plan the next attempt. `ways` are those that are configured.

    `why_moot` is asked before each attempt whether the message is true no more; then it is dropped.

    Before anything is sent the attempt is noted, so that a process that dies costs an attempt and never repeats without end.
    """

    deliveries: Deliveries
    ways: Mapping[Way, Outgoing]
    tasks: Tasks
    notice: Notice
    clock: Clock
    why_moot: Callable[[Delivery], str | None] = never_moot

    def __call__(self) -> dict[str, int]:
        """Put what is overdue into the queue again; answers with counts. Raises `Unavailable` when the queue is away.

        `deliveries_dead` counts those that were given up and are kept, up to 200.
        """
        now = self.clock()
        overdue = self.deliveries.due(now - OVERDUE, AT_ONCE)
        if overdue:
            slot = now.replace(minute=now.minute // SLOT_MINUTES * SLOT_MINUTES, second=0, microsecond=0).isoformat()
            self.tasks.enqueue([_task(each, now, slot) for each in overdue])
        dead = self.deliveries.page(DeliveryState.DEAD, AT_ONCE, None).items
        return {"deliveries_overdue": len(overdue), "deliveries_dead": len(dead)}

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        """Put the next attempts into the queue; where it does not answer, the timer does it later."""
        tasks = [_task(each, each.next_at) for each in deliveries if each.next_at is not None]
        if not tasks:
            return
        try:
            self.tasks.enqueue(tasks)
        except Unavailable:
            return

    def one(self, delivery_id: str) -> Delivery | None:
        """Try one delivery if it is due; the delivery as it is then, None when there is none."""
        before = self.deliveries.get(delivery_id)
        if before is None or not before.value.is_due(self.clock()):
            return before.value if before else None
        if (why := self.why_moot(before.value)) is not None:
            after = self.deliveries.save(before, dropped(before.value, why, self.clock()))
            return after.value if after else before.value
        begun = self.deliveries.save(before, claimed(before.value, self.clock()))
        if begun is None:
            return before.value
        if begun.value.state is DeliveryState.PENDING:
            return self._tried(begun)
        self._tell(begun.value)
        return begun.value

    def _tried(self, begun: Versioned[Delivery]) -> Delivery:
        way = self.ways.get(begun.value.way)
        if way is None:
            outcome = Outcome("This way of sending is not configured any more: see OUTGOING_WEBHOOK_URLS and SMTP_URL.")
        else:
            outcome = way.send(begun.value, self.clock())
        after = attempted(begun.value, outcome, self.clock())
        if self.deliveries.save(begun, after) is None:
            return begun.value
        self.plan([after])
        self._tell(after)
        return after

    def _tell(self, after: Delivery) -> None:
        """Note on the page of connections that a webhook's receiver fails us, or that it works."""
        if after.way is not Way.WEBHOOK or after.state is DeliveryState.PENDING:
            return
        remedy = f"{after.last_error} It was tried {after.attempts} times; see to the receiver, the next message will be tried."
        refusal = None if after.state is DeliveryState.SENT else UpstreamRefused(GIVEN_UP, remedy)
        self.notice(SERVICE, after.target, refusal)


def _task(delivery: Delivery, at: datetime, again: str = "") -> PlannedTask:
    """The task of the delivery's next attempt; `again` tells a repeated one from the one that was lost."""
    name = stable_id("deliver", delivery.delivery_id, str(delivery.attempts), again)
    return PlannedTask(TaskKind.DELIVER, delivery.delivery_id, at, name)
