"""What the directory answers about courses and about oneself, on the wire; whoever takes a course sees nobody else of it."""

from collections.abc import Sequence
from typing import Self

from functions.people.answers import Good, PersonEntry, StudentEntry
from shared.domain.accounts import Caller
from shared.domain.directory import Course
from shared.ports import Page
from shared.usecases.enter_course import runs
from shared.usecases.find_people import Own
from shared.usecases.import_classroom import ClassroomImported, Unclear
from shared.web.fields import Answer


class CourseEntry(Answer):
    """A course, with as much of its roster as is the caller's."""

    course_id: str
    name: str
    teacher_emails: list[str]
    student_emails: list[str]
    classroom_id: str | None

    @classmethod
    def of(cls, course: Course, caller: Caller) -> Self:
        """The course on the wire."""
        seen = [email for email in course.student_emails if runs(caller, course) or email == caller.email]
        return cls(
            course_id=course.course_id,
            name=course.name,
            teacher_emails=list(course.teacher_emails),
            student_emails=seen,
            classroom_id=course.classroom_id,
        )


class CourseBody(Good):
    """A course."""

    course: CourseEntry

    @classmethod
    def of(cls, course: Course, caller: Caller) -> Self:
        """The course on the wire."""
        return cls(course=CourseEntry.of(course, caller))


class CourseListBody(Good):
    """One page of courses, by id."""

    courses: list[CourseEntry]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Course], caller: Caller) -> Self:
        """The page on the wire."""
        return cls(courses=[CourseEntry.of(each, caller) for each in page.items], next_page_token=page.next_token)


class MeBody(Good):
    """What the directory has of the caller: their record, their courses, and the students whose guardian they are."""

    email: str
    role: str
    person: PersonEntry | None
    student: StudentEntry | None
    courses: list[CourseEntry]
    guardian_of: list[StudentEntry]

    @classmethod
    def of(cls, own: Own, caller: Caller) -> Self:
        """The caller's own on the wire."""
        person = own.person
        return cls(
            email=caller.email,
            role=caller.role,
            person=PersonEntry.of(person, caller) if person else None,
            student=StudentEntry.of(person, caller) if person and person.is_student else None,
            courses=[CourseEntry.of(each, caller) for each in own.courses],
            guardian_of=[StudentEntry.of(each, caller) for each in own.wards],
        )


class ClassroomCourse(Answer):
    """A course in Google Classroom."""

    classroom_id: str
    name: str


class ClassroomCoursesBody(Good):
    """The Classroom courses that a teacher teaches."""

    courses: list[ClassroomCourse]

    @classmethod
    def of(cls, found: Sequence[tuple[str, str]]) -> Self:
        """The courses on the wire."""
        return cls(courses=[ClassroomCourse(classroom_id=classroom_id, name=name) for classroom_id, name in found])


class UnclearMember(Answer):
    """A member of the Classroom course whose person nobody can tell, and what to do about it."""

    google_id: str
    first_name: str | None
    last_name: str | None
    message: str

    @classmethod
    def of(cls, unclear: Unclear) -> Self:
        """The member on the wire."""
        member = unclear.member
        return cls(google_id=member.google_id, first_name=member.first_name, last_name=member.last_name, message=unclear.message)


class ClassroomImportBody(Good):
    """What the import did, or would do. `new`, `changed` and `unchanged` count people."""

    dry_run: bool
    course: CourseEntry
    new: int
    changed: int
    unchanged: int
    enrolled: list[str]
    removed: list[str]
    teachers_left: list[str]
    unclear: list[UnclearMember]

    @classmethod
    def of(cls, done: ClassroomImported, caller: Caller, *, is_dry_run: bool) -> Self:
        """The import on the wire."""
        return cls(
            dry_run=is_dry_run,
            course=CourseEntry.of(done.course, caller),
            new=done.new,
            changed=done.changed,
            unchanged=done.unchanged,
            enrolled=list(done.enrolled),
            removed=list(done.removed),
            teachers_left=list(done.teachers_left),
            unclear=[UnclearMember.of(each) for each in done.unclear],
        )
