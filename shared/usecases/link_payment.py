"""A link by which what is open of an invoice is paid by card, once.

A document has at most one link that can be used. Before another is made, the one before is closed and what was paid by it is
filed: so whoever asks again before the provider's news are in cannot pay twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.billing_ports import Ledger
from shared.card_ports import CardLink, CardLinks, Cards
from shared.domain.accounts import Caller
from shared.domain.errors import NotFound, NotInThisState, Stale
from shared.domain.ids import is_id
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money, zero
from shared.ports import Versioned
from shared.usecases.file_card_payment import Filed
from shared.usecases.settle_accounts import SettleAccounts

TRIES = 4
NOT_SET_UP = "Card payments are not set up: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or pay in another way."


@dataclass(frozen=True)
class LinkPayment:
    """Give out links. `file` files one payment by its id."""

    ledger: Ledger
    settle: SettleAccounts
    links: CardLinks
    cards: Cards
    file: Callable[[str], Filed]

    def __call__(self, document_id: str, caller: Caller) -> CardLink:
        """The link for all that is open of the document now: the same one while nothing is paid.

        Raises `NotFound` for an absent and for a foreign document, `NotInThisState` where there is nothing to pay by card,
        `Stale`, `Unavailable`, `UpstreamRefused`.
        """
        document = self._own(document_id, caller)
        for _ in range(TRIES):
            found = self._once(document)
            if found is not None:
                return found
        raise Stale("Others ask for a link of this document again and again; ask once more in a moment.")

    def close(self, document_id: str) -> None:
        """Let nobody pay a document by card any more, and file what was paid; without a link there is nothing to do.

        Raises `NotInThisState` while a payment is under way, `Unavailable`, `UpstreamRefused`.
        """
        found = self.links.get(document_id)
        if found is None:
            return
        state = self.cards.state(found.value.link_id)
        if state.is_usable:
            self.cards.close_link(found.value.link_id)
            state = self.cards.state(found.value.link_id)
        self._see_through(state.payment_ids)

    def _own(self, document_id: str, caller: Caller) -> Document:
        found = self.ledger.get(document_id) if is_id(document_id) else None
        if found is None or not (caller.is_admin or found.party == caller.email):
            raise NotFound("No such document.")
        if found.paper is not Paper.INVOICE:
            raise NotInThisState("Only an invoice is paid by card; this document is owed to its party, not by it.")
        return found

    def _once(self, document: Document) -> CardLink | None:
        """A link that is stored as the document's last; None where something changed meanwhile."""
        before = self.links.get(document.document_id)
        amount = self._open(document)
        if before is not None:
            state = self.cards.state(before.value.link_id)
            if state.is_usable and before.value.amount == amount:
                return before.value
            if state.is_usable:
                self.cards.close_link(before.value.link_id)
                state = self.cards.state(before.value.link_id)
            self._see_through(state.payment_ids)
            amount = self._open(document)
        if amount.amount_minor <= 0:
            raise NotInThisState(f"Nothing is open of {document.number}: it is paid, settled by a credit, or taken back.")
        return self._made(document, before, amount)

    def _made(self, document: Document, before: Versioned[CardLink] | None, amount: Money) -> CardLink | None:
        made = self.cards.open_link(document, amount, before.value.nth + 1 if before is not None else 1)
        if self.links.save(before, made):
            return made
        now = self.links.get(document.document_id)
        if now is None or now.value.link_id != made.link_id:
            self.cards.close_link(made.link_id)
        return None

    def _see_through(self, payment_ids: tuple[str, ...]) -> None:
        """File what was paid by the link before; raises `NotInThisState` while one of its payments is under way."""
        filed = [self.file(payment_id) for payment_id in payment_ids]
        if any(each.is_under_way for each in filed):
            raise NotInThisState("A payment of this document is under way; wait until the bank has decided about it.")

    def _open(self, document: Document) -> Money:
        """What is open of the document, by what was issued and paid until now."""
        accounts = self.settle.accounts(document.party, Paper.INVOICE)
        every = (each for account in accounts for each in account.documents)
        found = next((each for each in every if each.document.document_id == document.document_id), None)
        return found.open if found is not None else zero(document.currency)
