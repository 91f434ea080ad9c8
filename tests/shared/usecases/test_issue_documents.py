"""Issuing: from a class that was held to a ledger that says what the evidence says, whatever comes late or twice."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from shared.billing_ports import AdHoc, Tail
from shared.domain.charges import Side
from shared.domain.errors import NotFound, NotInThisState, Stale, Unavailable
from shared.domain.invoices import Document, Line, LineKind, Paper, broken_links
from shared.domain.money import Money
from shared.domain.payments import Standing
from shared.ports import Versioned
from shared.usecases.enter_party import ToAdd
from shared.usecases.issue_documents import MOST_LINES, parts_of
from tests.billed import DECEMBER, JANUARY, MUM, Billed, Shop, everybody, wanted
from tests.builders import a_class, minutes
from tests.fake_billing import MemoryExtras, MemoryLedger
from tests.tracked import ADA, BOSS, LENA, OMAR, on


@pytest.fixture
def billed() -> Billed:
    """A class of both students was held, and the month is over."""
    billed = Billed().opens()
    billed.tracked.holds(*everybody(), course_id="math")
    billed.later()
    return billed


def test_the_zone_of_its_times_is_frozen_in_a_document_and_its_credit_note_keeps_it(billed: Billed) -> None:
    berlin, tokyo = (replace(billed.issue, timezone=zone) for zone in ("Europe/Berlin", "Asia/Tokyo"))
    (invoice,) = berlin(wanted(billed.only()), BOSS)
    assert invoice.timezone == "Europe/Berlin"
    assert tokyo.void(invoice.document_id, BOSS).timezone == "Europe/Berlin"
    (again,) = tokyo(wanted(billed.only()), BOSS)
    assert again.timezone == "Asia/Tokyo"
    assert broken_links(billed.ledger.of_party(MUM)) == ()


def test_a_class_is_held_read_billed_issued_paid_in_part_corrected_and_adjusted(billed: Billed) -> None:
    second = billed.tracked.holds(*everybody(1), name="second", day=1, course_id="math")
    billed.later()
    draft = billed.only()
    assert [(line.kind, line.person, line.net) for line in draft.lines] == [
        (LineKind.CLASS, person, Money(3000, "EUR")) for person in who_is_on(draft.lines)
    ]
    invoice = billed.issues(draft)
    assert (invoice.number, invoice.gross) == ("INV-000001", Money(12000, "EUR"))
    assert (invoice.issued_by, invoice.due_at - invoice.issued_at) == (BOSS.email, minutes(14 * 1440))
    assert billed.drafts().drafts == ()
    billed.pays(5000, "transfer-1")
    (account,) = billed.settle.accounts(MUM, Paper.INVOICE)
    assert [(each.standing, each.open) for each in account.documents] == [(Standing.PARTLY_PAID, Money(7000, "EUR"))]

    billed.rules(second, OMAR, "excused")
    adjusted = billed.only(period=JANUARY)
    (line,) = adjusted.lines
    assert (line.kind, line.net, line.corrects) == (LineKind.ADJUSTMENT, Money(-3000, "EUR"), "INV-000001")
    assert line.cause is not None
    assert "it is now excused" in line.cause
    second_invoice = billed.issues(adjusted)
    assert billed.ledger.get(invoice.document_id) == invoice
    assert billed.billed() == billed.owed() == 9000
    assert broken_links([invoice, second_invoice]) == ()
    (account,) = billed.settle.accounts(MUM, Paper.INVOICE)
    assert account.balance == Money(4000, "EUR")


def test_the_same_draft_issued_twice_is_issued_once(billed: Billed) -> None:
    draft = billed.only()
    first = billed.issue(wanted(draft), BOSS)
    billed.house.clock.passes(minutes(5))
    assert billed.issue(wanted(draft), BOSS) == first
    assert billed.ledger.of_party(MUM) == first


def test_a_draft_that_changed_since_it_was_reviewed_is_not_issued(billed: Billed) -> None:
    draft = billed.only()
    billed.rules(billed.house.classes.get(a_class().class_id), LENA, "excused")
    with pytest.raises(Stale, match="not the one that was reviewed"):
        billed.issue(wanted(draft), BOSS)
    assert billed.ledger.of_party(MUM) == ()


def test_two_who_issue_at_once_make_one_document(billed: Billed) -> None:
    draft, ledger = billed.only(), billed.ledger
    assert isinstance(ledger, MemoryLedger)
    ledger.meanwhile = lambda: billed.issue(wanted(draft), BOSS)
    (document,) = billed.issue(wanted(draft), BOSS)
    assert billed.ledger.of_party(MUM) == (document,)


def test_a_voided_invoice_is_taken_back_whole_once_and_its_classes_are_billed_again(billed: Billed) -> None:
    invoice = billed.issues(billed.only())
    note = billed.issue.void(invoice.document_id, BOSS)
    assert (note.paper, note.number, note.cancels) == (Paper.CREDIT_NOTE, "CN-000001", "INV-000001")
    assert note.gross == -invoice.gross
    assert billed.issue.void(invoice.document_id, BOSS) == note
    assert billed.billed() == 0
    (account,) = billed.settle.accounts(MUM, Paper.INVOICE)
    assert account.balance == Money(0, "EUR")
    again = billed.issues(billed.only())
    assert (again.number, again.gross) == ("INV-000002", invoice.gross)
    assert {line.line_id for line in again.lines}.isdisjoint(line.line_id for line in invoice.lines)
    assert billed.billed() == billed.owed()


def test_credit_notes_and_what_is_absent_cannot_be_voided(billed: Billed) -> None:
    note = billed.issue.void(billed.issues(billed.only()).document_id, BOSS)
    with pytest.raises(NotInThisState, match="credit note"):
        billed.issue.void(note.document_id, BOSS)
    for absent in ("0" * 32, "../x", ""):
        with pytest.raises(NotFound):
            billed.issue.void(absent, BOSS)


def test_staff_is_paid_by_payment_orders_of_their_own(billed: Billed) -> None:
    order = billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    assert (order.number, order.gross, order.party) == ("PO-000001", Money(2000, "EUR"), ADA)
    assert billed.billed(ADA) == billed.owed(ADA, Side.PAY)
    assert billed.drafts(ADA, Paper.PAYMENT_ORDER).drafts == ()
    note = billed.issue.void(order.document_id, BOSS)
    assert note.cancels == order.number
    assert billed.only(ADA, Paper.PAYMENT_ORDER).document.gross == Money(2000, "EUR")


def test_a_teacher_who_is_a_payer_too_keeps_both_ledgers_apart(billed: Billed) -> None:
    mum = billed.shop.parties.get(MUM)
    assert mum is not None
    assert billed.shop.parties.save(mum, replace(mum.value, students=(), rev=2))
    assert billed.shop.parties.save(None, replace(mum.value, email=ADA))
    billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    invoice = billed.issues(billed.only(ADA))
    assert invoice.gross == Money(6000, "EUR")
    for paper in (Paper.INVOICE, Paper.PAYMENT_ORDER):
        assert billed.drafts(ADA, paper).drafts == ()


def test_many_lines_become_several_documents_and_no_item_is_torn_apart() -> None:
    def lines(item: str, count: int) -> list[Line]:
        return [Line(f"{item}{n}", LineKind.CLASS, item, Money(1, "EUR"), item_id=item) for n in range(count)]

    every = [*lines("a", 2), *lines("b", 2), *lines("c", 1), Line("x", LineKind.AD_HOC, "x", Money(1, "EUR"))]
    parts = list(parts_of(every, 3))
    assert [[line.line_id for line in part] for part in parts] == [["a0", "a1"], ["b0", "b1", "c0"], ["x"]]
    assert [line for part in parts for line in part] == every
    assert [len(part) for part in parts_of(lines("d", 5), 3)] == [5]


def test_more_than_one_document_holds_is_issued_as_several_and_asked_again_it_is_the_same_ones(billed: Billed) -> None:
    for n in range(MOST_LINES):
        billed.extras(ToAdd(MUM, str(n), f"Sheet {n}", Money(1, "EUR")), BOSS)
    draft = billed.only()
    issued = billed.issue(wanted(draft), BOSS)
    assert [len(each.lines) for each in issued] == [MOST_LINES, 2]
    assert sum(each.net.amount_minor for each in issued) == draft.document.net.amount_minor
    assert broken_links(issued) == ()
    assert billed.issue(wanted(draft), BOSS) == issued
    assert billed.drafts().drafts == ()


def test_killed_between_two_documents_of_one_draft_the_rest_is_drafted_again(billed: Billed) -> None:
    for n in range(MOST_LINES):
        billed.extras(ToAdd(MUM, str(n), f"Sheet {n}", Money(1, "EUR")), BOSS)
    draft, ledger = billed.only(), Dying(billed.shop.extras, dies_at=2)  # type: ignore[arg-type]
    dying = Billed(billed.tracked, Shop(billed.shop.plans, billed.shop.parties, billed.shop.extras, ledger))
    with pytest.raises(Unavailable):
        dying.issue(wanted(draft), BOSS)
    rest = dying.only()
    assert rest.lines == draft.lines[MOST_LINES:]
    with pytest.raises(Stale):
        dying.issue(wanted(draft), BOSS)
    dying.issues(rest)
    assert sum(each.net.amount_minor for each in ledger.of_party(MUM)) == draft.document.net.amount_minor


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_in_whatever_order_the_ledger_says_in_the_end_what_the_evidence_says(seed: int) -> None:
    dice, billed = Random(seed), Billed().opens()
    held = [billed.tracked.holds(*everybody(day), name=f"class {day}", day=day) for day in range(3)]
    billed.later()
    for _ in range(12):
        act = dice.choice(("rule", "rule", "issue", "void", "pay"))
        if act == "rule":
            status = dice.choice(("present", "absent", "excused", "unknown", "late"))
            billed.rules(dice.choice(held), dice.choice((OMAR, LENA)), status)
        elif act == "issue":
            for draft in billed.drafts().drafts:
                billed.issues(draft)
        elif act == "void" and (own := [each for each in billed.ledger.of_party(MUM) if each.paper is Paper.INVOICE]):
            billed.issue.void(dice.choice(own).document_id, BOSS)
        elif act == "pay":
            billed.pays(dice.randrange(1, 9000), f"pay {billed.house.clock.at}")
        billed.house.clock.passes(minutes(1))
    for each in held:
        for student in (OMAR, LENA):
            billed.rules(each, student, dice.choice(("present", "excused")))
    for draft in billed.drafts().drafts:
        billed.issues(draft)
    assert billed.drafts().drafts == ()
    assert billed.draft.of_all(Paper.INVOICE, DECEMBER).drafts == ()
    assert billed.billed() == billed.owed()
    documents = billed.ledger.of_party(MUM)
    assert broken_links(documents) == ()
    accounts = billed.settle.accounts(MUM, Paper.INVOICE)
    paid = sum(each.amount.amount_minor for each in billed.shop.payments.of_party(MUM))
    assert sum(each.balance.amount_minor for each in accounts) == billed.owed() - paid


class Dying(MemoryLedger):
    """A ledger whose process is killed at the n-th document."""

    def __init__(self, extras: MemoryExtras, dies_at: int) -> None:
        super().__init__(extras)
        self.count, self.dies_at = 0, dies_at

    def issue(self, tail: Versioned[Tail] | None, document: Document, spent: Sequence[AdHoc]) -> Document | None:
        """See the port."""
        self.count += 1
        if self.count == self.dies_at:
            raise Unavailable("killed")
        return super().issue(tail, document, spent)


def who_is_on(lines: tuple[Line, ...]) -> list[str | None]:
    assert sorted(line.person or "" for line in lines) == [LENA, LENA, OMAR, OMAR]
    assert [line.start_at for line in lines] == [on(0, 0), on(0, 0), on(1, 0), on(1, 0)]
    return [line.person for line in lines]
