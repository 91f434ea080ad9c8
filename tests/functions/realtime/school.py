"""A school over the emulator whose classes are on now: what the gateways tell is changed by the stories themselves."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from google.cloud import firestore

from shared.adapters.firestore.courses import FirestoreCourses
from shared.adapters.firestore.user_sessions import FirestoreUserSessions
from shared.domain.accounts import Caller
from shared.domain.classes import ScheduledClass
from shared.domain.directory import Course
from shared.domain.evidence import Evidence
from shared.usecases.claims import Claims
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.join_meeting import JoinMeeting, Registration
from shared.usecases.leave_meeting import LeaveMeeting
from shared.usecases.pseudonymise import Pseudonymise
from tests.builders import a_class, minutes, seen
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.house import House

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
CODE = "abc-mnop-xyz"


@dataclass
class School:
    """One course with one class, that begins when it is told to."""

    database: firestore.Client
    course_id: str = "maths"
    began: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __post_init__(self) -> None:
        self.house: House = firestore_house(self.database)
        self.house.clock.at = self.began
        self.courses = FirestoreCourses(self.database, no_sleep)
        registrations = FirestoreUserSessions(self.database, no_sleep)
        in_room = ClassesInRoom(self.house.classes, self.house.clock, minutes(0))
        claims = Claims(Pseudonymise(self.house.forgotten), in_room, self._folded)
        self.join = JoinMeeting(registrations, self.house.people, claims, self.house.clock, self.house.new_id)
        self.leave = LeaveMeeting(registrations, claims, self.house.clock)

    def _folded(self, fact: Evidence) -> None:
        self.house.fold([fact])

    def books(self, name: str = "algebra", **more: object) -> ScheduledClass:
        """Store a class of an hour that begins now."""
        booked = a_class(
            name,
            **{
                "course_id": self.course_id,
                "start_at": self.began,
                "end_at": self.began + minutes(60),
                "due_at": self.began,
                "booked_at": self.began - minutes(600),
                **more,
            },
        )
        self.house.classes.add([booked], None)
        return booked

    def begins(self, name: str = "algebra", **more: object) -> ScheduledClass:
        """Store a class, and let it begin."""
        booked = self.books(name, **more)
        self.house.tick()
        return self.house.classes.get(booked.class_id)

    def passes(self, count: float) -> None:
        """Let minutes pass."""
        self.house.clock.at += minutes(count)

    def ends(self) -> None:
        """Let the class's time be over."""
        self.house.clock.at = self.began + minutes(60)
        self.house.tick()

    def sees(self, kind: str, who: str, **more: object) -> None:
        """Somebody is seen to come or to go."""
        at = self.house.clock.at
        self.house.file(seen(kind, at, who if ":" in who else f"email:{who}", **more))  # type: ignore[arg-type]

    def crowd(self, kind: str, count: int) -> None:
        """Many come or go in one moment, and are folded at once."""
        at = self.house.clock.at
        who = [f"email:guest{number}@elsewhere.example" for number in range(count)]
        self.house.fold([seen(kind, at, each, name="\u00fc" * 150) for each in who])

    def registers(self, email: str, role: str = "user") -> str:
        """Somebody registers for the meeting; the registration's id."""
        caller = Caller(f"sub-{email}", email, role, email.partition("@")[0].title())
        return self.join(Registration(CODE), caller).registration.session_id

    def unregisters(self, email: str, registration_id: str) -> None:
        """Somebody ends their registration."""
        self.leave(registration_id, Caller(f"sub-{email}", email, "user"))

    def enters(self, *students: str) -> None:
        """Enter the course in the directory with just these students."""
        before = self.courses.get(self.course_id)
        if before is None:
            self.courses.save(None, Course(self.course_id, "Maths", (ADA,), students))
        else:
            self.courses.save(before, replace(before.value, student_emails=students, rev=before.value.rev + 1))
