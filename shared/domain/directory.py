"""The organisation's people and courses, as somebody entered or imported them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import stable_id


class PersonRole(StrEnum):
    """What somebody is to the organisation; one person may be several of them."""

    STUDENT = "student"
    TEACHER = "teacher"
    GUARDIAN = "guardian"


class Access(StrEnum):
    """What somebody may do here: the roles of tokens."""

    USER = "user"
    TEACHER = "teacher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know, by their e-mail address in lower case.

    `access` outranks the role that a token claims, downwards only; None leaves it to the token, and at Google sign-in to what
    the person is. Tokens issued before `signed_out_at` are refused. `guardian_emails` are a student's guardians, who pay and
    are told; the first one pays.
    """

    email: str
    roles: tuple[PersonRole, ...]
    first_name: str | None = None
    last_name: str | None = None
    student_number: int | None = None
    department: str | None = None
    guardian_emails: tuple[str, ...] = ()
    access: Access | None = None
    signed_out_at: datetime | None = None
    entered_at: datetime | None = None
    rev: int = 1

    @property
    def person_id(self) -> str:
        """The id under which everything about the person is found."""
        return person_id_of(self.email)

    @property
    def full_name(self) -> str | None:
        """First and last name, as far as they are known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def is_student(self) -> bool:
        """Whether attendance is taken of them."""
        return PersonRole.STUDENT in self.roles

    @property
    def is_teacher(self) -> bool:
        """Whether they may stand in for any teacher of the organisation."""
        return PersonRole.TEACHER in self.roles


def person_id_of(email: str) -> str:
    """The id of whoever has this address."""
    return stable_id("person", email)


@dataclass(frozen=True, slots=True)
class Course:
    """A course and its roster. `course_id` is the organisation's own name for it; addresses are in lower case."""

    course_id: str
    name: str
    teacher_emails: tuple[str, ...] = ()
    student_emails: tuple[str, ...] = ()
    classroom_id: str | None = None
    entered_at: datetime | None = None
    rev: int = 1
