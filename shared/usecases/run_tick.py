"""One run of the monitor: whatever is due is done, whatever was left undone is repaired."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from shared.domain.classes import STAFF_WAIT, ScheduledClass, Status
from shared.domain.errors import DomainError
from shared.domain.evidence import Evidence, Source
from shared.domain.monitor import is_calendar_due, stepped
from shared.domain.policies import policy_at
from shared.domain.rooms import class_at
from shared.people_ports import Policies
from shared.ports import Classes, Clock, EvidenceLog, Heartbeat, Versioned
from shared.usecases.bind_pending import BindPending
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.plan_tasks import PlanTasks

AT_ONCE = 400
BUDGET = timedelta(seconds=40)
MOST_PENDING = 400
# Zoom tells of every meeting of the account. What of it no class has claimed after a day is private, and erased.
KEPT_UNCLAIMED = timedelta(hours=24)


@dataclass(slots=True)
class TickSummary:
    """What one tick did, in counts of classes, tasks and facts; `troubles` are failures that nobody foresaw."""

    opened: int = 0
    closed: int = 0
    planned: int = 0
    calendar: int = 0
    calendar_failed: int = 0
    bound: int = 0
    shelved: int = 0
    erased: int = 0
    left: int = 0
    troubles: list[Exception] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The counts alone."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


@dataclass(frozen=True)
class RunTick:
    """Desired state is computed from what is stored and one `now`; there is no memory between ticks.

    Two ticks that overlap, or a tick and a task, race on each class's version: one of them writes, the other sees that
    there is nothing left to do. What does not fit into 40 seconds is due first at the next tick.
    """

    classes: Classes
    evidence: EvidenceLog
    follow: FollowInCalendar
    fold: FoldEvidence
    bind: BindPending
    plan: PlanTasks
    heartbeat: Heartbeat
    policies: Policies
    clock: Clock

    def __call__(self) -> TickSummary:
        """Run once."""
        now = self.clock()
        done = TickSummary()
        seen: set[tuple[str, int]] = set()
        while True:
            due = self.classes.due(now, AT_ONCE)
            fresh = [each for each in due if (each.value.class_id, each.value.rev) not in seen]
            seen |= {(each.value.class_id, each.value.rev) for each in fresh}
            self._step(fresh, now, done)
            self._follow(fresh, now, done)
            if len(due) < AT_ONCE or not fresh:
                break
            if self.clock() - now > BUDGET:
                done.left = len(due)
                break
        self._fold_pending(now, done)
        self.heartbeat.beat(now, done.counts)
        return done

    def step(self, class_id: str) -> ScheduledClass:
        """Do what is due for one class, as its own task asks; raises `NotFound`."""
        now = self.clock()
        before = self.classes.get(class_id)
        after = self.classes.amend(class_id, lambda booked: self._stepped(booked, now))
        self.plan([(before, after)])
        return after

    def _step(self, due: list[Versioned[ScheduledClass]], now: datetime, done: TickSummary) -> None:
        changes = [(each, self._stepped(each.value, now)) for each in due]
        changes = [(each, after) for each, after in changes if after != each.value]
        before = {each.value.class_id: each.value for each, _ in changes}
        stored = self.classes.save(changes)
        for after in stored:
            was = before[after.class_id].status
            done.opened += was is Status.SCHEDULED and after.opened_at is not None
            done.closed += was is not after.status and after.status is Status.COMPLETED
        done.planned += self.plan([(before[after.class_id], after) for after in stored])

    def _stepped(self, booked: ScheduledClass, now: datetime) -> ScheduledClass:
        """The class after what is due; the policy is asked for only by classes that open."""
        opens = booked.status is Status.SCHEDULED and booked.start_at <= now
        wait = timedelta(minutes=policy_at(self.policies.all(), booked.start_at).teacher_no_show_minutes) if opens else STAFF_WAIT
        return stepped(booked, now, self.plan.delays, wait)

    def _follow(self, due: list[Versioned[ScheduledClass]], now: datetime, done: TickSummary) -> None:
        for each in due:
            if not is_calendar_due(each.value, now):
                continue
            if self.clock() - now > BUDGET:
                done.left += 1
                continue
            try:
                after = self.follow(self.classes.get(each.value.class_id))
            except DomainError:
                done.calendar_failed += 1
                continue
            done.calendar += 1
            if after.room is not None:
                done.bound += self.bind(after.room)

    def _fold_pending(self, now: datetime, done: TickSummary) -> None:
        """Fold what no request folded; what belongs to no class is put aside until a class of its room appears."""
        facts = self.evidence.pending_due(now, MOST_PENDING)
        rooms: dict[str, list[Evidence]] = {}
        for fact in facts:
            rooms.setdefault(fact.room, []).append(fact)
        homeless = []
        for in_room in rooms.values():
            try:
                done.bound += self.fold(in_room)
                homeless += [f for f in in_room if class_at(f.at, self.fold.in_room(f.room, f.at)) is None]
            except Exception as trouble:  # noqa: BLE001 - one room's trouble must not keep the others waiting
                done.left += len(in_room)
                done.troubles.append(trouble)
        self._put_aside(homeless, now, done)

    def _put_aside(self, homeless: Sequence[Evidence], now: datetime, done: TickSummary) -> None:
        """Facts of no class wait for one: those that somebody sent to us on purpose for ever, Zoom's for a day.

        A fact of a room that has classes is never erased: whoever came long before a class may still be there.
        """
        told = [f for f in homeless if f.source is Source.ZOOM_WEBHOOK and not self.fold.in_room(f.room, f.at)]
        sent = [fact for fact in homeless if fact not in told]
        expired = [fact for fact in told if fact.received_at + KEPT_UNCLAIMED <= now]
        if sent:
            self.evidence.shelve(sent)
            done.shelved += len(sent)
        if expired:
            self.evidence.erase(expired)
            done.erased += len(expired)
        if waiting := [fact for fact in told if fact not in expired]:
            self.evidence.postpone(waiting, max(fact.received_at for fact in waiting) + KEPT_UNCLAIMED)
