"""Booking: nothing half-written, nothing double, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.accounts import Caller
from shared.domain.classes import Changes, Provider, ScheduledClass, Status
from shared.domain.errors import (
    AlreadyBooked,
    DomainError,
    Forbidden,
    InvalidInput,
    KeyReused,
    NotFound,
    NotInThisState,
    Unavailable,
    UpstreamRefused,
)
from shared.ports import ClassFilter, KeyedRequest, TaskKind
from shared.usecases.change_class import Scope
from shared.usecases.schedule_class import Booking
from tests.builders import at, minutes, seen
from tests.fakes import MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

ADA, OMAR, LENA = "ada@school.example", "omar@school.example", "lena@school.example"
LESSON = Booking(ADA, (OMAR, LENA), "Algebra", at(0), minutes(60), "Europe/London")
WEEKLY = replace(LESSON, recurrence="FREQ=WEEKLY;COUNT=4")
KEY = KeyedRequest("a" * 32, "body")
TEACHER, ADMIN = Caller("ada", ADA, "teacher"), Caller("boss", "boss@school.example", "admin")


def everything(house: House) -> tuple[ScheduledClass, ...]:
    return house.classes.page(ClassFilter(), 500, None).items


def test_a_booked_class_has_its_link_and_a_task_for_its_start(house: House) -> None:
    (booked,) = house.book(LESSON, None)
    assert booked.meet_code == "abc-mnoa-xyz"
    assert house.calendar.events[booked.calendar_event_id].attendees == (OMAR, LENA)
    (task,) = house.tasks.of(TaskKind.CLASS_DUE)
    assert (task.kind, task.at, task.about) == (TaskKind.CLASS_DUE, at(0), booked.class_id)
    assert house.classes.get(booked.class_id) == booked


def test_a_key_that_comes_again_books_nothing_more(house: House) -> None:
    first = house.book(LESSON, KEY)
    house.clock.passes(timedelta(days=3))
    assert house.book(LESSON, KEY) == first
    assert len(everything(house)) == 1
    with pytest.raises(KeyReused):
        house.book(LESSON, replace(KEY, told="other"))


def test_a_process_that_looked_before_the_first_one_wrote_answers_what_that_one_booked() -> None:
    @dataclass
    class Early(MemoryClasses):
        is_early: bool = False

        def booked_under(self, request: KeyedRequest) -> tuple[str, ...] | None:
            looks_too_soon, self.is_early = self.is_early, False
            return None if looks_too_soon else super().booked_under(request)

    store, evidence = Early(), MemoryEvidence()
    house = House(store, evidence, MemorySessions(evidence))
    first = house.book(LESSON, KEY)
    store.is_early = True
    assert house.book(LESSON, KEY) == first
    assert len(everything(house)) == 1


@pytest.mark.parametrize("who", [{"teacher_email": ADA}, {"teacher_email": "bob@school.example", "student_emails": (LENA,)}])
def test_somebody_who_is_booked_already_is_a_conflict_that_names_the_other_class(house: House, who: dict[str, Any]) -> None:
    (first,) = house.book(LESSON, None)
    with pytest.raises(AlreadyBooked) as refusal:
        house.book(replace(LESSON, start_at=at(30), subject="secret", **who), None)
    assert refusal.value.class_ids == (first.class_id,)
    assert first.class_id in refusal.value.detail
    assert "Algebra" not in refusal.value.detail
    assert len(everything(house)) == 1


def test_a_class_right_after_another_is_no_conflict(house: House) -> None:
    house.book(LESSON, None)
    house.book(replace(LESSON, start_at=at(60)), None)
    assert len(everything(house)) == 2


def test_a_conflict_can_be_allowed(house: House) -> None:
    house.book(LESSON, None)
    house.book(replace(LESSON, allow_conflicts=True), None)
    assert len(everything(house)) == 2


def test_a_cancelled_class_is_in_nobodys_way(house: House) -> None:
    (first,) = house.book(LESSON, None)
    house.change.cancel(first.class_id, None, Scope.THIS, TEACHER)
    house.book(LESSON, None)


def test_of_many_bookings_at_once_exactly_one_stays(house: House) -> None:
    def book(_: int) -> str:
        try:
            house.instance().book(LESSON, None)
        except AlreadyBooked:
            return "refused"
        return "booked"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(book, range(8)))
    held = [each for each in everything(house) if each.is_held]
    assert answers.count("booked") == len(held) == 1


@pytest.mark.parametrize("trouble", [UpstreamRefused("No valid credentials found", "x"), Unavailable("x")])
def test_a_class_that_calendar_does_not_take_is_not_booked(house: House, trouble: DomainError) -> None:
    house.calendar.trouble = trouble
    with pytest.raises(type(trouble)):
        house.book(LESSON, KEY)
    assert [each.status for each in everything(house)] == [Status.CANCELLED]
    house.calendar.trouble = None
    assert house.book(LESSON, KEY)[0].is_held
    house.tick()
    assert len(house.calendar.removed) == 1


def test_a_link_that_is_still_being_made_comes_by_the_tick(house: House) -> None:
    house.calendar.pending = 1
    (booked,) = house.book(LESSON, None)
    assert (booked.meet_code, booked.is_calendar_behind) == (None, True)
    house.clock.passes(minutes(3))
    assert house.tick().calendar == 1
    assert house.classes.get(booked.class_id).meet_code == "abc-mnoa-xyz"


def test_a_process_that_died_after_storing_is_completed_by_the_tick(house: House) -> None:
    wanted = house.book.wanted(LESSON)
    house.classes.add(wanted, None)
    house.clock.passes(minutes(3))
    house.instance().tick()
    assert house.classes.get(wanted[0].class_id).meet_code is not None


def test_a_queue_that_does_not_answer_fails_no_booking(house: House) -> None:
    house.tasks.trouble = Unavailable("down")
    (booked,) = house.book(LESSON, None)
    house.clock.at = at(0)
    assert house.tick().opened == 1
    assert house.classes.get(booked.class_id).status is Status.ACTIVE


def test_a_class_in_ninety_days_gets_its_task_when_the_queue_can_take_it(house: House) -> None:
    (booked,) = house.book(replace(LESSON, start_at=at(60 * 24 * 90)), None)
    assert house.tasks.of(TaskKind.CLASS_DUE) == []
    house.clock.at = booked.start_at - timedelta(days=28)
    house.tick()
    assert [task.at for task in house.tasks.of(TaskKind.CLASS_DUE)] == [booked.start_at]


def test_a_series_is_one_event_and_one_room_and_many_classes(house: House) -> None:
    booked = house.book(WEEKLY, None)
    assert [each.start_at for each in booked] == [at(60 * 24 * 7 * week) for week in range(4)]
    assert {each.meet_code for each in booked} == {"abc-mnoa-xyz"}
    assert [event.rule for event in house.calendar.events.values()] == ["FREQ=WEEKLY;COUNT=4"]
    assert house.classes.in_series(booked[0].series.series_id if booked[0].series else "") == booked


def test_zoom_is_refused_while_it_is_not_connected(house: House) -> None:
    house.book = replace(house.book, follow=replace(house.follow, zoom=None))
    with pytest.raises(InvalidInput) as refusal:
        house.book(replace(LESSON, provider=Provider.ZOOM), None)
    assert refusal.value.field == "provider"


def test_facts_that_came_before_the_class_was_known_are_bound_when_it_appears(house: House) -> None:
    fact = seen("join", at(1), room="google_meet:abcmnoaxyz")
    assert house.file(fact).session_id is None
    house.clock.passes(minutes(5))
    house.tick()
    (booked,) = house.book(LESSON, None)
    session = house.sessions.get(booked.session_id)
    assert session is not None
    assert [h.joins for h in session.value.heard.values()] == [frozenset({at(1)})]
    assert house.evidence.pending_in("google_meet:abcmnoaxyz") == ()


def test_moving_a_class_moves_its_event_its_task_and_its_session(house: House) -> None:
    (booked,) = house.book(LESSON, None)
    house.file(seen("join", at(1), room=booked.room or ""))
    (moved,) = house.change.change(booked.class_id, Changes(start_at=at(120)), Scope.THIS, TEACHER)
    assert house.calendar.events[booked.calendar_event_id].start_at == at(120)
    assert sorted(task.at for task in house.tasks.of(TaskKind.CLASS_DUE)) == [at(0), at(120)]
    assert not moved.is_calendar_behind
    house.clock.at = at(0)
    house.tick.step(booked.class_id)
    assert house.classes.get(booked.class_id).status is Status.SCHEDULED


def test_one_class_of_a_series_is_moved_alone(house: House) -> None:
    booked = house.book(WEEKLY, None)
    house.change.change(booked[1].class_id, Changes(start_at=booked[1].start_at + minutes(90)), Scope.THIS, TEACHER)
    starts = [each.start_at for each in everything(house)]
    assert starts == [booked[0].start_at, booked[1].start_at + minutes(90), booked[2].start_at, booked[3].start_at]
    assert house.calendar.events[booked[1].calendar_event_id].start_at == booked[1].start_at + minutes(90)


def test_the_following_classes_move_by_as_much_wall_clock_time(house: House) -> None:
    spring = replace(WEEKLY, start_at=at(0) + timedelta(days=98))
    booked = house.book(spring, None)
    house.change.change(booked[1].class_id, Changes(start_at=booked[1].start_at + minutes(60)), Scope.FOLLOWING, TEACHER)
    moved = [each.start_at - was.start_at for each, was in zip(everything(house), booked, strict=True)]
    assert moved == [minutes(0), minutes(60), minutes(60), minutes(60)]


def test_cancelling_a_whole_series_takes_away_one_event(house: House) -> None:
    booked = house.book(WEEKLY, None)
    house.change.cancel(booked[2].class_id, "holiday", Scope.ALL, TEACHER)
    assert {each.status for each in everything(house)} == {Status.CANCELLED}
    assert house.calendar.removed == [booked[0].calendar_base_id]
    assert not any(each.is_calendar_behind for each in everything(house))


def test_cancelling_one_class_of_a_series_takes_away_its_instance(house: House) -> None:
    booked = house.book(WEEKLY, None)
    house.change.cancel(booked[2].class_id, None, Scope.THIS, TEACHER)
    assert house.calendar.removed == [booked[2].calendar_event_id]


def test_a_change_stands_when_calendar_cannot_follow_and_is_tried_again(house: House) -> None:
    (booked,) = house.book(LESSON, None)
    house.calendar.trouble = Unavailable("Calendar is down")
    (moved,) = house.change.change(booked.class_id, Changes(subject="Geometry"), Scope.THIS, TEACHER)
    assert (moved.subject, moved.calendar_trouble) == ("Geometry", "Calendar is down")
    house.calendar.trouble = None
    house.clock.passes(minutes(90))
    house.tick()
    assert house.calendar.events[booked.calendar_event_id].subject == "Geometry"


def test_a_change_into_another_class_is_a_conflict(house: House) -> None:
    house.book(LESSON, None)
    (other,) = house.book(replace(LESSON, start_at=at(120)), None)
    with pytest.raises(AlreadyBooked):
        house.change.change(other.class_id, Changes(start_at=at(30)), Scope.THIS, TEACHER)


@pytest.mark.parametrize(
    ("caller", "refusal"),
    [
        (Caller("b", "bob@school.example", "teacher"), NotFound),
        (Caller("x", "x@school.example", "user"), NotFound),
        (Caller("o", OMAR, "user"), Forbidden),
    ],
)
def test_nobody_changes_what_is_not_theirs(house: House, caller: Caller, refusal: type[DomainError]) -> None:
    (booked,) = house.book(LESSON, None)
    with pytest.raises(refusal):
        house.change.change(booked.class_id, Changes(subject="mine"), Scope.THIS, caller)
    with pytest.raises(refusal):
        house.change.cancel(booked.class_id, None, Scope.THIS, caller)
    assert house.classes.get(booked.class_id) == booked


def test_a_class_that_has_begun_cannot_be_cancelled(house: House) -> None:
    (booked,) = house.book(LESSON, None)
    house.clock.at = at(1)
    house.tick()
    with pytest.raises(NotInThisState):
        house.change.cancel(booked.class_id, None, Scope.THIS, ADMIN)


def test_the_scope_of_a_class_without_series_is_refused(house: House) -> None:
    (booked,) = house.book(LESSON, None)
    with pytest.raises(InvalidInput):
        house.change.cancel(booked.class_id, None, Scope.ALL, ADMIN)


def test_the_rest_of_a_series_is_not_moved_by_the_distance_to_a_class_that_has_begun(house: House) -> None:
    booked = house.book(WEEKLY, None)
    house.clock.at = at(1)
    house.tick()
    wanted = Changes(start_at=booked[0].start_at + minutes(60))
    with pytest.raises(NotInThisState):
        house.change.change(booked[0].class_id, wanted, Scope.FOLLOWING, TEACHER)
    assert [each.start_at for each in everything(house)] == [each.start_at for each in booked]


def test_the_rest_of_a_series_can_be_cancelled_from_a_class_that_has_begun(house: House) -> None:
    booked = house.book(WEEKLY, None)
    house.clock.at = at(1)
    house.tick()
    house.change.cancel(booked[0].class_id, None, Scope.FOLLOWING, TEACHER)
    assert [each.status for each in everything(house)] == [Status.ACTIVE, *[Status.CANCELLED] * 3]


def test_a_class_on_zoom_has_a_meeting_and_a_link_for_each_student(house: House) -> None:
    (booked,) = house.book(replace(LESSON, provider=Provider.ZOOM), None)
    assert booked.meet_code == "84000000001"
    assert booked.room == "zoom:84000000001"
    assert [each.email for each in booked.registrants] == list(LESSON.student_emails)
    assert house.calendar.events == {}
    assert house.tasks.of(TaskKind.CHANNEL) == []


def test_each_class_of_a_series_on_zoom_gets_a_meeting_of_its_own_by_the_tick(house: House) -> None:
    booked = house.book(replace(LESSON, provider=Provider.ZOOM, recurrence="FREQ=WEEKLY;COUNT=3"), None)
    assert [each.meet_code is not None for each in booked] == [True, False, False]
    house.clock.passes(timedelta(minutes=3))
    house.tick()
    rooms = {house.classes.get(each.class_id).room for each in booked}
    assert len(rooms) == 3
    assert None not in rooms


def test_a_class_on_zoom_that_is_cancelled_leaves_no_meeting(house: House) -> None:
    (booked,) = house.book(replace(LESSON, provider=Provider.ZOOM), None)
    house.change.cancel(booked.class_id, None, Scope.THIS, TEACHER)
    assert house.zoom.there == {}
    assert not house.classes.get(booked.class_id).is_calendar_behind


def test_a_teachers_first_class_asks_for_the_push_channel_once(house: House) -> None:
    house.book(LESSON, None)
    house.book(replace(LESSON, start_at=LESSON.start_at + timedelta(days=1)), None)
    (task,) = house.tasks.of(TaskKind.CHANNEL)
    assert task.about == LESSON.teacher_email
    assert house.channels.get(LESSON.teacher_email) is not None
