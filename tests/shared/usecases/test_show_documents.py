"""Looking at documents and payments: all to an administrator, the own to everybody else, with the evidence of each line."""

import pytest

from shared.billing_ports import DocumentFilter
from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus
from shared.domain.errors import NotFound
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.usecases.enter_party import ToAdd
from tests.billed import MUM, PAYER, Billed, everybody
from tests.tracked import ADA, BOSS, TEACHER

STRANGER = Caller("zoe", "zoe@school.example", "user")


@pytest.fixture
def billed() -> Billed:
    """A payer with an invoice that holds two classes and a book, a teacher with a payment order, and a payment of each."""
    billed = Billed().opens()
    billed.extras(ToAdd(MUM, "b1", "A book", Money(1500, "EUR")), BOSS)
    for day in (0, 1):
        billed.tracked.holds(*everybody(day), name=f"class {day}", day=day)
    billed.later()
    billed.issues(billed.only())
    billed.issues(billed.only(ADA, Paper.PAYMENT_ORDER))
    billed.pays(100, "a")
    billed.pays(200, "b", "PO-000001", party=ADA)
    return billed


def of(billed: Billed, party: str) -> Document:
    (document,) = billed.ledger.of_party(party)
    return document


def test_each_line_about_a_class_has_the_row_of_its_person(billed: Billed) -> None:
    for party, caller in ((MUM, PAYER), (ADA, TEACHER)):
        shown = billed.show.one(of(billed, party).document_id, caller)
        for line in shown.document.lines:
            if line.session_id is None:
                assert line.line_id not in shown.evidence
            else:
                row = shown.evidence[line.line_id]
                assert (row.session_id, row.email, row.status) == (line.session_id, line.person, AttendanceStatus.PRESENT)
    assert len(billed.show.one(of(billed, MUM).document_id, BOSS).evidence) == 4


def test_foreign_documents_are_as_absent(billed: Billed) -> None:
    document = of(billed, MUM)
    for document_id, caller in (
        (document.document_id, STRANGER),
        (document.document_id, TEACHER),
        ("0" * 32, BOSS),
        ("..", BOSS),
    ):
        with pytest.raises(NotFound, match="No such document"):
            billed.show.one(document_id, caller)


def test_lists_hold_what_is_the_callers(billed: Billed) -> None:
    everything, mums, adas = DocumentFilter(), of(billed, MUM), of(billed, ADA)
    assert set(billed.show.page(everything, 10, None, BOSS).items) == {mums, adas}
    assert set(billed.show.stream(everything, BOSS)) == {mums, adas}
    for caller, own in ((PAYER, [mums]), (TEACHER, [adas]), (STRANGER, [])):
        assert list(billed.show.page(everything, 10, None, caller).items) == own
        assert list(billed.show.stream(everything, caller)) == own
        foreign = DocumentFilter(party="other@home.example")
        assert list(billed.show.page(foreign, 10, None, caller).items) == []
        assert list(billed.show.stream(foreign, caller)) == []


def test_payments_are_shown_to_who_paid(billed: Billed) -> None:
    assert len(billed.show.paid(None, 10, None, BOSS).items) == 2
    assert {each.party for each in billed.show.all_paid(None, BOSS)} == {MUM, ADA}
    assert [each.party for each in billed.show.all_paid(MUM, BOSS)] == [MUM]
    for caller, own in ((PAYER, [MUM]), (TEACHER, [ADA]), (STRANGER, [])):
        assert [each.party for each in billed.show.paid(None, 10, None, caller).items] == own
        assert [each.party for each in billed.show.all_paid(None, caller)] == own
        assert billed.show.paid("other@home.example", 10, None, caller).items == ()
        assert list(billed.show.all_paid("other@home.example", caller)) == []
