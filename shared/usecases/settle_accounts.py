"""Accounts: how what was issued to a party stands, by what was paid. The two sides are apart: what it owes, and what it earns."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.billing_ports import DocumentFilter, Ledger, Payments
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money, zero
from shared.domain.payments import Account, Entry, Payment, Settled, account_of, aged, statement_of
from shared.ports import Clock
from shared.usecases.draft_invoices import Period, is_of, of_paper


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that was issued and paid in a time, between what was owed before it and after it."""

    party: str
    currency: str
    opening: Money
    entries: tuple[Entry, ...]
    closing: Money


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of one party in one currency: in all, and by how long it is over due; `credit` was paid beyond it."""

    party: str
    currency: str
    open: Money
    credit: Money
    aged: tuple[Money, ...]


@dataclass(frozen=True)
class SettleAccounts:
    """Fold documents and payments into accounts; nothing of it is stored."""

    ledger: Ledger
    payments: Payments
    clock: Clock

    def accounts(self, party: str, paper: Paper) -> tuple[Account, ...]:
        """A party's accounts of one side, one for each currency; raises `Unavailable`."""
        documents, payments = self._of(party, paper)
        return tuple(account_of(documents, payments, currency) for currency in _currencies(documents, payments))

    def statements(self, party: str, paper: Paper, period: Period | None) -> tuple[Statement, ...]:
        """A party's statements of one side, one for each currency; raises `Unavailable`."""
        documents, payments = self._of(party, paper)
        return tuple(
            _statement(party, currency, statement_of(documents, payments, currency), period)
            for currency in _currencies(documents, payments)
        )

    def documents_of(self, parties: Collection[str], paper: Paper) -> dict[str, Settled]:
        """How every document of one side of these parties stands, by its id; all their books at once. Raises `Unavailable`."""
        documents, payments = self.ledger.of_parties(parties), self.payments.of_parties(parties)
        found: dict[str, Settled] = {}
        for party, every in documents.items():
            own, paid = _side(every, payments.get(party, ()), paper)
            for currency in _currencies(own, ()):
                found |= {each.document.document_id: each for each in account_of(own, paid, currency).documents}
        return found

    def outstanding(self, paper: Paper) -> Iterator[Owed]:
        """What is open of every party, by address; raises `Unavailable`."""
        now = self.clock()
        return (owed for party, account in self.every(paper) for owed in owed_in(party, account, now))

    def every(self, paper: Paper) -> Iterator[tuple[str, Account]]:
        """The accounts of every party, by address; one pass over the ledger and one over the payments. Raises `Unavailable`."""
        documents: dict[str, list[Document]] = {}
        for each in self.ledger.stream(DocumentFilter()):
            documents.setdefault(each.party, []).append(each)
        payments: dict[str, list[Payment]] = {}
        for payment in self.payments.stream(None, None):
            payments.setdefault(payment.party, []).append(payment)
        for party in sorted(documents.keys() | payments.keys()):
            own, paid = _side(documents.get(party, ()), payments.get(party, ()), paper)
            for currency in _currencies(own, paid):
                yield party, account_of(own, paid, currency)

    def _of(self, party: str, paper: Paper) -> tuple[tuple[Document, ...], tuple[Payment, ...]]:
        return _side(self.ledger.of_party(party), self.payments.of_party(party), paper)


def _side(
    documents: Sequence[Document], payments: Sequence[Payment], paper: Paper
) -> tuple[tuple[Document, ...], tuple[Payment, ...]]:
    """The documents and payments of one side: what was paid to staff names its payment order, all else came from a payer."""
    to_staff = {each.number for each in documents if is_of(each, Paper.PAYMENT_ORDER)}
    is_pay = paper is Paper.PAYMENT_ORDER
    return of_paper(documents, paper), tuple(each for each in payments if (each.number in to_staff) == is_pay)


def _currencies(documents: Iterable[Document], payments: Iterable[Payment]) -> list[str]:
    return sorted({each.currency for each in documents} | {each.amount.currency for each in payments})


def _statement(party: str, currency: str, entries: Sequence[Entry], period: Period | None) -> Statement:
    before = [each for each in entries if period is not None and each.at < period.start]
    shown = [each for each in entries if period is None or period.start <= each.at < period.end]
    opening = before[-1].balance if before else zero(currency)
    return Statement(party, currency, opening, tuple(shown), shown[-1].balance if shown else opening)


def owed_in(party: str, account: Account, now: datetime) -> Iterator[Owed]:
    """What is open in an account, if anything is, or was paid beyond it."""
    currency = account.credit.currency
    if account.open != zero(currency) or account.credit != zero(currency):
        yield Owed(party, currency, account.open, account.credit, aged(account, now))
