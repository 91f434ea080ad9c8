"""Reminding payers of invoices that are over due: once for each step of days, and never of what is paid meanwhile."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from shared.billing_ports import DocumentFilter, Ledger
from shared.domain.bills_told import days_over, is_owed, overdue_message
from shared.domain.invoices import Document, Paper
from shared.domain.messages import Delivery, EventType
from shared.domain.payments import Settled
from shared.ports import Clock, Heartbeat
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.tell_of_money import TellParty

EVERY = timedelta(hours=1)
BUDGET = timedelta(seconds=60)
# How far back a first run looks, or one after a long rest; deliveries are kept for longer, so that nobody is reminded again.
LONGEST_REST = timedelta(days=3)
LEFT = "reminders_left"

Step = tuple[datetime, int, Document]
"""When a document passes a step of days after it was due, the step, and the document."""


@dataclass(frozen=True)
class OpenInvoices:
    """How invoices stand by now."""

    ledger: Ledger
    settle: SettleAccounts

    def of_party(self, party: str) -> dict[str, Settled]:
        """What a payer may be reminded of, by document id. Raises `Unavailable`."""
        every = (each for account in self.settle.accounts(party, Paper.INVOICE) for each in account.documents)
        return {each.document.document_id: each for each in every if is_owed(each)}

    def why_moot(self, delivery: Delivery) -> str | None:
        """Why a message is not to be sent any more: a reminder of what was paid or taken back since it was written."""
        if delivery.event is not EventType.INVOICE_OVERDUE:
            return None
        document = self.ledger.get(json.loads(delivery.body)["data"]["document_id"])
        if document is not None and document.document_id in self.of_party(document.party):
            return None
        return "The invoice was paid or taken back before the reminder was sent."


@dataclass(frozen=True)
class RemindPayers:
    """Write the reminders that fell due since the last run, a job for housekeeping. `steps` are days after the due date.

    A run goes on from where the one before came to (`beat`), so each document is looked at once for each step. Where it breaks
    off it is done again, and writes the same reminders.
    """

    ledger: Ledger
    open: OpenInvoices
    tell: TellParty
    beat: Heartbeat
    clock: Clock
    steps: tuple[int, ...]

    def __call__(self) -> dict[str, int]:
        """Remind of what is over due, the longest over due first, once an hour; answers with counts.

        Raises `Stale` and `Unavailable`.
        """
        began_at = self.clock()
        last = self.beat.last()
        if not self.steps or (last is not None and began_at - last[0] < EVERY and not last[1].get(LEFT)):
            return {}
        earliest = began_at - LONGEST_REST
        since = max(last[0], earliest) if last is not None else earliest
        counts = {"reminders": 0, "reminders_moot": 0, LEFT: 0}
        known: dict[str, dict[str, Settled]] = {}
        until = began_at
        for passed_at, days, document in self._passed(since, began_at):
            if self.clock() - began_at > BUDGET:
                until, counts[LEFT] = passed_at, 1
                break
            if document.party not in known:
                known[document.party] = self._owed_by(document.party)
            settled = known[document.party].get(document.document_id)
            if settled is None or days_over(document, self.steps, began_at) != days:
                counts["reminders_moot"] += 1
                continue
            self.tell(document.party, overdue_message(settled, days, began_at))
            counts["reminders"] += 1
        self.beat.beat(until, counts)
        return counts

    def _passed(self, since: datetime, until: datetime) -> Iterator[Step]:
        """The invoices that passed a step in this time, in the order in which they did."""
        return merge(*(self._at_step(days, since, until) for days in self.steps), key=lambda step: step[0])

    def _at_step(self, days: int, since: datetime, until: datetime) -> Iterator[Step]:
        late = timedelta(days=days)
        wanted = DocumentFilter(paper=Paper.INVOICE, due_from=since - late, due_before=until - late)
        for document in self.ledger.stream(wanted):
            yield document.due_at + late, days, document

    def _owed_by(self, party: str) -> dict[str, Settled]:
        """What a party may be reminded of; nothing where it asked to be forgotten."""
        return {} if self.tell.is_forgotten(party) else self.open.of_party(party)
