"""Fakes of what tells the outside: warnings, the outbox, deliveries, a way of sending."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.delivery_ports import WarningFilter
from shared.domain.errors import NotFound
from shared.domain.messages import Delivery, DeliveryState, OutboxRow, Outcome
from shared.domain.warnings import AttendanceWarning
from shared.ports import Page, Versioned


@dataclass
class MemoryOutbox:
    """The port `Outbox`."""

    rows: dict[str, OutboxRow] = field(default_factory=dict)

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """See the port."""
        self.rows |= {row.row_id: row for row in rows}

    def due(self, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """See the port."""
        found = [row for row in self.rows.values() if row.due_at <= now]
        return tuple(sorted(found, key=lambda row: row.due_at)[:limit])

    def done(self, rows: Sequence[OutboxRow]) -> None:
        """See the port."""
        for row in rows:
            self.rows.pop(row.row_id, None)


@dataclass
class MemoryDeliveries:
    """The port `Deliveries`."""

    kept: dict[str, Versioned[Delivery]] = field(default_factory=dict)
    writes: int = 0

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """See the port."""
        for each in deliveries:
            if each.delivery_id not in self.kept:
                self._put(each)

    def get(self, delivery_id: str) -> Versioned[Delivery] | None:
        """See the port."""
        return self.kept.get(delivery_id)

    def due(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """See the port."""
        found = [each.value for each in self.kept.values() if each.value.next_at is not None and each.value.next_at <= now]
        return tuple(sorted(found, key=lambda each: each.next_at or now)[:limit])

    def page(self, state: DeliveryState | None, limit: int, token: str | None) -> Page[Delivery]:
        """See the port."""
        found = sorted(
            (each.value for each in self.kept.values() if state in (None, each.value.state)),
            key=lambda each: (each.created_at, each.delivery_id),
            reverse=True,
        )
        rest = found[_after([each.delivery_id for each in found], token) :]
        return Page(tuple(rest[:limit]), rest[limit - 1].delivery_id if len(rest) > limit else None)

    def save(self, before: Versioned[Delivery], after: Delivery) -> Versioned[Delivery] | None:
        """See the port."""
        stored = self.kept.get(after.delivery_id)
        if stored is None or stored.version != before.version:
            return stored if stored is not None and stored.value == after else None
        return self._put(after)

    def _put(self, delivery: Delivery) -> Versioned[Delivery]:
        self.writes += 1
        self.kept[delivery.delivery_id] = Versioned(delivery, self.writes)
        return self.kept[delivery.delivery_id]


@dataclass
class MemoryWarnings:
    """The port `Warnings`; what tells of them goes into `deliveries`."""

    deliveries: MemoryDeliveries = field(default_factory=MemoryDeliveries)
    kept: dict[str, Versioned[AttendanceWarning]] = field(default_factory=dict)
    writes: int = 0

    def of_student(self, student_email: str, course_id: str) -> tuple[Versioned[AttendanceWarning], ...]:
        """See the port."""
        wanted = (student_email, course_id)
        return tuple(each for each in self.kept.values() if (each.value.student_email, each.value.course_id) == wanted)

    def page(self, wanted: WarningFilter, limit: int, token: str | None) -> Page[AttendanceWarning]:
        """See the port."""
        found = sorted(
            (
                each.value
                for each in self.kept.values()
                if wanted.student_email in (None, each.value.student_email)
                and wanted.course_id in (None, each.value.course_id)
                and wanted.teacher_email in (None, each.value.teacher_email)
                and wanted.is_standing in (None, each.value.is_standing)
            ),
            key=lambda each: (each.raised_at, each.warning_id),
            reverse=True,
        )
        rest = found[_after([each.warning_id for each in found], token) :]
        return Page(tuple(rest[:limit]), rest[limit - 1].warning_id if len(rest) > limit else None)

    def store(
        self, changes: Sequence[tuple[Versioned[AttendanceWarning] | None, AttendanceWarning]], deliveries: Sequence[Delivery]
    ) -> bool:
        """See the port."""
        stored = [self.kept.get(after.warning_id) for _, after in changes]
        versions = [(each.version if each else None) for each in stored]
        if versions != [(before.version if before else None) for before, _ in changes]:
            return all(each is not None and each.value == after for each, (_, after) in zip(stored, changes, strict=True))
        for _, after in changes:
            self.writes += 1
            self.kept[after.warning_id] = Versioned(after, self.writes)
        self.deliveries.add(deliveries)
        return True


def _after(ids: list[str], token: str | None) -> int:
    if token is not None and token not in ids:
        raise NotFound("No such page.")
    return 0 if token is None else ids.index(token) + 1


@dataclass
class FakeOutgoing:
    """The port `Outgoing`: the outcomes that a test put there in turn, the last one for ever."""

    outcomes: list[Outcome] = field(default_factory=lambda: [Outcome()])
    tried: list[tuple[Delivery, datetime]] = field(default_factory=list)

    def send(self, delivery: Delivery, now: datetime) -> Outcome:
        """See the port."""
        self.tried.append((delivery, now))
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
