"""The Financial Hub's doors. Administrators run it; everybody else sees what was issued to them and what they paid."""

from functions.billing import rows
from functions.billing.answers import DocumentBody, DocumentsBody, DraftsBody, IssuedBody, QuestionsBody, RunBody, TaskBody
from functions.billing.payers import (
    AdHocBody,
    AdHocPart,
    AdHocsBody,
    PackagePart,
    PackagesBody,
    PartiesBody,
    PartyBody,
    PartyPart,
    PaymentBody,
    PaymentPart,
    PaymentsBody,
    WithdrawnBody,
)
from functions.billing.rates import AssignmentAsked, AssignmentBody, PlanAsked, PlanBody, PlanPart, PlansBody
from functions.billing.replies import EVERYBODY, document_reply, documents_reply, drafts_reply, key_of, own
from functions.billing.schemas import (
    AdHocAsked,
    DraftsQuery,
    GroupQuery,
    InvoicesQuery,
    IssueAsked,
    ListQuery,
    OutstandingQuery,
    PartiesQuery,
    PartyAsked,
    PartyQuery,
    PaymentAsked,
    PaymentsQuery,
    PayrollQuery,
    PeriodQuery,
    QuestionsQuery,
    RunAsked,
    RunQuery,
    StatementQuery,
    TaskAsked,
    address_in,
)
from functions.billing.sums import MarginBody, OutstandingBody, PayrollBody, RevenueBody, StatementBody
from functions.billing.wiring import Billing
from shared.domain.errors import InvalidInput
from shared.domain.invoices import Paper
from shared.usecases.draft_invoices import Period
from shared.usecases.run_period import order_in
from shared.web.describe import body_as, describes, query_as
from shared.web.log import log
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

LIST, CHANGE = (401, 403, 404, 422, 503), (400, 401, 403, 404, 409, 413, 415, 422, 503)
CSV = {"text/csv": "The same as CSV, one line for each row."}
KEY = {"Idempotency-Key": "Required: any text of 1 to 255 visible characters; the same key and body count once."}


@describes(answers={200: PlansBody}, problems=(401, 403, 503))
def rate_plans(asked: Asked, app: Billing) -> Reply:  # noqa: ARG001 - every door takes both
    """List every version of every rate plan, and what plans are given to."""
    return Reply(200, PlansBody.of(app.show_plans.versions(), app.show_plans.assignments()).model_dump_json())


@describes(body=PlanAsked, answers={201: PlanBody}, problems=CHANGE)
def set_rate_plan(asked: Asked, app: Billing) -> Reply:
    """Set a version of a rate plan for classes to come; what has begun keeps the rates it had."""
    stored = app.plans(body_as(PlanAsked, asked).to_words(), asked.caller)
    return Reply(201, PlanBody(plan=PlanPart.of(stored)).model_dump_json())


@describes(body=AssignmentAsked, answers={201: AssignmentBody}, problems=CHANGE)
def assign_rate_plan(asked: Asked, app: Billing) -> Reply:
    """Give a rate plan to a class, a student, a course or everything, or take it back; for classes to come."""
    given = app.plans.assign(body_as(AssignmentAsked, asked).to_words(), asked.caller)
    return Reply(201, AssignmentBody.of(given).model_dump_json())


@describes(query=PartiesQuery, answers={200: PartiesBody}, problems=LIST)
def list_parties(asked: Asked, app: Billing) -> Reply:
    """List who pays and who is paid, by address."""
    query = query_as(PartiesQuery, asked)
    return Reply(200, PartiesBody.of(app.parties.page(query.limit, query.page_token)).model_dump_json())


@describes(body=PartyAsked, answers={200: PartyBody}, problems=CHANGE)
def put_party(asked: Asked, app: Billing) -> Reply:
    """Enter a party, or change one; what is billed already stays with whom it was billed to."""
    email = address_in(asked.path["email"])
    if email is None:
        raise InvalidInput("email", "This is no e-mail address; write one like ada@school.example.")
    party = app.parties.enter(body_as(PartyAsked, asked).to_words(email))
    return Reply(200, PartyBody(party=PartyPart.model_validate(party)).model_dump_json())


@describes(query=DraftsQuery, answers={200: DraftsBody}, problems=LIST, other_types=CSV)
def invoice_drafts(asked: Asked, app: Billing) -> Reply:
    """Draft the invoices of a period, of one payer or of all, with what has to be answered first; nothing is stored."""
    query = query_as(DraftsQuery, asked)
    return drafts_reply(asked, app, query, Paper.INVOICE, query.payer)


@describes(query=PayrollQuery, answers={200: DraftsBody}, problems=LIST, other_types=CSV)
def payroll_drafts(asked: Asked, app: Billing) -> Reply:
    """Draft the payment orders of a period, of one teacher or of all; nothing is stored."""
    query = query_as(PayrollQuery, asked)
    return drafts_reply(asked, app, query, Paper.PAYMENT_ORDER, query.teacher)


@describes(body=IssueAsked, answers={201: IssuedBody}, problems=CHANGE)
def issue_invoice(asked: Asked, app: Billing) -> Reply:
    """Issue the invoice that was reviewed, named by its digest; refused where the draft has changed since."""
    issued = app.issue(body_as(IssueAsked, asked).to_words(Paper.INVOICE), asked.caller)
    return Reply(201, IssuedBody.of(*issued).model_dump_json())


@describes(body=IssueAsked, answers={201: IssuedBody}, problems=CHANGE)
def issue_payment_order(asked: Asked, app: Billing) -> Reply:
    """Issue the payment order that was reviewed, named by its digest; refused where the draft has changed since."""
    issued = app.issue(body_as(IssueAsked, asked).to_words(Paper.PAYMENT_ORDER), asked.caller)
    return Reply(201, IssuedBody.of(*issued).model_dump_json())


@describes(query=InvoicesQuery, answers={200: DocumentsBody}, problems=LIST, other_types=CSV)
def list_invoices(asked: Asked, app: Billing) -> Reply:
    """List invoices or credit notes, the newest first, those that were issued to the caller."""
    query = query_as(InvoicesQuery, asked)
    return documents_reply(asked, app, query, Paper(query.paper))


@describes(query=ListQuery, answers={200: DocumentsBody}, problems=LIST, other_types=CSV)
def list_payroll(asked: Asked, app: Billing) -> Reply:
    """List payment orders, the newest first, the caller's own."""
    return documents_reply(asked, app, query_as(ListQuery, asked), Paper.PAYMENT_ORDER)


@describes(answers={200: DocumentBody}, problems=(401, 404, 503))
def get_invoice(asked: Asked, app: Billing) -> Reply:
    """Show an invoice or credit note with the evidence of each line: times, sources, match, overrides, policy version."""
    return document_reply(asked, app)


@describes(answers={200: DocumentBody}, problems=(401, 404, 503))
def get_payment_order(asked: Asked, app: Billing) -> Reply:
    """Show a payment order with the evidence of each line, to whom it is for."""
    return document_reply(asked, app)


@describes(answers={200: IssuedBody}, problems=CHANGE)
def void_invoice(asked: Asked, app: Billing) -> Reply:
    """Take an invoice back whole by a credit note; its classes can be billed again."""
    return Reply(200, IssuedBody.of(app.issue.void(asked.path["document_id"], asked.caller)).model_dump_json())


@describes(answers={200: IssuedBody}, problems=CHANGE)
def void_payment_order(asked: Asked, app: Billing) -> Reply:
    """Take a payment order back whole by a credit note; its classes can be paid again."""
    return Reply(200, IssuedBody.of(app.issue.void(asked.path["document_id"], asked.caller)).model_dump_json())


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


@describes(query=QuestionsQuery, answers={200: QuestionsBody}, problems=LIST)
def questions(asked: Asked, app: Billing) -> Reply:
    """List what has to be answered before a period can be billed whole, with what to do about each."""
    query = query_as(QuestionsQuery, asked)
    found = app.draft.of_all(Paper.INVOICE if query.side == "charge" else Paper.PAYMENT_ORDER, query.period)
    note_read(app.access, asked, "billing questions", EVERYBODY, app.clock())
    return Reply(200, QuestionsBody.of(found.questions).model_dump_json())


@describes(query=PaymentsQuery, answers={200: PaymentsBody}, problems=LIST, other_types=CSV)
def list_payments(asked: Asked, app: Billing) -> Reply:
    """List payments, the newest first, the caller's own."""
    query = query_as(PaymentsQuery, asked)
    if query.format == "csv":
        return rows.as_csv("payments", rows.PAYMENTS, rows.of_payments(app.show.all_paid(query.party, asked.caller)))
    page = app.show.paid(query.party, query.limit, query.page_token, asked.caller)
    return Reply(200, PaymentsBody.of(page).model_dump_json())


@describes(body=PaymentAsked, answers={201: PaymentBody}, problems=CHANGE, headers=KEY)
def record_payment(asked: Asked, app: Billing) -> Reply:
    """Record a payment by hand; the same Idempotency-Key counts once for a party."""
    payment = app.record(body_as(PaymentAsked, asked).to_words(key_of(asked)), asked.caller)
    return Reply(201, PaymentBody(payment=PaymentPart.model_validate(payment)).model_dump_json())


@describes(query=PartyQuery, answers={200: AdHocsBody}, problems=LIST)
def list_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """List what is charged, paid or sold beside classes and waits for the next document."""
    waiting = app.extras.waiting(query_as(PartyQuery, asked).party)
    return Reply(200, AdHocsBody(ad_hoc=[AdHocPart.of(each) for each in waiting]).model_dump_json())


@describes(body=AdHocAsked, answers={201: AdHocBody}, problems=CHANGE, headers=KEY)
def add_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """Charge, pay or take off something beside classes, or sell a package, with the party's next document."""
    added = app.extras(body_as(AdHocAsked, asked).to_words(key_of(asked)), asked.caller)
    return Reply(201, AdHocBody(ad_hoc=AdHocPart.of(added)).model_dump_json())


@describes(answers={200: WithdrawnBody}, problems=(401, 403, 404, 503))
def withdraw_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """Withdraw something that waits for a document."""
    app.extras.withdraw(asked.path["ad_hoc_id"])
    return Reply(200, WithdrawnBody().model_dump_json())


@describes(query=PartyQuery, answers={200: PackagesBody}, problems=LIST)
def list_packages(asked: Asked, app: Billing) -> Reply:
    """Show a party's packages with what is used and left, the caller's own."""
    party = own(asked, query_as(PartyQuery, asked).party or asked.caller.email)
    return Reply(200, PackagesBody(packages=[PackagePart.of(each) for each in app.extras.balances(party)]).model_dump_json())


@describes(query=StatementQuery, answers={200: StatementBody}, problems=LIST, other_types=CSV)
def statement(asked: Asked, app: Billing) -> Reply:
    """Show what was issued to a party and paid, with the balance after each, and how each document stands."""
    query, payer = query_as(StatementQuery, asked), own(asked, address_in(asked.path["payer"]))
    if (query.start is None) != (query.end is None):
        raise InvalidInput("to", "Give both `from` and `to`, or neither for all of it.")
    period = Period(query.start, query.end) if query.start and query.end else None
    found = app.settle.statements(payer, query.paper, period)
    if query.format == "csv":
        return rows.as_csv("statement", rows.STATEMENT, rows.of_statements(found))
    accounts = app.settle.accounts(payer, query.paper)
    return Reply(200, StatementBody.of(payer, query.side, found, accounts).model_dump_json())


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
    """Show what is open of every party, by how long it is over due."""
    query = query_as(OutstandingQuery, asked)
    found = tuple(app.settle.outstanding(Paper.INVOICE if query.side == "charge" else Paper.PAYMENT_ORDER))
    if query.format == "csv":
        return rows.as_csv("outstanding", rows.OUTSTANDING, rows.of_owed(found))
    return Reply(200, OutstandingBody.of(query.side, found).model_dump_json())
