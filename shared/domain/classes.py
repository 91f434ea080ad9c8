"""Booked classes: what a class is, what may happen to it, and when it needs attention next.

A class goes `scheduled` -> `active` -> `completed`, or is `cancelled` before it starts. Each change raises `rev` by one.
`due_at` is the next instant at which the monitor must look at it; it alone drives opening, closing, planning and syncing,
so that one indexed query finds everything that is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.errors import InvalidInput, NotInThisState
from shared.domain.ids import stable_id

LONGEST_CLASS = timedelta(minutes=1440)
TASK_HORIZON = timedelta(days=29)
CALENDAR_RETRY = timedelta(minutes=2)
SYNC_GRACE = timedelta(minutes=10)
FIRST_LOOK = timedelta(seconds=20)
LOOK_GRACE = timedelta(seconds=90)
STAFF_WAIT = timedelta(minutes=15)
STAFF_GRACE = timedelta(minutes=3)


class Status(StrEnum):
    """The class's status, as it is written on the wire."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class StaffCheck(StrEnum):
    """Whether anybody who teaches had come some minutes after the start; `unknown` where nobody could tell."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Provider(StrEnum):
    """Who runs the meeting."""

    GOOGLE_MEET = "google_meet"
    ZOOM = "zoom"


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a class stands in its series; `original_start_at` names it for ever, also after it was moved."""

    series_id: str
    rule: str
    first_start_at: datetime
    first_end_at: datetime
    original_start_at: datetime


@dataclass(frozen=True, slots=True)
class Registrant:
    """A student as Zoom knows them in one meeting, with the link that is theirs alone."""

    email: str
    registrant_id: str
    join_url: str


@dataclass(frozen=True, slots=True)
class ScheduledClass:
    """A booked lesson. Instants are aware and in UTC.

    `calendar_wanted` counts the changes that Calendar should show, `calendar_done` is how far Calendar follows.
    `planned_at` is when the task for the next step was put into the queue; `syncs_done` counts finished readings. `look_at` is
    when Meet's records are looked into next while the class is on, `staff_check_at` when somebody makes sure that a teacher
    came, and `staff_check` what was found.
    """

    class_id: str
    teacher_email: str
    student_emails: tuple[str, ...]
    subject: str
    start_at: datetime
    end_at: datetime
    timezone: str
    booked_at: datetime
    course_id: str | None = None
    co_teacher_emails: tuple[str, ...] = ()
    rate_plan_id: str | None = None
    provider: Provider = Provider.GOOGLE_MEET
    series: SeriesPlace | None = None
    allow_conflicts: bool = False
    status: Status = Status.SCHEDULED
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    meet_code: str | None = None
    meet_link: str | None = None
    room: str | None = None
    registrants: tuple[Registrant, ...] = ()
    calendar_wanted: int = 1
    calendar_done: int = 0
    calendar_trouble: str | None = None
    calendar_retry_at: datetime | None = None
    planned_at: datetime | None = None
    syncs_done: int = 0
    sync_nudges: int = 0
    look_at: datetime | None = None
    staff_check_at: datetime | None = None
    staff_check: StaffCheck | None = None
    is_settled: bool = False
    due_at: datetime | None = None
    rev: int = 1

    @property
    def session_id(self) -> str:
        """The one live session of this class; it does not change when the class is moved."""
        return stable_id("session", self.class_id)

    @property
    def calendar_event_id(self) -> str:
        """The id that we give the class's Calendar event (Google allows 0-9 and a-v)."""
        if self.series is None:
            return f"rc{self.class_id}"
        return f"{self.calendar_base_id}_{self.series.original_start_at:%Y%m%dT%H%M%SZ}"

    @property
    def calendar_base_id(self) -> str:
        """The Calendar event that holds the series, or the class's own."""
        return f"rc{self.series.series_id if self.series else self.class_id}"

    @property
    def duration(self) -> timedelta:
        """Booked length."""
        return self.end_at - self.start_at

    @property
    def teacher_emails(self) -> tuple[str, ...]:
        """Everybody who teaches it, the teacher first."""
        return (self.teacher_email, *self.co_teacher_emails)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who should be there, the teachers first."""
        return tuple(dict.fromkeys((*self.teacher_emails, *self.student_emails)))

    @property
    def is_held(self) -> bool:
        """Whether the class takes place at all."""
        return self.status is not Status.CANCELLED

    @property
    def is_calendar_behind(self) -> bool:
        """Whether Calendar does not show the class as it is now."""
        return self.calendar_done < self.calendar_wanted


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person wants different about a class; None leaves it as it is."""

    subject: str | None = None
    teacher_email: str | None = None
    student_emails: tuple[str, ...] | None = None
    co_teacher_emails: tuple[str, ...] | None = None
    start_at: datetime | None = None
    duration: timedelta | None = None
    timezone: str | None = None
    course_id: str | None = None


def overlaps(one: ScheduledClass, other: ScheduledClass) -> bool:
    """Whether the two are on at the same time; one that starts when the other ends is not in its way."""
    return one.start_at < other.end_at and other.start_at < one.end_at


def checked_window(start_at: datetime, duration: timedelta, now: datetime) -> tuple[datetime, datetime]:
    """Start and end of a class that can be booked now, on whole seconds; raises `InvalidInput`."""
    start_at = start_at.replace(microsecond=0)
    if not timedelta(minutes=1) <= duration <= LONGEST_CLASS:
        raise InvalidInput("duration_minutes", "A class lasts from 1 to 1440 minutes.")
    if start_at <= now:
        raise InvalidInput("start_time", f"The start lies in the past (it is now {now:%Y-%m-%dT%H:%M:%SZ}); give a later one.")
    if start_at > now + timedelta(days=731):
        raise InvalidInput("start_time", "The start is more than two years away; classes are booked up to two years ahead.")
    return start_at, start_at + duration


def changed(booked: ScheduledClass, changes: Changes, now: datetime) -> ScheduledClass:
    """The class as a person wants it; raises `NotInThisState` or `InvalidInput`.

    A class that is on can still get another end, subject or students; its start and teacher are facts by then.
    """
    if booked.status in (Status.COMPLETED, Status.CANCELLED):
        raise NotInThisState(f"The class is {booked.status}; only scheduled and active classes can be changed.")
    moves = changes.start_at is not None or changes.teacher_email is not None or changes.timezone is not None
    if booked.status is Status.ACTIVE and moves:
        raise NotInThisState("The class has begun; its start, teacher and time zone can no longer be changed.")
    duration = booked.duration if changes.duration is None else changes.duration
    if changes.start_at is not None or (booked.status is Status.SCHEDULED and changes.duration is not None):
        start_at, end_at = checked_window(changes.start_at or booked.start_at, duration, now)
    else:
        start_at, end_at = booked.start_at, booked.start_at + duration
    if changes.duration is not None and end_at <= now:
        raise InvalidInput("duration_minutes", "The class would have ended already; give a longer duration.")
    wanted = replace(
        booked,
        subject=booked.subject if changes.subject is None else changes.subject,
        teacher_email=booked.teacher_email if changes.teacher_email is None else changes.teacher_email,
        student_emails=booked.student_emails if changes.student_emails is None else changes.student_emails,
        co_teacher_emails=booked.co_teacher_emails if changes.co_teacher_emails is None else changes.co_teacher_emails,
        start_at=start_at,
        end_at=end_at,
        timezone=booked.timezone if changes.timezone is None else changes.timezone,
        course_id=booked.course_id if changes.course_id is None else changes.course_id,
    )
    if wanted == booked:
        return booked
    return replace(
        wanted,
        rev=booked.rev + 1,
        planned_at=None,
        calendar_wanted=booked.calendar_wanted + 1,
        calendar_trouble=None,
        calendar_retry_at=now + CALENDAR_RETRY,
    )


def cancelled(booked: ScheduledClass, reason: str | None, now: datetime) -> ScheduledClass:
    """The class, cancelled; asked twice, cancelled once. A class that has begun cannot be cancelled any more."""
    if booked.status is Status.CANCELLED:
        return booked
    if booked.status is not Status.SCHEDULED:
        raise NotInThisState(f"The class is {booked.status}; only a class that has not begun can be cancelled.")
    return replace(
        booked,
        status=Status.CANCELLED,
        cancelled_at=now,
        cancel_reason=reason,
        rev=booked.rev + 1,
        calendar_wanted=booked.calendar_wanted + 1,
        calendar_trouble=None,
        calendar_retry_at=now + CALENDAR_RETRY,
        planned_at=None,
    )


def advanced(booked: ScheduledClass, now: datetime, wait: timedelta = STAFF_WAIT) -> ScheduledClass:
    """The class as the clock makes it: opened at its start, closed at its end, both at once when we come late.

    `wait` is how long after the start a teacher is waited for; a class that is over by then is not checked.
    """
    if booked.status is Status.SCHEDULED and booked.start_at <= now:
        look_at = now + FIRST_LOOK if booked.provider is Provider.GOOGLE_MEET else None
        check_at = booked.start_at + wait if booked.start_at + wait < booked.end_at else None
        booked = replace(
            booked,
            status=Status.ACTIVE,
            opened_at=now,
            planned_at=None,
            look_at=look_at,
            staff_check_at=check_at,
            rev=booked.rev + 1,
        )
    if booked.status is Status.ACTIVE and booked.end_at <= now:
        booked = replace(
            booked,
            status=Status.COMPLETED,
            closed_at=now,
            planned_at=None,
            look_at=None,
            staff_check_at=None,
            rev=booked.rev + 1,
        )
    return booked


def staff_checked(booked: ScheduledClass, found: StaffCheck, again_at: datetime | None) -> ScheduledClass:
    """The class after somebody looked whether a teacher came; checked again at `again_at` where nobody could tell."""
    if booked.status is not Status.ACTIVE or (booked.staff_check, booked.staff_check_at) == (found, again_at):
        return booked
    return replace(booked, staff_check=found, staff_check_at=again_at, rev=booked.rev + 1)


def is_staff_check_lost(booked: ScheduledClass, now: datetime) -> bool:
    """Whether the check for a teacher should have happened a while ago: its task was lost."""
    at = booked.staff_check_at
    return booked.status is Status.ACTIVE and at is not None and at + STAFF_GRACE <= now


def looked(booked: ScheduledClass, next_at: datetime) -> ScheduledClass:
    """The class after its meeting was looked into, to be looked into again at `next_at`, while it is on."""
    if booked.status is not Status.ACTIVE or booked.look_at == next_at:
        return booked
    return replace(booked, look_at=next_at, rev=booked.rev + 1)


def is_look_lost(booked: ScheduledClass, now: datetime) -> bool:
    """Whether the next look should have happened a while ago: its task was lost."""
    return booked.status is Status.ACTIVE and booked.look_at is not None and booked.look_at + LOOK_GRACE <= now


def calendar_followed(
    booked: ScheduledClass,
    upto: int,
    meet_code: str | None,
    meet_link: str | None,
    room: str | None,
    registrants: tuple[Registrant, ...] | None = None,
) -> ScheduledClass:
    """The class after Calendar or Zoom showed it as of change number `upto`; without a code the meeting is still being made."""
    is_pending = booked.is_held and meet_code is None
    return replace(
        booked,
        meet_code=meet_code or booked.meet_code,
        meet_link=meet_link or booked.meet_link,
        room=room or booked.room,
        registrants=booked.registrants if registrants is None else registrants,
        calendar_done=booked.calendar_done if is_pending else max(booked.calendar_done, upto),
        calendar_trouble="The Meet link is still being made." if is_pending else None,
        rev=booked.rev + 1,
    )


def calendar_failed(booked: ScheduledClass, trouble: str, now: datetime) -> ScheduledClass:
    """The class after Calendar could not follow: tried again later, a little later each time up to an hour."""
    waited = (booked.calendar_retry_at or now) - booked.booked_at
    pause = min(max(CALENDAR_RETRY, waited / 2), timedelta(hours=1))
    return replace(booked, calendar_trouble=trouble, calendar_retry_at=now + pause, rev=booked.rev + 1)


def next_sync_at(ended: ScheduledClass, delays: Sequence[timedelta]) -> datetime | None:
    """When the class's meeting is read next: at fixed distances from its end; None when all readings are done."""
    return ended.end_at + delays[ended.syncs_done] if ended.syncs_done < len(delays) else None


def synced(ended: ScheduledClass, read_at: datetime, delays: Sequence[timedelta], *, is_complete: bool) -> ScheduledClass:
    """The class after its meeting was read at `read_at`: every reading that was due by then is done.

    `is_complete` settles the class: a finished meeting was read whole.
    """
    if ended.status is not Status.COMPLETED:
        return ended
    done = max(ended.syncs_done, sum(1 for delay in delays if ended.end_at + delay <= read_at))
    is_settled = ended.is_settled or is_complete
    if done == ended.syncs_done:
        return ended if is_settled == ended.is_settled else replace(ended, is_settled=is_settled, rev=ended.rev + 1)
    return replace(ended, syncs_done=done, sync_nudges=0, planned_at=None, is_settled=is_settled, rev=ended.rev + 1)


def nudged(ended: ScheduledClass, now: datetime) -> ScheduledClass:
    """The class after its due reading was put into the queue again, because the last task seems lost."""
    return replace(ended, sync_nudges=ended.sync_nudges + 1, planned_at=now, rev=ended.rev + 1)


def lost_at(ended: ScheduledClass, read_at: datetime) -> datetime:
    """When the task of a planned reading counts as lost: ten minutes after its time, later each time it was lost before."""
    return max(read_at, ended.planned_at or read_at) + SYNC_GRACE * (1 + ended.sync_nudges)


def with_due(booked: ScheduledClass, delays: Sequence[timedelta]) -> ScheduledClass:
    """The class with `due_at` set to the first instant at which something has to be done about it."""
    needs = []
    if booked.is_calendar_behind:
        needs.append(booked.calendar_retry_at or booked.booked_at + CALENDAR_RETRY)
    if booked.status is Status.SCHEDULED:
        needs.append(booked.start_at if booked.planned_at else max(booked.booked_at, booked.start_at - TASK_HORIZON))
    elif booked.status is Status.ACTIVE:
        needs.append(booked.end_at)
        if booked.look_at is not None:
            needs.append(booked.look_at + LOOK_GRACE)
        if booked.staff_check_at is not None:
            needs.append(booked.staff_check_at + STAFF_GRACE)
    elif booked.status is Status.COMPLETED and (sync_at := next_sync_at(booked, delays)) is not None:
        needs.append(lost_at(booked, sync_at) if booked.planned_at else sync_at)
    return replace(booked, due_at=min(needs, default=None))
