"""Trying other rules on past classes, over both stores: what would be different is told, and nothing is stored."""

from typing import Any

import pytest

from shared.domain.attendance import AttendanceStatus
from shared.domain.classes import Status
from shared.domain.errors import InvalidInput
from shared.usecases.preview_policy import MOST_CHANGES, MOST_CLASSES, Preview, PreviewPolicy, ToPreview
from shared.usecases.rule_attendance import ToRule
from shared.usecases.set_policy import SetPolicy, ToSet
from tests.builders import a_class, at, minutes
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House
from tests.tracked import ADA, BEA, BOSS, LENA, OMAR, OTHER, TEACHER, Tracked, on, stay, tracked_over

S = AttendanceStatus


@pytest.fixture
def tracked(house: House, request: pytest.FixtureRequest) -> Tracked:
    is_memory = isinstance(house.evidence, MemoryEvidence)
    return tracked_over(house, None if is_memory else request.getfixturevalue("database"))


def stays(day: int = 0) -> tuple[Any, ...]:
    """The teacher for the whole hour, Omar from minute 8, Lena until minute 55."""
    return (stay("google:1", 0, 60, day=day), stay("google:2", 8, 60, day=day), stay("google:3", 0, 55, day=day))


def preview(house: House, rules: dict[str, Any], caller: Any = BOSS, **wanted: Any) -> Preview:
    told = {"start_from": on(-1, 0), "start_before": on(30, 0), **wanted}
    return PreviewPolicy(house.classes, house.sessions, house.policies, house.clock)(ToPreview(rules, **told), caller)


def changes(told: Preview) -> set[tuple[str | None, str, str]]:
    return {(each.row.email, each.row.status.value, each.to.value) for each in told.changes}


def test_what_would_be_different_is_told_with_counts(tracked: Tracked) -> None:
    tracked.holds(*stays())
    told = preview(tracked.house, {"grace_minutes": 5, "left_early_minutes": 2})
    assert changes(told) == {(OMAR, "present", "late"), (LENA, "present", "left_early")}
    assert (told.classes, told.people, told.verdicts, told.changed) == (1, 3, 3, 2)
    assert told.before == {S.PRESENT: 3}
    assert told.after == {S.PRESENT: 1, S.LATE: 1, S.LEFT_EARLY: 1}


def test_the_same_rules_change_nothing(tracked: Tracked) -> None:
    tracked.holds(*stays())
    told = preview(tracked.house, {})
    assert (told.changed, told.changes, told.before) == (0, (), told.after)


def test_it_starts_from_the_rules_that_count_now(tracked: Tracked) -> None:
    tracked.holds(*stays())
    SetPolicy(tracked.house.policies, tracked.house.clock)(ToSet({"grace_minutes": 5}, None, "Stricter."), BOSS)
    assert changes(preview(tracked.house, {"left_early_minutes": 2})) == {
        (OMAR, "present", "late"),
        (LENA, "present", "left_early"),
    }


def test_what_a_person_ruled_stays(tracked: Tracked) -> None:
    held = tracked.holds(*stays())
    tracked.app.rule.override(ToRule(held.session_id, S.PRESENT, "The bus was late.", OMAR), TEACHER)
    assert preview(tracked.house, {"grace_minutes": 5}).changes == ()


def test_a_visit_to_the_class_before_makes_nobody_punctual(tracked: Tracked) -> None:
    tracked.books("geometry", start_at=at(-60), end_at=at(0), course_id="art")
    visits = (stay("google:1", 0, 60), stay("google:2", -20, -10), stay("google:2", 15, 60), stay("google:3", 0, 60))
    tracked.holds(*visits, course_id="math")
    told = preview(tracked.house, {"grace_minutes": 14}, course_id="math")
    assert told.before == {S.PRESENT: 2, S.LATE: 1}
    assert told.changed == 0


def test_a_teacher_sees_the_own_classes_alone(tracked: Tracked) -> None:
    tracked.holds(*stays())
    rules = {"grace_minutes": 5}
    assert preview(tracked.house, rules, TEACHER).changed == 1
    assert preview(tracked.house, rules, OTHER).classes == 0
    assert preview(tracked.house, rules, OTHER, teacher_email=ADA).classes == 0
    assert preview(tracked.house, rules, TEACHER, teacher_email=BEA).classes == 0
    assert preview(tracked.house, rules, BOSS, teacher_email=ADA).changed == 1
    assert preview(tracked.house, rules, BOSS, teacher_email=BEA).classes == 0


def test_only_the_time_and_the_course_that_were_asked_for(tracked: Tracked) -> None:
    tracked.holds(*stays(), name="first", course_id="math")
    tracked.holds(*stays(1), name="second", day=1, course_id="art")
    rules = {"grace_minutes": 5}
    assert preview(tracked.house, rules).changed == 2
    (of_art,) = preview(tracked.house, rules, course_id="art").changes
    (of_day,) = preview(tracked.house, rules, start_from=on(1, 0), start_before=on(2, 0)).changes
    assert of_art == of_day
    assert of_art.row.subject == "second"
    assert preview(tracked.house, rules, start_from=on(0, 1), start_before=on(1, 0)).classes == 0


def test_nothing_is_stored() -> None:
    evidence = MemoryEvidence()
    classes, sessions = MemoryClasses(), MemorySessions(evidence)
    tracked = tracked_over(House(classes, evidence, sessions))
    tracked.holds(*stays())
    before = (classes.writes, sessions.writes, dict(sessions.attendance), tracked.house.policies.all())
    assert preview(tracked.house, {"grace_minutes": 5}).changed == 1
    assert (classes.writes, sessions.writes, dict(sessions.attendance), tracked.house.policies.all()) == before


def test_classes_to_come_have_no_verdicts_to_change(tracked: Tracked) -> None:
    tracked.books("ahead", day=2)
    assert preview(tracked.house, {}, start_from=on(1, 0)).classes == 0


def many(count: int) -> House:
    """A house with so many classes of an hour each, none of which was read."""
    classes, evidence = MemoryClasses(), MemoryEvidence()
    house = House(classes, evidence, MemorySessions(evidence))
    booked = [
        a_class(f"class {n}", start_at=on(n, 0), end_at=on(n, 60), status=Status.COMPLETED, room=f"google_meet:{n}")
        for n in range(count)
    ]
    classes.add(booked, None)
    house.clock.at = on(count, 0)
    return house


def test_more_than_five_hundred_classes_are_refused_with_a_remedy() -> None:
    whole = {"start_before": on(2 * MOST_CLASSES, 0)}
    assert preview(many(MOST_CLASSES), {}, **whole).classes == 0
    with pytest.raises(InvalidInput, match="give a shorter time, a course or a teacher"):
        preview(many(MOST_CLASSES + 1), {}, **whole)


def test_a_time_that_ends_before_it_begins_is_refused(tracked: Tracked) -> None:
    with pytest.raises(InvalidInput, match="later than `from`"):
        preview(tracked.house, {}, start_from=at(0), start_before=at(0))


def test_of_very_many_changes_the_first_are_told_and_all_are_counted() -> None:
    evidence = MemoryEvidence()
    house = House(MemoryClasses(), evidence, MemorySessions(evidence))
    tracked = tracked_over(house)
    pupils = tuple(f"pupil{n}@school.example" for n in range(MOST_CHANGES + 5))
    held = tracked.holds(stay("google:1", 0, 60), student_emails=pupils)
    house.clock.passes(minutes(1))
    told = preview(house, {"student_no_show_minutes": 10})
    assert held.student_emails == pupils
    assert (told.changed, len(told.changes)) == (len(pupils), MOST_CHANGES)
    assert told.after == {S.NO_SHOW: len(pupils), S.PRESENT: 1}
