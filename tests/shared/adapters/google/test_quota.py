"""Tests of the read quota, on a clock that moves only when somebody waits."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.google.quota import LONGEST_WAIT, ReadQuota, ReadQuotas
from shared.domain.errors import Unavailable
from tests.shared.adapters.google.machines import FakeMachine


def busiest_minute(taken: list[float]) -> int:
    """The most reads in any 60 seconds, both ends included."""
    return max(sum(1 for at in taken if begin <= at <= begin + 60) for begin in taken)


def test_a_class_of_a_hundred_never_waits() -> None:
    machine = FakeMachine()
    quota = ReadQuota(600, machine)
    for _ in range(104):
        quota.take()
    assert machine.slept == []


def test_a_whole_minutes_reads_may_be_made_at_once() -> None:
    machine = FakeMachine()
    quota = ReadQuota(600, machine)
    for _ in range(600):
        quota.take()
    assert machine.slept == []


def test_no_minute_ever_holds_more_than_six_hundred_reads() -> None:
    machine, taken = FakeMachine(), []
    quota = ReadQuota(600, machine)
    for number in range(2000):
        quota.take()
        taken.append(machine.now)
        machine.now += 0.05 if number % 7 else 0.3
    assert busiest_minute(taken) == 600


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.integers(1, 8))
def test_the_quota_holds_for_every_rhythm(gaps: list[float], per_minute: int) -> None:
    machine, taken = FakeMachine(), []
    quota = ReadQuota(per_minute, machine)
    for gap in gaps:
        quota.take()
        taken.append(machine.now)
        machine.now += gap
    assert busiest_minute(taken) <= per_minute


def test_a_read_waits_no_longer_than_it_must() -> None:
    machine = FakeMachine()
    quota = ReadQuota(2, machine)
    quota.take()
    machine.now += 10
    quota.take()
    quota.take()
    assert 60 < machine.now - 1000 < 61


def test_a_sleep_that_ends_early_does_not_let_a_read_through() -> None:
    machine = FakeMachine()
    whole = machine.sleep
    machine.sleep = lambda seconds: whole(seconds / 2)  # type: ignore[method-assign]
    quota = ReadQuota(1, machine)
    quota.take()
    quota.take()
    assert machine.now - 1000 > 60


def test_threads_share_one_quota() -> None:
    machine, taken, lock = FakeMachine(), [], threading.Lock()
    quota = ReadQuota(50, machine)

    def work() -> None:
        for _ in range(10):
            quota.take()
            with lock:
                taken.append(machine.monotonic())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(taken) == 80
    assert sum(1 for at in taken if at == 1000) <= 50


def test_who_would_wait_too_long_is_told_to_come_back() -> None:
    machine = FakeMachine()
    quota = ReadQuota(1, machine)
    quota.take()
    whole = machine.sleep

    def overtaken(seconds: float) -> None:
        whole(seconds)
        quota._taken.append(machine.now)

    machine.sleep = overtaken  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="try again in a minute"):
        quota.take()
    assert machine.now - 1000 <= LONGEST_WAIT


def test_one_organisers_meetings_do_not_cost_another_ones_quota() -> None:
    machine = FakeMachine()
    quotas = ReadQuotas(1, machine)
    quotas.of("ada@school.example").take()
    quotas.of("bob@school.example").take()
    assert machine.slept == []
    assert quotas.of("ada@school.example") is quotas.of("ada@school.example")


def test_waiting_reads_follow_each_other_at_the_quotas_pace() -> None:
    machine, taken = FakeMachine(), []
    quota = ReadQuota(3, machine)
    for _ in range(9):
        quota.take()
        taken.append(machine.now)
    assert all(60 < later - earlier < 61 for earlier, later in pairwise(taken[::3]))
