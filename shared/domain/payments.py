"""Payments: what came in, what of each document it paid, and who owes how much for how long.

All of it is a pure fold over what was issued and what was paid. Nothing is stored as paid: the state of a document follows from
its payments, so that no two places can disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money, total, zero


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came from a party, or went back to it where it is negative. `key` is the sender's own, so that it counts once.

    `number` is the document that it is for; without one it pays the oldest. `method` is how it came.
    """

    party: str
    key: str
    amount: Money
    received_at: datetime
    method: str
    by: str
    number: str | None = None
    reference: str | None = None

    @property
    def payment_id(self) -> str:
        """A function of party and key: told twice it is one."""
        return stable_id("payment", self.party, self.key)


class Standing(StrEnum):
    """How a document stands: nothing, a part, or all of it is paid; more than it was; or it was taken back."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Settled:
    """One document with what of it is paid and what is open."""

    document: Document
    paid: Money
    open: Money
    standing: Standing


@dataclass(frozen=True, slots=True)
class Account:
    """A party's documents as they stand, and what it paid beyond them."""

    documents: tuple[Settled, ...]
    credit: Money

    @property
    def open(self) -> Money:
        """All that is open."""
        return total((each.open for each in self.documents), self.credit.currency)

    @property
    def balance(self) -> Money:
        """What the party owes in the end; negative where it is owed something."""
        return self.open - self.credit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement, with the balance after it: what the party owes by then."""

    at: datetime
    what: str
    number: str | None
    amount: Money
    balance: Money


AGES = (0, 30, 60, 90)
"""The buckets of aged balances: not due yet, up to 30, 60 and 90 days over, and older."""


def account_of(documents: Sequence[Document], payments: Sequence[Payment], currency: str) -> Account:
    """How a party's documents of one currency stand. Payments for a document pay it first; what is left pays the oldest.

    Documents that are less than nothing, credit notes among them, pay like payments: first what they take back.
    """
    own = sorted((each for each in documents if each.currency == currency), key=lambda d: (d.issued_at, d.seq, d.number))
    owed = {each.number: each.gross.amount_minor for each in own if each.gross.amount_minor > 0}
    paid = dict.fromkeys(owed, 0)
    left = 0
    for number, amount in _incoming(own, payments, currency):
        rest = amount
        if number in owed:
            part = max(min(rest, owed[number] - paid[number]), -paid[number])
            paid[number] += part
            rest -= part
        left += rest
    for number, amount in owed.items():
        part = min(left, amount - paid[number]) if left > 0 else 0
        paid[number] += part
        left -= part
    cancelled = {each.cancels for each in own if each.paper is Paper.CREDIT_NOTE}
    settled = tuple(_settled(each, owed, paid, is_cancelled=each.number in cancelled) for each in own)
    return Account(settled, Money(left, currency))


def statement_of(documents: Iterable[Document], payments: Iterable[Payment], currency: str) -> tuple[Entry, ...]:
    """Everything that was issued and paid, in order, with the balance after each."""
    told: list[tuple[datetime, int, str, str, str | None, Money]] = [
        (each.issued_at, 0, each.number, each.paper.value, each.number, each.gross)
        for each in documents
        if each.currency == currency
    ]
    told += [
        (
            each.received_at,
            1,
            each.payment_id,
            "payment" if each.amount.amount_minor >= 0 else "refund",
            each.number,
            -each.amount,
        )
        for each in payments
        if each.amount.currency == currency
    ]
    balance, entries = zero(currency), []
    for at, _, _, what, number, amount in sorted(told, key=lambda entry: entry[:3]):
        balance += amount
        entries.append(Entry(at, what, number, amount, balance))
    return tuple(entries)


def aged(account: Account, now: datetime) -> tuple[Money, ...]:
    """What is open by how long it is over due: not yet, then up to each of 30, 60 and 90 days, then longer."""
    sums = [zero(account.credit.currency) for _ in range(len(AGES) + 1)]
    for each in account.documents:
        over = now - each.document.due_at
        place = 0 if over <= timedelta() else next((i for i, days in enumerate(AGES) if over <= timedelta(days=days)), len(AGES))
        sums[place] += each.open
    return tuple(sums)


def _incoming(documents: Sequence[Document], payments: Sequence[Payment], currency: str) -> list[tuple[str | None, int]]:
    """What pays: payments, and documents that are less than nothing, in the order in which they came."""
    told = [
        (each.received_at, 1, each.payment_id, each.number, each.amount.amount_minor)
        for each in payments
        if each.amount.currency == currency
    ]
    told += [
        (each.issued_at, 0, each.document_id, each.cancels, -each.gross.amount_minor)
        for each in documents
        if each.gross.amount_minor < 0
    ]
    return [(number, amount) for _, _, _, number, amount in sorted(told, key=lambda entry: entry[:3])]


def _settled(document: Document, owed: dict[str, int], paid: dict[str, int], *, is_cancelled: bool) -> Settled:
    amount, part = owed.get(document.number, 0), paid.get(document.number, 0)
    standing = Standing.PAID if part >= amount else Standing.PARTLY_PAID if part > 0 else Standing.UNPAID
    currency = document.currency
    return Settled(
        document, Money(part, currency), Money(amount - part, currency), Standing.CANCELLED if is_cancelled else standing
    )
