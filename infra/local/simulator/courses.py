"""Courses of Google Classroom as the simulator keeps them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ClassroomCourse:
    """One course; people by address in lower case, the first teacher owns it.

    `hiding` are the students whose address Classroom does not tell. `created` and `updated` are in nanoseconds since 1970.
    """

    course_id: str
    name: str
    state: str
    teachers: list[str]
    students: list[str]
    created: int
    updated: int
    hiding: list[str] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """The address of the owner."""
        return self.teachers[0]

    def has(self, email: str) -> bool:
        """Whether somebody teaches or takes it."""
        return email in self.teachers or email in self.students
