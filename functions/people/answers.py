"""What the directory answers about people, on the wire. `success` tells an answer from an error, whose body says false."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.domain.accounts import Caller
from shared.domain.directory import Person
from shared.ports import Page
from shared.usecases.import_people import Imported
from shared.web.fields import Answer, Instant
from shared.web.row_errors import RowErrorBody


class Good(Answer):
    """An answer of this function."""

    success: Literal[True] = True

    def to_json(self) -> str:
        """The answer as text."""
        return self.model_dump_json(by_alias=True)


class DoneBody(Good):
    """It is done."""


class StudentEntry(Answer):
    """A student of the directory. `access` is told to administrators and to oneself."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    person_id: str
    student_id: int | None
    email: str
    first_name: str | None
    last_name: str | None
    department: str | None
    guardian_emails: list[str]
    access: str | None

    @classmethod
    def of(cls, person: Person, caller: Caller) -> Self:
        """The student on the wire."""
        return cls(
            person_id=person.person_id,
            student_id=person.student_number,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            department=person.department,
            guardian_emails=list(person.guardian_emails),
            access=person.access if _knows_rights(caller, person) else None,
        )


class StudentEntryBody(Good):
    """A student."""

    student: StudentEntry

    @classmethod
    def of(cls, person: Person, caller: Caller) -> Self:
        """The student on the wire."""
        return cls(student=StudentEntry.of(person, caller))


class StudentListBody(Good):
    """One page of students, by address."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    students: list[StudentEntry]
    next_page_token: str | None = Field(alias="next_page_token")

    @classmethod
    def of(cls, page: Page[Person], caller: Caller) -> Self:
        """The page on the wire."""
        return cls(students=[StudentEntry.of(each, caller) for each in page.items], next_page_token=page.next_token)


class PersonEntry(Answer):
    """Somebody of the directory. `roles` and `access` are told to administrators and to oneself."""

    person_id: str
    email: str
    first_name: str | None
    last_name: str | None
    department: str | None
    roles: list[str] | None
    access: str | None

    @classmethod
    def of(cls, person: Person, caller: Caller) -> Self:
        """The person on the wire."""
        knows = _knows_rights(caller, person)
        return cls(
            person_id=person.person_id,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            department=person.department,
            roles=[role.value for role in person.roles] if knows else None,
            access=person.access if knows else None,
        )


class PersonEntryBody(Good):
    """A teacher or guardian."""

    person: PersonEntry

    @classmethod
    def of(cls, person: Person, caller: Caller) -> Self:
        """The person on the wire."""
        return cls(person=PersonEntry.of(person, caller))


class PersonListBody(Good):
    """One page of teachers or guardians, by address."""

    people: list[PersonEntry]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Person], caller: Caller) -> Self:
        """The page on the wire."""
        return cls(people=[PersonEntry.of(each, caller) for each in page.items], next_page_token=page.next_token)


class SignedOutBody(Good):
    """Since when a person's tokens are refused."""

    person_id: str
    signed_out_at: Instant | None

    @classmethod
    def of(cls, person: Person) -> Self:
        """The person on the wire."""
        return cls(person_id=person.person_id, signed_out_at=person.signed_out_at)


class PlannedRow(Answer):
    """A row as it is understood, and what becomes of the student."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    email: str
    student_id: int | None
    first_name: str | None
    last_name: str | None
    department: str | None
    guardian_emails: list[str]
    courses: list[str]
    change: Literal["new", "changed", "unchanged"]


class ImportBody(Good):
    """What the import did, or would do; rows with errors are not counted, and with any of them nothing can be stored."""

    rows: int
    new: int
    changed: int
    unchanged: int
    errors: list[RowErrorBody]
    preview: list[PlannedRow]

    @classmethod
    def of(cls, done: Imported) -> Self:
        """The import on the wire."""
        return cls(
            rows=done.rows,
            new=done.new,
            changed=done.changed,
            unchanged=done.unchanged,
            errors=RowErrorBody.of_all(done.errors),
            preview=list(_preview(done)),
        )


def _preview(done: Imported) -> Iterable[PlannedRow]:
    for each in done.preview:
        row = each.row
        yield PlannedRow(
            email=row.email,
            student_id=row.student_number,
            first_name=row.first_name,
            last_name=row.last_name,
            department=row.department,
            guardian_emails=list(row.guardian_emails),
            courses=list(row.courses),
            change=each.fate.value,
        )


def _knows_rights(caller: Caller, person: Person) -> bool:
    return caller.is_admin or caller.email == person.email
