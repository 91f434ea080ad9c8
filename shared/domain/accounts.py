"""Callers: who asks, and what is theirs."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.classes import ScheduledClass


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks. `role` is `user`, `teacher`, `admin`, or `system` for our own timers and tasks.

    `token_issued_at` is when a person signed in, as far as the token tells; None for who shows none and for our own services.
    `token_expires_at` is when the token stops being good; whoever stays connected for longer has to show another one.
    `role_is_claimed` is False for a token that names no role: then `role` is the least one, and the directory knows more.
    """

    subject: str
    email: str
    role: str
    name: str | None = None
    token_issued_at: datetime | None = field(default=None, compare=False)
    role_is_claimed: bool = True
    token_expires_at: datetime | None = field(default=None, compare=False)

    @property
    def is_admin(self) -> bool:
        """Whether everything of the organisation is the caller's to see and change."""
        return self.role in ("admin", "system")

    def teaches(self, held: ScheduledClass) -> bool:
        """Whether the class is the caller's to run."""
        return self.is_admin or (self.role == "teacher" and self.email in held.teacher_emails)

    def may_see(self, held: ScheduledClass) -> bool:
        """Whether the caller has to do with the class at all."""
        return self.teaches(held) or self.email in held.people


class SignedOut(Exception):
    """The token is genuine and was withdrawn: the person has to sign in again."""


class AskedTooOften(Exception):
    """One person or address asked more often than anybody may; `limit` is how often that is, until `resets_at`."""

    def __init__(self, limit: int, resets_at: datetime, retry_s: int) -> None:
        super().__init__(f"more than {limit} requests, until {resets_at.isoformat()}")
        self.limit = limit
        self.retry_s = retry_s
