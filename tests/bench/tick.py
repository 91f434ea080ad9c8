"""The monitor's tick: what it reads does not grow with what is stored; and what it writes goes in whole batches."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud import firestore

from shared import system
from shared.adapters.firestore.classes import FirestoreClasses, document_of
from shared.domain.classes import ScheduledClass, Status
from shared.domain.ids import stable_id
from shared.ports import Versioned
from tests.bench.counting import Counts, counting
from tests.bench.figures import Bench, Figure, at_most, exactly, ratio, told
from tests.bench.reference.batches import update_in_batches
from tests.bench.store import book, client_of, empty, fill, house_over, new_project
from tests.builders import a_class

DUE = 10
SIZES = (100, 10_000, 100_000)
QUICK_SIZES = (100, 2_000)
HANDFUL = 5
WRITTEN = 1000


def measure(bench: Bench) -> list[Figure]:
    """First the reads, then the writes."""
    return _reads(bench) + _writes(bench)


def _to_come(first: int, count: int, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Numbered classes that begin a day and more from now, as documents of what the tick's query looks at."""
    for number in range(first, first + count):
        begins = now + timedelta(days=1, minutes=number)
        yield f"classes/{stable_id('class', f'c{number}')}", {"status": "scheduled", "due_at": begins, "body": "{}"}


def _starting(mark: str, count: int, now: datetime) -> list[ScheduledClass]:
    """Classes whose bell rang a minute ago and that nobody has opened."""
    begins = now - timedelta(minutes=1)
    changes = {"start_at": begins, "end_at": begins + timedelta(hours=1), "due_at": begins, "booked_at": begins}
    return [a_class(f"{mark} {number}", planned_at=begins, **changes) for number in range(count)]


def _reads(bench: Bench) -> list[Figure]:
    """Ticks with ten classes due, and with none, over a store that grows."""
    project, now, stored = new_project("tick"), datetime.now(UTC).replace(microsecond=0), 0
    client, costs, idle = client_of(bench.host, project), list[tuple[int, int]](), list[tuple[int, int]]()
    figures = []
    with counting(bench.host) as counts:
        watched = client_of(counts.host, project)
        for size in QUICK_SIZES if bench.is_quick else SIZES:
            bench.say(f"tick: storing {size:,} classes")
            fill(client, _to_come(stored, size - stored - DUE, now))
            book(client, _starting(f"due among {size}", DUE, now))
            stored = size
            cost, ms = _one(watched, counts, now, DUE)
            costs.append(cost)
            idle.append(_one(watched, counts, now, 0)[0])
            note = f"{cost[0]} calls; {ms:.0f} ms, most of which the emulator scans"
            figures.append(told("tick", f"documents read, {DUE} due of {size:,}", cost[1], "docs", note))
    empty(bench.host, project)
    spread = max(reads for _, reads in costs) - min(reads for _, reads in costs)
    calls = max(calls for calls, _ in costs) - min(calls for calls, _ in costs)
    return [
        *figures,
        exactly("tick", "more documents read in the biggest store", spread, 0, "docs"),
        exactly("tick", "more calls in the biggest store", calls, 0, "calls"),
        at_most("tick", "calls with nothing due", max(calls for calls, _ in idle), HANDFUL, "calls"),
        exactly("tick", "documents read with nothing due", max(reads for _, reads in idle), 0, "docs"),
    ]


def _one(client: firestore.Client, counts: Counts, now: datetime, due: int) -> tuple[tuple[int, int], float]:
    """One tick's calls and documents read, and its milliseconds; raises `RuntimeError` when it did something else."""
    house = house_over(client, now)
    counts.reset()
    began = time.perf_counter()
    done = house.tick()
    took = (time.perf_counter() - began) * 1000
    if done.opened != due or done.troubles:
        raise RuntimeError(f"A tick with {due} classes due did {done}.")
    return (counts.calls.total(), counts.read), took


def _writes(bench: Bench) -> list[Figure]:
    """A thousand classes opened by the tick's own writing, and a thousand like them by plain batches, in turn."""
    project, now = new_project("writes"), datetime.now(UTC).replace(microsecond=0)
    client = client_of(bench.host, project)
    classes = FirestoreClasses(client, system.sleep)
    ours, theirs = _starting("ours", WRITTEN, now), _starting("theirs", WRITTEN, now)
    book(client, [*ours, *theirs])
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(bench.rounds(9) + 2):
        bench.say(f"tick: writing {WRITTEN:,}, round {number}")
        before = classes.versioned([each.class_id for each in ours])
        began = time.perf_counter()
        stored = classes.save([(each, _opened(each, now, number)) for each in before])
        took[0].append(time.perf_counter() - began)
        if len(stored) != WRITTEN:
            raise RuntimeError(f"Of {WRITTEN} classes {len(stored)} were written.")
        after = {f"classes/{each.class_id}": document_of(replace(each, rev=number + 9)) for each in theirs}
        began = time.perf_counter()
        update_in_batches(client, after)
        took[1].append(time.perf_counter() - began)
    empty(bench.host, project)
    note = f"{sorted(took[0])[len(took[0]) // 2] * 1000:.0f} ms against {sorted(took[1])[len(took[1]) // 2] * 1000:.0f} ms"
    return [ratio("tick", "1,000 due written, of two plain batches", took[0][2:], took[1][2:], "<= 1.5", note)]


def _opened(before: Versioned[ScheduledClass], now: datetime, number: int) -> ScheduledClass:
    """The class as the tick would have it; a little different each round."""
    return replace(before.value, status=Status.ACTIVE, opened_at=now, due_at=before.value.end_at, rev=number + 9)
