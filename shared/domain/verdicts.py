"""Verdicts: what a policy makes of the time that somebody was in class. Pure, and the same however often it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.domain.classes import ScheduledClass, Status
from shared.domain.policies import Policy
from shared.domain.presence import Stay, time_present, united


class AttendanceStatus(StrEnum):
    """The verdict on somebody's attendance; `unknown` is never absent."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    PARTIAL = "partial"
    ABSENT = "absent"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    UNKNOWN = "unknown"

    @property
    def was_there(self) -> bool:
        """Whether it says that the person attended, wholly or in part."""
        return self in _ATTENDED

    @property
    def is_taken(self) -> bool:
        """Whether attendance was taken at all."""
        return self is not AttendanceStatus.UNKNOWN


_ATTENDED = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class Case:
    """What a verdict rests on, about one person of one class.

    `stays` may reach beyond the class. `is_whole` is whether the meeting was read whole, so that who is not in it was not
    there; `is_excused` whether somebody excused the person in advance; `staff` the stays of those who teach. `has_strangers` is
    whether somebody was in class whom nobody knows.
    """

    stays: Sequence[Stay]
    is_whole: bool
    is_excused: bool
    is_staff: bool
    staff: Sequence[Stay] = ()
    has_strangers: bool = False


def attended(stays: Sequence[Stay], held: ScheduledClass) -> timedelta:
    """Time in class; what has not ended counts to the end of the class."""
    return time_present(stays, held.start_at, held.end_at)


def counts_as_there(stays: Sequence[Stay], held: ScheduledClass, policy: Policy) -> bool:
    """Whether somebody was in class for long enough to have been there at all.

    Short of the minimum is nobody who missed no more than the grace: a class of two minutes asks for no five.
    """
    within = [cut for stay in stays if (cut := stay.within(held.start_at, held.end_at))]
    there = attended(stays, held)
    is_long = there >= timedelta(minutes=policy.minimum_minutes) or held.duration - there <= policy.grace
    return bool(within) and is_long


def verdict(case: Case, held: ScheduledClass, policy: Policy) -> AttendanceStatus:
    """The verdict on one person. While the class is on it says only what can no longer change for the better."""
    if not counts_as_there(case.stays, held, policy):
        return _not_there(case, held, policy)
    stays = united(case.stays)
    is_late = max(stays[0].joined_at, held.start_at) - held.start_at > policy.grace
    if held.status is not Status.COMPLETED:
        return AttendanceStatus.LATE if is_late else AttendanceStatus.PRESENT
    left_at = stays[-1].left_at
    went_early = left_at is not None and held.end_at - left_at > timedelta(minutes=policy.left_early_minutes)
    there = attended(stays, held)
    is_short = there * 100 < held.duration * policy.minimum_share_percent and held.duration - there > policy.grace
    if is_short or (is_late and went_early):
        return AttendanceStatus.PARTIAL
    if is_late:
        return AttendanceStatus.LATE
    return AttendanceStatus.LEFT_EARLY if went_early else AttendanceStatus.PRESENT


def _not_there(case: Case, held: ScheduledClass, policy: Policy) -> AttendanceStatus:
    if case.is_excused:
        return AttendanceStatus.EXCUSED
    if not case.is_whole or not policy.auto_absent:
        return AttendanceStatus.UNKNOWN
    if case.is_staff:
        return _missing_staff(case, held)
    has_waited = waited(case.staff, held, policy.student_no_show_minutes)
    return AttendanceStatus.NO_SHOW if has_waited else AttendanceStatus.ABSENT


def waited(staff: Sequence[Stay], held: ScheduledClass, minutes: int | None) -> bool:
    """Whether somebody of the staff was there until that many minutes after the start; None waits for nobody."""
    if minutes is None:
        return False
    until = min(held.start_at + timedelta(minutes=minutes), held.end_at)
    return any(stay.joined_at <= until and (stay.left_at is None or stay.left_at >= until) for stay in staff)


def _missing_staff(case: Case, held: ScheduledClass) -> AttendanceStatus:
    """Whoever teaches and was not seen: absent where another one taught. A stranger may be a teacher who was not signed in."""
    if attended(case.staff, held) > timedelta():
        return AttendanceStatus.ABSENT
    return AttendanceStatus.UNKNOWN if case.has_strangers else AttendanceStatus.NO_SHOW


def together(one: Sequence[Stay], other: Sequence[Stay]) -> tuple[Stay, ...]:
    """The stays during which both were there; one that nobody has ended has no end yet."""
    shared = []
    for mine in united(one):
        for theirs in united(other):
            joined_at = max(mine.joined_at, theirs.joined_at)
            ends = [at for at in (mine.left_at, theirs.left_at) if at is not None]
            left_at = min(ends, default=None)
            if left_at is None or joined_at < left_at:
                shared.append(Stay(joined_at, left_at))
    return united(shared)
