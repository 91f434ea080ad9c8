"""Packages and lessons to make up: each pays a class once, and comes back with it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import AttendanceStatus
from shared.domain.charges import Item
from shared.domain.invoices import Document, LineKind, Paper, reversed_lines
from shared.domain.packages import Package, makeups_of, used_lessons
from tests.builders import at
from tests.drafted import MUM, draft, issued, item, nets


def test_a_package_pays_lessons_until_it_is_used_up_and_shows_how_far() -> None:
    package = Package("p", MUM, "EUR", 2, at(0), name="Ten lessons")
    lines = draft([item(1), item(2), item(3)], packages=[package])
    assert nets(lines) == [3000, 3000, 3000, -3000, -3000]
    assert [line.description for line in lines[3:]] == ["Ten lessons: lesson 1 of 2", "Ten lessons: lesson 2 of 2"]
    ledger = [issued(lines, [])]
    assert used_lessons("p", ledger) == 2
    assert nets(draft([item(1), item(2), item(3), item(4)], ledger, [package])) == [3000]


@pytest.mark.parametrize(
    "changes",
    [
        {"student": "lena@school.example"},
        {"course_id": "art"},
        {"currency": "USD"},
        {"bought_at": at(9999)},
        {"good_until": at(1440)},
    ],
)
def test_a_package_pays_only_what_it_is_for(changes: dict[str, object]) -> None:
    package = replace(Package("p", MUM, "EUR", 2, at(0)), **changes)  # type: ignore[arg-type]
    assert nets(draft([item(1)], packages=[package])) == [3000]


def test_a_corrected_class_gives_its_lesson_back() -> None:
    package = Package("p", MUM, "EUR", 1, at(0))
    ledger = [issued(draft([item(1)], packages=[package]), [])]
    waived = draft([], ledger, [package])
    assert nets(waived) == [-3000, 3000]
    ledger.append(issued(waived, ledger))
    assert used_lessons("p", ledger) == 0
    changed = draft([item(1, 2000)], [ledger[0]], [package])
    assert nets(changed) == [-1000, 3000, -2000]
    assert used_lessons("p", [ledger[0], issued(changed, [ledger[0]])]) == 1


def test_a_lesson_that_was_given_back_and_taken_again_comes_back_again() -> None:
    package = Package("p", MUM, "EUR", 1, at(0))
    first = issued(draft([item(1)], packages=[package]), [])
    waived = issued(draft([], [first], [package]), [first])
    note = issued(reversed_lines(waived), [first, waived], Paper.CREDIT_NOTE, cancels=waived.number)
    ledger = [first, waived, note]
    assert used_lessons("p", ledger) == 1
    again = draft([], ledger, [package])
    assert nets(again) == [-3000, 3000]
    assert used_lessons("p", [*ledger, issued(again, ledger)]) == 0


def missed(day: int, minor: int = 3000, days: int = 30) -> Item:
    """A class that is owed and can be made up for."""
    return item(day, minor, status=AttendanceStatus.EXCUSED, makeup_days=days)


def test_a_class_that_was_missed_with_a_right_to_another_one_is_owed_and_pays_the_next() -> None:
    lines = draft([missed(1), item(2), item(3)])
    assert nets(lines) == [3000, 3000, 3000, -3000]
    assert lines[3].description == "Lesson to make up for 2026-12-02"
    assert lines[3].start_at == at(2 * 1440)
    ledger = [issued(lines, [])]
    (lesson,) = makeups_of(MUM, ledger, (), "EUR")
    assert (lesson.lessons, used_lessons(lesson.package_id, ledger)) == (1, 1)
    assert draft([missed(1), item(2), item(3)], ledger) == ()


def test_a_lesson_to_make_up_does_not_pay_its_own_class_nor_one_before_or_too_late() -> None:
    assert nets(draft([missed(2)])) == [3000]
    assert nets(draft([item(1), missed(2)])) == [3000, 3000]
    assert nets(draft([missed(1, days=5), item(6)])) == [3000, 3000]
    assert nets(draft([missed(1, days=6), item(6)])) == [3000, 3000, -3000]


def test_a_lesson_to_make_up_is_worth_what_the_missed_class_cost() -> None:
    assert nets(draft([missed(1, 2000), item(2, 3000)])) == [2000, 3000, -2000]
    assert nets(draft([missed(1, 3000), item(2, 2000)])) == [3000, 2000, -2000]


def test_what_cost_nothing_is_not_made_up_for() -> None:
    assert nets(draft([missed(1, 0), item(2)])) == [3000]


def test_a_lesson_to_make_up_that_turns_out_wrong_is_taken_back() -> None:
    ledger = [issued(draft([missed(1), item(2)]), [])]
    told = draft([item(1), item(2)], ledger)
    assert [(line.kind, line.net.amount_minor) for line in told] == [(LineKind.ADJUSTMENT, 0), (LineKind.REVERSAL, 3000)]
    assert told[1].cause == "what paid it was taken back"
    ledger.append(issued(told, ledger))
    assert makeups_of(MUM, ledger, (), "EUR") == ()
    assert draft([item(1), item(2)], ledger) == ()


def test_a_right_to_another_class_that_comes_later_is_told_without_money() -> None:
    ledger = [issued(draft([item(1)]), [])]
    (told,) = draft([missed(1)], ledger)
    assert (told.kind, told.net.amount_minor, told.corrects) == (LineKind.ADJUSTMENT, 0, ledger[0].number)
    assert "and there is a lesson to make up" in (told.cause or "")
    ledger.append(issued([told], ledger))
    assert nets(draft([missed(1), item(2)], ledger)) == [3000, -3000]


def test_a_package_whose_sale_was_taken_back_pays_nothing_any_more() -> None:
    package = Package("p", MUM, "EUR", 5, at(0))
    ledger = [issued(draft([item(1), item(2)], packages=[package]), [])]
    told = draft([item(1), item(2)], ledger, [])
    assert nets(told) == [3000, 3000]
    ledger.append(issued(told, ledger))
    assert used_lessons("p", ledger) == 0
    other = Package("q", MUM, "EUR", 1, at(0))
    assert nets(draft([item(1), item(2)], ledger[:1], [other])) == [3000, 3000, -3000]


states = st.dictionaries(
    st.integers(1, 5), st.tuples(st.sampled_from([0, 1500, 3000]), st.sampled_from([None, 2, 9]), st.booleans()), max_size=5
)


@given(
    rounds=st.lists(st.tuples(states, st.sets(st.sampled_from(["p", "q"])), st.booleans()), max_size=8),
)
def test_nothing_pays_twice_and_nothing_pays_that_is_not_there(
    rounds: list[tuple[dict[int, tuple[int, int | None, bool]], set[str], bool]],
) -> None:
    bought = {"p": Package("p", MUM, "EUR", 2, at(0)), "q": Package("q", MUM, "EUR", 1, at(0), at(4 * 1440))}
    ledger: list[Document] = []
    for told, valid, is_taken_back in rounds:
        items = [missed(day, minor, days) if days else item(day, minor) for day, (minor, days, _) in told.items()]
        packages = [bought[name] for name in sorted(valid)]
        lines = draft(items, ledger, packages)
        if lines:
            ledger.append(issued(lines, ledger))
        assert draft(items, ledger, packages) == ()
        owed = {each.item_id: each.amount.amount_minor for each in items}
        sums: dict[str, int] = {}
        paid: dict[str, int] = {}
        for line in (line for each in ledger for line in each.lines):
            into = sums if line.package_id is None else paid
            into[line.item_id or ""] = into.get(line.item_id or "", 0) + line.net.amount_minor
        assert {key: value for key, value in sums.items() if value} == {key: value for key, value in owed.items() if value}
        assert all(0 <= -value <= owed.get(key, 0) for key, value in paid.items())
        lessons = {each.package_id: each for each in (*packages, *makeups_of(MUM, ledger, (), "EUR"))}
        for package_id in {line.package_id for each in ledger for line in each.lines if line.package_id}:
            used = used_lessons(package_id, ledger)
            assert 0 <= used <= (lessons[package_id].lessons if package_id in lessons else 0)
        if is_taken_back and ledger:
            last = ledger[-1]
            if last.paper is Paper.INVOICE:
                ledger.append(issued(reversed_lines(last), ledger, Paper.CREDIT_NOTE, cancels=last.number))
    ids = [line.line_id for each in ledger for line in each.lines]
    assert len(ids) == len(set(ids))
