"""Listing attendance: who attended what, within what is the caller's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance, AttendanceStatus
from shared.people_ports import People
from shared.ports import AttendanceFilter, Page, Sessions


@dataclass(frozen=True)
class ListAttendance:
    """An administrator sees all rows, a teacher those of their own classes, everybody their own.

    A guardian who names a student of theirs sees that student's. What is not the caller's to see is as if it were not there.
    A page of one status reads at most `most_read` rows, `at_once` of them at a time.
    """

    sessions: Sessions
    people: People
    most_read: int = 2000
    at_once: int = 500

    def own(self, wanted: AttendanceFilter, caller: Caller) -> AttendanceFilter | None:
        """What is wanted within what is the caller's; None when that leaves nothing."""
        if caller.is_admin:
            return wanted
        if caller.role == "teacher":
            return replace(wanted, taught_by=caller.email)
        if wanted.email in (None, caller.email):
            return replace(wanted, email=caller.email)
        return wanted if self._is_ward(wanted.email, caller) else None

    def page(
        self, wanted: AttendanceFilter | None, status: AttendanceStatus | None, limit: int, token: str | None
    ) -> Page[Attendance]:
        """One page, newest class first; raises `NotFound` for a foreign token.

        The store does not look for a status. A page of one may hold fewer than `limit`, even none, before the last one.
        """
        if wanted is None:
            return Page((), None)
        return self.sessions.rows(wanted, limit, token) if status is None else self._of_status(wanted, status, limit, token)

    def stream(self, wanted: AttendanceFilter | None, status: AttendanceStatus | None) -> Iterator[Attendance]:
        """All rows, newest class first, without holding them in memory."""
        every = self.sessions.stream(wanted) if wanted is not None else iter(())
        return every if status is None else (row for row in every if row.status is status)

    def _of_status(self, wanted: AttendanceFilter, status: AttendanceStatus, limit: int, token: str | None) -> Page[Attendance]:
        found: list[Attendance] = []
        for _ in range(self.most_read // self.at_once):
            page = self.sessions.rows(wanted, self.at_once, token)
            for row in page.items:
                if row.status is not status:
                    continue
                if len(found) == limit:
                    return Page(tuple(found), found[-1].row_id)
                found.append(row)
            token = page.next_token
            if token is None:
                break
        return Page(tuple(found), token)

    def _is_ward(self, student_email: str | None, caller: Caller) -> bool:
        person = self.people.get(student_email) if student_email else None
        return person is not None and caller.email in person.value.guardian_emails
