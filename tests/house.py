"""The whole house over any store: the stories wired as the functions wire them, with fakes of the outside world."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.ports import Classes, EvidenceLog, Heartbeat, Sessions
from shared.usecases.bind_pending import BindPending
from shared.usecases.change_class import ChangeClass
from shared.usecases.file_evidence import FileEvidence
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.find_conflicts import FindConflicts
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.record_by_hand import RecordByHand
from shared.usecases.run_tick import RunTick
from shared.usecases.schedule_class import ScheduleClass
from shared.usecases.sync_meeting import SyncMeeting
from shared.usecases.watch_sessions import WatchSessions
from tests.builders import at
from tests.fakes import Clock, FakeCalendar, FakeHeartbeat, FakeRecords, FakeTasks, Ids, no_sleep

DELAYS = (timedelta(seconds=30), timedelta(minutes=10), timedelta(hours=1), timedelta(days=1), timedelta(days=28))


@dataclass
class House:
    """Stories and what they stand on. `instance` makes another instance of the functions over the same store."""

    classes: Classes
    evidence: EvidenceLog
    sessions: Sessions
    clock: Clock = field(default_factory=lambda: Clock(at(-120)))
    calendar: FakeCalendar = field(default_factory=FakeCalendar)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    records: FakeRecords = field(default_factory=FakeRecords)
    heartbeat: Heartbeat = field(default_factory=FakeHeartbeat)
    new_id: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        in_room = ClassesInRoom(self.classes, self.clock, timedelta())
        self.fold = FoldEvidence(self.sessions, self.evidence, in_room, no_sleep)
        self.plan = PlanTasks(self.tasks, DELAYS)
        self.bind = BindPending(self.evidence, self.fold)
        conflicts = FindConflicts(self.classes)
        self.follow = FollowInCalendar(self.classes, self.calendar, self.clock, DELAYS)
        self.book = ScheduleClass(self.classes, conflicts, self.follow, self.plan, self.bind, self.clock, self.new_id)
        self.change = ChangeClass(self.classes, conflicts, self.follow, self.fold, self.plan, self.clock)
        self.file = FileEvidence(self.evidence, in_room, FoldQueue(self.fold))
        self.tick = RunTick(self.classes, self.evidence, self.follow, self.fold, self.bind, self.plan, self.heartbeat, self.clock)
        self.sync = SyncMeeting(
            self.classes, self.sessions, self.evidence, self.records, self.fold, self.plan, self.clock, no_sleep
        )
        self.watch = WatchSessions(self.classes, self.sessions, self.evidence, self.fold)
        self.record = RecordByHand(self.classes, self.sessions, self.evidence, self.fold, self.clock)

    def instance(self) -> "House":
        """Another instance: it shares the store, the clock and the outside world, and remembers nothing."""
        return House(
            self.classes, self.evidence, self.sessions, self.clock, self.calendar, self.tasks, self.records,
            self.heartbeat, self.new_id,
        )  # fmt: skip
