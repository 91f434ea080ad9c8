"""Classes that were held and read, over any house, with the stories about who was there and what people decided about it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from functions.attendance.wiring import Tracking
from shared.adapters.likeness import likeness
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Person, PersonRole
from shared.domain.evidence import PersonKind
from shared.domain.monitor import stepped
from shared.people_ports import CardFilter, ReviewQueue, UserSessions
from shared.ports import AttendanceFilter, MeasuredStay, MeetingReading
from shared.usecases.confirm_person import DecideCard, Decided, Decision, ToDecide
from shared.usecases.enriched_attendance import EnrichedAttendance
from shared.usecases.excuse import ExcuseInAdvance
from shared.usecases.review_queue import ShownCard, ShowReview
from shared.usecases.rule_attendance import RuleAttendance
from shared.usecases.session_rows import SessionRows
from tests.builders import a_class, at
from tests.fake_privacy import MemoryAccessLog
from tests.fake_rulings import MemoryReviewQueue
from tests.fake_user_sessions import Desk, desk_over
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import DELAYS, House

if TYPE_CHECKING:
    from google.cloud import firestore

ADA, BEA, OMAR, LENA = "ada@school.example", "bea@school.example", "omar@school.example", "lena@school.example"
TEACHER, OTHER = Caller("ada", ADA, "teacher"), Caller("bea", BEA, "teacher")
BOSS, STUDENT = Caller("boss", "boss@school.example", "admin"), Caller("omar-1", OMAR, "user", "Omar Nasser")
WHO = {"google:1": ADA, "google:2": OMAR, "google:3": LENA}
DIRECTORY = (
    Person(OMAR, (PersonRole.STUDENT,), "Omar", "Nasser", student_number=12345, department="Science"),
    Person(LENA, (PersonRole.STUDENT,), "Lena", "Holm"),
    Person(ADA, (PersonRole.TEACHER,), "Ada", "Byron"),
    Person(BEA, (PersonRole.TEACHER,), "Bea", "Lund"),
)


def stay(ref: str, joined: float, left: float | None, name: str = "somebody", day: int = 0) -> MeasuredStay:
    """A visit as Meet's records have it, in minutes after noon of a day; `meet:` is nobody's account."""
    kind = PersonKind.SIGNED_IN if ref.startswith("google:") else PersonKind.ANONYMOUS
    joined_at, left_at = on(day, joined), None if left is None else on(day, left)
    return MeasuredStay(
        f"{ref}/{day}/{joined}", ref if kind is PersonKind.SIGNED_IN else f"{ref}/{day}", name, kind, joined_at, left_at
    )


def on(day: int, minute: float) -> datetime:
    """So many minutes after noon of a day."""
    return at(day * 1440 + minute)


@dataclass
class Tracked:
    """The stories as the function wires them, and what they stand on."""

    house: House
    desk: Desk
    queue: ReviewQueue
    access: MemoryAccessLog = field(default_factory=MemoryAccessLog)

    def __post_init__(self) -> None:
        house = self.house
        show = SessionRows(house.classes, house.sessions, house.fold)
        self.app = Tracking(
            EnrichedAttendance(show, self.desk.registrations, house.people, house.clock),
            ShowReview(self.queue, house.classes, house.sessions, likeness, house.clock),
            DecideCard(show, self.queue, house.rulings, house.identities, house.people, house.clock),
            RuleAttendance(show, house.rulings, house.clock),
            ExcuseInAdvance(show, house.rulings, house.clock),
            self.access,
            house.clock,
        )

    @property
    def registrations(self) -> UserSessions:
        """Who registered."""
        return self.desk.registrations

    def books(self, name: str = "algebra", day: int = 0, **changes: Any) -> ScheduledClass:
        """A class that is booked for noon of a day."""
        times = {"start_at": on(day, 0), "end_at": on(day, 60), **changes}
        booked = a_class(name, **times)
        held = stepped(booked, booked.start_at - timedelta(hours=1), DELAYS)
        self.house.classes.add([held], None)
        return held

    def holds(self, *stays: MeasuredStay, name: str = "algebra", day: int = 0, **changes: Any) -> ScheduledClass:
        """A class that was held on a day and read whole half a minute later."""
        held, clock = self.books(name, day, **changes), self.house.clock
        for instant in (held.start_at, held.end_at):
            clock.at = instant
            self.house.tick()
        clock.passes(timedelta(seconds=30))
        self.house.records.reading = MeetingReading(1, True, stays, WHO, held.end_at + timedelta(days=30))
        assert self.house.sync(held.class_id).report.complete
        return self.house.classes.get(held.class_id)

    def cards(self, caller: Caller = TEACHER, **wanted: Any) -> tuple[ShownCard, ...]:
        """The caller's cards, on one page."""
        return self.app.review(CardFilter(**wanted), caller, 100, None).items

    def card(self, held: ScheduledClass, caller: Caller = TEACHER) -> ShownCard:
        """The only card of a class."""
        (shown,) = self.cards(caller, session_id=held.session_id)
        return shown

    def decide(self, shown: ShownCard, decision: str, email: str | None = None, caller: Caller = TEACHER, **more: Any) -> Decided:
        """Decide a card."""
        return self.app.decide(ToDecide(shown.card.card_id, Decision(decision), email, **more), caller)

    def rows(self, held: ScheduledClass) -> dict[str | None, Attendance]:
        """The stored attendance by address, or by the name of somebody without one."""
        found = self.house.sessions.stream(AttendanceFilter(session_id=held.session_id))
        return {row.email or row.display_name: row for row in found}


def tracked_over(house: House, client: "firestore.Client | None" = None) -> Tracked:
    """The stories over a house, with everybody in the directory; `client` where the house stands on the emulator."""
    assert house.people.save([(None, person) for person in DIRECTORY])
    desk = desk_over(house, client)
    if isinstance(house.sessions, MemorySessions):
        return Tracked(house, desk, MemoryReviewQueue(house.sessions))
    assert client is not None
    from shared.adapters.firestore.review_queue import FirestoreReviewQueue

    return Tracked(house, desk, FirestoreReviewQueue(client))


def tracked_in_memory() -> Tracked:
    """The stories over a house in memory."""
    evidence = MemoryEvidence()
    return tracked_over(House(MemoryClasses(), evidence, MemorySessions(evidence)))
