"""Lists as CSV: a header for each, and one line for each row. Amounts are whole minor units beside their currency."""

from collections.abc import Iterable, Iterator

from shared.billing_ports import Party
from shared.domain.invoices import Document, Line
from shared.domain.payments import Payment
from shared.domain.rate_plans import RatePlan
from shared.usecases.draft_invoices import Draft
from shared.usecases.list_documents import Listed
from shared.usecases.report_money import Margin, Payroll, Sum
from shared.usecases.report_outstanding import OpenSum
from shared.usecases.settle_accounts import Owed, Statement
from shared.web.checks import rfc3339
from shared.web.csv_stream import csv_stream
from shared.web.routes import Reply

Row = tuple[object, ...]
DRAFTS = (
    "party", "paper", "digest", "kind", "description", "person", "teacher_email", "course_id", "session_id", "start_at",
    "net_minor", "currency", "tax_basis_points", "how", "corrects", "cause",
)  # fmt: skip
DOCUMENTS = (
    "number", "paper", "party", "period_from", "period_to", "issued_at", "due_at", "net_minor", "gross_minor", "currency",
    "cancels", "content_hash", "standing", "paid_minor", "open_minor", "timezone",
)  # fmt: skip
LINES = (
    "number", "paper", "party", "issued_at", "kind", "description", "person", "teacher_email", "course_id", "session_id",
    "start_at", "net_minor", "currency", "tax_basis_points", "how", "plan_id", "plan_version", "package_id", "corrects", "cause",
)  # fmt: skip
PLANS = (
    "plan_id", "version", "name", "effective_from", "side", "per", "among", "minutes", "step_minutes", "rounding",
    "least_minutes", "most_minutes", "currency", "rate_minor", "minimum_minor", "cap_minor", "sibling_percent",
    "tax_basis_points", "makeup_days", "by", "reason",
)  # fmt: skip
PARTIES = ("email", "name", "currency", "students", "due_days", "postal_address")
PAYMENTS = ("payment_id", "party", "amount_minor", "currency", "received_at", "method", "number", "reference")
STATEMENT = ("party", "at", "what", "number", "amount_minor", "balance_minor", "currency")
REVENUE = ("key", "net_minor", "currency", "lines")
MARGIN = ("key", "charged_minor", "paid_minor", "margin_minor", "currency")
OPEN_SUMS = ("key", "open_minor", "overdue_minor", "currency")
PAYROLL = ("teacher", "net_minor", "currency", "documents")
OUTSTANDING = (
    "party", "open_minor", "credit_minor", "currency", "not_due_minor", "up_to_30_days_minor", "up_to_60_days_minor",
    "up_to_90_days_minor", "over_90_days_minor",
)  # fmt: skip


def as_csv(name: str, header: Row, rows: Iterable[Row]) -> Reply:
    """A list as a file for a spreadsheet, written while it is sent."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Reply(200, csv_stream([str(each) for each in header], rows), "text/csv; charset=utf-8", disposition)


def of_drafts(drafts: Iterable[Draft]) -> Iterator[Row]:
    """One row for each line."""
    for draft in drafts:
        digest = draft.digest
        for line in draft.lines:
            start = rfc3339(line.start_at) if line.start_at else None
            about = (line.person, line.teacher_email, line.course_id, line.session_id, start)
            amount = (line.net.amount_minor, line.net.currency, line.tax_basis_points)
            why = (line.how, line.corrects, line.cause)
            yield (draft.party.email, draft.paper.value, digest, line.kind.value, line.description, *about, *amount, *why)


def of_lines(lines: Iterable[tuple[Document, Line]]) -> Iterator[Row]:
    """One row for each line, for an accountant's own books."""
    for each, line in lines:
        start = rfc3339(line.start_at) if line.start_at else None
        head = (each.number, each.paper.value, each.party, rfc3339(each.issued_at), line.kind.value, line.description)
        about = (line.person, line.teacher_email, line.course_id, line.session_id, start)
        amount = (line.net.amount_minor, line.net.currency, line.tax_basis_points, line.how, line.plan_id, line.plan_version)
        yield (*head, *about, *amount, line.package_id, line.corrects, line.cause)


def of_plans(plans: Iterable[RatePlan]) -> Iterator[Row]:
    """One row for each version, side and currency."""
    for each in plans:
        head = (each.plan_id, each.version, each.name, rfc3339(each.effective_from))
        terms = (each.sibling_percent, each.tax_basis_points, each.makeup_days, each.by, each.reason)
        for side, rate in (("charge", each.charge), ("pay", each.pay)):
            how = (side, rate.per.value, rate.among.value, rate.minutes.value, rate.step_minutes, rate.rounding.value)
            bounds = (rate.least_minutes, rate.most_minutes)
            for price in rate.prices:
                yield (*head, *how, *bounds, price.currency, price.rate_minor, price.minimum_minor, price.cap_minor, *terms)


def of_parties(parties: Iterable[Party]) -> Iterator[Row]:
    """One row for each party."""
    for each in parties:
        yield (each.email, each.name, each.currency, " ".join(each.students), each.due_days, each.postal_address)


def of_documents(documents: Iterable[Listed]) -> Iterator[Row]:
    """One row for each document. Times are in UTC; `timezone` is the zone in which its paper tells them."""
    for row in documents:
        each, how = row.document, row.how
        times = tuple(rfc3339(at) for at in (each.period_from, each.period_to, each.issued_at, each.due_at))
        sums = (each.net.amount_minor, each.gross.amount_minor, each.currency)
        stands = (how.standing.value, how.paid.amount_minor, how.open.amount_minor) if how else (None, None, None)
        head = (each.number, each.paper.value, each.party)
        yield (*head, *times, *sums, each.cancels, each.content_hash, *stands, each.timezone or "UTC")


def of_payments(payments: Iterable[Payment]) -> Iterator[Row]:
    """One row for each payment."""
    for each in payments:
        amount = (each.amount.amount_minor, each.amount.currency, rfc3339(each.received_at))
        yield (each.payment_id, each.party, *amount, each.method, each.number, each.reference)


def of_statements(statements: Iterable[Statement]) -> Iterator[Row]:
    """One row for each entry."""
    for statement in statements:
        for each in statement.entries:
            amounts = (each.amount.amount_minor, each.balance.amount_minor, statement.currency)
            yield (statement.party, rfc3339(each.at), each.what, each.number, *amounts)


def of_sums(rows: Iterable[Sum]) -> Iterator[Row]:
    """One row for each sum."""
    return ((each.key, each.net.amount_minor, each.net.currency, each.lines) for each in rows)


def of_margins(rows: Iterable[Margin]) -> Iterator[Row]:
    """One row for each margin."""
    for each in rows:
        amounts = (each.charged.amount_minor, each.paid.amount_minor, each.margin.amount_minor)
        yield (each.key, *amounts, each.charged.currency)


def of_payroll(rows: Iterable[Payroll]) -> Iterator[Row]:
    """One row for each of the staff."""
    return ((each.teacher, each.net.amount_minor, each.net.currency, each.documents) for each in rows)


def of_owed(rows: Iterable[Owed]) -> Iterator[Row]:
    """One row for each party and currency."""
    for each in rows:
        ages = (age.amount_minor for age in each.aged)
        yield (each.party, each.open.amount_minor, each.credit.amount_minor, each.currency, *ages)


def of_open_sums(rows: Iterable[OpenSum]) -> Iterator[Row]:
    """One row for each sum of what is open."""
    return ((each.key, each.open.amount_minor, each.overdue.amount_minor, each.open.currency) for each in rows)
