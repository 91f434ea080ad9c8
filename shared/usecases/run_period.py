"""A period's run: the drafts of many parties become documents, one task for each, that may be killed and started again.

A start drafts everybody once, notes what it plans, and plans it. What is done is what was issued, so starting it again plans
exactly what is left, and how far it is costs no more than reading what was issued since.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from shared.billing_ports import DocumentFilter, Ledger, PlannedDraft, Run, Runs, run_id_of
from shared.domain.accounts import Caller
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
    """How far a run is: what was issued for the period, what of the last start's drafts is not, and how it was started.

    A draft that stays left has changed since the start: it waits for somebody to look at it. `questions` were open at the start.
    """

    issued: int
    sums: tuple[Money, ...]
    left: tuple[PlannedDraft, ...]
    planned: int
    questions: int
    started_at: datetime | None


@dataclass(frozen=True)
class RunPeriod:
    """Issue everybody's drafts of a period."""

    draft: DraftInvoices
    issue: IssueDocuments
    ledger: Ledger
    runs: Runs
    tasks: Tasks
    clock: Clock

    def start(self, paper: Paper, period: Period, caller: Caller) -> Progress:
        """Plan one task for each draft; each issues what was drafted now and nothing else. Raises `Unavailable`.

        Whatever was planned before that stays planned; a draft that is issued twice over is issued once.
        """
        found, now, by = self.draft.of_all(paper, period), self.clock(), caller.email or caller.subject
        drafts = tuple(PlannedDraft(each.party.email, each.digest, each.document.gross) for each in found.drafts)
        self.runs.put(Run(paper, period.start, period.end, now, by, drafts, len(found.questions)))
        planned = [_planned(Order(_wanted(each), by), now) for each in found.drafts]
        for first in range(0, len(planned), AT_ONCE):
            self.tasks.enqueue(planned[first : first + AT_ONCE])
        return self.progress(paper, period)

    def one(self, order: Order) -> tuple[Document, ...]:
        """What one task does; nothing where the draft has changed since: it is left for somebody to look at.

        Raises `Unavailable`.
        """
        try:
            return self.issue(order.wanted, Caller(order.by, order.by, "system"))
        except Stale:
            return ()

    def progress(self, paper: Paper, period: Period) -> Progress:
        """How far the run is, read from what was planned and what was issued; raises `Unavailable`."""
        run = self.runs.get(run_id_of(paper, period.start, period.end))
        sums, done, issued = dict[str, Money](), set[tuple[str, str]](), 0
        for each in self.ledger.stream(DocumentFilter(paper=paper, issued_from=period.start)):
            if (each.period_from, each.period_to) != (period.start, period.end):
                continue
            issued += 1
            sums[each.currency] = sums.get(each.currency, zero(each.currency)) + each.gross
            if run is not None and each.issued_at >= run.started_at:
                done.add((each.party, each.currency))
        planned = run.drafts if run is not None else ()
        return Progress(
            issued,
            tuple(sums[currency] for currency in sorted(sums)),
            tuple(each for each in planned if (each.party, each.gross.currency) not in done),
            len(planned),
            run.questions if run is not None else 0,
            run.started_at if run is not None else None,
        )


def _wanted(draft: Draft) -> ToIssue:
    return ToIssue(draft.party.email, draft.paper, draft.currency, draft.period, draft.digest)


def _planned(order: Order, now: datetime) -> PlannedTask:
    """The task; its name holds the minute, so that a run which is started again is not taken for the one before."""
    name = stable_id("issue", order.text, now.isoformat(timespec="minutes"))
    return PlannedTask(TaskKind.ISSUE, order.text, now, name)
