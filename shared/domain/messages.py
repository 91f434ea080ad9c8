"""Messages to the outside: what happened, to whom it is told, and how often that was tried.

An event becomes one delivery for each target. A delivery is told at least once; whoever receives it knows it again by its id,
which stays the same over all attempts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from shared.domain.ids import stable_id

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""How long after each failed attempt the next one is made; after the last there is none."""

LEASE = timedelta(minutes=3)
"""How long an attempt has the delivery to itself: longer than any attempt lasts."""

EARLY = timedelta(seconds=2)
"""How far the clocks of two machines may be apart."""

LONGEST_TEXT = 500
BROKEN_OFF = "The last attempt was broken off."


class EventType(StrEnum):
    """What happened, as it is written on the wire."""

    SETTLED = "attendance.settled"
    WARNING_RAISED = "attendance.warning.raised"
    WARNING_ENDED = "attendance.warning.ended"
    TEACHER_MISSING = "class.teacher_missing"
    CARDS_OPEN = "review.cards_open"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_CANCELLED = "invoice.cancelled"
    INVOICE_OVERDUE = "invoice.overdue"
    PAYMENT_ORDER_ISSUED = "payment_order.issued"
    PAYMENT_ORDER_CANCELLED = "payment_order.cancelled"
    PAYMENT_RECORDED = "payment.recorded"


class OutboxKind(StrEnum):
    """What there is for the outside: of a session, or of the books."""

    SETTLED = "settled"
    TEACHER_MISSING = "teacher_missing"
    DOCUMENT_ISSUED = "document_issued"
    PAYMENT_RECORDED = "payment_recorded"

    @property
    def is_of_money(self) -> bool:
        """Whether it is about the books, and about no session."""
        return self in (OutboxKind.DOCUMENT_ISSUED, OutboxKind.PAYMENT_RECORDED)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A note, stored with what it is about in one commit, that somebody outside may have to be told of it from `due_at` on.

    `about` is the id of what it is about: a session, a document or a payment, as its kind says. `class_id` is the session's.
    """

    kind: OutboxKind
    about: str
    due_at: datetime
    class_id: str | None = None

    @property
    def row_id(self) -> str:
        """A function of what it says: noted twice it is one, and each settling of a session is one of its own."""
        return stable_id("outbox", self.kind, self.about, self.due_at.isoformat())


class Way(StrEnum):
    """How a message goes out."""

    WEBHOOK = "webhook"
    EMAIL = "email"


class DeliveryState(StrEnum):
    """Whether it was told: not yet, yes, given up, or true no more before it could be told."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Message:
    """One event. `about` names what happened, once for all; `people` are the addresses of those whom `data` tells of."""

    event: EventType
    about: str
    at: datetime
    data: Mapping[str, object]
    people: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The event as JSON text; long texts are cut, so that it stays far below 20 KB."""
        data = {name: value[:LONGEST_TEXT] if isinstance(value, str) else value for name, value in self.data.items()}
        told = {"type": self.event.value, "timestamp": wire_time(self.at), "data": data}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one target. `target` is an e-mail address, or the name of a webhook's address (`target_of`).

    `attempts` counts those that were begun. `next_at` is when the next one may begin; None when there will be none.
    `last_error` is in words of ours and holds no secret. `closed_at` is when it was sent, given up or dropped.
    """

    delivery_id: str
    way: Way
    target: str
    event: EventType
    body: str
    created_at: datetime
    people: tuple[str, ...] = ()
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_at: datetime | None = None
    last_error: str | None = None
    closed_at: datetime | None = None
    rev: int = 1

    def is_due(self, now: datetime) -> bool:
        """Whether an attempt may begin."""
        return self.state is DeliveryState.PENDING and self.next_at is not None and self.next_at <= now + EARLY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: no `trouble` when it was told; `is_final` when another attempt would not help."""

    trouble: str | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom events go: the names of the webhooks' addresses, and whether there is a way to send e-mail."""

    webhooks: tuple[str, ...] = ()
    has_mail: bool = False

    def deliveries(self, message: Message, mail_to: Sequence[str] = ()) -> tuple[Delivery, ...]:
        """One delivery of the message for each target, to be tried at once."""
        targets = [(Way.WEBHOOK, name) for name in self.webhooks]
        if self.has_mail:
            targets += [(Way.EMAIL, address) for address in dict.fromkeys(mail_to)]
        return tuple(
            Delivery(
                delivery_id=stable_id("delivery", message.event, message.about, way, target),
                way=way,
                target=target,
                event=message.event,
                body=message.body,
                created_at=message.at,
                people=tuple(dict.fromkeys((*message.people, *((target,) if way is Way.EMAIL else ())))),
                next_at=message.at,
            )
            for way, target in targets
        )


def target_of(url: str) -> str:
    """The name of a webhook's address that may be stored and shown: its path and query may hold a secret and are left out."""
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        origin = "not an address"
    return f"{origin}/#{stable_id('target', url)[:12]}"


def wire_time(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery while an attempt is made; should nothing more be heard of it, the next one may begin after the lease."""
    if delivery.attempts > len(RETRIES):
        return _closed(delivery, DeliveryState.DEAD, now)
    return replace(delivery, attempts=delivery.attempts + 1, next_at=now + LEASE, last_error=BROKEN_OFF, rev=delivery.rev + 1)


def attempted(delivery: Delivery, outcome: Outcome, now: datetime) -> Delivery:
    """The delivery after the attempt that claimed it: sent, to be tried again, or given up."""
    if outcome.trouble is None:
        return _closed(replace(delivery, last_error=None), DeliveryState.SENT, now)
    delivery = replace(delivery, last_error=outcome.trouble)
    if outcome.is_final or delivery.attempts > len(RETRIES):
        return _closed(delivery, DeliveryState.DEAD, now)
    return replace(delivery, next_at=now + RETRIES[delivery.attempts - 1], rev=delivery.rev + 1)


def dropped(delivery: Delivery, why: str, now: datetime) -> Delivery:
    """The delivery that is not to be told any more, because what it says is true no more."""
    return _closed(replace(delivery, last_error=why), DeliveryState.DROPPED, now)


def _closed(delivery: Delivery, state: DeliveryState, now: datetime) -> Delivery:
    return replace(delivery, state=state, next_at=None, closed_at=now, rev=delivery.rev + 1)
