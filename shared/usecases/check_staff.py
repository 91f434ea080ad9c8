"""Making sure, some minutes after a class began, that somebody came to teach it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.delivery_ports import Outbox
from shared.domain.classes import Provider, ScheduledClass, StaffCheck, Status, staff_checked, with_due
from shared.domain.errors import DomainError, Unavailable
from shared.domain.feeds import Feed
from shared.domain.ids import stable_id
from shared.domain.messages import OutboxKind, OutboxRow
from shared.domain.staff import staff_check
from shared.ports import Classes, Clock, PlannedTask, TaskKind, Tasks
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.sync_meeting import SyncMeeting
from shared.usecases.watch_sessions import WatchSessions

EARLY = timedelta(seconds=5)
AGAIN = timedelta(minutes=3)


@dataclass(frozen=True)
class CheckStaff:
    """Say whether a teacher, a co-teacher or a substitute has come, and report when nobody has.

    Where the live feed cannot tell, Meet's own records are read first. Where they cannot either, it is checked again: a false
    alarm is worse than a late one. The report is stored before the class says that it was checked, so that it is never lost;
    it is the same report however often it is made. Whoever is to be told is told at once; where the queue does not answer,
    by the timer.
    """

    classes: Classes
    watch: WatchSessions
    sync: SyncMeeting
    plan: PlanTasks
    outbox: Outbox
    tasks: Tasks
    clock: Clock

    def __call__(self, class_id: str) -> StaffCheck | None:
        """What was found; None when there is nothing to check, or not yet. Raises `NotFound`."""
        held, now = self.classes.get(class_id), self.clock()
        if held.status is not Status.ACTIVE or held.staff_check_at is None or held.staff_check_at > now + EARLY:
            return None
        found = self._found(held)
        if found is StaffCheck.MISSING:
            self._report(OutboxRow(OutboxKind.TEACHER_MISSING, held.session_id, held.start_at, held.class_id), now)
        due_at = held.staff_check_at
        again_at = now + AGAIN if found is StaffCheck.UNKNOWN and now + AGAIN < held.end_at else None

        def rule(booked: ScheduledClass) -> ScheduledClass:
            if booked.staff_check_at != due_at:
                return booked
            after = staff_checked(booked, found, again_at)
            return booked if after is booked else with_due(after, self.plan.delays)

        after = self.classes.amend(class_id, rule)
        self.plan([(held, after)])
        return found

    def _report(self, row: OutboxRow, now: datetime) -> None:
        self.outbox.add([row])
        with suppress(Unavailable):
            self.tasks.enqueue([PlannedTask(TaskKind.TELL, row.row_id, now, stable_id("tell", row.row_id))])

    def _found(self, held: ScheduledClass) -> StaffCheck:
        watched = self.watch.one(held.session_id)
        found = staff_check(watched.rows, watched.feed)
        if found is StaffCheck.THERE or held.provider is not Provider.GOOGLE_MEET:
            return found
        try:
            self.sync(held.class_id)
        except DomainError:
            return found if watched.feed is Feed.LIVE else StaffCheck.UNKNOWN
        watched = self.watch.one(held.session_id)
        return staff_check(watched.rows, watched.feed)
