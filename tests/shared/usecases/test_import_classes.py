"""Importing a timetable: all of it or nothing, told twice it is booked once, and a process that dies is made good."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes import Provider, ScheduledClass, Status
from shared.domain.errors import KeyReused, Stale, Unavailable, UpstreamRefused
from shared.domain.tables import RowError
from shared.domain.timetables import MOST_BOOKED, MOST_SEATS
from shared.ports import ClassFilter, KeyedRequest, LessonEvent, MeetLink, TaskKind, Versioned
from shared.usecases.import_classes import ImportClasses, ImportedClasses
from shared.usecases.schedule_class import Booking
from tests.builders import at, minutes
from tests.conftest import firestore_house
from tests.fakes import FakeCalendar, MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

ADA, BEA, OMAR, LENA = (f"{name}@school.example" for name in ("ada", "bea", "omar", "lena"))
LESSON = Booking(ADA, (OMAR,), "Algebra", at(0), minutes(60), "Europe/London")
WEEKLY = replace(LESSON, subject="Geometry", start_at=at(60), recurrence="FREQ=WEEKLY;COUNT=3")
OTHER = replace(LESSON, teacher_email=BEA, student_emails=(LENA,), subject="Art")
ROWS = {2: LESSON, 3: WEEKLY, 5: OTHER}
KEY = KeyedRequest("a" * 32, "body")


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


@dataclass
class Dying(MemoryClasses):
    """A store whose process dies at a write: before it, or after it when its number is negative."""

    dies_at: int = 0
    commits: int = 0

    def _commit(self, is_done: bool) -> None:  # noqa: FBT001 - before or after
        self.commits += not is_done
        if self.dies_at == (-self.commits if is_done else self.commits):
            raise Killed

    def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:
        """See the port."""
        self._commit(is_done=False)
        known = super().add(booked, request)
        self._commit(is_done=True)
        return known

    def amend(self, class_id: str, rule: Any) -> ScheduledClass:
        """See the port."""
        self._commit(is_done=False)
        after = super().amend(class_id, rule)
        self._commit(is_done=True)
        return after

    def save(self, changes: Sequence[tuple[Versioned[ScheduledClass], ScheduledClass]]) -> tuple[ScheduledClass, ...]:
        """See the port."""
        self._commit(is_done=False)
        done = super().save(changes)
        self._commit(is_done=True)
        return done

    def release(self, request: KeyedRequest) -> None:
        """See the port."""
        self._commit(is_done=False)
        super().release(request)
        self._commit(is_done=True)


@dataclass
class Choosy(FakeCalendar):
    """A calendar that refuses some teachers, or some subjects, and takes its time."""

    refused: tuple[str, ...] = ()
    takes: timedelta = timedelta()
    passes: Any = None
    asked: list[str] = field(default_factory=list)

    def put(self, event: LessonEvent) -> MeetLink | None:
        """See the port."""
        self.asked.append(event.subject)
        if self.passes:
            self.passes(self.takes)
        if event.organiser in self.refused or event.subject in self.refused:
            raise UpstreamRefused("No valid credentials found", "Let the teacher sign in with Google.")
        return super().put(event)


def imports(
    house: House,
    rows: Mapping[int, Booking] = ROWS,
    request: KeyedRequest | None = KEY,
    errors: Sequence[RowError] = (),
    *,
    is_dry_run: bool = False,
) -> ImportedClasses:
    """What a fresh process answers."""
    return ImportClasses(house.instance().book)(rows, errors, request, is_dry_run=is_dry_run)


def over(classes: MemoryClasses, calendar: FakeCalendar | None = None) -> House:
    evidence = MemoryEvidence()
    return House(classes, evidence, MemorySessions(evidence), calendar=calendar or FakeCalendar())


def everything(house: House) -> tuple[ScheduledClass, ...]:
    return house.classes.page(ClassFilter(), 500, None).items


def held(house: House) -> list[tuple[str, str, datetime]]:
    """What takes place, in a form that does not depend on ids."""
    return [(each.teacher_email, each.subject, each.start_at) for each in everything(house) if each.is_held]


def test_each_row_becomes_a_class_or_a_series_with_a_link_and_a_task(house: House) -> None:
    done = imports(house)
    assert done.errors == ()
    assert [(row, each.subject) for row, each in done.classes] == [(2, "Algebra"), *[(3, "Geometry")] * 3, (5, "Art")]
    assert {each.class_id for _, each in done.classes} == {each.class_id for each in everything(house)}
    assert [each for _, each in done.classes] == [house.classes.get(each.class_id) for _, each in done.classes]
    assert all(each.meet_code and not each.is_calendar_behind for _, each in done.classes)
    assert len({each.series.series_id for _, each in done.classes if each.series}) == 1
    assert sorted(event.subject for event in house.calendar.events.values()) == ["Algebra", "Art", "Geometry"]
    soon = {each.class_id for each in everything(house) if each.start_at < house.clock() + timedelta(days=29)}
    assert {task.about for task in house.tasks.of(TaskKind.CLASS_DUE)} == soon
    assert {task.about for task in house.tasks.of(TaskKind.CHANNEL)} == {ADA, BEA}


def test_a_table_that_comes_again_under_its_key_books_nothing_more(house: House) -> None:
    first = imports(house)
    house.clock.passes(timedelta(days=30))
    assert imports(house) == first
    assert len(everything(house)) == 5
    with pytest.raises(KeyReused):
        imports(house, request=replace(KEY, told="other"))


def test_a_table_that_comes_again_without_a_key_is_in_its_own_way(house: House) -> None:
    imports(house, request=None)
    again = imports(house, request=None)
    assert [(error.row, error.field) for error in again.errors] == [(2, "start_time"), (3, "start_time"), (5, "start_time")]
    assert len(everything(house)) == 5


def test_a_dry_run_says_what_would_be_booked_and_touches_nothing(house: House) -> None:
    done = imports(house, request=None, is_dry_run=True)
    assert [(row, each.start_at) for row, each in done.classes if each.subject == "Geometry"] == [
        (3, at(60) + timedelta(weeks=week)) for week in range(3)
    ]
    assert (everything(house), house.calendar.events, house.tasks.queued) == ((), {}, {})


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        (replace(OTHER, start_at=at(-300)), "start_time", "The start lies in the past"),
        (replace(OTHER, timezone="Mars/Base"), "timezone", "no IANA time zone"),
        (replace(OTHER, recurrence="FREQ=WEEKLY"), "recurrence", "The rule must end"),
        (replace(OTHER, duration=minutes(2000)), "duration_minutes", "from 1 to 1440"),
        (replace(LESSON, subject="Twin", start_at=at(59)), "start_time", f"{ADA}, {OMAR} is in the class of row 2"),
        (replace(OTHER, student_emails=(OMAR,), start_at=at(30)), "start_time", f"{OMAR} is in the class of row 2"),
        (replace(LESSON, start_at=at(90) + timedelta(weeks=2)), "start_time", "is in the class of row 3"),
        (LESSON, "row", "The row says the same as row 2; keep one of them."),
    ],
)
def test_one_bad_row_books_nothing_and_is_named(house: House, bad: Booking, field: str, words: str) -> None:
    rows = {2: LESSON, 3: WEEKLY, 9: bad}
    for is_dry_run in (True, False):
        done = imports(house, rows, None if is_dry_run else KEY, is_dry_run=is_dry_run)
        assert {(error.row, error.field) for error in done.errors} == {(9, field)}
        assert words in done.errors[0].message
    assert (everything(house), house.calendar.events, house.classes.booked_under(KEY)) == ((), {}, None)


def test_rows_that_could_not_be_read_keep_the_others_from_being_booked(house: House) -> None:
    done = imports(house, errors=[RowError(7, "subject", "The text is empty.")])
    assert done.errors == (RowError(7, "subject", "The text is empty."),)
    assert everything(house) == ()


def test_a_class_that_is_there_already_stands_in_the_way_of_its_row(house: House) -> None:
    (there,) = house.book(replace(LESSON, subject="secret", start_at=at(90) + timedelta(weeks=1)), None)
    (error,) = imports(house).errors
    assert (error.row, error.field) == (3, "start_time")
    assert there.class_id in error.message
    assert "secret" not in error.message
    assert [each.class_id for each in everything(house)] == [there.class_id]


def test_conflicts_can_be_allowed_and_twins_cannot(house: House) -> None:
    house.book(LESSON, None)
    rows = {number: replace(booking, allow_conflicts=True) for number, booking in ROWS.items()}
    overlapping = replace(rows[2], subject="At once")
    assert [error.row for error in imports(house, {**rows, 7: rows[2]}).errors] == [7]
    assert imports(house, {**rows, 7: overlapping}).errors == ()
    assert len(everything(house)) == 7


def test_a_table_without_rows_is_told_so(house: House) -> None:
    (error,) = imports(house, {}).errors
    assert (error.row, error.field) == (1, "csv")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            {n: replace(LESSON, start_at=at(60 * n), recurrence="FREQ=DAILY;COUNT=131") for n in (2, 3)},
            f"more than {MOST_BOOKED} classes",
        ),
        (
            {2: replace(LESSON, student_emails=tuple(f"s{n}@x.example" for n in range(60)), recurrence="FREQ=DAILY;COUNT=99")},
            f"more than {MOST_SEATS} people, each counted once in each class",
        ),
    ],
)
def test_more_than_one_request_can_book_is_refused_at_once(rows: dict[int, Booking], words: str) -> None:
    house = over(MemoryClasses())
    (error,) = imports(house, rows).errors
    assert (error.row, error.field) == (1, "csv")
    assert words in error.message
    assert everything(house) == ()


def test_rules_that_take_long_to_read_are_not_all_read() -> None:
    house = over(MemoryClasses())
    endless = {n: replace(LESSON, subject=f"{n}", recurrence="FREQ=WEEKLY") for n in range(2, 30)}
    assert [error.row for error in imports(house, endless).errors] == [2, 3, 4, 5, 6]
    many = {n: replace(LESSON, subject=f"{n}", recurrence="FREQ=DAILY;COUNT=260") for n in range(2, 102)}
    assert [error.row for error in imports(house, many).errors] == [1]
    assert house.new_id.count <= 600


def test_the_most_that_is_allowed_is_booked_in_one_commit(house: House) -> None:
    lesson = replace(LESSON, student_emails=tuple(f"s{n}@school.example" for n in range(22)), allow_conflicts=True)
    rows = {n: replace(lesson, start_at=at(60 * n), recurrence="FREQ=DAILY;COUNT=130") for n in (2, 3)}
    done = imports(house, rows)
    assert (len(done.classes), done.errors) == (MOST_BOOKED, ())
    order = house.classes.in_order([each.class_id for _, each in done.classes])
    assert sorted(order) == sorted(each.class_id for _, each in done.classes)


def test_a_competitor_that_was_first_keeps_the_hour(house: House) -> None:
    """Both passed the first look; the store took the other one in before."""
    book = house.book
    first = book.wanted(replace(LESSON, subject="first"))
    add = house.classes.add

    class Late:
        """The store, in which somebody is faster between our look and our commit."""

        def __getattr__(self, name: str) -> Any:
            return getattr(house.classes, name)

        def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:
            add(first, None)
            return add(booked, request)

    late: Any = Late()
    done = ImportClasses(replace(book, classes=late))(ROWS, (), KEY, is_dry_run=False)
    assert [error.row for error in done.errors] == [2]
    assert held(house) == [(ADA, "first", at(0))]
    assert house.classes.booked_under(KEY) is None


def test_where_calendar_refuses_a_teacher_nothing_stays_booked() -> None:
    house = over(MemoryClasses(), Choosy(refused=(BEA,)))
    with pytest.raises(UpstreamRefused, match=r"Row 5: Let the teacher sign in with Google\. Nothing was booked\."):
        imports(house)
    assert held(house) == []
    assert list(house.calendar.events) == [everything(house)[0].calendar_event_id]
    house.tick()
    assert set(house.calendar.events) <= set(house.calendar.removed)
    house.calendar = FakeCalendar()
    assert len(imports(house).classes) == len(held(house)) == 5


def test_a_later_refusal_leaves_its_class_to_the_tick() -> None:
    calendar = Choosy(refused=("Geometry",))
    house = over(MemoryClasses(), calendar)
    done = imports(house, {**ROWS, 6: replace(LESSON, subject="Music", start_at=at(180))})
    assert [each.subject for _, each in done.classes if each.is_calendar_behind] == [*["Geometry"] * 3, "Music"]
    assert calendar.asked == ["Algebra", "Art", "Geometry"]
    calendar.refused = ()
    house.clock.passes(minutes(5))
    house.tick()
    house.clock.passes(minutes(5))
    house.tick()
    assert not any(each.is_calendar_behind for each in everything(house))


def test_what_takes_too_long_is_left_to_the_tick() -> None:
    calendar = Choosy(takes=timedelta(seconds=25))
    house = over(MemoryClasses(), calendar)
    calendar.passes = house.clock.passes
    rows = {n: replace(LESSON, subject=f"lesson {n}", start_at=at(60 * n)) for n in range(2, 9)}
    done = imports(house, rows)
    assert calendar.asked == ["lesson 2", "lesson 3", "lesson 4"]
    assert len([each for _, each in done.classes if each.meet_code]) == 3
    assert len(house.tasks.of(TaskKind.CLASS_DUE)) == 7
    calendar.takes = timedelta()
    assert all(each.meet_code for _, each in imports(house, rows).classes)
    assert calendar.asked == [f"lesson {n}" for n in range(2, 9)]


def test_classes_on_zoom_get_their_meetings(house: House) -> None:
    done = imports(house, {2: replace(LESSON, provider=Provider.ZOOM), 3: OTHER})
    assert next(each.room for _, each in done.classes) == "zoom:84000000001"
    house.book = replace(house.book, follow=replace(house.follow, zoom=None))
    refused = ImportClasses(house.book)({2: replace(WEEKLY, provider=Provider.ZOOM)}, (), None, is_dry_run=True)
    assert [(error.row, error.field) for error in refused.errors] == [(2, "provider")]


@pytest.mark.parametrize("dies_at", [step for write in range(1, 6) for step in (write, -write)])
def test_a_process_that_dies_at_any_write_is_made_good_by_the_same_table(dies_at: int) -> None:
    store = Dying(dies_at=dies_at)
    house = over(store)
    with pytest.raises(Killed):
        imports(house)
    assert len(everything(house)) == (0 if dies_at == 1 else 5)
    store.dies_at = 0
    done = imports(house)
    assert [row for row, _ in done.classes] == [2, 3, 3, 3, 5]
    assert len(held(house)) == len(everything(house)) == 5
    assert all(each.meet_code for each in everything(house))
    assert imports(house) == done


@pytest.mark.parametrize("dies_at", [3, -3, 4, -4])
def test_a_process_that_dies_while_it_withdraws_is_made_good_too(dies_at: int) -> None:
    store = Dying(dies_at=dies_at)
    house = over(store, Choosy(refused=(ADA,)))
    with pytest.raises(Killed):
        imports(house)
    store.dies_at, house.calendar = 0, FakeCalendar()
    if dies_at in (-3, 4):
        with pytest.raises(Stale):
            imports(house)
    house.clock.passes(minutes(6))
    assert [row for row, _ in imports(house).classes] == [2, 3, 3, 3, 5]
    assert len(held(house)) == 5


def test_of_many_processes_with_one_table_one_books_it(request: pytest.FixtureRequest) -> None:
    house = firestore_house(request.getfixturevalue("database"))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: imports(house), range(4)))
    assert len({tuple((row, each.class_id) for row, each in done.classes) for done in answers}) == 1
    assert len(held(house)) == len(everything(house)) == 5


def test_a_process_that_looked_before_the_first_one_wrote_answers_what_that_one_booked() -> None:
    @dataclass
    class Early(MemoryClasses):
        is_early: bool = False

        def booked_under(self, request: KeyedRequest) -> tuple[str, ...] | None:
            looks_too_soon, self.is_early = self.is_early, False
            return None if looks_too_soon else super().booked_under(request)

    store = Early()
    house = over(store)
    first = imports(house)
    store.is_early = True
    assert imports(house) == first
    assert len(held(house)) == len(everything(house)) == 5


def test_a_store_that_does_not_answer_books_nothing() -> None:
    class Silent(MemoryClasses):
        def add(self, booked: Sequence[ScheduledClass], request: KeyedRequest | None) -> tuple[str, ...] | None:  # noqa: ARG002
            raise Unavailable("The database does not answer right now; try again in a moment.")

    house = over(Silent())
    with pytest.raises(Unavailable):
        imports(house)
    assert (everything(house), house.calendar.events) == ((), {})


def test_a_class_that_somebody_cancelled_since_stays_cancelled(house: House) -> None:
    first = imports(house)
    gone = first.classes[1][1]
    house.classes.amend(gone.class_id, lambda each: replace(each, status=Status.CANCELLED, cancel_reason="holiday"))
    again = imports(house)
    assert [row for row, _ in again.classes] == [2, 3, 3, 3, 5]
    assert again.classes[1][1].status is Status.CANCELLED


lessons = st.builds(
    Booking,
    st.sampled_from([ADA, BEA]),
    st.lists(st.sampled_from([OMAR, LENA]), max_size=2, unique=True).map(tuple),
    st.sampled_from(["Algebra", "Art"]),
    st.integers(-200, 2000).map(at),
    st.sampled_from([minutes(30), minutes(60)]),
    st.just("UTC"),
    recurrence=st.sampled_from([None, "FREQ=DAILY;COUNT=2"]),
)


@given(st.lists(lessons, min_size=1, max_size=5), st.randoms())
def test_the_order_of_the_rows_does_not_matter(bookings: list[Booking], chance: Any) -> None:
    mixed = list(bookings)
    chance.shuffle(mixed)
    one, other = over(MemoryClasses()), over(MemoryClasses())
    first = imports(one, dict(enumerate(bookings, 2)))
    second = imports(other, dict(enumerate(mixed, 2)))
    assert bool(first.errors) == bool(second.errors)
    assert sorted(held(one)) == sorted(held(other))
    assert bool(held(one)) != bool(first.errors)


@given(st.lists(lessons, min_size=1, max_size=4))
def test_told_twice_is_once(bookings: list[Booking]) -> None:
    house, rows = over(MemoryClasses()), dict(enumerate(bookings, 2))
    first = imports(house, rows)
    stored = everything(house)
    assert imports(house, rows) == first
    assert everything(house) == stored


@given(st.lists(lessons, min_size=1, max_size=5))
def test_what_is_booked_together_is_in_nobodys_way(bookings: list[Booking]) -> None:
    house = over(MemoryClasses())
    imports(house, dict(enumerate(bookings, 2)))
    booked = everything(house)
    for one in booked:
        for other in booked:
            is_same = one.class_id == other.class_id
            assert (
                is_same or not set(one.people) & set(other.people) or one.end_at <= other.start_at or other.end_at <= one.start_at
            )
