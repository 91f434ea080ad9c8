"""A month of a thousand classes, from measured attendance to money: drafted, issued, partly paid, adjusted after late evidence.

What the ledger says is compared to the unit with a second computation from the evidence, made with exact fractions.
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import pytest

from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.domain.packages import used_lessons
from shared.usecases.draft_invoices import Period, is_of
from shared.usecases.report_money import GroupBy
from tests.billed import DECEMBER, JANUARY
from tests.books import SIDES, Books, Place, in_memory, overpaid_lessons, troubles_of
from tests.month import a_month
from tests.recomputed import gross_of

# The whole month is made once for all of these; a busy machine may take its time.
pytestmark = pytest.mark.timeout(900)
CLASSES, STUDENTS, POOL, TEACHERS = 1000, 20, 400, 25
EVER = Period(DECEMBER.start, DECEMBER.start + timedelta(days=300))


@dataclass(frozen=True)
class Played:
    """The month when all is done, and what was there when December had been issued."""

    books: Books
    december: tuple[Document, ...]
    must: dict[Place, int]
    said: dict[Place, int]
    paid: dict[tuple[str, str], int]

    @property
    def documents(self) -> list[Document]:
        """All that was issued."""
        return self.books.ledger


@pytest.fixture(scope="module")
def played() -> Played:
    """December is issued and partly paid, some is taken back, evidence comes late; January's run brings the ledger up to date."""
    books = in_memory(a_month(CLASSES, STUDENTS, POOL, TEACHERS))
    for number, party in enumerate(books.month.parties[:40]):
        if party.students:
            books.sells(
                party.email, "package" if number % 3 == 0 else "book", 5 if number % 3 == 0 else None, 9900, party.currency
            )
    books.billed.house.clock.at = DECEMBER.start
    books.runs(DECEMBER)
    december, must, said = tuple(books.ledger), dict(books.must), books.said()
    paid = _pay(books, december)
    for document in december[:60:7]:
        books.takes_back(document)
    held = [each for each in books.month.classes.values() if books.month.rows_of(each)]
    for each in books.month.chance.sample(held, len(held) // 4):
        books.month.late_evidence(each)
    books.runs(JANUARY)
    return Played(books, december, must, said, paid)


def _pay(books: Books, documents: tuple[Document, ...]) -> dict[tuple[str, str], int]:
    """Half is paid whole, a quarter in part, and some too much; the sums by party and currency."""
    paid: dict[tuple[str, str], int] = {}
    for number, each in enumerate(documents):
        share = Fraction((4, 4, 1, 5, 0)[number % 5], 4)
        minor = int(each.gross.amount_minor * share)
        if each.paper is Paper.INVOICE and minor > 0:
            books.billed.pays(minor, f"transfer {number}", each.number if number % 2 else None, each.party, each.currency)
            paid[each.party, each.currency] = paid.get((each.party, each.currency), 0) + minor
    return paid


def test_the_month_has_everything_in_it_that_a_bill_may_meet(played: Played) -> None:
    lines = [line for each in played.documents for line in each.lines]
    assert len(played.books.month.rows) > CLASSES * STUDENTS * 9 // 10
    assert {line.kind.value for line in lines} == {"class", "adjustment", "ad_hoc", "package", "reversal"}
    assert {each.paper.value for each in played.documents} == {"invoice", "credit_note", "payment_order"}
    assert {each.currency for each in played.documents} == {"EUR", "USD"}
    assert any(line.makeup_until for line in lines)
    assert len({place[2] for place in played.books.must}) > CLASSES * STUDENTS // 2


def test_each_item_of_the_ledger_is_what_follows_from_the_evidence_to_the_unit(played: Played) -> None:
    assert played.said == played.must
    assert played.books.said() == played.books.must
    assert played.must != played.books.must


def test_documents_are_numbered_without_gaps_chained_and_exact(played: Played) -> None:
    assert troubles_of(played.documents) == []


def test_what_was_issued_says_the_same_for_ever(played: Played) -> None:
    now = {each.document_id: each for each in played.documents}
    assert [now[each.document_id] for each in played.december] == list(played.december)


def test_lessons_that_were_paid_for_before_pay_each_class_once_and_none_too_often(played: Played) -> None:
    assert overpaid_lessons(played.documents) == []
    packages = played.books.billed.shop.extras.packages(None)
    used = [used_lessons(each.package_id, played.documents) for each in packages]
    assert all(0 <= count <= each.lessons for count, each in zip(used, packages, strict=True))
    assert sum(used) > 0


def test_statements_close_with_what_was_issued_less_what_was_paid(played: Played) -> None:
    owed: dict[tuple[str, str], int] = {}
    for each in played.documents:
        if is_of(each, Paper.INVOICE):
            owed[each.party, each.currency] = owed.get((each.party, each.currency), 0) + gross_of(each.lines)
    for (party, currency), gross in owed.items():
        found = played.books.billed.settle.statements(party, Paper.INVOICE, None)
        (statement,) = (each for each in found if each.currency == currency)
        assert statement.closing == Money(gross - played.paid.get((party, currency), 0), currency)
        (account,) = (
            each for each in played.books.billed.settle.accounts(party, Paper.INVOICE) if each.credit.currency == currency
        )
        assert account.balance == statement.closing


@pytest.mark.parametrize("paper", SIDES)
def test_what_is_outstanding_is_what_is_open_by_its_age(played: Played, paper: Paper) -> None:
    settle = played.books.billed.settle
    rows = list(settle.outstanding(paper))
    assert len(rows) >= 10
    for row in rows:
        assert sum(age.amount_minor for age in row.aged) == row.open.amount_minor
        (account,) = (each for each in settle.accounts(row.party, paper) if each.credit.currency == row.currency)
        assert (account.open, account.credit) == (row.open, row.credit)


@pytest.mark.parametrize("by", GroupBy)
def test_every_report_adds_up_to_the_lines_of_the_ledger(played: Played, by: GroupBy) -> None:
    lines: dict[str, int] = {}
    for each in played.documents:
        if is_of(each, Paper.INVOICE):
            for line in each.lines:
                lines[each.currency] = lines.get(each.currency, 0) + line.net.amount_minor
    reported: dict[str, int] = {}
    for row in played.books.billed.report.revenue(by, EVER):
        reported[row.net.currency] = reported.get(row.net.currency, 0) + row.net.amount_minor
    assert reported == lines


def test_when_all_is_billed_nothing_is_left_to_bill() -> None:
    books = in_memory(a_month(60, 6, 24, 5))
    books.runs(DECEMBER)
    assert books.said() == books.must
    for paper in SIDES:
        assert books.billed.run.progress(paper, DECEMBER).left == ()
        assert books.billed.draft.of_all(paper, DECEMBER).drafts == ()
    questions = books.billed.draft.of_all(Paper.INVOICE, DECEMBER).questions
    assert {each.doubt.value for each in questions} >= {"unknown", "guessed", "unidentified", "no_plan", "no_price"}
