"""Links by which invoices are paid: one at a time, for what is open, never for what was paid already."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from shared.card_ports import CardLink
from shared.domain.accounts import Caller
from shared.domain.errors import NotFound, NotInThisState, Stale
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.domain.payments import Payment
from shared.usecases.file_card_payment import FileCardPayment
from shared.usecases.link_payment import LinkPayment
from shared.usecases.settle_accounts import SettleAccounts
from tests.builders import at
from tests.fake_billing import MemoryLedger, MemoryPayments
from tests.fake_cards import HOUSE, MemoryCardLinks, MemoryCards
from tests.shared.usecases.papers import MUM, paper

PAYER, BOSS = Caller("mum", MUM, "user"), Caller("boss", "boss@school.example", "admin")
DAD = Caller("dad", "dad@home.example", "user")


@dataclass
class Desk:
    """An invoice of 50 EUR that a mother owes, and the story."""

    cards: MemoryCards = field(default_factory=lambda: MemoryCards(at(10)))
    links: MemoryCardLinks = field(default_factory=MemoryCardLinks)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    payments: MemoryPayments = field(default_factory=MemoryPayments)

    def __post_init__(self) -> None:
        file = FileCardPayment(self.cards, self.ledger, self.payments, HOUSE)
        settle = SettleAccounts(self.ledger, self.payments, lambda: at(99))
        self.link = LinkPayment(self.ledger, settle, self.links, self.cards, file)
        self.invoice = self.issued(paper(5000))

    def issued(self, wanted: Document) -> Document:
        found = self.ledger.issue(self.ledger.tail(wanted.party), wanted, ())
        assert found is not None
        return found

    def asks(self, caller: Caller = PAYER) -> CardLink:
        return self.link(self.invoice.document_id, caller)

    def pays_by_bank(self, amount_minor: int) -> None:
        money = Money(amount_minor, "EUR")
        self.payments.add(Payment(MUM, f"bank-{len(self.payments.kept)}", money, at(20), "bank", "boss", self.invoice.number))

    def usable(self) -> list[CardLink]:
        return [link for link_id, link in self.cards.links.items() if self.cards.state(link_id).is_usable]


def test_the_payer_and_an_administrator_get_the_same_link_for_all_that_is_open() -> None:
    desk = Desk()
    link = desk.asks()
    assert link.amount == Money(5000, "EUR")
    assert desk.asks(BOSS) == desk.asks() == link
    assert len(desk.cards.links) == 1


def test_a_foreign_document_is_as_absent() -> None:
    desk = Desk()
    for document_id, caller in ((desk.invoice.document_id, DAD), ("0" * 32, PAYER), ("../x", BOSS)):
        with pytest.raises(NotFound, match="No such document"):
            desk.link(document_id, caller)
    assert desk.cards.links == {}


@pytest.mark.parametrize("kind", [Paper.CREDIT_NOTE, Paper.PAYMENT_ORDER])
def test_what_is_owed_to_somebody_has_no_link(kind: Paper) -> None:
    desk = Desk()
    other = desk.issued(replace(paper(-5000 if kind is Paper.CREDIT_NOTE else 5000, kind=kind), cancels=None))
    with pytest.raises(NotInThisState, match="Only an invoice"):
        desk.link(other.document_id, BOSS)


def test_a_part_that_was_paid_is_not_asked_for_again() -> None:
    desk = Desk()
    first = desk.asks()
    desk.pays_by_bank(2000)
    second = desk.asks()
    assert second.amount == Money(3000, "EUR")
    assert first.link_id in desk.cards.closed
    assert desk.usable() == [second]


def test_when_all_is_paid_in_another_way_the_link_is_closed_and_there_is_none() -> None:
    desk = Desk()
    desk.asks()
    desk.pays_by_bank(5000)
    with pytest.raises(NotInThisState, match="Nothing is open"):
        desk.asks()
    assert desk.usable() == []


def test_a_document_that_was_taken_back_has_nothing_to_pay() -> None:
    desk = Desk()
    desk.issued(replace(paper(-5000, kind=Paper.CREDIT_NOTE), cancels=desk.invoice.number))
    with pytest.raises(NotInThisState, match="Nothing is open"):
        desk.asks()


def test_who_asks_again_before_the_news_of_the_payment_came_cannot_pay_twice() -> None:
    desk = Desk()
    desk.cards.pays(desk.asks().link_id)
    with pytest.raises(NotInThisState, match="Nothing is open"):
        desk.asks()
    assert [each.method for each in desk.payments.of_party(MUM)] == ["card"]
    assert desk.usable() == []


def test_while_the_bank_decides_about_a_payment_there_is_no_other_link() -> None:
    desk = Desk()
    payment_id = desk.cards.pays(desk.asks().link_id, is_settled=False)
    with pytest.raises(NotInThisState, match="under way"):
        desk.asks()
    desk.cards.moves(payment_id, payment_id, 5000)
    with pytest.raises(NotInThisState, match="Nothing is open"):
        desk.asks()


def test_after_a_refund_there_is_a_new_link_for_the_same_amount() -> None:
    desk = Desk()
    first = desk.asks()
    payment_id = desk.cards.pays(first.link_id)
    desk.cards.moves(payment_id, "re_1", -5000)
    second = desk.asks()
    assert (second.amount, second.nth) == (first.amount, 2)
    assert desk.usable() == [second]


def test_whoever_pays_while_the_link_is_replaced_has_paid() -> None:
    desk = Desk()
    first = desk.asks()
    desk.pays_by_bank(2000)
    close: Callable[[str], None] = desk.cards.close_link

    def close_too_late(link_id: str) -> None:
        desk.cards.pays(first.link_id)
        close(link_id)

    desk.cards.close_link = close_too_late  # type: ignore[method-assign]
    with pytest.raises(NotInThisState, match="Nothing is open"):
        desk.asks()
    assert sum(each.amount.amount_minor for each in desk.payments.of_party(MUM)) == 7000


def test_of_two_who_ask_at_once_both_get_one_link() -> None:
    desk = Desk()
    others: list[CardLink] = []
    desk.cards.meanwhile = lambda: others.append(desk.asks(BOSS))
    assert desk.asks() == others[0]
    assert desk.usable() == others


def test_a_link_that_lost_the_race_is_closed_and_what_was_paid_meanwhile_counts() -> None:
    desk = Desk()

    def somebody_pays_a_part_and_asks() -> None:
        desk.pays_by_bank(1000)
        desk.asks(BOSS)

    desk.links.meanwhile = somebody_pays_a_part_and_asks
    link = desk.asks()
    assert link.amount == Money(4000, "EUR")
    assert desk.usable() == [link]


def test_who_loses_again_and_again_is_told_to_ask_later() -> None:
    desk = Desk()

    def again() -> None:
        desk.pays_by_bank(100)
        desk.asks(BOSS)
        desk.pays_by_bank(100)
        desk.links.meanwhile = again

    desk.links.meanwhile = again
    with pytest.raises(Stale):
        desk.asks()
