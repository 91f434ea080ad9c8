"""Invoices, credit notes and payment orders, from draft to void."""

from functions.billing.answers import DocumentBody, DocumentsBody, DraftsBody, IssuedBody
from functions.billing.doors.words import CHANGE, CSV, LIST
from functions.billing.replies import document_reply, documents_reply, drafts_reply
from functions.billing.schemas import (
    DraftsQuery,
    InvoicesQuery,
    IssueAsked,
    ListQuery,
    PayrollQuery,
)
from functions.billing.wiring import Billing
from shared.domain.invoices import Paper
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply


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
    return document_reply(asked, app, Paper.INVOICE)


@describes(answers={200: DocumentBody}, problems=(401, 404, 503))
def get_payment_order(asked: Asked, app: Billing) -> Reply:
    """Show a payment order with the evidence of each line, to whom it is for."""
    return document_reply(asked, app, Paper.PAYMENT_ORDER)


@describes(answers={200: IssuedBody}, problems=CHANGE)
def void_invoice(asked: Asked, app: Billing) -> Reply:
    """Take an invoice back whole by a credit note; its classes can be billed again."""
    return _voided(asked, app, Paper.INVOICE)


@describes(answers={200: IssuedBody}, problems=CHANGE)
def void_payment_order(asked: Asked, app: Billing) -> Reply:
    """Take a payment order back whole by a credit note; its classes can be paid again."""
    return _voided(asked, app, Paper.PAYMENT_ORDER)


def _voided(asked: Asked, app: Billing, paper: Paper) -> Reply:
    if app.cards is not None:
        app.cards.link.close(asked.path["document_id"])
    note = app.issue.void(asked.path["document_id"], asked.caller, paper)
    return Reply(200, IssuedBody.of(note).model_dump_json())
