"""What the directory is asked, on the wire: camelCase of students, as their guide writes it, snake_case of everybody else."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.domain.errors import InvalidInput, NotFound
from shared.domain.ids import is_id
from shared.usecases.enter_course import MOST_ENROLLED, ToEnter
from shared.usecases.enter_person import NOBODY
from shared.usecases.import_classroom import ToImport
from shared.web.checks import email as checked_email
from shared.web.checks import up_to
from shared.web.fields import Asked, Email, Id, Key

LONGEST_NAME, LONGEST_COURSE = 100, 128
Name = Annotated[str, BeforeValidator(lambda told: up_to(LONGEST_NAME, told)), Field(min_length=1, max_length=LONGEST_NAME)]
Rights = Literal["user", "teacher", "admin"]
Number = Annotated[int, Field(ge=1, le=999_999_999_999_999, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


def address_in(path: Mapping[str, str], name: str) -> str:
    """The address in the path, in lower case; anything else is nobody's: raises `NotFound`."""
    try:
        return checked_email(path[name])
    except ValueError:
        raise NotFound(NOBODY) from None


def person_in(path: Mapping[str, str]) -> str:
    """The student in the path: an address, or a person id as it is. Raises `NotFound` for anything else."""
    return path["student"] if is_id(path["student"]) else address_in(path, "student")


def course_in(path: Mapping[str, str]) -> str:
    """The course's own id in the path; what no course can be called is answered like none: raises `NotFound`."""
    try:
        return up_to(LONGEST_COURSE, path["course_id"])
    except ValueError:
        raise NotFound("No such course.") from None


def new_course_in(path: Mapping[str, str]) -> str:
    """The id in the path that a course shall have; raises `InvalidInput`."""
    try:
        return up_to(LONGEST_COURSE, path["course_id"])
    except ValueError as bad:
        raise InvalidInput("course_id", str(bad)) from bad


class ListQuery(Asked):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None


class PersonAsked(Asked):
    """What is known of a teacher or guardian; what is left out stays as it is, null takes it away."""

    first_name: Name | None = None
    last_name: Name | None = None
    department: Name | None = None
    access: Rights | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What was given, by the names of `Person`'s fields."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class StudentAsked(PersonAsked):
    """What is known of a student; what is left out stays as it is, null takes it away. The first guardian pays."""

    model_config = ConfigDict(alias_generator=to_camel)

    student_id: Number | None = None
    guardian_emails: Annotated[list[Email], Field(max_length=10)] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What was given, by the names of `Person`'s fields."""
        told = {name: getattr(self, name) for name in self.model_fields_set}
        if "student_id" in told:
            told["student_number"] = told.pop("student_id")
        if "guardian_emails" in told:
            told["guardian_emails"] = tuple(dict.fromkeys(told["guardian_emails"] or ()))
        return told


class ImportAsked(Asked):
    """A table as CSV text; a dry run only says what would change."""

    csv: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    dry_run: Flag = False


class CourseAsked(Asked):
    """A course; a list that is left out stays as it is."""

    name: Name
    teacher_emails: Annotated[list[Email], Field(max_length=50)] | None = None
    student_emails: Annotated[list[Email], Field(max_length=MOST_ENROLLED)] | None = None

    def to_words(self, course_id: str) -> ToEnter:
        """The request in the words of the story."""
        return ToEnter(course_id, self.name, _once(self.teacher_emails), _once(self.student_emails))


class ClassroomQuery(Asked):
    """Whose Classroom courses; left out, the caller's."""

    teacher_email: Email | None = None


class ClassroomAsked(Asked):
    """Which Classroom course to import, and with whose authority it is read; left out, the caller's."""

    classroom_id: Key
    teacher_email: Email | None = None
    dry_run: Flag = False

    def to_words(self, course_id: str) -> ToImport:
        """The request in the words of the story."""
        return ToImport(course_id, self.classroom_id, self.teacher_email, self.dry_run)


def _once(emails: list[str] | None) -> tuple[str, ...] | None:
    return None if emails is None else tuple(dict.fromkeys(emails))
