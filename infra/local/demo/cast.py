"""Who is in the demo's class, what each of them does, and what Rollcall has to find out about it.

Seconds count from the start of the class, which is one minute long. What is expected is written down by hand, not computed.
"""

from dataclasses import dataclass
from typing import Literal

CLASS_SECONDS = 60
TEACHER = "ada.teacher@school.example"


@dataclass(frozen=True, slots=True)
class Visit:
    """One device in the meeting from `joins` to `leaves`; `leaves` None stays until the meeting ends."""

    device: str
    joins: int
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story. `present` and `stays` are what the attendance must say: seconds, and unbroken presences."""

    name: str
    email: str | None
    kind: Literal["signed_in", "anonymous", "phone"]
    tale: str
    visits: tuple[Visit, ...]
    present: int
    stays: int

    @property
    def is_student(self) -> bool:
        """Whether the person is booked as a student."""
        return self.email is not None and self.email != TEACHER


CAST = (
    Person("Ada Teacher", TEACHER, "signed_in", "opens the room early", (Visit("laptop", -3),), 60, 1),
    Person("Ben Baker", "ben.baker@school.example", "signed_in", "stays to the end", (Visit("laptop", 2),), 58, 1),
    Person(
        "Cleo Clark",
        "cleo.clark@school.example",
        "signed_in",
        "leaves and comes back",
        (Visit("laptop", 3, 20), Visit("laptop", 32)),
        45,
        2,
    ),
    Person(
        "Dan Drew",
        "dan.drew@school.example",
        "signed_in",
        "is in on two devices at once",
        (Visit("laptop", 4, 40), Visit("phone", 10, 50)),
        46,
        1,
    ),
    Person("Eva Evans", "eva.evans@school.example", "signed_in", "comes late", (Visit("tablet", 25),), 35, 1),
    Person("Finn Ford", "finn.ford@school.example", "signed_in", "never comes", (), 0, 0),
    Person("Kitchen tablet", None, "anonymous", "is not signed in", (Visit("tablet", 6, 44),), 38, 1),
    Person("+44 *** *** **67", None, "phone", "dials in", (Visit("phone", 8, 52),), 44, 1),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at a second of the class: a device of somebody joins or leaves."""

    second: int
    action: Literal["join", "exit"]
    person: Person
    visit: Visit


def steps(cast: tuple[Person, ...] = CAST) -> list[Step]:
    """What happens, in order."""
    joins = [Step(visit.joins, "join", person, visit) for person in cast for visit in person.visits]
    exits = [Step(visit.leaves, "exit", person, visit) for person in cast for visit in person.visits if visit.leaves is not None]
    return sorted(joins + exits, key=lambda step: step.second)
