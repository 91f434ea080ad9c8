"""Whether anybody who teaches came: said only where somebody could know."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.domain.attendance import Attendance, Role
from shared.domain.classes import ScheduledClass, StaffCheck
from shared.domain.feeds import Feed
from shared.domain.policies import Policy

_KNOWN = (Feed.LIVE, Feed.POLLING)


def staff_check(rows: Iterable[Attendance], feed: Feed) -> StaffCheck:
    """Whether a teacher, a co-teacher or a substitute has been in the room.

    Nobody can say that one is missing without a feed, nor while somebody is in the room whom nobody knows: that may be the
    teacher, not signed in.
    """
    there = [row for row in rows if row.stays]
    if any(row.role is Role.TEACHER for row in there):
        return StaffCheck.THERE
    if feed not in _KNOWN or any(row.email is None for row in there):
        return StaffCheck.UNKNOWN
    return StaffCheck.MISSING


def is_staff_missing(rows: Iterable[Attendance], feed: Feed, held: ScheduledClass, policy: Policy, now: datetime) -> bool | None:
    """Whether a teacher is missing at `now`: not before the minutes that the policy gives them; None where nobody can tell."""
    found = staff_check(rows, feed)
    if found is StaffCheck.THERE or now < held.start_at + timedelta(minutes=policy.teacher_no_show_minutes):
        return False
    return None if found is StaffCheck.UNKNOWN else True
