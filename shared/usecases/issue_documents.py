"""Issuing: a draft that was reviewed becomes documents that never change; a credit note takes one back whole.

Each document is one commit, at the end of its party's ledger as it was read before the draft. Whatever is killed or asked for
twice is found in the ledger by what it says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.billing_ports import AdHoc, Ledger, Tail, document_id_of
from shared.domain.accounts import Caller
from shared.domain.errors import NotFound, NotInThisState, Stale
from shared.domain.ids import is_id
from shared.domain.invoices import Document, Line, Paper, reversed_lines
from shared.ports import Clock, Versioned
from shared.usecases.draft_invoices import Draft, DraftInvoices, Period, digest_of, is_of

ATTEMPTS = 4
# More lines than a document of the store holds are issued as several.
MOST_LINES = 1200
CHANGED = "The draft is not the one that was reviewed: evidence or the ledger changed since. Look at it again, then issue it."
BUSY = "Somebody else issues to this party at the same time; look at the drafts again."


@dataclass(frozen=True, slots=True)
class ToIssue:
    """Whose draft of which period and currency is to be issued; `digest` is that of the draft that a person reviewed."""

    party: str
    paper: Paper
    currency: str
    period: Period
    digest: str


@dataclass(frozen=True)
class IssueDocuments:
    """Issue drafts and credit notes. `issuer` is who sends them: name and address, one line each.

    `timezone` is the zone in which their times are told on paper. A credit note tells them as what it takes back did.
    """

    draft: DraftInvoices
    ledger: Ledger
    clock: Clock
    issuer: str | None = None
    timezone: str | None = None

    def __call__(self, wanted: ToIssue, caller: Caller) -> tuple[Document, ...]:
        """The documents that say what the draft said; asked for again it is the same ones.

        Raises `Stale` where the draft has changed since it was reviewed, and `Unavailable`.
        """
        for _ in range(ATTEMPTS):
            tail = self.ledger.tail(wanted.party)
            draft = self._draft(wanted)
            if draft is None or draft.digest != wanted.digest:
                issued = self._issued(wanted)
                if issued:
                    return issued
                raise Stale(CHANGED)
            done = self._issue(draft, tail, caller)
            if done:
                return done
        raise Stale(BUSY)

    def void(self, document_id: str, caller: Caller, paper: Paper | None = None) -> Document:
        """The credit note that takes a document back, of a side or of either; taken back already, it is the note that did so.

        Raises `NotFound`, `NotInThisState` for a credit note, `Stale` and `Unavailable`.
        """
        taken_back = self.ledger.get(document_id) if is_id(document_id) else None
        if taken_back is None or not (paper is None or is_of(taken_back, paper)):
            raise NotFound("No such document.")
        if taken_back.paper is Paper.CREDIT_NOTE:
            raise NotInThisState("A credit note stays; what it took back can be billed again.")
        for _ in range(ATTEMPTS):
            tail = self.ledger.tail(taken_back.party)
            own = self.ledger.of_party(taken_back.party)
            note = next((each for each in own if each.cancels == taken_back.number), None)
            if note is not None:
                return note
            wanted = replace(taken_back, paper=Paper.CREDIT_NOTE, lines=reversed_lines(taken_back), cancels=taken_back.number)
            issued = self.ledger.issue(tail, self._next(wanted, tail, caller, timedelta()), ())
            if issued is not None:
                return issued
        raise Stale(BUSY)

    def _draft(self, wanted: ToIssue) -> Draft | None:
        found = self.draft.of_party(wanted.party, wanted.paper, wanted.period).drafts
        return next((each for each in found if each.currency == wanted.currency), None)

    def _issue(self, draft: Draft, tail: Versioned[Tail] | None, caller: Caller) -> tuple[Document, ...]:
        """The draft's documents, one after the other; none where somebody else was first.

        Where somebody comes in between, the rest is another draft, to be looked at again.
        """
        done: list[Document] = []
        for lines in parts_of(draft.lines):
            if done:
                tail = self.ledger.tail(draft.party.email)
                if tail is None or tail.value.last_hash != done[-1].content_hash:
                    raise Stale(CHANGED)
            addressed = replace(
                draft.document,
                lines=lines,
                issuer=self.issuer,
                party_name=draft.party.name,
                postal_address=draft.party.postal_address,
                timezone=self.timezone,
            )
            wanted = self._next(addressed, tail, caller, timedelta(days=draft.party.due_days))
            issued = self.ledger.issue(tail, wanted, _spent(draft, lines))
            if issued is None:
                if done:
                    raise Stale(CHANGED)
                return ()
            done.append(issued)
        return tuple(done)

    def _next(self, wanted: Document, tail: Versioned[Tail] | None, caller: Caller, due_in: timedelta) -> Document:
        """The next document of a party, as the ledger takes it: without number and hashes."""
        now, documents = self.clock(), tail.value.documents if tail else 0
        return replace(
            wanted,
            document_id=document_id_of(wanted.party, wanted.paper, documents),
            number="",
            seq=0,
            issued_at=now,
            due_at=now + due_in,
            issued_by=caller.email or caller.subject,
            previous_hash="",
            content_hash="",
        )

    def _issued(self, wanted: ToIssue) -> tuple[Document, ...]:
        """The documents in a row that say what the reviewed draft said, if they were issued."""
        own = [
            each
            for each in self.ledger.of_party(wanted.party)
            if (each.paper, each.currency) == (wanted.paper, wanted.currency)
            and (each.period_from, each.period_to) == (wanted.period.start, wanted.period.end)
        ]
        for first in range(len(own)):
            for last in range(first + 1, len(own) + 1):
                lines = tuple(line for each in own[first:last] for line in each.lines)
                if digest_of(wanted.paper, wanted.party, wanted.currency, wanted.period, lines) == wanted.digest:
                    return tuple(own[first:last])
        return ()


def parts_of(lines: Sequence[Line], most: int = MOST_LINES) -> Iterator[tuple[Line, ...]]:
    """The lines in parts of at most `most`, those about one item never torn apart; an item with more has a part of its own."""
    part: list[Line] = []
    for group in _groups(lines):
        if part and len(part) + len(group) > most:
            yield tuple(part)
            part = []
        part += group
    if part:
        yield tuple(part)


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and (line.item_id is None or line.item_id != group[0].item_id):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _spent(draft: Draft, lines: Sequence[Line]) -> tuple[AdHoc, ...]:
    ids = {line.line_id for line in lines}
    return tuple(each for each in draft.spent if each.line.line_id in ids)
