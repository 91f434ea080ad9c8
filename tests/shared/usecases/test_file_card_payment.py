"""Filing card payments: every movement once, whatever the order and the number of the news."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.card_ports import CardPayment
from shared.domain.errors import UpstreamRefused
from shared.domain.invoices import Document, Paper
from shared.domain.payments import Payment, Settled, Standing
from shared.usecases.file_card_payment import FileCardPayment
from shared.usecases.settle_accounts import SettleAccounts
from tests.builders import at
from tests.fake_billing import MemoryLedger, MemoryPayments
from tests.fake_cards import HOUSE, MemoryCards
from tests.shared.usecases.papers import MUM, paper

DAD = "dad@home.example"


@dataclass
class Till:
    """An invoice of 50 EUR, a provider, and the story."""

    cards: MemoryCards = field(default_factory=lambda: MemoryCards(at(10)))
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    payments: MemoryPayments = field(default_factory=MemoryPayments)

    def __post_init__(self) -> None:
        self.file = FileCardPayment(self.cards, self.ledger, self.payments, HOUSE)
        self.invoice = self.issued(paper(5000))

    def issued(self, wanted: Document) -> Document:
        found = self.ledger.issue(self.ledger.tail(wanted.party), wanted, ())
        assert found is not None
        return found

    def paid(self) -> str:
        return self.cards.pays(self.cards.open_link(self.invoice, self.invoice.gross, 1).link_id)

    @property
    def stands(self) -> Settled:
        (account,) = SettleAccounts(self.ledger, self.payments, lambda: at(99)).accounts(MUM, Paper.INVOICE)
        return account.documents[0]


def test_a_payment_pays_its_document_and_says_how_it_came() -> None:
    till = Till()
    payment_id = till.paid()
    filed = till.file(payment_id)
    assert filed.party == MUM
    assert filed.stored == till.payments.of_party(MUM)
    (payment,) = filed.stored
    assert payment == Payment(
        MUM, f"stripe:{payment_id}", till.invoice.gross, till.cards.at, "card", "stripe", till.invoice.number, payment_id
    )
    assert till.stands.standing is Standing.PAID


def test_told_twice_it_counts_once() -> None:
    till = Till()
    payment_id = till.paid()
    assert len(till.file(payment_id).stored) == 1
    assert till.file(payment_id).stored == ()
    assert till.stands.paid == till.invoice.gross


def test_a_refund_opens_the_document_again() -> None:
    till = Till()
    payment_id = till.paid()
    till.file(payment_id)
    till.cards.moves(payment_id, "re_1", -2000)
    till.file(payment_id)
    assert (till.stands.standing, till.stands.open.amount_minor) == (Standing.PARTLY_PAID, 2000)


def test_a_dispute_takes_the_money_and_gives_it_back_when_it_is_won() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.moves(payment_id, "txn_1", -5000)
    till.file(payment_id)
    taken = till.stands.standing
    till.cards.moves(payment_id, "txn_2", 5000)
    till.file(payment_id)
    assert (taken, till.stands.standing) == (Standing.UNPAID, Standing.PAID)


@given(st.lists(st.sampled_from(["news", "move"]), max_size=12))
def test_whenever_news_come_and_however_often_the_end_is_the_same(steps: list[str]) -> None:
    till, at_once = Till(), Till()
    moves = [("re_1", -1500), ("re_1:returned", 1500), ("re_2", -2000), ("txn_1", -1500), ("txn_2", 1500)]
    payment_id = till.paid()
    left = list(moves)
    for step in steps:
        if step == "news":
            till.file(payment_id)
        elif left:
            till.cards.moves(payment_id, *left.pop(0))
    for move in left:
        till.cards.moves(payment_id, *move)
    till.file(payment_id)
    assert at_once.paid() == payment_id
    for move in moves:
        at_once.cards.moves(payment_id, *move)
    at_once.file(payment_id)
    assert till.payments.of_party(MUM) == at_once.payments.of_party(MUM)
    assert till.stands == at_once.stands


def test_what_was_stored_before_a_function_died_is_not_stored_again() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.moves(payment_id, "re_1", -2000)
    till.file(payment_id)
    del till.payments.kept[next(key for key, each in till.payments.kept.items() if each.key == "stripe:re_1")]
    assert [each.key for each in till.file(payment_id).stored] == ["stripe:re_1"]


def test_a_payment_of_another_house_is_none_of_ours() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.payments[payment_id] = replace(till.cards.payments[payment_id], house="another-school")
    assert till.file(payment_id).party is None
    till.cards.payments[payment_id] = replace(till.cards.payments[payment_id], house=None)
    assert till.file(payment_id).party is None
    assert till.payments.kept == {}


@pytest.mark.parametrize("document_id", [None, "0" * 32, "../payments", ""])
def test_without_its_document_it_is_a_credit_of_the_party_on_our_mark(document_id: str | None) -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.payments[payment_id] = replace(till.cards.payments[payment_id], document_id=document_id, party=DAD)
    (payment,) = till.file(payment_id).stored
    assert (payment.party, payment.number) == (DAD, None)
    till.cards.payments[payment_id] = replace(till.cards.payments[payment_id], party=None)
    assert till.file(payment_id).party is None


def test_the_document_says_whose_it_is_and_not_the_mark() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.payments[payment_id] = replace(till.cards.payments[payment_id], party=DAD)
    assert till.file(payment_id).party == MUM


def test_money_of_another_currency_is_a_credit_in_that_currency() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.moves(payment_id, "pi_more", 700, "USD")
    assert [(each.amount.currency, each.number) for each in till.file(payment_id).stored] == [
        ("EUR", till.invoice.number),
        ("USD", None),
    ]


def test_while_it_is_under_way_nothing_is_stored() -> None:
    till = Till()
    link = till.cards.open_link(till.invoice, till.invoice.gross, 1)
    filed = till.file(till.cards.pays(link.link_id, is_settled=False))
    assert (filed.is_under_way, filed.stored) == (True, ())


def test_a_movement_of_nothing_is_no_payment() -> None:
    till = Till()
    payment_id = till.paid()
    till.cards.moves(payment_id, "txn_0", 0)
    assert len(till.file(payment_id).stored) == 1


def test_what_the_provider_refuses_is_refused() -> None:
    with pytest.raises(UpstreamRefused):
        Till().file("pi_nobody")


def test_a_payment_of_ours_that_did_not_succeed_is_ours_and_stores_nothing() -> None:
    till = Till()
    till.cards.payments["pi_9"] = CardPayment("pi_9", HOUSE, till.invoice.document_id, MUM)
    assert (till.file("pi_9").party, till.payments.kept) == (MUM, {})
