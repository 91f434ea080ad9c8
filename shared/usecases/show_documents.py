"""Looking at what was issued and paid, as far as it is the caller's, with the evidence that each line rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.billing_ports import DocumentFilter, Ledger, Payments
from shared.domain.accounts import Caller
from shared.domain.attendance import Attendance
from shared.domain.errors import NotFound
from shared.domain.ids import is_id
from shared.domain.invoices import Document, Line, Paper
from shared.domain.payments import Payment
from shared.ports import AttendanceFilter, Page, Sessions
from shared.usecases.draft_invoices import is_of

NOTHING: Page[Document] = Page((), None)
UNPAID: Page[Payment] = Page((), None)
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A document with the attendance behind its lines, by line; a line that rests on none has none."""

    document: Document
    evidence: Mapping[str, Attendance]


@dataclass(frozen=True)
class ShowDocuments:
    """An administrator sees everything, everybody else what was issued to them and what they paid. Foreign is as absent."""

    ledger: Ledger
    payments: Payments
    sessions: Sessions

    def page(self, wanted: DocumentFilter, limit: int, token: str | None, caller: Caller) -> Page[Document]:
        """One page of documents, the newest first; raises `NotFound` for a foreign token, `Unavailable`."""
        own = _own(wanted, caller)
        return NOTHING if own is None else self.ledger.page(own, limit, token)

    def stream(self, wanted: DocumentFilter, caller: Caller) -> Iterator[Document]:
        """All of them, the newest first; raises `Unavailable`."""
        own = _own(wanted, caller)
        return iter(()) if own is None else self.ledger.stream(own)

    def one(self, document_id: str, caller: Caller, paper: Paper | None = None) -> Shown:
        """One document of a side, or of either, and what it rests on; raises `NotFound`, `Unavailable`."""
        found = readable(self.ledger, document_id, caller, paper)
        return Shown(found, self._evidence(found))

    def paid(self, party: str | None, limit: int, token: str | None, caller: Caller) -> Page[Payment]:
        """One page of payments, the newest first; raises `NotFound` for a foreign token, `Unavailable`."""
        if not caller.is_admin and party not in (None, caller.email):
            return UNPAID
        return self.payments.page(party if caller.is_admin else caller.email, limit, token)

    def all_paid(self, party: str | None, caller: Caller) -> Iterator[Payment]:
        """All payments, the oldest first; raises `Unavailable`."""
        wanted = party if caller.is_admin else caller.email
        if party not in (None, wanted):
            return iter(())
        return iter(self.payments.of_party(wanted)) if wanted is not None else self.payments.stream(None, None)

    def _evidence(self, document: Document) -> dict[str, Attendance]:
        """The rows behind the lines: one query for each person of the document, over the time of their classes."""
        people: dict[str, list[Line]] = {}
        for line in document.lines:
            if line.person is not None and line.session_id is not None and line.start_at is not None:
                people.setdefault(line.person, []).append(line)
        found = {}
        for person, lines in people.items():
            starts = [line.start_at for line in lines if line.start_at is not None]
            wanted = AttendanceFilter(email=person, start_from=min(starts), start_before=max(starts) + A_MOMENT)
            rows = {row.session_id: row for row in self.sessions.stream(wanted)}
            found.update({line.line_id: rows[line.session_id] for line in lines if line.session_id in rows})
        return found


def readable(ledger: Ledger, document_id: str, caller: Caller, paper: Paper | None = None) -> Document:
    """A document of a side, or of either, that is the caller's to read; raises `NotFound`, `Unavailable`."""
    found = ledger.get(document_id) if is_id(document_id) else None
    if found is None or not (caller.is_admin or found.party == caller.email) or not (paper is None or is_of(found, paper)):
        raise NotFound("No such document.")
    return found


def _own(wanted: DocumentFilter, caller: Caller) -> DocumentFilter | None:
    """The filter cut down to what is the caller's; None where nothing is left."""
    if caller.is_admin:
        return wanted
    return replace(wanted, party=caller.email) if wanted.party in (None, caller.email) else None
