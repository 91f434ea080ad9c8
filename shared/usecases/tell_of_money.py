"""Telling the outside of documents that were issued and payments that were recorded: whoever listens, and whom they concern."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.billing_ports import Ledger, Payments
from shared.delivery_ports import Deliveries
from shared.domain.bills_told import issued_message, payment_message
from shared.domain.errors import NotFound
from shared.domain.invoices import Paper
from shared.domain.messages import Addressees, Delivery, Message, OutboxKind, OutboxRow
from shared.people_ports import Forgotten
from shared.ports import Clock
from shared.usecases.draft_invoices import is_of


@dataclass(frozen=True)
class TellParty:
    """Put a message about a party's money on its way, once for each that it goes to: the party by e-mail, all who listen.

    Nobody is written to who asked to be forgotten; the books say who they are, the post need not.
    """

    deliveries: Deliveries
    forgotten: Forgotten
    plan: Callable[[Sequence[Delivery]], None]
    addressees: Addressees

    def __call__(self, party: str, message: Message) -> None:
        """Store what tells of it, and plan it; told again it is the same. Raises `Stale` and `Unavailable`."""
        told = self.addressees.deliveries(message, () if self.is_forgotten(party) else (party,))
        self.deliveries.add(told)
        self.plan(told)

    def is_forgotten(self, party: str) -> bool:
        """Whether the party asked to be forgotten."""
        return bool(self.forgotten.pseudonym_of([f"email:{party}"]))


@dataclass(frozen=True)
class TellOfMoney:
    """Tell what a row of the outbox is about."""

    ledger: Ledger
    payments: Payments
    tell: TellParty
    clock: Clock

    def __call__(self, row: OutboxRow) -> None:
        """Tell it; raises `NotFound` when the books do not hold it any more, `Stale` and `Unavailable`."""
        party, message = self._document(row.about) if row.kind is OutboxKind.DOCUMENT_ISSUED else self._payment(row.about)
        self.tell(party, message)

    def _document(self, document_id: str) -> tuple[str, Message]:
        document = self.ledger.get(document_id)
        if document is None:
            raise NotFound("The document is not in the books any more.")
        side = Paper.PAYMENT_ORDER if is_of(document, Paper.PAYMENT_ORDER) else Paper.INVOICE
        return document.party, issued_message(document, side)

    def _payment(self, payment_id: str) -> tuple[str, Message]:
        payment = self.payments.get(payment_id)
        if payment is None:
            raise NotFound("The payment is not in the books any more.")
        own = self.ledger.of_party(payment.party) if payment.number is not None else ()
        is_pay = any(each.number == payment.number and is_of(each, Paper.PAYMENT_ORDER) for each in own)
        side = Paper.PAYMENT_ORDER if is_pay else Paper.INVOICE
        return payment.party, payment_message(payment, side, self.clock())
