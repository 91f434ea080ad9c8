"""Callers: who asks, and what is theirs."""

from dataclasses import dataclass

from shared.domain.classes import ScheduledClass


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks. `role` is `user`, `teacher`, `admin`, or `system` for our own timers and tasks."""

    subject: str
    email: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether everything of the organisation is the caller's to see and change."""
        return self.role in ("admin", "system")

    def teaches(self, held: ScheduledClass) -> bool:
        """Whether the class is the caller's to run."""
        return self.is_admin or (self.role == "teacher" and self.email == held.teacher_email)

    def may_see(self, held: ScheduledClass) -> bool:
        """Whether the caller has to do with the class at all."""
        return self.teaches(held) or self.email in held.people
