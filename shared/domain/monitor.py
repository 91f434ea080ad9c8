"""What the monitor does with a class at an instant, and which tasks follow: pure, and the same however often it is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.classes import (
    STAFF_WAIT,
    TASK_HORIZON,
    ScheduledClass,
    Status,
    advanced,
    is_look_lost,
    is_staff_check_lost,
    looked,
    lost_at,
    next_sync_at,
    nudged,
    with_due,
)
from shared.domain.ids import stable_id


def next_task_at(booked: ScheduledClass, delays: Sequence[timedelta]) -> datetime | None:
    """When the next task of the class should fire: at its start, its end, or its next reading."""
    if booked.status is Status.SCHEDULED:
        return booked.start_at
    if booked.status is Status.ACTIVE:
        return booked.end_at
    return next_sync_at(booked, delays) if booked.status is Status.COMPLETED else None


def stepped(booked: ScheduledClass, now: datetime, delays: Sequence[timedelta], wait: timedelta = STAFF_WAIT) -> ScheduledClass:
    """The class after everything that is due by `now`, with its next task planned and its next due instant set.

    A reading that should have happened ten minutes ago is planned anew under another name: its task was lost. So are a look
    and a check for the teacher, who is waited for as long as `wait`.
    """
    after = advanced(booked, now, wait)
    read_at = next_sync_at(after, delays) if after.status is Status.COMPLETED else None
    if read_at is not None and after.planned_at and lost_at(after, read_at) <= now:
        after = nudged(after, now)
    if is_look_lost(after, now):
        after = looked(after, now)
    if is_staff_check_lost(after, now):
        after = replace(after, staff_check_at=now, rev=after.rev + 1)
    task_at = next_task_at(after, delays)
    if after.planned_at is None and task_at is not None and task_at <= now + TASK_HORIZON:
        after = replace(after, planned_at=now, rev=booked.rev + 1)
    return with_due(after, delays)


def task_name(booked: ScheduledClass, delays: Sequence[timedelta]) -> str | None:
    """The name of the class's next task: a function of what it is for and when, so that it is planned once."""
    task_at = next_task_at(booked, delays)
    if task_at is None or booked.planned_at is None:
        return None
    return stable_id("task", booked.class_id, booked.status, task_at.isoformat(), str(booked.sync_nudges))


def look_name(booked: ScheduledClass) -> str | None:
    """The name of the task that looks into the class's meeting next, while it is on."""
    if booked.status is not Status.ACTIVE or booked.look_at is None:
        return None
    return stable_id("look", booked.class_id, booked.look_at.isoformat())


def staff_check_name(booked: ScheduledClass) -> str | None:
    """The name of the task that makes sure that a teacher came, while the class is on."""
    if booked.status is not Status.ACTIVE or booked.staff_check_at is None:
        return None
    return stable_id("staff_check", booked.class_id, booked.staff_check_at.isoformat())


def is_calendar_due(booked: ScheduledClass, now: datetime) -> bool:
    """Whether Calendar is behind and it is time to try again."""
    return booked.is_calendar_behind and (booked.calendar_retry_at is None or booked.calendar_retry_at <= now)
