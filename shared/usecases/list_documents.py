"""Listing what was issued with how each document stands: folded from the books of its party, and stored nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from shared.billing_ports import DocumentFilter
from shared.domain.accounts import Caller
from shared.domain.errors import InvalidInput
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money
from shared.domain.payments import Settled, Standing
from shared.ports import Clock, Page
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments

AT_ONCE = 100
"""Of how many documents the parties' books are read together."""

BOOKS_AT_ONCE = 30
"""How many parties' books are in memory at a time; as many as one query asks for."""

MOST_LOOKED_AT = 400
"""How many documents one page looks at to find those that stand as wanted; then it ends, and tells where to go on."""


class Wanted(StrEnum):
    """How documents are to stand: one of the standings, anything of which something is open, or that is open after its day."""

    UNPAID = Standing.UNPAID.value
    PARTLY_PAID = Standing.PARTLY_PAID.value
    PAID = Standing.PAID.value
    CANCELLED = Standing.CANCELLED.value
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class How:
    """How a document stands, what of it is paid, and what is open."""

    standing: Standing
    paid: Money
    open: Money


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of a list, and how it stands; a credit note does not stand anyhow."""

    document: Document
    how: How | None


@dataclass
class _Books:
    """How the documents of one side stand, party by party as they are met; each party's books are read once."""

    settle: SettleAccounts
    paper: Paper
    known: set[str] = field(default_factory=set)
    hows: dict[str, How] = field(default_factory=dict)

    def listed(self, documents: Sequence[Document]) -> list[Listed]:
        """The documents with how they stand; raises `Unavailable`."""
        if self.paper is Paper.CREDIT_NOTE:
            return [Listed(each, None) for each in documents]
        new = sorted({each.party for each in documents} - self.known)
        for first in range(0, len(new), BOOKS_AT_ONCE):
            settled = self.settle.documents_of(new[first : first + BOOKS_AT_ONCE], self.paper)
            self.hows |= {key: _how(each) for key, each in settled.items()}
        self.known.update(new)
        return [Listed(each, self.hows.get(each.document_id)) for each in documents]


@dataclass(frozen=True)
class ListDocuments:
    """Lists of one kind of paper, as far as they are the caller's.

    A page costs its documents and the books of their parties, two queries for each thirty of these. Asked for a standing it
    looks at 400 documents at most; it may hold fewer than were asked for, or none, and tells where to go on.
    """

    show: ShowDocuments
    settle: SettleAccounts
    clock: Clock

    def page(
        self, wanted: DocumentFilter, standing: Wanted | None, limit: int, token: str | None, caller: Caller
    ) -> Page[Listed]:
        """One page, the newest first; raises `InvalidInput`, `NotFound` for a foreign token, and `Unavailable`."""
        books = self._books(wanted, standing)
        if standing is None:
            found = self.show.page(wanted, limit, token, caller)
            return Page(tuple(books.listed(found.items)), found.next_token)
        rows: list[Listed] = []
        for _ in range(0, MOST_LOOKED_AT, AT_ONCE):
            found = self.show.page(wanted, AT_ONCE, token, caller)
            rows += self._suiting(books.listed(found.items), standing)
            token = found.next_token
            if len(rows) > limit or (len(rows) == limit and token is not None):
                return Page(tuple(rows[:limit]), rows[limit - 1].document.document_id)
            if token is None:
                break
        return Page(tuple(rows), token)

    def stream(self, wanted: DocumentFilter, standing: Wanted | None, caller: Caller) -> Iterator[Listed]:
        """All of them, the newest first; raises `InvalidInput` and `Unavailable`."""
        books, documents = self._books(wanted, standing), iter(self.show.stream(wanted, caller))
        while some := tuple(islice(documents, AT_ONCE)):
            yield from self._suiting(books.listed(some), standing)

    def _books(self, wanted: DocumentFilter, standing: Wanted | None) -> _Books:
        paper = wanted.paper or Paper.INVOICE
        if standing is not None and paper is Paper.CREDIT_NOTE:
            raise InvalidInput("standing", "A credit note is not paid: leave `standing` out, or ask for invoices.")
        return _Books(self.settle, paper)

    def _suiting(self, rows: Iterable[Listed], standing: Wanted | None) -> Iterator[Listed]:
        now = self.clock()
        return (each for each in rows if standing is None or _suits(each, standing, now))


def _suits(row: Listed, wanted: Wanted, now: datetime) -> bool:
    if row.how is None:
        return False
    if wanted is Wanted.OPEN:
        return row.how.open.amount_minor > 0
    if wanted is Wanted.OVERDUE:
        return row.how.open.amount_minor > 0 and row.document.due_at < now
    return row.how.standing.value == wanted.value


def _how(settled: Settled) -> How:
    return How(settled.standing, settled.paid, settled.open)
