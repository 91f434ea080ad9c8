"""What the Financial Hub is asked, on the wire. Money is whole minor units of a currency, never a number with a point."""

from typing import Annotated, Literal

from pydantic import Field

from functions.billing.rates import Currency
from shared.billing_ports import DocumentFilter
from shared.domain.invoices import Paper
from shared.domain.money import MOST, Money
from shared.usecases.draft_invoices import Period
from shared.usecases.enter_party import ToAdd, ToEnter, ToSell
from shared.usecases.issue_documents import ToIssue
from shared.usecases.list_documents import Wanted
from shared.usecases.record_payment import ToRecord
from shared.usecases.report_money import GroupBy
from shared.web.checks import email as checked_email
from shared.web.fields import Asked, Email, Id, Instant, Key, Lines, Text

Format = Literal["json", "csv"]
Limit = Annotated[int, Field(ge=1, le=500)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
From = Annotated[Instant, Field(alias="from")]
To = Annotated[Instant, Field(alias="to")]


class MoneyAsked(Asked):
    """An amount in whole minor units; negative goes the other way."""

    amount_minor: Annotated[int, Field(ge=-MOST, le=MOST, strict=True)]
    currency: Currency

    def to_words(self) -> Money:
        """The amount in the words of the domain."""
        return Money(self.amount_minor, self.currency)


class PeriodQuery(Asked):
    """A time from `from` on and before `to`."""

    start: From
    end: To
    format: Format = "json"

    @property
    def period(self) -> Period:
        """The time in the words of the story; raises `InvalidInput`."""
        return Period(self.start, self.end)


class DraftsQuery(PeriodQuery):
    """Whose invoices to draft; left out, everybody's."""

    payer: Email | None = None


class PayrollQuery(PeriodQuery):
    """Whose payment order to draft; left out, everybody's."""

    teacher: Email | None = None


class QuestionsQuery(PeriodQuery):
    """About which side to ask: what is charged, or what is paid."""

    side: Literal["charge", "pay"] = "charge"


class GroupQuery(PeriodQuery):
    """By what to add up."""

    group_by: Literal["teacher", "student", "course", "month"] = "teacher"

    @property
    def by(self) -> GroupBy:
        """The grouping in the words of the story."""
        return GroupBy(self.group_by)


class LinesQuery(QuestionsQuery):
    """Which side's lines; a page holds the lines of `limit` documents, CSV all of them."""

    limit: Limit = 100
    page_token: Id | None = None


class FormatQuery(Asked):
    """JSON, or CSV for a spreadsheet."""

    format: Format = "json"


class StatementQuery(FormatQuery):
    """Which time; left out, all of it. `side` is what a payer owes (`charge`), or what somebody of the staff earned (`pay`)."""

    start: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None
    side: Literal["charge", "pay"] = "charge"

    @property
    def paper(self) -> Paper:
        """The side in the words of the story."""
        return Paper.INVOICE if self.side == "charge" else Paper.PAYMENT_ORDER


class ListQuery(FormatQuery):
    """Which page of a list; `from` and `to` are about when it was issued. CSV is the whole list.

    `standing` keeps what stands like that: `open` is all of which something is left to pay, `overdue` what of it is past its day.
    """

    party: Email | None = None
    standing: Wanted | None = None
    start: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None
    limit: Limit = 100
    page_token: Id | None = None

    def to_filter(self, paper: Paper) -> DocumentFilter:
        """The request in the words of the port."""
        return DocumentFilter(self.party, paper, self.start, self.end)


class InvoicesQuery(ListQuery):
    """Invoices, or the credit notes that took documents back."""

    paper: Literal["invoice", "credit_note"] = "invoice"


class PaymentsQuery(FormatQuery):
    """Whose payments; left out, everybody's to an administrator and the own ones to others."""

    party: Email | None = None
    limit: Limit = 100
    page_token: Id | None = None


class OutstandingQuery(FormatQuery):
    """What payers owe (`charge`), or what staff is still to be paid (`pay`); `group_by` asks for its sums by that, too.

    CSV holds the parties, or with `group_by` the sums.
    """

    side: Literal["charge", "pay"] = "charge"
    group_by: Literal["teacher", "student", "course", "month"] | None = None


class PartiesQuery(FormatQuery):
    """Which page of the parties; CSV is all of them."""

    limit: Limit = 100
    page_token: Id | None = None


class PartyQuery(Asked):
    """Whose; left out, the caller's."""

    party: Email | None = None


class PartyAsked(Asked):
    """Who pays or is paid, in which currency; the students whose bills go there, the one who pays in full first."""

    currency: Currency
    name: Text | None = None
    postal_address: Lines | None = None
    students: Annotated[tuple[Email, ...], Field(max_length=50)] = ()
    due_days: Annotated[int, Field(ge=0, le=365, strict=True)] = 14

    def to_words(self, email: str) -> ToEnter:
        """The request in the words of the story."""
        return ToEnter(email, self.currency, self.name, self.postal_address, self.students, self.due_days)


class IssueAsked(Asked):
    """The draft that was reviewed, by its `digest`."""

    party: Email
    start: From
    end: To
    currency: Currency
    digest: Digest

    def to_words(self, paper: Paper) -> ToIssue:
        """The request in the words of the story; raises `InvalidInput`."""
        return ToIssue(self.party, paper, self.currency, Period(self.start, self.end), self.digest)


class RunAsked(Asked):
    """Which period to bill, for everybody."""

    paper: Literal["invoice", "payment_order"] = "invoice"
    start: From
    end: To


class RunQuery(RunAsked):
    """Which run to look at."""


class TaskAsked(Asked):
    """One task of a run."""

    order: Annotated[str, Field(min_length=1, max_length=4000)]


class PaymentAsked(Asked):
    """A payment; `number` names the document that it is for, otherwise it pays the oldest. Negative is paid back."""

    party: Email
    amount: MoneyAsked
    received_at: Instant | None = None
    method: Key = "bank"
    number: Key | None = None
    reference: Text | None = None

    def to_words(self, key: str) -> ToRecord:
        """The request in the words of the story."""
        amount = self.amount.to_words()
        return ToRecord(self.party, key, amount, self.received_at, self.method, self.number, self.reference)


class PackageAsked(Asked):
    """Lessons that are paid for before: for one student or any of the payer's, for one course or any."""

    lessons: Annotated[int, Field(ge=1, le=1000, strict=True)]
    student: Email | None = None
    course_id: Key | None = None
    good_days: Annotated[int, Field(ge=1, le=3650, strict=True)] | None = None
    good_from: Instant | None = None


class AdHocAsked(Asked):
    """Something beside classes, for the next invoice or payment order; negative takes off. With `package` it sells lessons."""

    party: Email
    description: Text
    net: MoneyAsked
    tax_basis_points: Annotated[int, Field(ge=0, le=10_000, strict=True)] = 0
    paper: Literal["invoice", "payment_order"] = "invoice"
    package: PackageAsked | None = None

    def to_words(self, key: str) -> ToAdd:
        """The request in the words of the story."""
        sold = self.package
        package = ToSell(sold.lessons, sold.student, sold.course_id, sold.good_days, sold.good_from) if sold else None
        net = self.net.to_words()
        return ToAdd(self.party, key, self.description, net, self.tax_basis_points, Paper(self.paper), package)


class ShareAsked(Asked):
    """For how many hours the link is good."""

    hours: Annotated[int, Field(ge=1, le=720, strict=True)] = 168


class SharedQuery(Asked):
    """The document as PDF, or as JSON with the evidence of its lines."""

    format: Literal["pdf", "json"] = "pdf"


def address_in(text: str) -> str | None:
    """The address in a path; None for what is none, which nobody has."""
    try:
        return checked_email(text)
    except ValueError:
        return None
