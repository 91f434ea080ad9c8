"""Entering courses and their rosters."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.domain.accounts import Caller
from shared.domain.directory import Course
from shared.domain.errors import Forbidden, NotFound, NotInThisState, Stale
from shared.people_ports import Courses
from shared.ports import Clock, Page

TRIES, MOST_ENROLLED = 2, 5000
ABSENT = "No such course."


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A course as it shall be; a list that is None stays as it is, or empty."""

    course_id: str
    name: str
    teacher_emails: tuple[str, ...] | None = None
    student_emails: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class EnterCourse:
    """Read and change courses within what is the caller's."""

    courses: Courses
    clock: Clock

    def get(self, course_id: str, caller: Caller) -> Course:
        """One course of the caller's. Raises `NotFound` for a foreign one as for none."""
        found = self.courses.get(course_id)
        if found is None or not (caller.is_admin or caller.email in (*found.value.teacher_emails, *found.value.student_emails)):
            raise NotFound(ABSENT)
        return found.value

    def page(self, caller: Caller, limit: int, token: str | None) -> Page[Course]:
        """One page of the caller's courses. Raises `NotFound` for a foreign token."""
        return self.courses.page(None if caller.is_admin else caller.email, limit, token)

    def enter(self, wanted: ToEnter, caller: Caller) -> Course:
        """Store a course as an administrator wants it; what it came from stays. Raises `Forbidden`, `Stale`, `Unavailable`."""
        if not caller.is_admin:
            raise Forbidden("Only administrators enter courses; teachers change the rosters of their own.")
        for _ in range(TRIES):
            before = self.courses.get(wanted.course_id)
            known = before.value if before else Course(wanted.course_id, "", entered_at=self.clock(), rev=0)
            after = replace(
                known,
                name=wanted.name,
                teacher_emails=known.teacher_emails if wanted.teacher_emails is None else wanted.teacher_emails,
                student_emails=known.student_emails if wanted.student_emails is None else wanted.student_emails,
            )
            if after == known:
                return known
            after = replace(after, rev=known.rev + 1)
            if self.courses.save(before, after):
                return after
        raise Stale("Somebody else changed the course at the same time; look again and repeat it.")

    def delete(self, course_id: str, caller: Caller) -> None:
        """Delete a course as an administrator. Raises `Forbidden`, `NotFound`, `Stale`, `Unavailable`."""
        if not caller.is_admin:
            raise Forbidden("Only administrators delete courses.")
        for _ in range(TRIES):
            before = self.courses.get(course_id)
            if before is None:
                raise NotFound(ABSENT)
            if self.courses.delete(before):
                return
        raise Stale("Somebody else changed the course at the same time; look again and repeat it.")

    def enrol(self, course_id: str, email: str, caller: Caller) -> Course:
        """Put a student on a roster. Raises `NotFound`, `NotInThisState` for a full one, `Stale`, `Unavailable`."""

        def with_one_more(emails: tuple[str, ...]) -> tuple[str, ...]:
            if email not in emails and len(emails) >= MOST_ENROLLED:
                raise NotInThisState(f"A course holds at most {MOST_ENROLLED} students; enter another course.")
            return emails if email in emails else (*emails, email)

        return self._roster(course_id, caller, with_one_more)

    def remove(self, course_id: str, email: str, caller: Caller) -> Course:
        """Take a student off a roster. Raises `NotFound`, `Stale`, `Unavailable`."""
        return self._roster(course_id, caller, lambda emails: tuple(each for each in emails if each != email))

    def _roster(self, course_id: str, caller: Caller, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Course:
        for _ in range(TRIES):
            before = self.courses.get(course_id)
            if before is None or not runs(caller, before.value):
                raise NotFound(ABSENT)
            emails = change(before.value.student_emails)
            if emails == before.value.student_emails:
                return before.value
            after = replace(before.value, student_emails=emails, rev=before.value.rev + 1)
            if self.courses.save(before, after):
                return after
        raise Stale("Somebody else changed the roster at the same time; look again and repeat it.")


def runs(caller: Caller, course: Course) -> bool:
    """Whether the course is the caller's to run."""
    return caller.is_admin or (caller.role == "teacher" and caller.email in course.teacher_emails)
