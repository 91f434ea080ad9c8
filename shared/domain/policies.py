"""Policies: the rules that make a verdict of the time somebody was there. Each version is kept; none is ever changed.

A version counts for the classes that start from its `effective_from` on, and is written before that, so that no class that
has begun is ever decided anew by another policy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class StatusName:
    """What an organisation calls an attendance status, and what it is worth: `points` out of 100."""

    status: str
    label: str
    acronym: str
    points: int


STATUS_NAMES = (
    StatusName("present", "Present", "P", 100),
    StatusName("late", "Late", "L", 100),
    StatusName("left_early", "Left early", "E", 100),
    StatusName("partial", "Partly present", "PP", 50),
    StatusName("absent", "Absent", "A", 0),
    StatusName("no_show", "No-show", "N", 0),
    StatusName("excused", "Excused", "X", 100),
    StatusName("unknown", "Not known", "?", 0),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. Minutes and percents are whole numbers.

    Late is who comes more than `grace_minutes` after the start; who goes more than `left_early_minutes` before the end left
    early. Who was there for less than `minimum_share_percent` of the class is partly present, for less than `minimum_minutes`
    not at all; neither counts against somebody who missed no more than the grace. `early_open_minutes` and
    `late_close_minutes` (at most 30) say how far around the class its meeting belongs to it. Without `auto_absent` whoever was
    not seen stays `unknown` until a person decides. `teacher_no_show_minutes` after the start a missing teacher is reported;
    with `student_no_show_minutes` a student who was never seen, while somebody of the staff waited that long, is a `no_show`
    instead of `absent`. Warnings: the share of points falls below `warn_below_percent` over at least `warn_after` taken
    sessions, or `warn_absences_in_row` absences follow one another; None switches either off.
    """

    version: int = 0
    effective_from: datetime | None = None
    grace_minutes: int = 10
    left_early_minutes: int = 10
    minimum_share_percent: int = 50
    minimum_minutes: int = 1
    early_open_minutes: int = 30
    late_close_minutes: int = 30
    auto_absent: bool = True
    teacher_no_show_minutes: int = 15
    student_no_show_minutes: int | None = None
    warn_below_percent: int | None = 75
    warn_after: int = 4
    warn_absences_in_row: int | None = 3
    statuses: tuple[StatusName, ...] = field(default=STATUS_NAMES)
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None

    @property
    def grace(self) -> timedelta:
        """How late nobody is late."""
        return timedelta(minutes=self.grace_minutes)

    def points_of(self, status: str) -> int:
        """What a status is worth, out of 100."""
        return next((name.points for name in self.statuses if name.status == status), 0)

    def label_of(self, status: str) -> str:
        """What the organisation calls a status."""
        return next((name.label for name in self.statuses if name.status == status), status)


DEFAULT_POLICY = Policy()


def policy_at(versions: Iterable[Policy], start_at: datetime) -> Policy:
    """The policy of a class that starts at `start_at`: the newest version that counts from then or before."""
    known = [p for p in versions if p.effective_from is not None and p.effective_from <= start_at]
    return max(known, key=lambda p: (p.effective_from or start_at, p.version), default=DEFAULT_POLICY)


def checked(wanted: Policy, now: datetime) -> Policy:
    """A new version that touches no class that has begun; raises `InvalidInput`."""
    if wanted.effective_from is None or wanted.effective_from < now:
        raise InvalidInput("effective_from", "A policy counts from now on or later; what has begun keeps the policy it had.")
    known, told = {name.status for name in STATUS_NAMES}, [name.status for name in wanted.statuses]
    if set(told) != known or len(told) != len(known):
        raise InvalidInput("statuses", f"Name each status once: {', '.join(name.status for name in STATUS_NAMES)}.")
    return wanted
