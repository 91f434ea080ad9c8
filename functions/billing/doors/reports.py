"""Reports: sums over what was issued."""

from functions.billing import rows
from functions.billing.doors.words import CSV, LIST
from functions.billing.replies import EVERYBODY
from functions.billing.schemas import (
    GroupQuery,
    LinesQuery,
    OutstandingQuery,
    PeriodQuery,
)
from functions.billing.sums import LinesBody, MarginBody, OutstandingBody, PayrollBody, RevenueBody
from functions.billing.wiring import Billing
from shared.domain.invoices import Paper
from shared.usecases.report_money import GroupBy
from shared.usecases.report_outstanding import open_by
from shared.usecases.settle_accounts import owed_in
from shared.web.describe import describes, query_as
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply


@describes(query=GroupQuery, answers={200: RevenueBody}, problems=LIST, other_types=CSV)
def revenue(asked: Asked, app: Billing) -> Reply:
    """Add up what payers were charged in a time, by teacher, student, course or month of issuing."""
    query = query_as(GroupQuery, asked)
    found = app.report.revenue(query.by, query.period)
    if query.format == "csv":
        return rows.as_csv(f"revenue-by-{query.group_by}", rows.REVENUE, rows.of_sums(found))
    return Reply(200, RevenueBody.of(query.group_by, found).model_dump_json())


@describes(query=GroupQuery, answers={200: MarginBody}, problems=LIST, other_types=CSV)
def margin(asked: Asked, app: Billing) -> Reply:
    """Compare what payers were charged with what the staff was ordered to be paid."""
    query = query_as(GroupQuery, asked)
    found = app.report.margin(query.by, query.period)
    if query.format == "csv":
        return rows.as_csv(f"margin-by-{query.group_by}", rows.MARGIN, rows.of_margins(found))
    return Reply(200, MarginBody.of(query.group_by, found).model_dump_json())


@describes(query=PeriodQuery, answers={200: PayrollBody}, problems=LIST, other_types=CSV)
def payroll_report(asked: Asked, app: Billing) -> Reply:
    """Add up what each of the staff was ordered to be paid in a time."""
    query = query_as(PeriodQuery, asked)
    found = app.report.payroll(query.period)
    if query.format == "csv":
        return rows.as_csv("payroll", rows.PAYROLL, rows.of_payroll(found))
    return Reply(200, PayrollBody.of(found).model_dump_json())


@describes(query=OutstandingQuery, answers={200: OutstandingBody}, problems=LIST, other_types=CSV)
def outstanding(asked: Asked, app: Billing) -> Reply:
    """Show what is open of every party, by how long it is over due; and by teacher, student, course or month of issuing."""
    query, now = query_as(OutstandingQuery, asked), app.clock()
    every = tuple(app.settle.every(Paper.INVOICE if query.side == "charge" else Paper.PAYMENT_ORDER))
    sums = open_by((account for _, account in every), GroupBy(query.group_by), now) if query.group_by else ()
    if query.format == "csv" and query.group_by:
        return rows.as_csv(f"outstanding-by-{query.group_by}", rows.OPEN_SUMS, rows.of_open_sums(sums))
    found = (owed for party, account in every for owed in owed_in(party, account, now))
    if query.format == "csv":
        return rows.as_csv("outstanding", rows.OUTSTANDING, rows.of_owed(found))
    return Reply(200, OutstandingBody.of(query.side, found, query.group_by, sums).model_dump_json())


@describes(query=LinesQuery, answers={200: LinesBody}, problems=LIST, other_types=CSV)
def lines_report(asked: Asked, app: Billing) -> Reply:
    """List every line that was issued in a time, with its document, for an accountant's own books."""
    query = query_as(LinesQuery, asked)
    paper = Paper.INVOICE if query.side == "charge" else Paper.PAYMENT_ORDER
    note_read(app.access, asked, "billing lines", EVERYBODY, app.clock())
    if query.format == "csv":
        return rows.as_csv("lines", rows.LINES, rows.of_lines(app.report.lines(query.period, paper)))
    return Reply(200, LinesBody.of(app.report.page(query.period, paper, query.limit, query.page_token)).model_dump_json())
