"""Lists of documents: each row stands as its party's statement says, is found with few questions, and is told once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from shared.billing_ports import DocumentFilter
from shared.domain.accounts import Caller
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper
from shared.domain.money import Money
from shared.domain.payments import Payment, Standing
from shared.usecases import list_documents
from shared.usecases.list_documents import ListDocuments, Listed, Wanted
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments
from tests.builders import at
from tests.fake_billing import MemoryLedger, MemoryPayments
from tests.fakes import MemoryEvidence, MemorySessions
from tests.tracked import BOSS

INVOICES = DocumentFilter(paper=Paper.INVOICE)
NOW = at(50_000)


@dataclass
class CountingLedger(MemoryLedger):
    """A ledger that notes whose books were asked for."""

    asked: list[frozenset[str]] = field(default_factory=list)

    def of_parties(self, parties: Collection[str]) -> Mapping[str, tuple[Document, ...]]:
        """See the port."""
        self.asked.append(frozenset(parties))
        return super().of_parties(parties)


@dataclass
class Desk:
    """The list over books in memory."""

    ledger: CountingLedger = field(default_factory=CountingLedger)
    payments: MemoryPayments = field(default_factory=MemoryPayments)
    now: datetime = NOW

    @property
    def lists(self) -> ListDocuments:
        """The story."""
        show = ShowDocuments(self.ledger, self.payments, MemorySessions(MemoryEvidence()))
        return ListDocuments(show, SettleAccounts(self.ledger, self.payments, lambda: self.now), lambda: self.now)

    def bills(self, party: str, minute: int, paper: Paper = Paper.INVOICE, minor: int = 1000, **changes: object) -> Document:
        """Something is issued, and due a day later."""
        line = Line(stable_id("line", party, str(minute)), LineKind.AD_HOC, "A book", Money(minor, "EUR"))
        wanted = Document(
            "", paper, "", party, "EUR", at(0), at(1), (line,), at(minute), at(minute + 1440), "root", 0, "",
        )  # fmt: skip
        issued = self.ledger.issue(self.ledger.tail(party), replace(wanted, **changes), ())  # type: ignore[arg-type]
        assert issued is not None
        return issued

    def pays(self, party: str, minor: int, number: str | None = None) -> None:
        """Money comes in."""
        self.payments.add(Payment(party, f"{party}{minor}{number}", Money(minor, "EUR"), at(9000), "bank", "boss", number))

    def every(self, standing: Wanted | None, limit: int, caller: Caller = BOSS) -> list[Listed]:
        """All pages, one after the other."""
        found, token = list[Listed](), None
        while True:
            page = self.lists.page(INVOICES, standing, limit, token, caller)
            assert len(page.items) <= limit
            found += page.items
            token = page.next_token
            if token is None:
                return found


@pytest.fixture
def desk() -> Desk:
    """Seven payers: one paid nothing, one a part, one all, one was late and is not, one is not due yet, one was taken back."""
    desk = Desk()
    for n in range(5):
        desk.bills(f"payer{n}@home.example", n)
    desk.bills("payer5@home.example", 49_000)
    taken = desk.bills("payer6@home.example", 6)
    desk.bills("payer6@home.example", 7, Paper.CREDIT_NOTE, -1000, cancels=taken.number)
    desk.pays("payer1@home.example", 400)
    desk.pays("payer2@home.example", 1000)
    desk.pays("payer3@home.example", 1000, "INV-000004")
    return desk


def numbers(rows: list[Listed]) -> list[int]:
    return [int(each.document.number.removeprefix("INV-")) for each in rows]


def test_each_row_tells_how_it_stands_what_is_paid_and_what_is_open(desk: Desk) -> None:
    told = {int(each.document.number[-1]): each.how for each in desk.every(None, 9)}
    assert {n: (how.standing, how.paid.amount_minor, how.open.amount_minor) for n, how in told.items() if how} == {
        1: (Standing.UNPAID, 0, 1000),
        2: (Standing.PARTLY_PAID, 400, 600),
        3: (Standing.PAID, 1000, 0),
        4: (Standing.PAID, 1000, 0),
        5: (Standing.UNPAID, 0, 1000),
        6: (Standing.UNPAID, 0, 1000),
        7: (Standing.CANCELLED, 1000, 0),
    }


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(
    ("standing", "meant"),
    [
        (Wanted.UNPAID, [6, 5, 1]),
        (Wanted.PARTLY_PAID, [2]),
        (Wanted.PAID, [4, 3]),
        (Wanted.CANCELLED, [7]),
        (Wanted.OPEN, [6, 5, 2, 1]),
        (Wanted.OVERDUE, [5, 2, 1]),
    ],
)
def test_a_standing_keeps_what_stands_like_it_in_pages_and_as_a_stream(
    desk: Desk, standing: Wanted, meant: list[int], limit: int
) -> None:
    assert numbers(desk.every(standing, limit)) == meant
    assert numbers(list(desk.lists.stream(INVOICES, standing, BOSS))) == meant


def test_the_books_of_a_pages_parties_are_asked_for_together_and_once(desk: Desk) -> None:
    desk.every(None, 9)
    assert desk.ledger.asked == [frozenset(f"payer{n}@home.example" for n in range(7))]
    desk.ledger.asked.clear()
    for n in range(250):
        desk.bills(f"payer{n % 7}@home.example", 100 + n)
    list(desk.lists.stream(INVOICES, None, BOSS))
    assert sum(len(each) for each in desk.ledger.asked) == 7


def test_a_page_looks_at_so_many_documents_and_tells_where_to_go_on(desk: Desk) -> None:
    for n in range(list_documents.MOST_LOOKED_AT + 50):
        desk.bills("rich@home.example", 10_000 + n)
    desk.pays("rich@home.example", 1000 * (list_documents.MOST_LOOKED_AT + 50))
    first = desk.lists.page(INVOICES, Wanted.PARTLY_PAID, 5, None, BOSS)
    assert first.items == ()
    assert first.next_token is not None
    rest = desk.lists.page(INVOICES, Wanted.PARTLY_PAID, 5, first.next_token, BOSS)
    assert (numbers(list(rest.items)), rest.next_token) == ([2], None)


def test_staff_and_payers_stand_apart(desk: Desk) -> None:
    desk.bills("payer0@home.example", 70, Paper.PAYMENT_ORDER)
    desk.pays("payer0@home.example", 1000, "PO-000001")
    (order,) = desk.lists.page(DocumentFilter(paper=Paper.PAYMENT_ORDER), None, 5, None, BOSS).items
    assert order.how is not None
    assert order.how.standing is Standing.PAID
    assert 1 in numbers(desk.every(Wanted.UNPAID, 9))


def test_a_credit_note_stands_nohow_and_cannot_be_asked_how(desk: Desk) -> None:
    notes = DocumentFilter(paper=Paper.CREDIT_NOTE)
    (note,) = desk.lists.page(notes, None, 5, None, BOSS).items
    assert note.how is None
    with pytest.raises(InvalidInput, match="standing"):
        desk.lists.page(notes, Wanted.OPEN, 5, None, BOSS)
    with pytest.raises(InvalidInput, match="standing"):
        list(desk.lists.stream(notes, Wanted.OPEN, BOSS))


def test_everybody_else_finds_the_own_ones_alone(desk: Desk) -> None:
    payer = Caller("p", "payer1@home.example", "user")
    assert numbers(desk.every(Wanted.OPEN, 5, payer)) == [2]
    assert desk.ledger.asked == [frozenset({"payer1@home.example"})]
    assert desk.every(Wanted.OPEN, 5, Caller("x", "nobody@home.example", "user")) == []
    with pytest.raises(NotFound):
        desk.lists.page(INVOICES, Wanted.OPEN, 5, "f" * 32, BOSS)
