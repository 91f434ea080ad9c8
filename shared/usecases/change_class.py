"""Changing or cancelling a class, alone or with the rest of its series."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.accounts import Caller
from shared.domain.classes import Changes, ScheduledClass, Status, cancelled, changed
from shared.domain.errors import DomainError, Forbidden, InvalidInput, NotFound, NotInThisState
from shared.domain.monitor import stepped
from shared.domain.recurrence import zone_named
from shared.ports import Classes, Clock
from shared.usecases.find_conflicts import FindConflicts, refuse
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.plan_tasks import PlanTasks


class Scope(StrEnum):
    """How much of a series is meant."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True)
class ChangeClass:
    """Change or cancel classes that are the caller's; Calendar follows, at once where it can, else by the tick.

    In a series every class that has not begun is changed on its own: a new start moves each by the same distance on the
    wall clock, and those that began or were held stay as they are.
    """

    classes: Classes
    conflicts: FindConflicts
    follow: FollowInCalendar
    refold: FoldEvidence
    plan: PlanTasks
    clock: Clock

    def change(
        self, class_id: str, wanted: Changes, scope: Scope, caller: Caller, *, allow_conflicts: bool = False
    ) -> tuple[ScheduledClass, ...]:
        """The changed classes, the one asked for first."""
        if wanted.timezone is not None:
            zone_named(wanted.timezone)
        chosen = self._chosen(class_id, scope, caller)
        if wanted.teacher_email not in (None, chosen[0].teacher_email):
            if not caller.is_admin:
                raise Forbidden("Only an administrator can hand a class to another teacher.")
            raise InvalidInput(
                "teacher_email",
                "The Meet room belongs to its teacher; cancel the class and book it with the new teacher.",
            )
        now = self.clock()
        rules = {each.class_id: _shifted(wanted, chosen[0], each) for each in chosen}
        after = [changed(each, rules[each.class_id], now) for each in chosen]
        if not allow_conflicts and not chosen[0].allow_conflicts:
            refuse(self.conflicts(after))
        return self._amended(chosen, lambda booked: changed(booked, rules[booked.class_id], now), now)

    def cancel(self, class_id: str, reason: str | None, scope: Scope, caller: Caller) -> tuple[ScheduledClass, ...]:
        """The cancelled classes, the one asked for first; asking again changes nothing."""
        chosen = self._chosen(class_id, scope, caller, is_cancel=True)
        now = self.clock()
        return self._amended(chosen, lambda booked: cancelled(booked, reason, now), now)

    def _chosen(self, class_id: str, scope: Scope, caller: Caller, *, is_cancel: bool = False) -> tuple[ScheduledClass, ...]:
        asked = self.classes.get(class_id)
        if not caller.may_see(asked):
            raise NotFound("No such class.")
        if not caller.teaches(asked):
            raise Forbidden("Only the teacher of the class or an administrator can do this.")
        if scope is Scope.THIS:
            return (asked,)
        if asked.series is None:
            raise InvalidInput("scope", "The class does not belong to a series; leave scope out.")
        others = [
            each
            for each in self.classes.in_series(asked.series.series_id)
            if each.class_id != class_id
            and each.status is Status.SCHEDULED
            and (scope is Scope.ALL or each.start_at >= asked.start_at)
        ]
        if asked.status is Status.SCHEDULED or (is_cancel and asked.status is Status.CANCELLED):
            return (asked, *others)
        if not is_cancel:
            raise NotInThisState(f"This class of the series is {asked.status}; ask for the change at one that is still to come.")
        if not others:
            raise NotInThisState("No class of the series is still to come.")
        return tuple(others)

    def _amended(
        self, chosen: Sequence[ScheduledClass], rule: Callable[[ScheduledClass], ScheduledClass], now: datetime
    ) -> tuple[ScheduledClass, ...]:
        """Change what the store holds in as few commits as it takes, then let tasks, Calendar and sessions follow."""

        def after_of(booked: ScheduledClass) -> ScheduledClass:
            wanted = rule(booked)
            return booked if wanted == booked else stepped(wanted, now, self.plan.delays)

        found = self.classes.versioned([each.class_id for each in chosen])
        changes = [(each, after) for each in found if (after := after_of(each.value)) != each.value]
        stored = {each.class_id: each for each in self.classes.save(changes)}
        done = [stored.get(before.class_id) or self.classes.amend(before.class_id, after_of) for before in chosen]
        self.plan(list(zip(chosen, done, strict=True)))
        done = self._followed(done)
        for each in done:
            self.refold.refresh(each)
        return tuple(done)

    def _followed(self, changed: Sequence[ScheduledClass]) -> list[ScheduledClass]:
        """The change stands whatever Calendar says; what it could not show is noted on the class and tried again."""
        try:
            return list(self.follow.together(changed))
        except DomainError:
            return [each.value for each in self.classes.versioned([each.class_id for each in changed])]


def _shifted(wanted: Changes, asked: ScheduledClass, each: ScheduledClass) -> Changes:
    """The same change for another class of the series: its start moves by as much wall-clock time as that of `asked`."""
    if wanted.start_at is None or each.class_id == asked.class_id:
        return wanted
    zone = ZoneInfo(wanted.timezone or asked.timezone)
    moved = wanted.start_at.astimezone(zone).replace(tzinfo=None) - asked.start_at.astimezone(zone).replace(tzinfo=None)
    wall = each.start_at.astimezone(zone).replace(tzinfo=None) + moved
    return replace(wanted, start_at=wall.replace(tzinfo=zone).astimezone(asked.start_at.tzinfo))
