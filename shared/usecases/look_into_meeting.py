"""Looking into a meeting while it is on: the gaps of its feed are filled from Meet's own records."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.classes import ScheduledClass, Status, looked, with_due
from shared.domain.errors import DomainError
from shared.domain.feeds import Feed, is_doubtful
from shared.ports import Classes, Clock
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.sync_meeting import SyncMeeting
from shared.usecases.watch_sessions import Watched, WatchSessions

EARLY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look: the feed that was found, whether the meeting was read, and when it is looked into next."""

    feed: Feed
    is_read: bool
    next_at: datetime | None
    trouble: DomainError | None = None


@dataclass(frozen=True)
class LookIntoMeeting:
    """Read the meeting of a class that is on where its feed is not live; where it is, make sure of it every so often.

    Each look plans the next one. A task that comes twice finds the next look planned already, and a lost one is found by the
    tick. A meeting that cannot be read now is looked into again all the same.
    """

    classes: Classes
    watch: WatchSessions
    sync: SyncMeeting
    plan: PlanTasks
    clock: Clock
    poll_every: timedelta
    verify_every: timedelta

    def __call__(self, class_id: str) -> Look | None:
        """Look once; None when there is nothing to look into, or not yet. Raises `NotFound`."""
        held, now = self.classes.get(class_id), self.clock()
        if held.status is not Status.ACTIVE or held.look_at is None or held.look_at > now + EARLY:
            return None
        watched = self.watch.one(held.session_id)
        report = watched.session.sync if watched.session else None
        is_old = report is None or now - report.read_at >= self.verify_every - EARLY
        is_read = is_old or not self._is_sure(watched)
        trouble = None
        if is_read:
            try:
                self.sync(class_id)
                watched = self.watch.one(held.session_id)
            except DomainError as refused:
                trouble = refused
        after = self._planned(held, self.clock() + (self.verify_every if self._is_sure(watched) else self.poll_every))
        return Look(watched.feed, is_read, after.look_at, trouble)

    def _is_sure(self, watched: Watched) -> bool:
        """Whether the feed is live and nothing speaks against it, not even something that may still be on its way."""
        return watched.feed is Feed.LIVE and not (watched.session and is_doubtful(watched.held, watched.session))

    def _planned(self, held: ScheduledClass, next_at: datetime) -> ScheduledClass:
        """The class with its next look planned; of two looks at once only the first plans one."""
        looked_at = held.look_at

        def rule(booked: ScheduledClass) -> ScheduledClass:
            if booked.look_at != looked_at:
                return booked
            after = looked(booked, next_at)
            return booked if after is booked else with_due(after, self.plan.delays)

        after = self.classes.amend(held.class_id, rule)
        if after.look_at == next_at:
            self.plan([(held, after)])
        return after
