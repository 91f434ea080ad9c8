"""The wire forms of booking. Names are those of the product's guides."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from shared.domain.accounts import Caller
from shared.domain.classes import Changes, Provider, ScheduledClass, Status
from shared.ports import ClassFilter, Page
from shared.usecases.change_class import Scope
from shared.usecases.schedule_class import Booking
from shared.web.fields import Answer, Asked, Email, Id, Instant, Key, Text

MOST_STUDENTS = 250
Minutes = Annotated[int, Field(ge=1, le=1440, description="Length in minutes, 1 to 1440.")]
Students = Annotated[list[Email], Field(max_length=MOST_STUDENTS)]
CoTeachers = Annotated[
    list[Email],
    Field(max_length=20, description="Who else teaches the class: they see and run it, and any of them counts as there."),
]


class BookClassRequest(Asked):
    """A class to book: one, or a series that begins with it."""

    teacher_email: Email
    student_emails: Students = Field(default=[])
    co_teacher_emails: CoTeachers = Field(default=[])
    subject: Text
    start_time: Instant
    duration_minutes: Minutes
    course_id: Key | None = None
    timezone: Key = "UTC"
    recurrence: Annotated[Text | None, Field(description="An RFC 5545 rule with COUNT or UNTIL.")] = None
    provider: Literal["google_meet", "zoom"] = "google_meet"
    rate_plan_id: Key | None = None
    allow_conflicts: StrictBool = False

    def to_booking(self) -> Booking:
        """The request in the words of the story; each student once."""
        return Booking(
            teacher_email=self.teacher_email,
            student_emails=tuple(dict.fromkeys(self.student_emails)),
            co_teacher_emails=_others(self.co_teacher_emails, self.teacher_email),
            subject=self.subject,
            start_at=self.start_time,
            duration=timedelta(minutes=self.duration_minutes),
            timezone=self.timezone,
            course_id=self.course_id,
            rate_plan_id=self.rate_plan_id,
            recurrence=self.recurrence,
            provider=Provider(self.provider),
            allow_conflicts=self.allow_conflicts,
        )


class ChangeClassRequest(Asked):
    """What should be different; what is left out stays as it is."""

    subject: Text | None = None
    teacher_email: Email | None = None
    student_emails: Students | None = None
    co_teacher_emails: CoTeachers | None = None
    start_time: Instant | None = None
    duration_minutes: Minutes | None = None
    timezone: Key | None = None
    course_id: Key | None = None
    allow_conflicts: StrictBool = False

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if not self.model_fields_set - {"allow_conflicts"}:
            raise ValueError("Give at least one field to change.")
        return self

    def to_changes(self) -> Changes:
        """The request in the words of the story."""
        return Changes(
            subject=self.subject,
            teacher_email=self.teacher_email,
            student_emails=None if self.student_emails is None else tuple(dict.fromkeys(self.student_emails)),
            co_teacher_emails=None if self.co_teacher_emails is None else _others(self.co_teacher_emails, self.teacher_email),
            start_at=self.start_time,
            duration=None if self.duration_minutes is None else timedelta(minutes=self.duration_minutes),
            timezone=self.timezone,
            course_id=self.course_id,
        )


def _others(emails: list[str], teacher: str | None) -> tuple[str, ...]:
    """Each co-teacher once, the teacher not among them."""
    return tuple(email for email in dict.fromkeys(emails) if email != teacher)


class ScopeQuery(Asked):
    """How much of a series is meant."""

    scope: Scope = Scope.THIS


class CancelQuery(ScopeQuery):
    """How much of a series is meant, and why it is cancelled."""

    reason: Text | None = None


class ListClassesQuery(Asked):
    """Which classes to list; times are about the start."""

    teacher_email: Email | None = None
    student_email: Email | None = None
    course_id: Key | None = None
    status: Status | None = None
    start_from: Annotated[Instant | None, Field(alias="from")] = None
    start_before: Annotated[Instant | None, Field(alias="to")] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    page_token: Id | None = None

    def to_filter(self, caller: Caller) -> ClassFilter:
        """The filter, within the classes that the caller is part of."""
        return ClassFilter(
            teacher_email=self.teacher_email,
            student_email=self.student_email,
            course_id=self.course_id,
            status=self.status,
            start_from=self.start_from,
            start_before=self.start_before,
            person_email=None if caller.is_admin else caller.email,
        )


class CalendarState(Answer):
    """Whether Calendar shows the class as it is; `trouble` says what keeps it from doing so. It is tried again by itself."""

    is_current: bool
    trouble: str | None


class ClassBody(Answer):
    """A booked class. `meet_code` is a Zoom meeting's number where Zoom is the provider, which has no Calendar event.

    `meet_link` is the caller's own link where each student has one (Zoom); the teacher sees them all in `join_links`.
    `staff_check` says whether anybody who teaches had come some minutes after the start.
    """

    class_id: str
    series_id: str | None
    recurrence: str | None
    teacher_email: str
    student_emails: list[str]
    co_teacher_emails: list[str]
    staff_check: Literal["there", "missing", "unknown"] | None
    subject: str
    course_id: str | None
    rate_plan_id: str | None
    start_time: Instant
    end_time: Instant
    duration_minutes: int
    timezone: str
    status: Literal["scheduled", "active", "completed", "cancelled"]
    cancel_reason: str | None
    provider: Literal["google_meet", "zoom"]
    meet_code: str | None
    meet_link: str | None
    join_links: dict[str, str]
    calendar_event_id: str | None
    calendar: CalendarState
    session_id: str

    @classmethod
    def of(cls, booked: ScheduledClass, caller: Caller) -> "ClassBody":
        """The class as `caller` may see it: a student does not see the other students."""
        others = booked.student_emails if caller.teaches(booked) else (caller.email,)
        links = {each.email: each.join_url for each in booked.registrants if each.email in others}
        return cls.model_validate(
            {
                "class_id": booked.class_id,
                "series_id": booked.series.series_id if booked.series else None,
                "recurrence": booked.series.rule if booked.series else None,
                "teacher_email": booked.teacher_email,
                "student_emails": [email for email in booked.student_emails if email in others],
                "co_teacher_emails": list(booked.co_teacher_emails),
                "staff_check": booked.staff_check.value if booked.staff_check else None,
                "subject": booked.subject,
                "course_id": booked.course_id,
                "rate_plan_id": booked.rate_plan_id,
                "start_time": booked.start_at,
                "end_time": booked.end_at,
                "duration_minutes": int(booked.duration.total_seconds()) // 60,
                "timezone": booked.timezone,
                "status": booked.status.value,
                "cancel_reason": booked.cancel_reason,
                "provider": booked.provider.value,
                "meet_code": booked.meet_code,
                "meet_link": booked.meet_link if caller.teaches(booked) else links.get(caller.email, booked.meet_link),
                "join_links": links,
                "calendar_event_id": booked.calendar_event_id if booked.provider is Provider.GOOGLE_MEET else None,
                "calendar": {"is_current": not booked.is_calendar_behind, "trouble": booked.calendar_trouble},
                "session_id": booked.session_id,
            }
        )


class BookedBody(ClassBody):
    """The class that was booked; for a series the first one, and `classes` lists all of them."""

    classes: list[ClassBody]

    @classmethod
    def of_all(cls, booked: tuple[ScheduledClass, ...], caller: Caller) -> "BookedBody":
        """The answer to a booking or change of one class or many."""
        bodies = [ClassBody.of(each, caller) for each in booked]
        return cls(**bodies[0].model_dump(), classes=bodies)


class ClassListBody(Answer):
    """One page of classes, by start."""

    classes: list[ClassBody]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[ScheduledClass], caller: Caller) -> "ClassListBody":
        """The page as `caller` may see it."""
        return cls(classes=[ClassBody.of(each, caller) for each in page.items], next_page_token=page.next_token)
