"""Bringing a teacher's calendar, or Zoom, up to date with a class, again and again until it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.classes import Provider, ScheduledClass, calendar_failed, calendar_followed, with_due
from shared.domain.errors import DomainError, UpstreamRefused
from shared.domain.rooms import room_of
from shared.ports import Calendar, Classes, Clock, LessonEvent, MeetLink, ZoomLesson, ZoomMeetings


@dataclass(frozen=True)
class FollowInCalendar:
    """Make Calendar, or Zoom for a class held there, show a class as it is now: meeting made, changed, or taken away.

    On Zoom each class of a series has a meeting of its own, with links of its own for the students; in Calendar a series is
    one event whose classes share a room.

    What to do follows from the class alone, so a call that was cut off is made good by the next one. A failure is noted on
    the class with the time of the next try, and raised.
    """

    classes: Classes
    calendar: Calendar
    zoom: ZoomMeetings | None
    clock: Clock
    delays: Sequence[timedelta]

    def __call__(self, booked: ScheduledClass) -> ScheduledClass:
        """The class as stored after Calendar followed; raises what Calendar refused with."""
        if not booked.is_calendar_behind:
            return booked
        try:
            link = self._show(booked)
        except DomainError as trouble:
            detail = trouble.detail
            self._amend(booked, lambda now_booked: calendar_failed(now_booked, detail, self.clock()))
            raise
        return self._amend(booked, lambda now_booked: followed(now_booked, booked.calendar_wanted, link))

    def together(self, booked: Sequence[ScheduledClass]) -> tuple[ScheduledClass, ...]:
        """Several classes, as after a change of their series; a series that is cancelled whole is taken away by one call."""
        first = booked[0]
        is_one_event = first.series is not None and first.provider is Provider.GOOGLE_MEET
        if len(booked) > 1 and is_one_event and not self._siblings_held(first):
            self.calendar.remove(first.teacher_email, first.calendar_base_id)
            wanted = {each.class_id: each.calendar_wanted for each in booked}
            steps = [
                (each, with_due(followed(each.value, wanted[each.value.class_id], None), self.delays))
                for each in self.classes.versioned(list(wanted))
            ]
            stored = {each.class_id: each for each in self.classes.save(steps)}
            return tuple(stored.get(each.class_id, each) for each in booked)
        return tuple(self(each) for each in booked)

    def _siblings_held(self, booked: ScheduledClass) -> bool:
        """Whether any class of the series still takes place."""
        series_id = booked.series.series_id if booked.series else ""
        return any(other.is_held for other in self.classes.in_series(series_id))

    def _show(self, booked: ScheduledClass) -> MeetLink | None:
        if booked.provider is Provider.ZOOM:
            return self._on_zoom(booked)
        if not booked.is_held:
            self._take_away(booked)
            return None
        if booked.series is None:
            return self.calendar.put(lesson_event(booked))
        link = known_link(booked) or self.calendar.put(series_event(booked))
        if link is not None and booked.calendar_wanted > 1:
            self.calendar.put_instance(booked.calendar_base_id, lesson_event(booked))
        return link

    def _on_zoom(self, booked: ScheduledClass) -> MeetLink | None:
        zoom = self.zoom
        if zoom is None:
            raise UpstreamRefused(
                "No valid credentials found",
                "No Zoom account is connected: set ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET of a "
                "Server-to-Server OAuth app.",
            )
        if booked.is_held:
            made = zoom.put(zoom_lesson(booked))
            return MeetLink(made.number, made.join_url, made.registrants)
        number = booked.meet_code or zoom.find(booked.teacher_email, booked.class_id)
        if number is not None:
            zoom.remove(booked.teacher_email, number)
        return None

    def _take_away(self, booked: ScheduledClass) -> None:
        is_last = booked.series is not None and not self._siblings_held(booked)
        event_id = booked.calendar_base_id if is_last else booked.calendar_event_id
        self.calendar.remove(booked.teacher_email, event_id)

    def _amend(self, booked: ScheduledClass, rule: Callable[[ScheduledClass], ScheduledClass]) -> ScheduledClass:
        return self.classes.amend(booked.class_id, lambda now_booked: with_due(rule(now_booked), self.delays))


def followed(booked: ScheduledClass, upto: int, link: MeetLink | None) -> ScheduledClass:
    """The class with the link that Calendar gave for change number `upto`."""
    if link is None:
        return calendar_followed(booked, upto, None, None, None)
    return calendar_followed(booked, upto, link.code, link.url, room_of(booked.provider, link.code), link.registrants)


def known_link(booked: ScheduledClass) -> MeetLink | None:
    """The link that the class has already."""
    return MeetLink(booked.meet_code, booked.meet_link) if booked.meet_code and booked.meet_link else None


def zoom_lesson(booked: ScheduledClass) -> ZoomLesson:
    """The class as one Zoom meeting."""
    return ZoomLesson(
        class_id=booked.class_id,
        host=booked.teacher_email,
        subject=booked.subject,
        start_at=booked.start_at,
        end_at=booked.end_at,
        timezone=booked.timezone,
        students=booked.student_emails,
        number=booked.meet_code,
        registrants=booked.registrants,
    )


def lesson_event(booked: ScheduledClass) -> LessonEvent:
    """The class as one Calendar event."""
    return LessonEvent(
        event_id=booked.calendar_event_id,
        organiser=booked.teacher_email,
        attendees=booked.people[1:],
        subject=booked.subject,
        start_at=booked.start_at,
        end_at=booked.end_at,
        timezone=booked.timezone,
        class_id=booked.class_id,
    )


def series_event(booked: ScheduledClass) -> LessonEvent:
    """The whole series of the class as one recurring Calendar event."""
    if booked.series is None:
        return lesson_event(booked)
    return LessonEvent(
        event_id=booked.calendar_base_id,
        organiser=booked.teacher_email,
        attendees=booked.people[1:],
        subject=booked.subject,
        start_at=booked.series.first_start_at,
        end_at=booked.series.first_end_at,
        timezone=booked.timezone,
        class_id=booked.class_id,
        rule=booked.series.rule,
    )
