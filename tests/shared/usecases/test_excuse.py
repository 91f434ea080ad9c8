"""Excusing in advance, over both stores: before the class begins, from one or from many, and taken back as well."""

from datetime import timedelta

import pytest

from shared.domain.attendance import AttendanceStatus
from shared.domain.classes import ScheduledClass
from shared.domain.errors import InvalidInput, NotFound, NotInThisState
from shared.ports import MeetingReading
from shared.usecases.excuse import ToExcuse
from tests.fakes import MemoryEvidence
from tests.house import House
from tests.tracked import BEA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, WHO, Tracked, on, stay, tracked_over


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def week(tracked: Tracked, days: int = 3) -> list[ScheduledClass]:
    """A class on each day, the clock an hour before the first."""
    return [tracked.books(f"lesson {day}", day) for day in range(days)]


def span(first: int, before: int, email: str = OMAR, reason: str = "Ill.") -> ToExcuse:
    """An excuse for days of the week."""
    return ToExcuse(email, reason, None, on(first, -60), on(before, -60))


def ends(tracked: Tracked, held: ScheduledClass, *refs: str) -> None:
    """The class is over and was read."""
    for instant in (held.start_at, held.end_at):
        tracked.house.clock.at = instant
        tracked.house.tick()
    stays = [
        stay(ref, (held.start_at - on(0, 0)) / timedelta(minutes=1), (held.end_at - on(0, 0)) / timedelta(minutes=1))
        for ref in refs
    ]
    tracked.house.records.reading = MeetingReading(1, True, tuple(stays), WHO, held.end_at + timedelta(days=30))
    tracked.house.sync(held.class_id)


def test_who_is_excused_and_does_not_come_is_excused_and_nobody_else(tracked: Tracked) -> None:
    first, second, _ = week(tracked)
    excused = tracked.app.excuse.give(ToExcuse(OMAR, "A wedding.", first.class_id), TEACHER)
    (one,) = excused.excuses
    assert (one.held, one.ruling.by, one.ruling.reason, excused.begun) == (first, TEACHER.email, "A wedding.", 0)
    ends(tracked, first, "google:1")
    assert tracked.rows(first)[OMAR].status is AttendanceStatus.EXCUSED
    assert tracked.rows(first)[LENA].status is AttendanceStatus.ABSENT
    ends(tracked, second, "google:1")
    assert tracked.rows(second)[OMAR].status is AttendanceStatus.ABSENT


def test_who_comes_all_the_same_was_there(tracked: Tracked) -> None:
    held = week(tracked, 1)[0]
    tracked.app.excuse.give(ToExcuse(OMAR, "A wedding.", held.class_id), TEACHER)
    ends(tracked, held, "google:1", "google:2")
    row = tracked.rows(held)[OMAR]
    assert row.status is AttendanceStatus.PRESENT
    assert row.excuse is not None


def test_an_excuse_for_some_days_covers_the_classes_that_start_then(tracked: Tracked) -> None:
    lessons = week(tracked, 4)
    excused = tracked.app.excuse.give(span(1, 3), TEACHER)
    assert [each.held for each in excused.excuses] == lessons[1:3]
    listed = tracked.app.excuse.of_person(OMAR, on(0, 0), on(9, 0), TEACHER)
    assert listed == excused.excuses
    assert tracked.app.excuse.of_person(OMAR, on(2, 0), on(9, 0), TEACHER) == excused.excuses[1:]
    assert tracked.app.excuse.of_person(LENA, on(0, 0), on(9, 0), TEACHER) == ()


def test_a_class_that_has_begun_takes_no_excuse_any_more(tracked: Tracked) -> None:
    lessons = week(tracked)
    tracked.house.clock.at = lessons[0].start_at
    with pytest.raises(NotInThisState, match="override"):
        tracked.app.excuse.give(ToExcuse(OMAR, "Late.", lessons[0].class_id), TEACHER)
    excused = tracked.app.excuse.give(span(0, 3), TEACHER)
    assert ([each.held for each in excused.excuses], excused.begun) == (lessons[1:], 1)


def test_said_twice_it_is_one_excuse_and_a_new_reason_is_a_new_one(tracked: Tracked) -> None:
    held = week(tracked)[0]
    first = tracked.app.excuse.give(span(0, 3), TEACHER)
    tracked.house.clock.passes(timedelta(minutes=1))
    assert tracked.app.excuse.give(span(0, 3), TEACHER) == first
    assert len(tracked.house.rulings.of_session(held.session_id)) == 1
    newer = tracked.app.excuse.give(span(0, 3, reason="In hospital."), BOSS)
    assert tracked.app.excuse.of_person(OMAR, on(0, 0), on(9, 0), TEACHER) == newer.excuses
    assert len(tracked.house.rulings.of_session(held.session_id)) == 2


def test_a_teacher_excuses_from_own_classes_and_sees_own_excuses(tracked: Tracked) -> None:
    own = week(tracked, 1)[0]
    foreign = tracked.books("grammar", 1, teacher_email=BEA)
    assert [each.held for each in tracked.app.excuse.give(span(0, 3), TEACHER).excuses] == [own]
    assert [each.held for each in tracked.app.excuse.give(span(0, 3), BOSS).excuses] == [own, foreign]
    assert [each.held for each in tracked.app.excuse.of_person(OMAR, on(0, -60), on(9, 0), OTHER)] == [foreign]
    assert len(tracked.app.excuse.of_person(OMAR, on(0, -60), on(9, 0), BOSS)) == 2


def test_a_foreign_class_and_one_without_the_person_are_not_there(tracked: Tracked) -> None:
    held = week(tracked, 1)[0]
    told = set()
    for email, class_id, caller in (
        (OMAR, held.class_id, OTHER),
        (OMAR, held.class_id, STUDENT),
        ("nobody@school.example", held.class_id, TEACHER),
        (OMAR, "0" * 32, TEACHER),
    ):
        with pytest.raises(NotFound) as refused:
            tracked.app.excuse.give(ToExcuse(email, "Ill.", class_id), caller)
        told.add(refused.value.detail)
    assert told == {"No such class of this person."}
    assert tracked.house.rulings.of_session(held.session_id) == ()


def test_taken_back_nobody_is_excused(tracked: Tracked) -> None:
    held = week(tracked, 1)[0]
    (given,) = tracked.app.excuse.give(ToExcuse(OMAR, "Ill.", held.class_id), TEACHER).excuses
    tracked.house.clock.passes(timedelta(minutes=1))
    assert tracked.app.excuse.withdraw(given.ruling.ruling_id, "He is well.", TEACHER) == given
    assert tracked.app.excuse.withdraw(given.ruling.ruling_id, "He is well.", TEACHER) == given
    assert len(tracked.house.rulings.of_session(held.session_id)) == 2
    assert tracked.app.excuse.of_person(OMAR, on(0, -60), on(9, 0), TEACHER) == ()
    ends(tracked, held, "google:1")
    assert tracked.rows(held)[OMAR].status is AttendanceStatus.ABSENT


def test_a_foreign_or_absent_excuse_is_not_there_and_a_begun_class_keeps_its_own(tracked: Tracked) -> None:
    held = week(tracked, 1)[0]
    (given,) = tracked.app.excuse.give(ToExcuse(OMAR, "Ill.", held.class_id), TEACHER).excuses
    told = set()
    for excuse_id, caller in ((given.ruling.ruling_id, OTHER), ("0" * 32, TEACHER), ("x/y", BOSS)):
        with pytest.raises(NotFound) as refused:
            tracked.app.excuse.withdraw(excuse_id, "Hm.", caller)
        told.add(refused.value.detail)
    assert told == {"No such excuse."}
    tracked.house.clock.at = held.start_at
    with pytest.raises(NotInThisState, match="override"):
        tracked.app.excuse.withdraw(given.ruling.ruling_id, "He is well.", TEACHER)
    assert tracked.app.excuse.of_person(OMAR, on(0, -60), on(9, 0), TEACHER) == (given,)


def test_no_more_than_a_year_is_asked_for_at_once(tracked: Tracked) -> None:
    week(tracked, 1)
    with pytest.raises(InvalidInput) as refused:
        tracked.app.excuse.give(span(0, 400), TEACHER)
    assert refused.value.field == "to"
    with pytest.raises(InvalidInput):
        tracked.app.excuse.of_person(OMAR, on(0, 0), on(400, 0), TEACHER)
    with pytest.raises(InvalidInput):
        tracked.app.excuse.give(span(3, 1), TEACHER)
