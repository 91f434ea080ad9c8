"""Ports about payments by card: the provider that takes them, and which link was given out for which document.

Each is a protocol with a suite in tests/contracts. What the provider says of a payment is read anew whenever it matters:
news of it only say where to look, so that their order and their number change nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.invoices import Document
from shared.domain.money import Money
from shared.ports import Versioned


@dataclass(frozen=True, slots=True)
class CardLink:
    """A page on which an amount of a document is paid once. `nth` counts the links that the document had."""

    document_id: str
    link_id: str
    url: str
    amount: Money
    nth: int = 1


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a link stands with the provider: whether somebody can still pay by it, and the payments that were begun by it."""

    is_usable: bool
    payment_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in by a payment, or went back where it is negative. `movement_id` is the provider's own.

    `reference` names what moved it: the payment, a refund, or a dispute.
    """

    movement_id: str
    amount: Money
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment as the provider has it now, with what we noted on its link: our house, the document and the party.

    `is_under_way` while it may still succeed without anybody doing anything.
    """

    payment_id: str
    house: str | None
    document_id: str | None
    party: str | None
    movements: tuple[Movement, ...] = ()
    is_under_way: bool = False


class Cards(Protocol):
    """A provider of payments by card. Raises `Unavailable` or `UpstreamRefused`."""

    def open_link(self, document: Document, amount: Money, nth: int) -> CardLink:
        """A new link for an amount of a document; asked again for the same within a day, it is the same one.

        Raises `NotInThisState` for an amount or a currency that cannot be paid by card.
        """

    def close_link(self, link_id: str) -> None:
        """Let nobody pay by a link any more; one that is closed, or gone, is fine."""

    def state(self, link_id: str) -> LinkState:
        """How a link stands; one that is gone is not usable."""

    def payment(self, payment_id: str) -> CardPayment:
        """A payment with everything that moved by it so far. Raises `UpstreamRefused` for one that the provider does not know."""


class CardLinks(Protocol):
    """Which link was given out for a document last."""

    def get(self, document_id: str) -> Versioned[CardLink] | None:
        """The last link of a document."""

    def save(self, before: Versioned[CardLink] | None, after: CardLink) -> bool:
        """Store one that nobody else changed since; answers whether it is stored."""
