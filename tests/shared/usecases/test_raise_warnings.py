"""What settled sessions mean for the outside, over both stores: told once, whatever is run again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from shared.delivery_ports import Deliveries, Outbox, WarningFilter, Warnings
from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person, PersonRole
from shared.domain.ids import stable_id
from shared.domain.messages import Addressees, Delivery, DeliveryState, OutboxKind, OutboxRow, Way
from shared.domain.policies import DEFAULT_POLICY, Policy
from shared.domain.review import CardKind, ReviewCard
from shared.domain.sessions import Session
from shared.domain.verdicts import AttendanceStatus
from shared.domain.warnings import AttendanceWarning, WarningKind
from shared.people_ports import People, Policies, ReviewQueue
from shared.ports import Classes, Fold, Sessions, TaskKind, Versioned
from shared.usecases.deliver_messages import DeliverMessages
from shared.usecases.raise_warnings import ClearOutbox, RaiseWarnings
from tests.builders import a_class, at
from tests.fake_deliveries import FakeOutgoing, MemoryDeliveries, MemoryOutbox, MemoryWarnings
from tests.fake_rulings import MemoryReviewQueue
from tests.fakes import Clock, FakeTasks, MemoryClasses, MemoryEvidence, MemorySessions, no_sleep
from tests.shared.domain.test_warnings import DAY, LETTERS, a_row

OMAR, LENA, PAT, ADA = "omar@school.example", "lena@school.example", "pat@home.example", "ada@school.example"
HOOK = "https://hooks.example/#1"


@dataclass
class Directory:
    """As much of the port `People` as is asked for here."""

    known: dict[str, Person] = field(default_factory=dict)

    def get_many(self, emails: Sequence[str]) -> Mapping[str, Person]:
        return {email: self.known[email] for email in emails if email in self.known}


@dataclass
class Versions:
    """As much of the port `Policies` as is asked for here."""

    known: tuple[Policy, ...] = ()

    def all(self) -> tuple[Policy, ...]:
        return self.known


@dataclass
class World:
    """The stories over one store, and sessions that settle in it."""

    classes: Classes
    sessions: Sessions
    deliveries: Deliveries
    warnings: Warnings
    outbox: Outbox
    cards: ReviewQueue
    addressees: Addressees = field(default_factory=lambda: Addressees((HOOK,), has_mail=True))
    directory: Directory = field(default_factory=Directory)
    policies: Versions = field(default_factory=Versions)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    clock: Clock = field(default_factory=lambda: Clock(at(100 * DAY)))
    money: list[OutboxRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        ways = {Way.WEBHOOK: FakeOutgoing(), Way.EMAIL: FakeOutgoing()}
        self.deliver = DeliverMessages(self.deliveries, ways, self.tasks, lambda *_: None, self.clock)
        warn = RaiseWarnings(
            self.warnings,
            self.sessions,
            self.classes,
            cast("People", self.directory),
            cast("Policies", self.policies),
            self.addressees,
            self.clock,
        )
        self.run = ClearOutbox(
            self.outbox,
            self.deliveries,
            self.classes,
            self.sessions,
            self.cards,
            warn,
            self.deliver.plan,
            self.addressees,
            self.clock,
            self.money.append,
        )

    def held(self, day: int, course: str | None = "math") -> ScheduledClass:
        """The class of a day."""
        return a_class(
            str(day),
            course_id=course,
            start_at=at(day * DAY),
            end_at=at(day * DAY + 60),
            timezone="Asia/Tokyo",
            subject="Algebra",
        )

    def settles(self, day: int, course: str | None = "math", open_cards: int = 0, **verdicts: str) -> None:
        """A session that settles, or settles otherwise than before, with a letter for each student's verdict."""
        held = self.held(day, course)
        if not self.classes.versioned([held.class_id]):
            self.classes.add([held], None)
        before = self.sessions.get(held.session_id)
        rev = before.value.rev + 1 if before else 1
        rows = tuple(self.row(held, f"{name}@school.example", verdict) for name, verdict in verdicts.items())
        noted = OutboxRow(OutboxKind.SETTLED, held.session_id, held.end_at + timedelta(minutes=rev), held.class_id)
        cards = tuple(
            ReviewCard(
                CardKind.UNIDENTIFIED, held.session_id, held.class_id, course, held.subject, ADA, held.start_at, f"meet:{number}"
            )
            for number in range(open_cards)
        )
        after = replace(before.value if before else Session(held.session_id, held.class_id), rev=rev)
        self.sessions.store([Fold(before, after, rows, (), (), cards, (), (noted,))])

    @staticmethod
    def row(held: ScheduledClass, email: str, verdict: str) -> Attendance:
        row = a_row(0, LETTERS[verdict], email=email, course_id=held.course_id, class_id=held.class_id)
        return replace(
            row,
            row_id=stable_id("attendance", held.session_id, email),
            session_id=held.session_id,
            start_at=held.start_at,
            end_at=held.end_at,
        )

    def standing(self) -> list[AttendanceWarning]:
        return sorted(self.warnings.page(WarningFilter(is_standing=True), 50, None).items, key=lambda w: w.kind)

    def told(self, event: str | None = None) -> list[tuple[str, str, dict[str, Any]]]:
        """What deliveries there are: event, target, data."""
        every = self.deliveries.page(None, 400, None).items
        found = [(each.event.value, each.target, json.loads(each.body)["data"]) for each in every]
        return sorted((one for one in found if event in (None, one[0])), key=str)


def memory_world(**how: Any) -> World:
    evidence, deliveries = MemoryEvidence(), MemoryDeliveries()
    sessions = MemorySessions(evidence)
    outbox = MemoryOutbox(sessions.outbox)
    return World(MemoryClasses(), sessions, deliveries, MemoryWarnings(deliveries), outbox, MemoryReviewQueue(sessions), **how)


def firestore_world(client: Any, **how: Any) -> World:
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.deliveries import FirestoreDeliveries
    from shared.adapters.firestore.outbox import FirestoreOutbox
    from shared.adapters.firestore.review_queue import FirestoreReviewQueue
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.warnings import FirestoreWarnings

    return World(
        FirestoreClasses(client, no_sleep),
        FirestoreSessions(client, no_sleep),
        FirestoreDeliveries(client, no_sleep),
        FirestoreWarnings(client, no_sleep),
        FirestoreOutbox(client, no_sleep),
        FirestoreReviewQueue(client),
        **how,
    )


@pytest.fixture(params=["memory", "firestore"])
def world(request: pytest.FixtureRequest) -> World:
    return memory_world() if request.param == "memory" else firestore_world(request.getfixturevalue("database"))


def test_a_settled_session_is_told_once_with_its_counts(world: World) -> None:
    world.settles(1, omar="P", lena="A")
    assert world.run()["outbox_rows"] == 1
    ((event, target, data),) = world.told()
    assert (event, target) == ("attendance.settled", HOOK)
    held = world.held(1)
    assert data == {
        "class_id": held.class_id,
        "session_id": held.session_id,
        "course_id": "math",
        "subject": "Algebra",
        "teacher_email": ADA,
        "start_time": "2026-12-02T12:00:00Z",
        "end_time": "2026-12-02T13:00:00Z",
        "timezone": "Asia/Tokyo",
        "rev": 1,
        "students": {"absent": 1, "present": 1},
        "teacher_status": None,
    }
    assert world.run()["outbox_rows"] == 0
    assert len(world.told()) == 1
    assert [task.kind for task in world.tasks.queued.values()] == [TaskKind.DELIVER]


def test_a_session_that_settles_otherwise_is_told_again(world: World) -> None:
    world.settles(1, omar="P")
    world.run()
    world.settles(1, omar="A")
    world.run()
    assert [(data["rev"], data["students"]) for _, _, data in world.told()] == [(1, {"present": 1}), (2, {"absent": 1})]


def test_open_cards_are_counted(world: World) -> None:
    world.settles(1, open_cards=2, omar="P")
    world.settles(2, omar="P")
    world.run()
    ((_, _, data),) = world.told("review.cards_open")
    assert (data["cards"], data["has_more"], data["session_id"]) == (2, False, world.held(1).session_id)


def test_a_missing_teacher_is_told_once(world: World) -> None:
    held = world.held(3)
    world.classes.add([held], None)
    row = OutboxRow(OutboxKind.TEACHER_MISSING, held.session_id, held.start_at, held.class_id)
    for _ in range(2):
        world.outbox.add([row])
        world.run()
    ((event, _, data),) = world.told()
    assert (event, data["class_id"], data["teacher_email"]) == ("class.teacher_missing", held.class_id, ADA)


def test_three_absences_in_a_row_warn_the_student_the_guardians_and_whoever_listens(world: World) -> None:
    guardians = (PAT, "sam@home.example")
    world.directory.known[OMAR] = Person(OMAR, (PersonRole.STUDENT,), "Omar", "Ali", guardian_emails=guardians)
    for day in (1, 2, 3):
        assert world.standing() == []
        world.settles(day, omar="A", lena="P")
        world.run()
    (warning,) = world.standing()
    assert (warning.kind, warning.student_email, warning.course_id) == (WarningKind.ABSENCES_IN_ROW, OMAR, "math")
    assert warning.session_id == world.held(3).session_id
    told = world.told("attendance.warning.raised")
    assert [target for _, target, _ in told] == [HOOK, OMAR, PAT, "sam@home.example"]
    data = told[0][2]
    assert (data["student_name"], data["absences_in_row"], data["timezone"]) == ("Omar Ali", 3, "Asia/Tokyo")
    assert data["start_time"] == "2026-12-04T12:00:00Z"
    assert data["ended_at"] is None


def test_a_line_that_stays_crossed_is_told_once_and_ends_once(world: World) -> None:
    for day, verdict in enumerate("AAAAAPP"):
        world.settles(day, omar=verdict)
        world.run()
    kinds = [(event, data["kind"]) for event, target, data in world.told() if target == HOOK and "warning" in event]
    assert sorted(kinds) == [
        ("attendance.warning.ended", "absences_in_row"),
        ("attendance.warning.raised", "absences_in_row"),
        ("attendance.warning.raised", "low_share"),
    ]
    assert [each.kind for each in world.standing()] == [WarningKind.LOW_SHARE]
    ((_, _, ended),) = [one for one in world.told("attendance.warning.ended") if one[1] == HOOK]
    assert ended["ended_by_session_id"] == world.held(5).session_id
    assert ended["start_time"] == "2026-12-03T12:00:00Z"


def test_the_share_is_seen_when_enough_sessions_were_taken_though_the_student_was_there(world: World) -> None:
    for day, verdict in enumerate("AAXP"):
        world.settles(day, omar=verdict)
        world.run()
    assert [(each.kind, each.share_percent, each.taken) for each in world.standing()] == [(WarningKind.LOW_SHARE, 50, 4)]


@pytest.mark.parametrize("verdict", ["?", "X", "P"])
def test_nobody_is_warned_who_was_never_absent(world: World, verdict: str) -> None:
    for day in range(6):
        world.settles(day, omar=verdict)
    world.run()
    assert world.standing() == []


def test_sessions_that_settle_late_and_out_of_order_warn_as_if_they_had_not(world: World) -> None:
    for day in (3, 1, 2):
        world.settles(day, omar="A")
        world.run()
    (warning,) = world.standing()
    assert warning.session_id == world.held(3).session_id
    assert len(world.told("attendance.warning.raised")) == 2


def test_a_correction_ends_the_warning_that_it_takes_the_ground_from(world: World) -> None:
    for day in (1, 2, 3):
        world.settles(day, omar="A")
    world.run()
    world.settles(2, omar="P")
    world.run()
    assert world.standing() == []
    world.settles(2, omar="A")
    world.run()
    assert [each.rev for each in world.standing()] == [3]
    assert len([one for one in world.told("attendance.warning.raised") if one[1] == HOOK]) == 2


def test_a_warning_ends_though_the_student_is_not_in_the_corrected_session_any_more(world: World) -> None:
    for day in (1, 2, 3):
        world.settles(day, omar="A")
    world.run()
    held = world.held(2)
    before = world.sessions.get(held.session_id)
    assert before is not None
    noted = OutboxRow(OutboxKind.SETTLED, held.session_id, at(50 * DAY), held.class_id)
    gone = stable_id("attendance", held.session_id, OMAR)
    world.sessions.store([Fold(before, replace(before.value, rev=9), (), (gone,), (), (), (), (noted,))])
    world.run()
    assert world.standing() == []


def test_courses_are_counted_apart_and_classes_outside_any_course_warn_of_nothing(world: World) -> None:
    for day in range(6):
        world.settles(day, "math" if day % 2 else "latin", omar="A" if day < 4 else "P")
        world.settles(day + 50, None, omar="A")
    world.run()
    assert world.standing() == []
    assert len(world.told("attendance.settled")) == 12


def test_each_session_is_judged_by_the_policy_that_it_had(world: World) -> None:
    world.policies.known = (replace(DEFAULT_POLICY, version=1, warn_absences_in_row=1),)
    world.settles(1, omar="A")
    world.run()
    assert world.standing() == []
    held = world.held(2)
    world.settles(2, omar="A")
    before = world.sessions.get(held.session_id)
    assert before is not None
    row = replace(world.row(held, OMAR, "A"), policy_version=1)
    world.sessions.store([Fold(before, replace(before.value, rev=2), (row,), (), ())])
    world.run()
    assert [(each.session_id, each.line) for each in world.standing()] == [(held.session_id, 1)]


def test_teachers_and_people_who_were_forgotten_are_not_warned(world: World) -> None:
    for day in (1, 2, 3):
        held = world.held(day)
        world.settles(day)
        before = world.sessions.get(held.session_id)
        assert before is not None
        rows = (
            replace(world.row(held, ADA, "A"), role=Role.TEACHER, status=AttendanceStatus.NO_SHOW),
            world.row(held, "erased-1@erased.invalid", "A"),
            replace(world.row(held, "meet:guest", "A"), email=None),
        )
        world.sessions.store([Fold(before, replace(before.value, rev=2), rows, (), ())])
    world.run()
    assert world.standing() == []
    assert {data["teacher_status"] for _, _, data in world.told("attendance.settled")} == {"no_show"}


def test_where_nobody_listens_warnings_stand_all_the_same() -> None:
    world = memory_world(addressees=Addressees())
    for day in (1, 2, 3):
        world.settles(day, omar="A")
    world.run()
    assert len(world.standing()) == 1
    assert world.told() == []


def test_a_row_of_a_class_that_is_gone_is_forgotten(world: World) -> None:
    world.outbox.add([OutboxRow(OutboxKind.SETTLED, "0" * 32, at(0))])
    world.settles(1, omar="P")
    counts = world.run()
    assert (counts["outbox_rows"], counts["outbox_of_nothing"]) == (2, 1)
    assert world.outbox.due(at(200 * DAY), 9) == ()


@pytest.mark.parametrize("kind", [OutboxKind.DOCUMENT_ISSUED, OutboxKind.PAYMENT_RECORDED])
def test_rows_about_money_are_handed_over_and_done(world: World, kind: OutboxKind) -> None:
    row = OutboxRow(kind, stable_id("document", "a"), at(0))
    world.outbox.add([row])
    world.settles(1, omar="P")
    assert world.run()["outbox_rows"] == 2
    assert world.money == [row]
    assert [event for event, _, _ in world.told()] == ["attendance.settled"]
    assert world.outbox.due(at(200 * DAY), 9) == ()


def test_of_two_runs_at_once_one_tells_and_the_other_looks_again_later() -> None:
    class Raced(MemoryWarnings):
        races = 1

        def store(
            self, changes: Sequence[tuple[Versioned[AttendanceWarning] | None, AttendanceWarning]], deliveries: Sequence[Delivery]
        ) -> bool:
            if self.races:
                self.races -= 1
                super().store([(before, replace(after, raised_at=at(0))) for before, after in changes], deliveries)
            return super().store(changes, deliveries)

    world = memory_world()
    world.warnings = Raced(cast("MemoryDeliveries", world.deliveries))
    world.__post_init__()
    for day in (1, 2, 3):
        world.settles(day, omar="A")
    first, second = world.run(), world.run()
    assert (first["outbox_stale"], first["outbox_rows"]) == (1, 2)
    assert (second["outbox_stale"], second["outbox_rows"]) == (0, 1)
    assert len(world.standing()) == 1
    assert len([one for one in world.told("attendance.warning.raised") if one[1] == HOOK]) == 1


def test_a_long_queue_is_left_to_the_next_run_when_time_is_up() -> None:
    world = memory_world()
    for day in (1, 2, 3):
        world.settles(day, omar="P")
    by_session = world.classes.by_session

    def slow(session_id: str) -> ScheduledClass:
        world.clock.passes(timedelta(seconds=60))
        return by_session(session_id)

    world.classes.by_session = slow  # type: ignore[method-assign]
    assert world.run()["outbox_rows"] == 2
    assert world.run()["outbox_rows"] == 1


def test_what_was_told_is_delivered(world: World) -> None:
    for day in (1, 2, 3):
        world.settles(day, omar="A")
    world.run()
    for task in world.tasks.of(TaskKind.DELIVER):
        world.deliver.one(task.about)
    assert {each.state for each in world.deliveries.page(None, 50, None).items} == {DeliveryState.SENT}
    assert len(world.tasks.of(TaskKind.DELIVER)) == 5
