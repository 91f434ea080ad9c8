"""Attendance: one row for each person of a session, with the verdict and what it rests on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.evidence import Basis, Source
from shared.domain.matches import Match
from shared.domain.presence import Stay, time_present
from shared.domain.rulings import Ruling
from shared.domain.verdicts import AttendanceStatus

__all__ = ["Attendance", "AttendanceStatus", "Match", "Role"]


class Role(StrEnum):
    """What somebody is to the class."""

    TEACHER = "teacher"
    STUDENT = "student"
    GUEST = "guest"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person in one session. `stays` lie inside the class's share of its room; an open one has no end yet.

    `start_at` and `end_at` are the class's window: only time inside it counts. `device_type` and `location` are what some
    source told of them; the audit log's are kept only where the deployment says so.

    `status` is the verdict that counts, `computed_status` what the policy makes of the evidence; they differ where a person
    ruled otherwise (`ruling`). `shared` are the stays during which somebody of the other side was there too: of a student
    the staff, of the staff any student. `registered_at` is when the person registered for the meeting here, a mere claim.
    `is_guest` says that a person decided that this is nobody of ours.
    """

    row_id: str
    session_id: str
    class_id: str
    course_id: str | None
    subject: str
    teacher_email: str
    start_at: datetime
    end_at: datetime
    email: str | None
    display_name: str | None
    role: Role
    match: Match
    status: AttendanceStatus
    stays: tuple[Stay, ...]
    devices: int
    source: Source | None
    basis: Basis
    device_type: str | None = None
    location: str | None = None
    computed_status: AttendanceStatus | None = None
    ruling: Ruling | None = None
    excuse: Ruling | None = None
    policy_version: int = 0
    shared: tuple[Stay, ...] = ()
    registered_at: datetime | None = None
    co_teacher_emails: tuple[str, ...] = ()
    is_guest: bool = False

    @property
    def teacher_emails(self) -> tuple[str, ...]:
        """Everybody who teaches the class."""
        return (self.teacher_email, *self.co_teacher_emails)

    @property
    def join_at(self) -> datetime | None:
        """The first time the person came in."""
        return self.stays[0].joined_at if self.stays else None

    def is_present(self, now: datetime) -> bool:
        """Whether the person is in the room at `now`, as far as anybody heard."""
        return any(stay.joined_at <= now and (stay.left_at is None or stay.left_at > now) for stay in self.stays)

    def leave_at(self, now: datetime) -> datetime | None:
        """The last time the person went; None while inside. An exit that nobody heard of ends with the class."""
        if not self.stays:
            return None
        last = self.stays[-1].left_at
        return last if last is not None or now < self.end_at else max(self.end_at, self.stays[-1].joined_at)

    def counted(self, now: datetime) -> tuple[Stay, ...]:
        """The stays that count by `now`, cut to the class's window."""
        upto = min(self.end_at, now)
        return tuple(cut for stay in self.stays if (cut := stay.within(self.start_at, upto)))

    def seconds(self, now: datetime) -> int:
        """Whole seconds present in class by `now`."""
        return int(time_present(self.stays, self.start_at, min(self.end_at, now)) // timedelta(seconds=1))

    def shared_seconds(self, now: datetime) -> int:
        """Whole seconds present in class together with the other side by `now`."""
        return int(time_present(self.shared, self.start_at, min(self.end_at, now)) // timedelta(seconds=1))
