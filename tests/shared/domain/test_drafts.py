"""Drafts: billed once, corrected by what names its cause, whatever the order and however often it is drafted."""

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.attendance import AttendanceStatus
from shared.domain.charges import Side, item_id_of
from shared.domain.drafts import drafted
from shared.domain.invoices import Document, LineKind, Paper, broken_links, reversed_lines
from shared.domain.money import Money
from shared.domain.packages import Package, used_lessons
from tests.builders import at
from tests.drafted import MUM, OMAR, draft, issued, item, nets


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
