"""Answers of the families whose fields are in camelCase: user sessions and attendance, as the product's documents have them."""

from typing import Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from shared.domain.directory import Person
from shared.web.fields import Answer


class CamelPart(Answer):
    """A part of an answer of these families."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class CamelAnswer(CamelPart):
    """An answer of these families. `success` tells it from an error, whose body says false."""

    success: Literal[True] = True

    def to_json(self) -> str:
        """The answer as text."""
        return self.model_dump_json(by_alias=True)


class StudentInfo(CamelPart):
    """The student who it is, as the directory has them."""

    student_id: int | None
    first_name: str | None
    last_name: str | None
    department: str | None
    email: str

    @classmethod
    def of(cls, person: Person | None) -> "StudentInfo | None":
        """The person on the wire; None for somebody who is no student."""
        if person is None or not person.is_student:
            return None
        return cls(
            student_id=person.student_number,
            first_name=person.first_name,
            last_name=person.last_name,
            department=person.department,
            email=person.email,
        )
