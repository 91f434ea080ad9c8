"""A period's run: the drafts of many parties become documents, one task for each, that may be killed and started again.

A run stores nothing of its own. What is done is what was issued, what is left is what would still be drafted; so starting it
again plans exactly what is left.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from shared.billing_ports import DocumentFilter, Ledger
from shared.domain.accounts import Caller
from shared.domain.charges import Question
from shared.domain.errors import InvalidInput, Stale
from shared.domain.ids import stable_id
from shared.domain.invoices import Document, Paper
from shared.domain.money import Money, zero
from shared.ports import Clock, PlannedTask, TaskKind, Tasks
from shared.usecases.draft_invoices import Draft, DraftInvoices, Period
from shared.usecases.issue_documents import IssueDocuments, ToIssue

AT_ONCE = 200
BAD_ORDER = "This is no order of a period's run; start the run again."


@dataclass(frozen=True, slots=True)
class Order:
    """What one task is to issue, and on whose word."""

    wanted: ToIssue
    by: str

    @property
    def text(self) -> str:
        """The order as a task carries it."""
        each = self.wanted
        time = (each.period.start.isoformat(), each.period.end.isoformat())
        return json.dumps([each.party, each.paper.value, each.currency, *time, each.digest, self.by])


def order_in(text: str) -> Order:
    """The order that a task carries; raises `InvalidInput`."""
    try:
        party, paper, currency, start, end, digest, by = json.loads(text)
        period = Period(datetime.fromisoformat(start), datetime.fromisoformat(end))
        return Order(ToIssue(str(party), Paper(paper), str(currency), period, str(digest)), str(by))
    except (ValueError, TypeError, RecursionError) as bad:
        raise InvalidInput("order", BAD_ORDER) from bad


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: what was issued for the period, what is left, and what has to be answered before more can be billed."""

    issued: int
    sums: tuple[Money, ...]
    left: tuple[Draft, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class RunPeriod:
    """Issue everybody's drafts of a period."""

    draft: DraftInvoices
    issue: IssueDocuments
    ledger: Ledger
    tasks: Tasks
    clock: Clock

    def start(self, paper: Paper, period: Period, caller: Caller) -> Progress:
        """Plan one task for each draft; each issues what was drafted now and nothing else. Raises `Unavailable`.

        Whatever was planned before that stays planned; a draft that is issued twice over is issued once.
        """
        progress, now = self.progress(paper, period), self.clock()
        planned = [_planned(Order(_wanted(each), caller.email or caller.subject), now) for each in progress.left]
        for first in range(0, len(planned), AT_ONCE):
            self.tasks.enqueue(planned[first : first + AT_ONCE])
        return progress

    def one(self, order: Order) -> tuple[Document, ...]:
        """What one task does; nothing where the draft has changed since: it is left for somebody to look at.

        Raises `Unavailable`.
        """
        try:
            return self.issue(order.wanted, Caller(order.by, order.by, "system"))
        except Stale:
            return ()

    def progress(self, paper: Paper, period: Period) -> Progress:
        """How far the run is, read from the ledger; raises `Unavailable`."""
        issued, sums = 0, dict[str, Money]()
        for each in self.ledger.stream(DocumentFilter(paper=paper, issued_from=period.start)):
            if (each.period_from, each.period_to) == (period.start, period.end):
                issued += 1
                sums[each.currency] = sums.get(each.currency, zero(each.currency)) + each.gross
        found = self.draft.of_all(paper, period)
        return Progress(issued, tuple(sums[currency] for currency in sorted(sums)), found.drafts, found.questions)


def _wanted(draft: Draft) -> ToIssue:
    return ToIssue(draft.party.email, draft.paper, draft.currency, draft.period, draft.digest)


def _planned(order: Order, now: datetime) -> PlannedTask:
    """The task; its name holds the minute, so that a run which is started again is not taken for the one before."""
    name = stable_id("issue", order.text, now.isoformat(timespec="minutes"))
    return PlannedTask(TaskKind.ISSUE, order.text, now, name)
