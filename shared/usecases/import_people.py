"""Importing students from a table: all of it or nothing, and a second time nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.domain.directory import Course, Person, PersonRole
from shared.domain.errors import Stale
from shared.domain.people_csv import PersonRow, read_people
from shared.domain.tables import RowError, told_errors
from shared.people_ports import Courses, People
from shared.ports import Clock
from shared.usecases.enter_person import entered
from shared.usecases.store_people import store_people

TRIES, MOST_SHOWN = 2, 20


class Fate(StrEnum):
    """What an import makes of a student."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row, and what becomes of the student."""

    row: PersonRow
    fate: Fate


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do where it was a dry run; with errors it does nothing."""

    rows: int
    new: int
    changed: int
    unchanged: int
    errors: tuple[RowError, ...]
    preview: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """Read a table and store its students, their guardians and rosters. Killed in between, it is run again."""

    people: People
    courses: Courses
    clock: Clock
    as_email: Callable[[str], str]

    def __call__(self, text: str, *, is_dry_run: bool) -> Imported:
        """Import the table. Raises `Stale`, `Unavailable`."""
        table = read_people(text, self.as_email)
        rosters, unknown = self._rosters(table.rows)
        known = self.people.get_many([row.email for row in table.rows])
        planned = tuple(Planned(row, self._fate(known.get(row.email), row)) for row in table.rows)
        new, changed, unchanged = (sum(each.fate is fate for each in planned) for fate in Fate)
        errors = told_errors((*table.errors, *unknown))
        done = Imported(len(planned), new, changed, unchanged, errors, planned[:MOST_SHOWN])
        if is_dry_run or errors:
            return done
        self._store(table.rows)
        for course_id, emails in rosters.items():
            self._enrol(course_id, emails)
        return done

    def _rosters(self, rows: tuple[PersonRow, ...]) -> tuple[dict[str, list[str]], tuple[RowError, ...]]:
        rosters: dict[str, list[str]] = {}
        for row in rows:
            for course_id in row.courses:
                rosters.setdefault(course_id, []).append(row.email)
        absent = {each for each in rosters if self.courses.get(each) is None}
        told = "There is no course {}; enter the course first or leave it out."
        wrong = ((row.number, each) for row in rows for each in row.courses if each in absent)
        return rosters, tuple(RowError(number, "courses", told.format(each)) for number, each in wrong)

    def _fate(self, before: Person | None, row: PersonRow) -> Fate:
        if before is None:
            return Fate.NEW
        return Fate.UNCHANGED if self._student(before, row) == before else Fate.CHANGED

    def _student(self, before: Person | None, row: PersonRow) -> Person:
        person = before or Person(row.email, (), entered_at=self.clock())
        names = ("first_name", "last_name", "student_number", "department", "guardian_emails")
        given = {name: getattr(row, name) for name in names if getattr(row, name) not in (None, ())}
        return entered(person, PersonRole.STUDENT, given)

    def _store(self, rows: tuple[PersonRow, ...]) -> None:
        by_email = {row.email: row for row in rows}
        guardians = {email for row in rows for email in row.guardian_emails}

        def change(email: str, before: Person | None) -> Person | None:
            after = self._student(before, by_email[email]) if email in by_email else before
            if email in guardians:
                after = entered(after or Person(email, (), entered_at=self.clock()), PersonRole.GUARDIAN, {})
            return after

        store_people(self.people, sorted(by_email.keys() | guardians), change)

    def _enrol(self, course_id: str, emails: list[str]) -> None:
        for _ in range(TRIES):
            before = self.courses.get(course_id)
            if before is None:
                break
            course: Course = before.value
            roster = tuple(dict.fromkeys((*course.student_emails, *emails)))
            if roster == course.student_emails:
                return
            if self.courses.save(before, replace(course, student_emails=roster, rev=course.rev + 1)):
                return
        raise Stale(f"The course {course_id} was being changed at the same time; import the table again.")
