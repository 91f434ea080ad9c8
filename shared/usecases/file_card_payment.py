"""Filing what was paid by card: everything that moved by one payment becomes a payment of ours, each once.

The provider's news only name a payment. What came in and what went back is read from the provider as it stands now, and
every movement has the provider's own id: so news that come twice, late, or in any order lead to the same payments.
"""

from dataclasses import dataclass

from shared.billing_ports import Ledger, Payments
from shared.card_ports import CardPayment, Cards, Movement
from shared.domain.ids import is_id
from shared.domain.invoices import Document, Paper
from shared.domain.payments import Payment

METHOD, BY = "card", "stripe"


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of one payment: the party whose it is, None where it is none of ours, and what was stored now."""

    payment_id: str
    party: str | None
    stored: tuple[Payment, ...] = ()
    is_under_way: bool = False


@dataclass(frozen=True)
class FileCardPayment:
    """Store the movements of card payments. `house` is what our links are marked with: an account may serve several houses."""

    cards: Cards
    ledger: Ledger
    payments: Payments
    house: str

    def __call__(self, payment_id: str) -> Filed:
        """Store what is missing of a payment; raises `Unavailable`, `UpstreamRefused`.

        It pays the document on its link, or is a credit of the party that the link names where we have no such document.
        """
        found = self.cards.payment(payment_id)
        if found.house != self.house:
            return Filed(payment_id, None)
        document = self._document(found)
        party = document.party if document is not None else found.party
        if party is None:
            return Filed(payment_id, None)
        known = {each.key for each in self.payments.of_party(party)}
        wanted = [_payment(each, party, document) for each in found.movements if each.amount.amount_minor]
        stored = tuple(self.payments.add(each) for each in wanted if each.key not in known)
        return Filed(payment_id, party, stored, found.is_under_way)

    def _document(self, found: CardPayment) -> Document | None:
        if found.document_id is None or not is_id(found.document_id):
            return None
        return self.ledger.get(found.document_id)


def _payment(movement: Movement, party: str, document: Document | None) -> Payment:
    is_for = document is not None and document.paper is Paper.INVOICE and document.currency == movement.amount.currency
    return Payment(
        party=party,
        key=f"stripe:{movement.movement_id}",
        amount=movement.amount,
        received_at=movement.at,
        method=METHOD,
        by=BY,
        number=document.number if document is not None and is_for else None,
        reference=movement.reference,
    )
