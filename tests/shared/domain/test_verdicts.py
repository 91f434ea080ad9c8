"""Verdicts: what the policy makes of time, and that nothing unknown becomes an absence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import Status
from shared.domain.policies import Policy
from shared.domain.presence import Stay, time_present
from shared.domain.verdicts import AttendanceStatus as S
from shared.domain.verdicts import Case, together, verdict
from tests.builders import a_class, at, minutes

HELD = replace(a_class(), status=Status.COMPLETED)
LIVE = replace(a_class(), status=Status.ACTIVE)
POLICY = Policy()


def stays(*told: tuple[float, float | None]) -> tuple[Stay, ...]:
    return tuple(Stay(at(start), None if end is None else at(end)) for start, end in told)


def case(*told: tuple[float, float | None], **about: object) -> Case:
    how: dict[str, object] = {"is_whole": True, "is_excused": False, "is_staff": False, **about}
    return Case(stays(*told), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(0, 60)], S.PRESENT),
        ([(-5, 70)], S.PRESENT),
        ([(10, 60)], S.PRESENT),
        ([(10.1, 60)], S.LATE),
        ([(0, 50)], S.PRESENT),
        ([(0, 49.9)], S.LEFT_EARLY),
        ([(15, 45)], S.PARTIAL),
        ([(0, 10), (50, 60)], S.PARTIAL),
        ([(0, 30)], S.LEFT_EARLY),
        ([(0, 29)], S.PARTIAL),
        ([(20, None)], S.LATE),
        ([(0, None)], S.PRESENT),
        ([(0, 0.9)], S.ABSENT),
        ([(61, 70)], S.ABSENT),
        ([], S.ABSENT),
    ],
)
def test_a_verdict_on_an_hour(told: list[tuple[float, float | None]], expected: S) -> None:
    assert verdict(case(*told), HELD, POLICY) is expected


def test_in_a_class_as_short_as_the_grace_nobody_misses_anything() -> None:
    short = replace(HELD, end_at=at(5))
    assert verdict(case((0, 0.1)), short, POLICY) is S.PRESENT
    assert verdict(case(), short, POLICY) is S.ABSENT


def test_what_was_not_read_whole_is_never_an_absence() -> None:
    assert verdict(case(is_whole=False), HELD, POLICY) is S.UNKNOWN
    assert verdict(case((0, 0.5), is_whole=False), HELD, POLICY) is S.UNKNOWN
    assert verdict(case(), HELD, replace(POLICY, auto_absent=False)) is S.UNKNOWN


def test_who_is_excused_and_comes_all_the_same_was_there() -> None:
    assert verdict(case(is_excused=True), HELD, POLICY) is S.EXCUSED
    assert verdict(case(is_excused=True, is_whole=False), HELD, POLICY) is S.EXCUSED
    assert verdict(case((0, 60), is_excused=True), HELD, POLICY) is S.PRESENT


def test_while_the_class_is_on_nothing_is_said_that_may_still_get_better() -> None:
    assert verdict(case((0, 20), is_whole=False), LIVE, POLICY) is S.PRESENT
    assert verdict(case((20, 30), is_whole=False), LIVE, POLICY) is S.LATE
    assert verdict(case(is_whole=False), LIVE, POLICY) is S.UNKNOWN


@pytest.mark.parametrize(
    ("staff", "expected"), [([(0, 60)], S.NO_SHOW), ([(0, 12)], S.ABSENT), ([], S.ABSENT), ([(-3, 15)], S.NO_SHOW)]
)
def test_a_student_is_a_no_show_only_when_the_teacher_waited(staff: Sequence[tuple[float, float]], expected: S) -> None:
    waits = replace(POLICY, student_no_show_minutes=15)
    assert verdict(case(staff=stays(*staff)), HELD, waits) is expected
    assert verdict(case(staff=stays(*staff)), HELD, POLICY) is S.ABSENT


def test_a_teacher_whom_a_substitute_replaced_is_absent_and_no_no_show() -> None:
    assert verdict(case(is_staff=True), HELD, POLICY) is S.NO_SHOW
    assert verdict(case(is_staff=True, staff=stays((0, 60))), HELD, POLICY) is S.ABSENT


def test_a_teacher_is_no_no_show_while_a_stranger_may_be_the_teacher() -> None:
    assert verdict(case(is_staff=True, has_strangers=True), HELD, POLICY) is S.UNKNOWN


times = st.tuples(st.integers(-40, 100), st.integers(0, 90)).map(lambda pair: (float(pair[0]), float(pair[0] + pair[1])))
policies = st.builds(
    Policy,
    grace_minutes=st.integers(0, 30),
    left_early_minutes=st.integers(0, 30),
    minimum_share_percent=st.integers(0, 100),
    minimum_minutes=st.integers(0, 60),
    auto_absent=st.booleans(),
    student_no_show_minutes=st.none() | st.integers(0, 60),
)


about_people = st.fixed_dictionaries({"is_excused": st.booleans(), "is_staff": st.booleans()})


@given(st.lists(times, max_size=4), policies, about_people)
def test_the_order_of_stays_does_not_matter_and_more_presence_never_makes_an_absence(
    told: list[tuple[float, float]], policy: Policy, about: dict[str, bool]
) -> None:
    found = verdict(case(*told, **about), HELD, policy)
    assert verdict(case(*reversed(told), *told, **about), HELD, policy) is found
    if found.was_there:
        assert verdict(case(*told, (0, 60), **about), HELD, policy) is S.PRESENT


@given(st.lists(times, max_size=4), policies)
def test_nobody_is_absent_without_a_whole_reading(told: list[tuple[float, float]], policy: Policy) -> None:
    assert verdict(case(*told, is_whole=False), HELD, policy) not in (S.ABSENT, S.NO_SHOW)


@given(st.lists(times, max_size=4), st.lists(times, max_size=4))
def test_time_together_is_no_longer_than_either_ones_and_the_same_both_ways(
    mine: list[tuple[float, float]], theirs: list[tuple[float, float]]
) -> None:
    shared = time_present(together(stays(*mine), stays(*theirs)), at(-60), at(200))
    assert shared == time_present(together(stays(*theirs), stays(*mine)), at(-60), at(200))
    assert shared <= min(time_present(stays(*each), at(-60), at(200)) for each in (mine, theirs))
    covered = time_present(stays(*mine, *theirs), at(-60), at(200))
    both = time_present(stays(*mine), at(-60), at(200)) + time_present(stays(*theirs), at(-60), at(200))
    assert shared == both - covered


def test_time_together_with_nobody_is_none() -> None:
    assert together(stays((0, 60)), ()) == ()
    assert time_present(together(stays((0, None)), stays((20, None))), at(0), at(60)) == minutes(40)
    assert time_present(together(stays((0, 10)), stays((10, 60))), at(0), at(60)) == timedelta()
