"""Billing a whole period: what has to be answered first, the run over everybody, and its tasks."""

from functions.billing.answers import QuestionsBody, RunBody, TaskBody
from functions.billing.doors.words import CHANGE, LIST
from functions.billing.replies import EVERYBODY
from functions.billing.schemas import (
    QuestionsQuery,
    RunAsked,
    RunQuery,
    TaskAsked,
)
from functions.billing.wiring import Billing
from shared.domain.invoices import Paper
from shared.usecases.draft_invoices import Period
from shared.usecases.run_period import order_in
from shared.web.describe import body_as, describes, query_as
from shared.web.log import log
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply


@describes(query=QuestionsQuery, answers={200: QuestionsBody}, problems=LIST)
def questions(asked: Asked, app: Billing) -> Reply:
    """List what has to be answered before a period can be billed whole, with what to do about each."""
    query = query_as(QuestionsQuery, asked)
    found = app.draft.of_all(Paper.INVOICE if query.side == "charge" else Paper.PAYMENT_ORDER, query.period)
    note_read(app.access, asked, "billing questions", EVERYBODY, app.clock())
    return Reply(200, QuestionsBody.of(found.questions).model_dump_json())


@describes(query=RunQuery, answers={200: RunBody}, problems=LIST)
def show_run(asked: Asked, app: Billing) -> Reply:
    """Show how far a period's run is, read from what was issued."""
    query = query_as(RunQuery, asked)
    return Reply(200, RunBody.of(app.run.progress(Paper(query.paper), Period(query.start, query.end))).model_dump_json())


@describes(body=RunAsked, answers={202: RunBody}, problems=CHANGE)
def start_run(asked: Asked, app: Billing) -> Reply:
    """Issue everybody's drafts of a period by tasks, one for each; started again, it goes on with what is left."""
    wanted = body_as(RunAsked, asked)
    progress = app.run.start(Paper(wanted.paper), Period(wanted.start, wanted.end), asked.caller)
    return Reply(202, RunBody.of(progress).model_dump_json())


@describes(body=TaskAsked, answers={200: TaskBody}, problems=(401, 403, 409, 422, 503), is_internal=True)
def issue_task(asked: Asked, app: Billing) -> Reply:
    """Issue what one task of a run was planned for; a draft that changed since is left to a person."""
    order = order_in(body_as(TaskAsked, asked).order)
    numbers = [each.number for each in app.run.one(order)]
    log("INFO" if numbers else "WARNING", "issue", asked.trace, digest=order.wanted.digest, numbers=len(numbers))
    return Reply(200, TaskBody(numbers=numbers).model_dump_json())
