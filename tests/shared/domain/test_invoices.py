"""Invoices: billed once, frozen, corrected by what names its cause, whatever the order and however often it is drafted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import AttendanceStatus
from shared.domain.charges import Item, Side, item_id_of
from shared.domain.ids import stable_id
from shared.domain.invoices import (
    Document,
    Line,
    LineKind,
    Package,
    Paper,
    broken_links,
    drafted,
    hash_of,
    number_of,
    reversed_lines,
    sealed,
    used_lessons,
)
from shared.domain.money import Money, rounded
from tests.builders import at

MUM, OMAR, ADA = "mum@home.example", "omar@school.example", "ada@school.example"
PREFIXES = {Paper.INVOICE: "R-", Paper.CREDIT_NOTE: "C-", Paper.PAYMENT_ORDER: "P-"}


def item(day: int, minor: int = 3000, **changes: object) -> Item:
    session_id = stable_id("session", str(day))
    made = Item(
        Side.CHARGE, session_id, stable_id("class", str(day)), "maths", "Algebra", at(day * 1440), OMAR, MUM, ADA,
        Money(minor, "EUR"), AttendanceStatus.PRESENT, 3600, "standard", 1, 0, "60 min at 30.00 EUR an hour", f"d{minor}",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def issued(lines: Sequence[Line], ledger: Sequence[Document], paper: Paper = Paper.INVOICE, **changes: object) -> Document:
    seq = len(ledger) + 1
    made = Document(
        stable_id("document", str(seq)), paper, number_of(paper, seq, PREFIXES), MUM, "EUR", at(0), at(30 * 1440), tuple(lines),
        at(30 * 1440), at(44 * 1440), "root@school.example", seq, ledger[-1].content_hash if ledger else "",
    )  # fmt: skip
    return sealed(replace(made, **changes))  # type: ignore[arg-type]


def draft(
    items: Sequence[Item], ledger: Sequence[Document] = (), packages: Sequence[Package] = (), waiting: Sequence[str] = ()
) -> tuple[Line, ...]:
    return drafted(items, waiting, ledger, MUM, "EUR", packages)


def nets(lines: Sequence[Line]) -> list[int]:
    return [line.net.amount_minor for line in lines]


def test_a_class_is_billed_once() -> None:
    lines = draft([item(2), item(1)])
    assert [line.start_at for line in lines] == [at(1440), at(2880)]
    assert nets(lines) == [3000, 3000]
    ledger = [issued(lines, [])]
    assert draft([item(1), item(2)], ledger) == ()
    assert nets(draft([item(1), item(2), item(3)], ledger)) == [3000]


def test_what_is_not_owed_has_no_line() -> None:
    assert draft([item(1, 0)]) == ()
    assert draft([item(1, party="dad@home.example"), item(2, amount=Money(5, "USD"))]) == ()


def test_later_evidence_becomes_an_adjustment_that_names_its_cause() -> None:
    ledger = [issued(draft([item(1)]), [])]
    late = item(1, 1500, status=AttendanceStatus.PARTIAL, how="30 min at 30.00 EUR an hour")
    (line,) = draft([late], ledger)
    assert (line.kind, nets([line]), line.corrects) == (LineKind.ADJUSTMENT, [-1500], "R-000001")
    assert line.cause == "it is now partial: 30 min at 30.00 EUR an hour; billed so far was 30.00 EUR"
    ledger.append(issued([line], ledger))
    assert draft([late], ledger) == ()
    (back,) = draft([item(1)], ledger)
    assert (nets([back]), back.corrects) == ([1500], "R-000002")
    lines = [*ledger[0].lines, *ledger[1].lines, back]
    assert len({each.line_id for each in lines}) == 3
    assert sum(nets(lines)) == 3000


def test_what_follows_no_more_is_taken_back_and_what_is_a_question_waits() -> None:
    ledger = [issued(draft([item(1)]), [])]
    (line,) = draft([], ledger)
    assert (nets([line]), line.cause) == ([-3000], "it follows from the class no more; billed so far was 30.00 EUR")
    assert draft([], ledger, waiting=[item(1).item_id]) == ()


def test_a_payer_who_changes_gets_the_money_back_and_the_other_one_owes_it() -> None:
    ledger = [issued(draft([item(1)]), [])]
    dad = "dad@home.example"
    assert nets(draft([item(1, party=dad)], ledger)) == [-3000]
    (line,) = drafted([item(1, party=dad)], [], [], dad, "EUR")
    assert (line.net, line.kind) == (Money(3000, "EUR"), LineKind.CLASS)


def test_a_cancelled_invoice_can_be_billed_again() -> None:
    first = issued(draft([item(1), item(2)]), [])
    note = issued(reversed_lines(first), [first], Paper.CREDIT_NOTE, cancels=first.number)
    assert first.gross + note.gross == Money(0, "EUR")
    again = draft([item(1), item(2, 0)], [first, note])
    assert (nets(again), [line.kind for line in again]) == ([3000], [LineKind.CLASS])
    assert not {line.line_id for line in again} & {line.line_id for each in (first, note) for line in each.lines}


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


def test_tax_is_rounded_once_for_each_rate() -> None:
    lines = draft([item(day, 333, tax_basis_points=1900) for day in range(1, 4)] + [item(9, 100, tax_basis_points=700)])
    document = issued(lines, [])
    assert [(tax.basis_points, tax.net.amount_minor, tax.tax.amount_minor) for tax in document.taxes] == [
        (700, 100, 7),
        (1900, 999, 190),
    ]
    assert document.gross == Money(1099 + 197, "EUR")


def test_a_document_that_was_changed_or_taken_out_is_noticed() -> None:
    first = issued(draft([item(1)]), [])
    second = issued(draft([item(2)]), [first])
    third = issued(draft([item(3)]), [first, second])
    assert broken_links([first, second, third]) == ()
    assert broken_links([first, third]) == (third.number,)
    forged = replace(first, lines=(replace(first.lines[0], net=Money(1, "EUR")),))
    assert broken_links([forged, second, third]) == (first.number,)
    assert hash_of(first) == first.content_hash


amounts = st.sampled_from([0, 1, 1500, 3000])
evidence = st.dictionaries(st.integers(1, 4), st.tuples(amounts, st.booleans()))


@given(states=st.lists(st.tuples(evidence, st.booleans()), max_size=8), has_package=st.booleans())
def test_after_every_issue_the_ledger_is_what_follows_from_the_evidence(
    states: list[tuple[dict[int, tuple[int, bool]], bool]], *, has_package: bool
) -> None:
    packages = [Package("p", MUM, "EUR", 2, at(0))] if has_package else []
    ledger: list[Document] = []
    billed: dict[str, int] = {}
    for told, is_issued in states:
        items = [item(day, minor) for day, (minor, is_open) in told.items() if not is_open]
        waiting = [item_id_of(Side.CHARGE, item(day).session_id, OMAR) for day, (_, is_open) in told.items() if is_open]
        lines = draft(items, ledger, packages, waiting)
        assert lines == draft(list(reversed(items)), ledger, packages, waiting)
        if not is_issued or not lines:
            continue
        ledger.append(issued(lines, ledger))
        assert draft(items, ledger, packages, waiting) == ()
        follows = {each.item_id: each.amount.amount_minor for each in items}
        billed = {
            **{key: 0 for key in billed if key not in waiting},
            **{k: v for k, v in billed.items() if k in waiting},
            **follows,
        }
        sums: dict[str, int] = {}
        for document in ledger:
            for line in document.lines:
                if line.package_id is None:
                    sums[line.item_id or ""] = sums.get(line.item_id or "", 0) + line.net.amount_minor
        assert {k: v for k, v in sums.items() if v} == {k: v for k, v in billed.items() if v}
        assert 0 <= used_lessons("p", ledger) <= 2
        line_ids = [line.line_id for document in ledger for line in document.lines]
        assert len(line_ids) == len(set(line_ids))
    assert broken_links(ledger) == ()


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.sampled_from([0, 700, 1900])), max_size=30))
def test_net_and_tax_add_up_to_what_is_owed(lines: list[tuple[int, int]]) -> None:
    made = [Line(str(number), LineKind.AD_HOC, "x", Money(minor, "EUR"), points) for number, (minor, points) in enumerate(lines)]
    document = issued(made, [])
    taxes = sum(rounded(sum(minor for minor, p in lines if p == points) * points, 10_000) for points in (700, 1900))
    assert document.gross.amount_minor == sum(minor for minor, _ in lines) + taxes
    assert document.due_at - document.issued_at == timedelta(days=14)
