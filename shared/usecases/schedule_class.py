"""Booking a class, or a series of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.classes import Provider, ScheduledClass, SeriesPlace, cancelled, checked_window
from shared.domain.errors import DomainError, InvalidInput
from shared.domain.monitor import stepped
from shared.domain.recurrence import normalised, occurrences, zone_named
from shared.ports import Classes, Clock, KeyedRequest, NewId
from shared.usecases.bind_pending import BindPending
from shared.usecases.find_conflicts import FindConflicts, refuse
from shared.usecases.follow_in_calendar import FollowInCalendar, followed, known_link
from shared.usecases.plan_tasks import PlanTasks

WITHDRAWN = "The booking did not succeed."


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody asks for: a class at `start_at` (aware), or a series that begins with it."""

    teacher_email: str
    student_emails: tuple[str, ...]
    subject: str
    start_at: datetime
    duration: timedelta
    timezone: str
    course_id: str | None = None
    rate_plan_id: str | None = None
    recurrence: str | None = None
    provider: Provider = Provider.GOOGLE_MEET
    allow_conflicts: bool = False
    co_teacher_emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScheduleClass:
    """Book: check, store, look again, show in Calendar, plan the opening.

    Two bookings of one teacher at one time may pass the first look together; both look again after storing, and the one that
    the store took in later withdraws. Whatever fails before there is a Meet link leaves no class behind. A process that dies
    half way leaves a class whose Calendar is behind, which the tick completes. `want` asks for the teacher's push channel.
    """

    classes: Classes
    conflicts: FindConflicts
    follow: FollowInCalendar
    plan: PlanTasks
    bind: BindPending
    want: Callable[[str], None]
    clock: Clock
    new_id: NewId

    def __call__(self, asked: Booking, request: KeyedRequest | None) -> tuple[ScheduledClass, ...]:
        """The booked classes, oldest first; those of an earlier identical request when its key comes again."""
        known = self.classes.booked_under(request) if request is not None else None
        if known is not None:
            return self._again(known)
        wanted = self.wanted(asked)
        if not asked.allow_conflicts and (found := self.conflicts(wanted)):
            # They may be this request's own classes, booked by another process meanwhile.
            known = self.classes.booked_under(request) if request is not None else None
            if known is not None:
                return self._again(known)
            refuse(found)
        known = self.classes.add(wanted, request)
        if known is not None:
            return self._again(known)
        try:
            if not asked.allow_conflicts:
                refuse(self.look_again(wanted))
            return self.shown(wanted)
        except DomainError:
            self.withdraw(wanted, request)
            raise

    def _again(self, class_ids: Sequence[str]) -> tuple[ScheduledClass, ...]:
        return tuple(versioned.value for versioned in self.classes.versioned(class_ids))

    def wanted(self, asked: Booking) -> tuple[ScheduledClass, ...]:
        """The classes that are asked for, with new ids and not stored; raises `InvalidInput`."""
        now = self.clock()
        if asked.provider is Provider.ZOOM and self.follow.zoom is None:
            raise InvalidInput("provider", "Zoom is not connected to this deployment; use google_meet.")
        zone = zone_named(asked.timezone)
        start_at, end_at = checked_window(asked.start_at, asked.duration, now)
        starts: tuple[datetime, ...] = (start_at,)
        series_id = rule = ""
        if asked.recurrence is not None:
            rule = normalised(asked.recurrence, zone)
            starts, series_id = occurrences(asked.recurrence, start_at, zone), self.new_id()
        return tuple(
            stepped(
                ScheduledClass(
                    class_id=self.new_id(),
                    teacher_email=asked.teacher_email,
                    student_emails=asked.student_emails,
                    co_teacher_emails=asked.co_teacher_emails,
                    subject=asked.subject,
                    start_at=start,
                    end_at=start + asked.duration,
                    timezone=asked.timezone,
                    booked_at=now,
                    course_id=asked.course_id,
                    rate_plan_id=asked.rate_plan_id,
                    provider=asked.provider,
                    series=SeriesPlace(series_id, rule, start_at, end_at, start) if series_id else None,
                    allow_conflicts=asked.allow_conflicts,
                ),
                now,
                self.plan.delays,
            )
            for start in starts
        )

    def look_again(self, stored: Sequence[ScheduledClass]) -> tuple[tuple[ScheduledClass, ScheduledClass], ...]:
        """What stands in the way of classes that one commit stored: those that the store took in before."""
        found = self.conflicts(stored)
        if not found:
            return ()
        order = self.classes.in_order([stored[0].class_id, *{other.class_id for _, other in found}])
        earlier = set(order[: order.index(stored[0].class_id)])
        return tuple(pair for pair in found if pair[1].class_id in earlier)

    def shown(self, stored: Sequence[ScheduledClass]) -> tuple[ScheduledClass, ...]:
        """The stored class, or series, after Calendar or Zoom followed and its tasks are planned; once more, it changes nothing.

        Raises what Calendar or Zoom refused with.
        """
        first = self.follow(stored[0])
        link = known_link(first)
        booked = [first]
        if link is not None and first.provider is Provider.GOOGLE_MEET:
            booked += self._linked(stored[1:], first)
        else:
            booked += stored[1:]
        self.plan([(None, each) for each in booked])
        if first.room is not None:
            self.bind(first.room)
        if first.provider is Provider.GOOGLE_MEET:
            self.want(first.teacher_email)
        return tuple(booked)

    def _linked(self, others: Sequence[ScheduledClass], first: ScheduledClass) -> list[ScheduledClass]:
        """The rest of a series gets the room that the first class got; those changed meanwhile follow by the tick."""
        if not others:
            return []
        link = known_link(first)
        steps = [
            (versioned, self._due(followed(versioned.value, 1, link)))
            for versioned in self.classes.versioned([each.class_id for each in others])
        ]
        stored = {each.class_id: each for each in self.classes.save(steps)}
        return [stored.get(each.class_id, each) for each in others]

    def _due(self, booked: ScheduledClass) -> ScheduledClass:
        return stepped(booked, self.clock(), self.plan.delays)

    def withdraw(self, stored: Sequence[ScheduledClass], request: KeyedRequest | None) -> None:
        """Cancel what was stored and forget the request; the tick takes away Calendar events that were made after all."""
        steps = [(each, self._withdrawn(each.value)) for each in self.classes.versioned([each.class_id for each in stored])]
        done = {each.class_id for each in self.classes.save([step for step in steps if step[0].value != step[1]])}
        for before, after in steps:
            if before.value != after and after.class_id not in done:
                self.classes.amend(after.class_id, self._withdrawn)
        if request is not None:
            self.classes.release(request)

    def _withdrawn(self, booked: ScheduledClass) -> ScheduledClass:
        if not booked.is_held:
            return booked
        now = self.clock()
        return self._due(replace(cancelled(booked, WITHDRAWN, now), calendar_retry_at=now))
