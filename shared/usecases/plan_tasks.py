"""Putting the next task of a class into the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.classes import ScheduledClass, Status
from shared.domain.errors import Unavailable
from shared.domain.monitor import look_name, next_task_at, staff_check_name, task_name
from shared.ports import PlannedTask, TaskKind, Tasks


@dataclass(frozen=True)
class PlanTasks:
    """Enqueue the next task of each class whose next task is a new one.

    Tasks are hints: the class's own `due_at` is the truth, and the tick finds what a lost task did not do. So a queue that
    does not answer is no reason to fail what was already stored. `delays` are the readings' distances from a class's end.
    """

    tasks: Tasks
    delays: Sequence[timedelta]

    def __call__(self, steps: Sequence[tuple[ScheduledClass | None, ScheduledClass]]) -> int:
        """Plan for (before, after) pairs; `before` is None for a new class. Answers how many tasks were put in."""
        planned = [
            task
            for before, after in steps
            for task in (self._task(before, after), _look(before, after), _staff_check(before, after))
            if task is not None
        ]
        if not planned:
            return 0
        try:
            self.tasks.enqueue(planned)
        except Unavailable:
            return 0
        return len(planned)

    def _task(self, before: ScheduledClass | None, after: ScheduledClass) -> PlannedTask | None:
        name = task_name(after, self.delays)
        at = next_task_at(after, self.delays)
        if name is None or at is None or (before is not None and task_name(before, self.delays) == name):
            return None
        kind = TaskKind.SYNC if after.status is Status.COMPLETED else TaskKind.CLASS_DUE
        return PlannedTask(kind, after.class_id, at, name)


def _look(before: ScheduledClass | None, after: ScheduledClass) -> PlannedTask | None:
    name = look_name(after)
    if name is None or after.look_at is None or (before is not None and look_name(before) == name):
        return None
    return PlannedTask(TaskKind.LOOK, after.class_id, after.look_at, name)


def _staff_check(before: ScheduledClass | None, after: ScheduledClass) -> PlannedTask | None:
    name = staff_check_name(after)
    if name is None or after.staff_check_at is None or (before is not None and staff_check_name(before) == name):
        return None
    return PlannedTask(TaskKind.STAFF_CHECK, after.class_id, after.staff_check_at, name)
