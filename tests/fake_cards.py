"""Fakes of the ports about card payments, in memory: a provider whose payments tests move, and the store of links."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.card_ports import CardLink, CardPayment, LinkState, Movement
from shared.domain.errors import UpstreamRefused
from shared.domain.invoices import Document
from shared.domain.money import Money
from shared.ports import Versioned

HOUSE = "demo-rollcall"


@dataclass
class MemoryCards:
    """The port `Cards`. `meanwhile` is done once before the next link is made: what somebody else does at that time."""

    at: datetime
    links: dict[str, CardLink] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    paid: dict[str, str] = field(default_factory=dict)
    payments: dict[str, CardPayment] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None

    def open_link(self, document: Document, amount: Money, nth: int) -> CardLink:
        """See the port."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        link_id = f"plink_{document.document_id}_{amount.amount_minor}_{nth}"
        self.parties[link_id] = document.party
        return self.links.setdefault(link_id, CardLink(document.document_id, link_id, f"https://pay/{link_id}", amount, nth))

    def close_link(self, link_id: str) -> None:
        """See the port."""
        self.closed.add(link_id)

    def state(self, link_id: str) -> LinkState:
        """See the port."""
        paid = self.paid.get(link_id)
        is_usable = link_id in self.links and link_id not in self.closed and paid is None
        return LinkState(is_usable, (paid,) if paid else ())

    def payment(self, payment_id: str) -> CardPayment:
        """See the port."""
        if payment_id not in self.payments:
            raise UpstreamRefused("Stripe refused the request", f"There is no {payment_id}.")
        return self.payments[payment_id]

    def pays(self, link_id: str, *, is_settled: bool = True) -> str:
        """Somebody pays by a link; the payment's id."""
        link, payment_id = self.links[link_id], f"pi_{len(self.payments)}"
        self.paid[link_id] = payment_id
        self.payments[payment_id] = CardPayment(
            payment_id, HOUSE, link.document_id, self.parties[link_id], is_under_way=not is_settled
        )
        if is_settled:
            self.moves(payment_id, payment_id, link.amount.amount_minor, link.amount.currency)
        return payment_id

    def moves(self, payment_id: str, movement_id: str, amount_minor: int, currency: str = "EUR") -> None:
        """Money moves by a payment."""
        found = self.payments[payment_id]
        self.at += timedelta(seconds=1)
        movement = Movement(movement_id, Money(amount_minor, currency), self.at, movement_id)
        self.payments[payment_id] = replace(found, movements=(*found.movements, movement), is_under_way=False)


@dataclass
class MemoryCardLinks:
    """The port `CardLinks`. `meanwhile` is done once before the next link is stored."""

    kept: dict[str, CardLink] = field(default_factory=dict)
    writes: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None

    def get(self, document_id: str) -> Versioned[CardLink] | None:
        """See the port."""
        found = self.kept.get(document_id)
        return Versioned(found, self.writes[document_id]) if found is not None else None

    def save(self, before: Versioned[CardLink] | None, after: CardLink) -> bool:
        """See the port."""
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        key = after.document_id
        if (before.version if before else None) != self.writes.get(key):
            return self.kept.get(key) == after
        self.kept[key] = after
        self.writes[key] = self.writes.get(key, 0) + 1
        return True
