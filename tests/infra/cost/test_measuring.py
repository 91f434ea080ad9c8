"""From the notes of a whole play to what each thing costs: readers and the clock's own calls are nobody's class."""

from datetime import UTC, datetime

import pytest

from infra.cost.measuring import HOUSEKEEPING, LOOK, PUSHED, TICK, Counted, check_quiet, each, taken_apart
from infra.cost.packing import Note
from infra.cost.story import LINES, SIZES, Played, class_of, events_of
from infra.cost.usage import Usage
from infra.local.troubles import Trouble

PHASES = ("idle", *(class_of(size) for size in SIZES), "billing", "page", "poll")
STARTS = {name: 100.0 * number for number, name in enumerate(PHASES)}


def note(phase: str, route: str, function: str = "meet_sync", **counts: int) -> Note:
    return Note(function, STARTS[phase] + 1, route, counts)


def a_class(size: int) -> list[Note]:
    """A class: 50 reads of its own and 10 for each student, a push for each, looks of 5 reads and one for each student."""
    phase = class_of(size)
    return [
        note(phase, "POST /sync", reads=50 + 10 * size, writes=7, tasks=2, peak_mib=90 + size),
        *(note(phase, PUSHED, "meet_push", writes=2) for _ in range(size)),
        *(note(phase, LOOK, reads=5 + size) for _ in range(3)),
        note(phase, TICK, "monitor_tick", reads=2, writes=1),
        note(phase, TICK, "monitor_tick", reads=12, writes=1),
        note(phase, "GET /api/schedule/classes/*", "schedule", reads=1000),
        note(phase, "-", "realtime", reads=4),
    ]


@pytest.fixture
def counted() -> Counted:
    played = Played(
        {name: (start, start + 50) for name, start in STARTS.items()},
        dict.fromkeys(PHASES, 6000) | {class_of(SIZES[0]): 3000},
        dict.fromkeys(PHASES, 700),
    )
    notes = [note("idle", TICK, "monitor_tick", reads=2, writes=1) for _ in range(4)]
    notes += [note("idle", HOUSEKEEPING, "housekeeping", reads=20)]
    notes += [each_note for size in SIZES for each_note in a_class(size)]
    notes += [note("billing", "POST /tasks/issue", "billing", reads=LINES * 6, writes=LINES)]
    notes += [note("page", "GET /live", "dashboard", bytes_out=500), note("page", "POST /x", "schedule", reads=9)]
    notes += [note("poll", "GET /api/monitoring/active-sessions", "monitoring", reads=3) for _ in range(10)]
    notes += [Note("meet_sync", 99.0, "POST /sync", {"reads": 10**6})]
    return Counted(played, tuple(notes))


def test_what_a_class_and_what_a_student_costs_is_told_from_two_sizes(counted: Counted) -> None:
    per = taken_apart(counted, datetime(2026, 11, 21, tzinfo=UTC)).per
    # of the two ticks in a class one found something to do: its ten reads more are the class's, and the gateway's four
    assert (per["class"].reads, per["student"].reads) == pytest.approx((50 + 10 + 4, 10))
    assert (per["class"].writes, per["student"].writes) == pytest.approx((7, 2))
    assert (per["class"].messages, per["student"].messages) == pytest.approx((0, 1))
    assert (per["class"].tasks, per["student"].tasks) == pytest.approx((2, 0))
    assert per["student"].stored_bytes == pytest.approx(3000 / (SIZES[1] - SIZES[0]))
    assert per["class"].calls == pytest.approx(1)


def test_the_clock_looks_readers_and_bills_are_counted_by_themselves(counted: Counted) -> None:
    measured = taken_apart(counted, datetime(2026, 11, 21, tzinfo=UTC))
    per = measured.per
    assert (per["tick"].reads, per["tick"].calls, per["housekeeping"].reads) == (2, 1, 20)
    assert (per["look"].reads, per["look_student"].reads, per["look"].calls) == pytest.approx((5, 1, 1))
    assert (per["page"].calls, per["page"].bytes_out, per["page"].reads) == (1, 500, 0)
    assert (per["poll"].calls, per["poll"].reads) == (1, 3)
    assert (per["line"].reads, per["line"].writes) == pytest.approx((6, 1))
    assert measured.peak_mib["meet_sync"] == 90 + SIZES[1]
    assert measured.on == "2026-11-21"


def test_a_machine_that_was_too_busy_measures_nothing(counted: Counted) -> None:
    assert [events_of(size) for size in SIZES] == [14, 30]
    with pytest.raises(Trouble, match=r"3 pushes where 14 things happened.*Nothing was stored"):
        check_quiet(counted)
    pushes = tuple(note(class_of(size), PUSHED, "meet_push") for size in SIZES for _ in range(events_of(size)))
    check_quiet(Counted(counted.played, pushes))


def test_the_mean_of_no_calls_is_nothing() -> None:
    assert each(Usage()) == Usage()
    assert each(Usage(calls=4, reads=10)) == Usage(calls=1, reads=2.5)
