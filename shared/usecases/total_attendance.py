"""Totals of attendance, as far as they are the caller's to see: one pass over the classes, one over the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass
from shared.domain.policies import DEFAULT_POLICY
from shared.domain.totals import CourseTotal, PolicyOf, StudentTotal, TeacherTotal, by_course, by_student, by_teacher, places_of
from shared.people_ports import People, PersonFilter, Policies
from shared.ports import AttendanceFilter, Classes, ClassFilter, Clock, Sessions

PAGE = 500
MOST_WARDS = 100
# What a reading is noted about that names no person, course or teacher.
EVERYTHING = "*"


class Grouping(StrEnum):
    """Whose totals."""

    STUDENT = "student"
    COURSE = "course"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class ToTotal:
    """Which totals; None does not filter. The instants are about the class's start, `teacher_email` about who teaches."""

    by: Grouping
    start_from: datetime | None = None
    start_before: datetime | None = None
    course_id: str | None = None
    student_email: str | None = None
    teacher_email: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals. `about` names whose attendance is in them beside the caller's own: to be noted before anybody sees them."""

    rows: tuple[StudentTotal, ...] | tuple[CourseTotal, ...] | tuple[TeacherTotal, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """The classes of one student, or those that all of these teach."""

    student_email: str | None
    teachers: tuple[str, ...]

    def holds(self, teachers: tuple[str, ...]) -> bool:
        """Whether a class with these teachers is in view."""
        return all(each in teachers for each in self.teachers)


@dataclass(frozen=True)
class TotalAttendance:
    """Add up attendance. What is not the caller's to see is as if it were not there.

    An administrator sees all; a teacher their own classes; everybody their own totals, and those of the students whose
    guardian they are.
    """

    classes: Classes
    sessions: Sessions
    people: People
    policies: Policies
    clock: Clock

    def __call__(self, wanted: ToTotal, caller: Caller) -> Totals:
        """The totals as of now; raises `Unavailable`."""
        views = self._views(wanted, caller)
        classes = [held for view in views for held in self._classes(wanted, view)]
        rows = chain.from_iterable(self._rows(wanted, view) for view in views)
        now, policy_of = self.clock(), self._policy_of()
        if wanted.by is Grouping.TEACHER:
            return self._of_teachers(wanted, caller, classes, list(rows))
        students = {view.student_email for view in views}
        places = [
            place
            for place in places_of(Role.STUDENT, classes, rows, policy_of, now)
            if None in students or place.email in students
        ]
        about = tuple(each for view in views if (each := _about(wanted, view)) != caller.email)
        return Totals(by_student(places) if wanted.by is Grouping.STUDENT else by_course(places), about)

    def _of_teachers(self, wanted: ToTotal, caller: Caller, classes: list[ScheduledClass], rows: list[Attendance]) -> Totals:
        """With one teacher asked for, what they taught in place of others counts as well."""
        only = wanted.teacher_email if caller.is_admin else caller.email
        if not caller.is_admin and (caller.role != "teacher" or wanted.teacher_email not in (None, caller.email)):
            return Totals((), ())
        if wanted.student_email is not None:
            in_view = {held.session_id for held in classes}
            rows = [row for row in rows if row.session_id in in_view]
        elif only is not None:
            rows += self.sessions.stream(_filter(wanted, email=only))
        now, policy_of = self.clock(), self._policy_of()
        own = places_of(Role.TEACHER, classes, rows, policy_of, now)
        students = [
            place
            for place in places_of(Role.STUDENT, classes, rows, policy_of, now)
            if wanted.student_email in (None, place.email)
        ]
        about = () if only == caller.email else (_about(wanted, _View(wanted.student_email, ())),)
        return Totals(by_teacher(own, students, classes, None if only is None else (only,)), about)

    def _views(self, wanted: ToTotal, caller: Caller) -> list[_View]:
        asked = (wanted.teacher_email,) if wanted.teacher_email else ()
        if caller.is_admin:
            return [_View(wanted.student_email, asked)]
        if wanted.by is Grouping.STUDENT:
            own = self._own_students(wanted.student_email, caller)
            if wanted.student_email in own or (wanted.student_email is None and caller.role != "teacher"):
                return [_View(email, asked) for email in own]
        if caller.role != "teacher":
            return []
        return [_View(wanted.student_email, tuple(dict.fromkeys((caller.email, *asked))))]

    def _own_students(self, student_email: str | None, caller: Caller) -> tuple[str, ...]:
        """The caller and the students whose guardian the caller is; the one who is asked for alone."""
        if student_email is None:
            wards = self.people.page(PersonFilter(guardian_email=caller.email), MOST_WARDS, None).items
            return tuple(dict.fromkeys((caller.email, *(each.email for each in wards))))
        if student_email == caller.email:
            return (student_email,)
        person = self.people.get(student_email)
        return (student_email,) if person and caller.email in person.value.guardian_emails else ()

    def _classes(self, wanted: ToTotal, view: _View) -> Iterator[ScheduledClass]:
        asked = ClassFilter(
            student_email=view.student_email,
            person_email=view.teachers[0] if view.teachers and view.student_email is None else None,
            course_id=wanted.course_id,
            start_from=wanted.start_from,
            start_before=wanted.start_before,
        )
        token = None
        while True:
            page = self.classes.page(asked, PAGE, token)
            yield from (held for held in page.items if view.holds(held.teacher_emails))
            token = page.next_token
            if token is None:
                return

    def _rows(self, wanted: ToTotal, view: _View) -> Iterator[Attendance]:
        """A teacher's totals for one student need the teachers' rows as well, so that only the totals of students ask by one."""
        email = view.student_email if wanted.by is not Grouping.TEACHER else None
        asked = _filter(wanted, email=email, taught_by=view.teachers[0] if view.teachers else None)
        return (row for row in self.sessions.stream(asked) if view.holds(row.teacher_emails))

    def _policy_of(self) -> PolicyOf:
        versions = {policy.version: policy for policy in self.policies.all()}
        return lambda version: versions.get(version, DEFAULT_POLICY)


def _filter(wanted: ToTotal, email: str | None = None, taught_by: str | None = None) -> AttendanceFilter:
    return AttendanceFilter(
        email=email,
        taught_by=taught_by,
        course_id=wanted.course_id,
        start_from=wanted.start_from,
        start_before=wanted.start_before,
    )


def _about(wanted: ToTotal, view: _View) -> str:
    """The narrowest thing that a view is about."""
    return view.student_email or wanted.course_id or wanted.teacher_email or EVERYTHING
