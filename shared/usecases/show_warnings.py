"""Looking at warnings, as far as they are the caller's to see."""

from dataclasses import dataclass, replace

from shared.delivery_ports import WarningFilter, Warnings
from shared.domain.accounts import Caller
from shared.domain.warnings import AttendanceWarning
from shared.people_ports import People
from shared.ports import Page

NOTHING: Page[AttendanceWarning] = Page((), None)


@dataclass(frozen=True)
class ShowWarnings:
    """An administrator sees all warnings, a teacher those that their own classes raised, everybody their own.

    A guardian who names a student of theirs sees that student's. What is not the caller's to see is as if it were not there.
    """

    warnings: Warnings
    people: People

    def __call__(self, wanted: WarningFilter, limit: int, token: str | None, caller: Caller) -> Page[AttendanceWarning]:
        """One page of warnings, the last raised first; raises `NotFound` for a foreign token."""
        own = self._own(wanted, caller)
        return self.warnings.page(own, limit, token) if own is not None else NOTHING

    def _own(self, wanted: WarningFilter, caller: Caller) -> WarningFilter | None:
        if caller.is_admin:
            return wanted
        student = wanted.student_email
        if student is not None and (student == caller.email or self._is_ward(student, caller)):
            return wanted
        if caller.role == "teacher":
            is_foreign = wanted.teacher_email not in (None, caller.email)
            return None if is_foreign else replace(wanted, teacher_email=caller.email)
        return replace(wanted, student_email=caller.email) if student is None else None

    def _is_ward(self, student_email: str, caller: Caller) -> bool:
        person = self.people.get(student_email)
        return person is not None and caller.email in person.value.guardian_emails
