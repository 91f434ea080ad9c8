"""The whole house over any store: the stories wired as the functions wire them, with fakes of the outside world."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.delivery_ports import Outbox
from shared.domain.classes import Provider
from shared.people_ports import Forgotten, Identities, People, Policies, Rulings
from shared.ports import Channels, Classes, EvidenceLog, Heartbeat, Sessions
from shared.usecases.bind_pending import BindPending
from shared.usecases.change_class import ChangeClass
from shared.usecases.check_staff import CheckStaff
from shared.usecases.file_evidence import FileEvidence
from shared.usecases.file_meet_events import FileMeetEvents
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.find_conflicts import FindConflicts
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.keep_channels import KeepChannels, WantChannel
from shared.usecases.know_people import Know, KnowPeople
from shared.usecases.look_into_meeting import LookIntoMeeting
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.pseudonymise import Pseudonymise
from shared.usecases.record_by_hand import RecordByHand
from shared.usecases.run_tick import RunTick
from shared.usecases.schedule_class import ScheduleClass
from shared.usecases.sweep_reports import SweepReports
from shared.usecases.sync_meeting import SyncMeeting
from shared.usecases.watch_sessions import WatchSessions
from tests.builders import at
from tests.fake_deliveries import MemoryOutbox
from tests.fake_feeds import FakePush, FakeReports, FakeVisits, FakeZoom, MemoryChannels
from tests.fake_people import MemoryIdentities, MemoryPeople
from tests.fake_policies import MemoryPolicies
from tests.fake_privacy import MemoryForgotten
from tests.fake_rulings import MemoryRulings
from tests.fakes import Clock, FakeCalendar, FakeHeartbeat, FakeRecords, FakeTasks, Ids, no_sleep

POLL, VERIFY = timedelta(minutes=1), timedelta(minutes=10)
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
    channels: Channels = field(default_factory=MemoryChannels)
    zoom: FakeZoom = field(default_factory=FakeZoom)
    zoom_records: FakeRecords = field(default_factory=FakeRecords)
    visits: FakeVisits = field(default_factory=FakeVisits)
    reports: FakeReports = field(default_factory=FakeReports)
    zoom_beat: FakeHeartbeat = field(default_factory=FakeHeartbeat)
    swept: FakeHeartbeat = field(default_factory=FakeHeartbeat)
    swept_deep: FakeHeartbeat = field(default_factory=FakeHeartbeat)
    people: People = field(default_factory=MemoryPeople)
    identities: Identities = field(default_factory=MemoryIdentities)
    policies: Policies = field(default_factory=MemoryPolicies)
    rulings: Rulings = field(default_factory=MemoryRulings)
    outbox: Outbox = field(default_factory=MemoryOutbox)
    forgotten: Forgotten = field(default_factory=MemoryForgotten)
    push: FakePush | None = None
    know: Know | None = None
    new_id: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        hide = Pseudonymise(self.forgotten)
        self.know = self.know or KnowPeople(self.people, self.identities, self.policies, self.rulings)
        in_room = ClassesInRoom(self.classes, self.clock, timedelta())
        self.fold = FoldEvidence(self.sessions, self.evidence, in_room, no_sleep, self.know)
        self.plan = PlanTasks(self.tasks, DELAYS)
        self.bind = BindPending(self.evidence, self.fold)
        conflicts = FindConflicts(self.classes)
        self.follow = FollowInCalendar(self.classes, self.calendar, self.zoom, self.clock, DELAYS)
        self.want = WantChannel(self.channels, self.tasks, self.clock)
        self.book = ScheduleClass(self.classes, conflicts, self.follow, self.plan, self.bind, self.want, self.clock, self.new_id)
        self.change = ChangeClass(self.classes, conflicts, self.follow, self.fold, self.plan, self.clock)
        queue = FoldQueue(self.fold)
        self.file = FileEvidence(self.evidence, in_room, queue, hide)
        self.tick = RunTick(
            self.classes, self.evidence, self.follow, self.fold, self.bind, self.plan, self.heartbeat, self.policies, self.clock
        )
        records = {Provider.GOOGLE_MEET: self.records, Provider.ZOOM: self.zoom_records}
        self.sync = SyncMeeting(
            self.classes, self.sessions, self.evidence, records, self.reports, self.fold, hide, self.plan, self.clock, no_sleep
        )
        self.watch = WatchSessions(
            self.classes, self.sessions, self.evidence, self.fold, self.channels, self.zoom_beat, self.clock, 2 * POLL
        )
        self.look = LookIntoMeeting(self.classes, self.watch, self.sync, self.plan, self.clock, POLL, VERIFY)
        self.push = self.push or FakePush(self.clock)
        self.keep = KeepChannels(self.channels, self.classes, self.push, self.clock)
        self.meet_events = FileMeetEvents(self.channels, self.visits, self.evidence, in_room, queue, self.tasks, hide, self.clock)
        self.sweep = SweepReports(
            self.reports, self.classes, self.sessions, self.evidence, self.fold, self.swept, self.swept_deep, hide, self.clock
        )
        self.check_staff = CheckStaff(self.classes, self.watch, self.sync, self.plan, self.outbox, self.tasks, self.clock)
        self.record = RecordByHand(self.classes, self.sessions, self.evidence, self.fold, self.clock)

    def instance(self) -> "House":
        """Another instance: it shares the store, the clock and the outside world, and remembers nothing."""
        return replace(self)
