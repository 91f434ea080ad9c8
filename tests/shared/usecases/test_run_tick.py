"""The monitor: exactly one transition for each class, whoever runs and however often."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.classes import ScheduledClass, Status
from shared.domain.monitor import stepped
from shared.ports import ClassFilter, TaskKind
from tests.builders import a_class, at, minutes, seen
from tests.fakes import Clock, MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import DELAYS, House


def stored(house: House, *classes: ScheduledClass) -> None:
    house.classes.add([stepped(each, house.clock(), DELAYS) for each in classes], None)


def statuses(house: House) -> list[Status]:
    return [each.status for each in house.classes.page(ClassFilter(), 500, None).items]


def test_a_tick_with_nothing_due_changes_nothing(house: House) -> None:
    stored(house, a_class())
    assert house.tick().opened == 0
    assert statuses(house) == [Status.SCHEDULED]
    assert house.heartbeat.last() is not None


def test_a_class_opens_closes_and_is_read_on_time(house: House) -> None:
    stored(house, a_class())
    house.clock.at = at(0)
    assert house.tick().opened == 1
    house.clock.at = at(60)
    assert house.tick().closed == 1
    kinds = [(task.kind, task.at) for task in house.tasks.of(TaskKind.CLASS_DUE, TaskKind.SYNC)]
    assert [task.at for task in house.tasks.of(TaskKind.LOOK)] == [at(0) + timedelta(seconds=20)]
    assert kinds == [(TaskKind.CLASS_DUE, at(60)), (TaskKind.SYNC, at(60) + timedelta(seconds=30))]


def test_two_overlapping_ticks_and_tasks_open_each_class_once(house: House) -> None:
    classes = [a_class(f"c{i}") for i in range(12)]
    stored(house, *classes)
    house.clock.at = at(0)

    def run(number: int) -> int:
        other = house.instance()
        if number % 3 == 2:
            other.tick.step(classes[number].class_id)
            return 0
        return other.tick().opened

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))
    house.tick()
    assert statuses(house) == [Status.ACTIVE] * 12
    assert len([t for t in house.tasks.queued.values() if t.kind is TaskKind.CLASS_DUE and t.at == at(60)]) == 12


def test_a_class_of_which_every_task_was_lost_is_still_held(house: House) -> None:
    stored(house, a_class())
    house.clock.at = at(61)
    done = house.tick()
    assert (done.opened, done.closed, statuses(house)) == (1, 1, [Status.COMPLETED])


def test_a_lost_reading_is_planned_again_under_another_name(house: House) -> None:
    stored(house, a_class())
    house.clock.at = at(60)
    house.tick()
    names = set(house.tasks.queued)
    house.clock.at = at(75)
    house.tick()
    assert len(set(house.tasks.queued) - names) == 1


def test_a_moved_class_ignores_the_task_of_its_old_start(house: House) -> None:
    stored(house, a_class(start_at=at(120), end_at=at(180)))
    house.clock.at = at(0)
    assert house.tick.step(a_class().class_id).status is Status.SCHEDULED


def test_facts_that_no_request_folded_are_folded_by_the_tick(house: House) -> None:
    stored(house, a_class())
    house.evidence.file(seen("join", at(1)))
    house.clock.at = at(2)
    assert house.tick().bound == 1
    session = house.sessions.get(a_class().session_id)
    assert session is not None
    assert len(session.value.heard) == 1


def test_facts_of_an_unknown_meeting_are_put_aside_and_stay(house: House) -> None:
    lost = seen("join", at(1), room="google_meet:zzzzzzzzzz")
    house.evidence.file(lost)
    house.clock.at = at(5)
    assert house.tick().shelved == 1
    assert house.tick().shelved == 0
    assert house.evidence.pending_in(lost.room) == (lost,)


def test_calendar_that_stays_down_is_asked_less_and_less_and_stops_nothing(house: House) -> None:
    from shared.domain.errors import Unavailable

    house.calendar.trouble = Unavailable("down")
    stored(house, a_class(calendar_done=0, booked_at=at(-120)), a_class("fine", start_at=at(-60), end_at=at(0)))
    tries = 0
    for _ in range(30):
        house.clock.passes(minutes(2))
        done = house.tick()
        tries += done.calendar_failed
    assert 1 < tries < 15
    assert house.classes.get(a_class("fine").class_id).status is Status.ACTIVE


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(-60, 300), st.integers(1, 120)), min_size=1, max_size=6),
    st.lists(st.integers(0, 500), min_size=1, max_size=10),
)
def test_whenever_the_monitor_runs_the_end_is_the_same(windows: Sequence[tuple[int, int]], runs: Sequence[int]) -> None:
    evidence = MemoryEvidence()
    house = House(MemoryClasses(), evidence, MemorySessions(evidence), clock=Clock(at(-120)))
    stored(house, *(a_class(f"c{n}", start_at=at(s), end_at=at(s + d)) for n, (s, d) in enumerate(windows)))
    for minute in [*sorted(runs), 600]:
        house.clock.at = at(minute)
        house.tick()
    held = house.classes.page(ClassFilter(), 500, None).items
    assert {each.status for each in held} == {Status.COMPLETED}
    assert all(each.due_at is None or each.due_at > at(600) for each in held)


def test_a_thousand_due_classes_are_opened_in_one_run(house: House) -> None:
    for block in range(3):
        house.classes.add([replace(a_class(f"{block}-{n}"), due_at=at(0), planned_at=at(-60)) for n in range(340)], None)
    house.clock.at = at(0)
    assert house.tick().opened == 1020
