"""Ports about telling the outside: standing warnings, the outbox, and messages on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.messages import Delivery, DeliveryState, OutboxRow, Outcome
from shared.domain.warnings import AttendanceWarning
from shared.ports import Page, Versioned


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """Which warnings a list holds; None does not filter."""

    student_email: str | None = None
    course_id: str | None = None
    teacher_email: str | None = None
    is_standing: bool | None = None


class Warnings(Protocol):
    """The warnings that were raised, standing and ended."""

    def of_student(self, student_email: str, course_id: str) -> tuple[Versioned[AttendanceWarning], ...]:
        """Every warning about one student in one course."""

    def page(self, wanted: WarningFilter, limit: int, token: str | None) -> Page[AttendanceWarning]:
        """One page of warnings, the last raised first. Raises `NotFound` for a foreign token."""

    def store(
        self, changes: Sequence[tuple[Versioned[AttendanceWarning] | None, AttendanceWarning]], deliveries: Sequence[Delivery]
    ) -> bool:
        """Store new and changed warnings and what tells of them in one commit; False when somebody else changed one of them.

        A delivery that is there already stays as it is.
        """


class Outbox(Protocol):
    """What there is for the outside and nobody was told of yet.

    The rows of a session, of an issued document and of a payment are stored in the commit of what they are about.
    """

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """Store rows in one commit; one that is there already is fine."""

    def due(self, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """The rows that are due by `now`, the oldest first."""

    def done(self, rows: Sequence[OutboxRow]) -> None:
        """Forget rows; one that is gone already is fine."""


class Deliveries(Protocol):
    """The messages to the outside."""

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries in one commit; one that is there already stays as it is. Raises `Stale` or `Unavailable`."""

    def get(self, delivery_id: str) -> Versioned[Delivery] | None:
        """One delivery."""

    def due(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """The deliveries whose next attempt was due by `now`, the longest due first."""

    def page(self, state: DeliveryState | None, limit: int, token: str | None) -> Page[Delivery]:
        """One page of deliveries, the newest first. Raises `NotFound` for a foreign token."""

    def save(self, before: Versioned[Delivery], after: Delivery) -> Versioned[Delivery] | None:
        """Store a delivery that nobody else changed, and answer with its version; None when somebody did."""


class Outgoing(Protocol):
    """One way of sending."""

    def send(self, delivery: Delivery, now: datetime) -> Outcome:
        """Try once to tell the delivery's target; what goes wrong is an outcome, never an exception."""
