"""Importing students from a table: all of it or nothing, and a second time nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.domain.directory import Course, Person, PersonRole
from shared.domain.errors import Stale
from shared.domain.people_csv import PersonRow, RowError, read_people
from shared.people_ports import Courses, People
from shared.ports import Clock, Versioned
from shared.usecases.enter_person import changes_of, entered

BATCH, TRIES = 400, 2


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do where it was a dry run; with errors it does nothing."""

    rows: int
    new: int
    changed: int
    unchanged: int
    errors: tuple[RowError, ...]
    preview: tuple[PersonRow, ...]


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
        students = {row.email: self._student(known.get(row.email), row) for row in table.rows}
        new = sum(email not in known for email in students)
        changed = sum(email in known and known[email] != person for email, person in students.items())
        errors = (*table.errors, *unknown)
        done = Imported(len(table.rows), new, changed, len(students) - new - changed, errors[:100], table.rows[:20])
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
        absent = [each for each in rosters if self.courses.get(each) is None]
        told = "There is no course {}; enter the course first or leave it out."
        return rosters, tuple(RowError(1, "courses", told.format(each)) for each in absent)

    def _student(self, before: Person | None, row: PersonRow) -> Person:
        person = before or Person(row.email, (), entered_at=self.clock())
        names = ("first_name", "last_name", "student_number", "department", "guardian_emails")
        given = {name: getattr(row, name) for name in names if getattr(row, name) not in (None, ())}
        return entered(person, PersonRole.STUDENT, given)

    def _store(self, rows: tuple[PersonRow, ...]) -> None:
        by_email = {row.email: row for row in rows}
        guardians = {email for row in rows for email in row.guardian_emails}
        emails = sorted(by_email.keys() | guardians)
        for first in range(0, len(emails), BATCH):
            self._store_some(emails[first : first + BATCH], by_email, guardians)

    def _store_some(self, emails: list[str], rows: dict[str, PersonRow], guardians: set[str]) -> None:
        for _ in range(TRIES):
            known = self.people.get_many(emails)
            changes: list[tuple[Versioned[Person] | None, Person]] = []
            for email in emails:
                before = known.get(email)
                after = self._student(before, rows[email]) if email in rows else before
                if email in guardians:
                    after = entered(after or Person(email, (), entered_at=self.clock()), PersonRole.GUARDIAN, {})
                if after is None or after == before:
                    continue
                read = self.people.get(email) if before is not None else None
                if read is not None and read.value != before:
                    break
                changes += changes_of(read, after)
            else:
                if not changes or self.people.save(changes):
                    return
        raise Stale("The directory was being changed at the same time; import the table again.")

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
