"""The port `Classes`: what every store of classes does."""

from dataclasses import replace

import pytest

from shared.domain.classes import ScheduledClass, SeriesPlace, Status
from shared.domain.errors import KeyReused, NotFound
from shared.ports import ClassFilter, KeyedRequest
from tests.builders import a_class, at
from tests.house import House

KEY = KeyedRequest("a" * 32, "body")


def test_a_class_comes_back_as_it_was_stored(house: House) -> None:
    booked = a_class(series=SeriesPlace("b" * 32, "FREQ=WEEKLY;COUNT=2", at(0), at(60), at(0)), due_at=at(0))
    house.classes.add([booked], None)
    assert house.classes.get(booked.class_id) == booked
    assert house.classes.by_session(booked.session_id) == booked


def test_an_absent_class_is_not_found(house: House) -> None:
    for strange in ("0" * 32, "../x", "a/b", "", "x" * 2000, "__x__"):
        with pytest.raises(NotFound):
            house.classes.get(strange)
        with pytest.raises(NotFound):
            house.classes.by_session(strange)


def test_a_request_that_comes_again_gives_the_classes_of_the_first(house: House) -> None:
    assert house.classes.add([a_class("one")], KEY) is None
    assert house.classes.add([a_class("two")], KEY) == (a_class("one").class_id,)
    with pytest.raises(NotFound):
        house.classes.get(a_class("two").class_id)


def test_a_key_for_another_body_is_refused(house: House) -> None:
    house.classes.add([a_class("one")], KEY)
    with pytest.raises(KeyReused):
        house.classes.booked_under(replace(KEY, told="another"))
    with pytest.raises(KeyReused):
        house.classes.add([a_class("two")], replace(KEY, told="another"))


def test_a_released_key_can_be_used_again(house: House) -> None:
    house.classes.add([a_class("one")], KEY)
    house.classes.release(KEY)
    assert house.classes.booked_under(KEY) is None


def test_the_store_knows_the_order_in_which_it_took_classes_in(house: House) -> None:
    names = ["later", "earlier", "middle"]
    for name in names:
        house.classes.add([a_class(name)], None)
    ids = [a_class(name).class_id for name in names]
    assert house.classes.in_order([*reversed(ids), "0" * 32]) == tuple(ids)


def test_classes_of_a_room_and_of_people_are_found_by_the_time_of_their_start(house: House) -> None:
    early, late = a_class("early"), a_class("late", start_at=at(600), end_at=at(660), student_emails=())
    other = a_class("other", room="google_meet:zzzzzzzzzz", teacher_email="bob@school.example", student_emails=())
    house.classes.add([early, late, other], None)
    assert house.classes.in_room(early.room or "", at(-5), at(700)) == (early, late)
    assert house.classes.in_room(early.room or "", at(0), at(600)) == (early,)
    assert house.classes.of_people(["omar@school.example"], at(-5), at(700)) == (early,)
    everybody = [f"nobody{i}@school.example" for i in range(40)] + ["ada@school.example", "bob@school.example"]
    assert set(house.classes.of_people(everybody, at(-5), at(700))) == {early, late, other}


def test_pages_hold_every_class_once(house: House) -> None:
    booked = [a_class(f"c{i}", start_at=at(i), end_at=at(i + 30)) for i in range(7)]
    house.classes.add(booked, None)
    seen: list[ScheduledClass] = []
    token = None
    while True:
        page = house.classes.page(ClassFilter(teacher_email="ada@school.example"), 3, token)
        seen += page.items
        token = page.next_token
        if token is None:
            break
    assert seen == booked
    with pytest.raises(NotFound):
        house.classes.page(ClassFilter(), 3, "f" * 32)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ClassFilter(), ["mine", "taught", "gone"]),
        (ClassFilter(student_email="omar@school.example"), ["mine", "gone"]),
        (ClassFilter(person_email="omar@school.example"), ["mine", "taught", "gone"]),
        (ClassFilter(status=Status.CANCELLED), ["gone"]),
        (ClassFilter(course_id="maths"), ["mine"]),
        (ClassFilter(start_from=at(100)), ["taught", "gone"]),
        (ClassFilter(start_before=at(100)), ["mine"]),
        (ClassFilter(teacher_email="omar@school.example", person_email="lena@school.example"), ["taught"]),
    ],
)
def test_filters_say_which_classes_are_listed(house: House, wanted: ClassFilter, names: list[str]) -> None:
    house.classes.add(
        [
            a_class("mine", course_id="maths"),
            a_class(
                "taught",
                start_at=at(100),
                end_at=at(160),
                teacher_email="omar@school.example",
                student_emails=("lena@school.example",),
            ),
            a_class("gone", start_at=at(200), end_at=at(260), status=Status.CANCELLED),
        ],
        None,
    )
    assert [each.subject for each in house.classes.page(wanted, 10, None).items] == names


def test_due_classes_come_the_longest_due_first_and_the_rest_not_at_all(house: House) -> None:
    house.classes.add([a_class("b", due_at=at(2)), a_class("a", due_at=at(1)), a_class("later", due_at=at(9))], None)
    house.classes.add([a_class("never", due_at=None)], None)
    assert [v.value.subject for v in house.classes.due(at(5), 10)] == ["a", "b"]
    assert [v.value.subject for v in house.classes.due(at(5), 1)] == ["a"]
    overdue = house.classes.overdue()
    assert overdue is not None
    assert overdue.subject == "a"


def test_a_class_that_is_no_longer_due_leaves_the_list(house: House) -> None:
    house.classes.add([a_class(due_at=at(1))], None)
    house.classes.amend(a_class().class_id, lambda booked: replace(booked, due_at=None))
    assert house.classes.due(at(5), 10) == ()
    assert house.classes.overdue() is None


def test_only_the_first_of_two_writers_is_stored(house: House) -> None:
    house.classes.add([a_class(), a_class("other")], None)
    (mine,) = house.classes.versioned([a_class().class_id])
    (theirs, other) = house.classes.versioned([a_class().class_id, a_class("other").class_id])
    won = replace(mine.value, subject="won", rev=2)
    assert house.classes.save([(mine, won)]) == (won,)
    rest = replace(other.value, subject="rest", rev=2)
    assert house.classes.save([(theirs, replace(theirs.value, subject="lost", rev=2)), (other, rest)]) == (rest,)
    assert house.classes.get(a_class().class_id) == won


def test_amending_asks_the_rule_what_is_stored_and_skips_what_changes_nothing(house: House) -> None:
    house.classes.add([a_class()], None)
    (before,) = house.classes.versioned([a_class().class_id])
    house.classes.amend(a_class().class_id, lambda booked: booked)
    assert house.classes.versioned([a_class().class_id]) == (before,)
    house.classes.amend(a_class().class_id, lambda booked: replace(booked, rev=booked.rev + 1))
    assert house.classes.get(a_class().class_id).rev == 2
    with pytest.raises(NotFound):
        house.classes.amend("0" * 32, lambda booked: booked)


def test_ended_classes_are_unsynced_until_they_are_settled(house: House) -> None:
    house.classes.add([a_class("on", status=Status.ACTIVE), a_class("ended", status=Status.COMPLETED)], None)
    assert [each.subject for each in house.classes.unsynced(5)] == ["ended"]
    house.classes.amend(a_class("ended").class_id, lambda booked: replace(booked, is_settled=True, rev=2))
    assert house.classes.unsynced(5) == ()


def test_the_classes_of_a_series_come_by_start(house: House) -> None:
    def place(start: int) -> SeriesPlace:
        return SeriesPlace("b" * 32, "FREQ=DAILY;COUNT=3", at(0), at(60), at(start))

    booked = [a_class(f"s{i}", start_at=at(i), end_at=at(i + 9), series=place(i)) for i in (0, 1440, 2880)]
    house.classes.add([*reversed(booked), a_class("alone")], None)
    assert house.classes.in_series("b" * 32) == tuple(booked)
