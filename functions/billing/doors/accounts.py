"""Payments and statements."""

from functions.billing import rows
from functions.billing.doors.words import CHANGE, CSV, KEY, LIST
from functions.billing.payers import (
    PaymentBody,
    PaymentPart,
    PaymentsBody,
)
from functions.billing.replies import key_of, own
from functions.billing.schemas import (
    PaymentAsked,
    PaymentsQuery,
    StatementQuery,
    address_in,
)
from functions.billing.sums import StatementBody
from functions.billing.wiring import Billing
from shared.domain.errors import InvalidInput
from shared.usecases.draft_invoices import Period
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply


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
