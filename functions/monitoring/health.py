"""Whether the system is well, on the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

from functions.monitoring.live import Feed
from functions.monitoring.session import SyncState
from shared.domain.classes import ScheduledClass
from shared.domain.sessions import Session
from shared.usecases.watch_sessions import Watched
from shared.web.fields import Answer, Instant

TICK_IS_LATE = timedelta(minutes=5)
DATA_KEPT = timedelta(days=30)


class DueItem(Answer):
    """The class that has been due the longest, or is due next."""

    class_id: str
    due_at: Instant
    overdue_seconds: int


class UnsyncedClass(Answer):
    """A class that ended and was not read to the end; Google deletes its data 30 days after the meeting."""

    class_id: str
    session_id: str
    subject: str
    ended_at: Instant
    days_left: int
    sync: SyncState | None

    @classmethod
    def of(cls, held: ScheduledClass, session: Session | None, now: datetime) -> "UnsyncedClass":
        """The class as of `now`."""
        return cls(
            class_id=held.class_id,
            session_id=held.session_id,
            subject=held.subject,
            ended_at=held.end_at,
            days_left=max(0, (held.end_at + DATA_KEPT - now).days),
            sync=SyncState.of(session.sync) if session and session.sync else None,
        )


class HealthBody(Answer):
    """Whether the system is well. `status` is `late` when the monitor has not run for five minutes."""

    status: Literal["ok", "late"]
    checked_at: Instant
    last_tick_at: Instant | None
    last_tick: dict[str, int]
    oldest_due: DueItem | None
    feeds: dict[str, int]
    subscriptions: list[str]
    unsynced_classes: list[UnsyncedClass]

    @classmethod
    def of(
        cls,
        now: datetime,
        beat: tuple[datetime, Mapping[str, int]] | None,
        due: ScheduledClass | None,
        active: Sequence[Watched],
        unsynced: Sequence[UnsyncedClass],
    ) -> "HealthBody":
        """The state as of `now`: the last tick, what is due first, the classes that are on, those not read to the end."""
        item = None
        if due is not None and due.due_at is not None:
            overdue = max(0, int((now - due.due_at).total_seconds()))
            item = DueItem(class_id=due.class_id, due_at=due.due_at, overdue_seconds=overdue)
        return cls(
            status="ok" if beat and now - beat[0] < TICK_IS_LATE else "late",
            checked_at=now,
            last_tick_at=beat[0] if beat else None,
            last_tick=dict(beat[1]) if beat else {},
            oldest_due=item,
            feeds={kind: sum(1 for each in active if each.feed == kind) for kind in get_args(Feed)},
            subscriptions=[],
            unsynced_classes=list(unsynced),
        )
