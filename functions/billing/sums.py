"""Statements and reports on the wire."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from functions.billing.answers import LinePart, MoneyPart, money
from functions.billing.rates import Shown
from shared.domain.invoices import Document, Line
from shared.domain.payments import Account
from shared.ports import Page
from shared.usecases.report_money import Margin, Payroll, Sum
from shared.usecases.report_outstanding import OpenSum
from shared.usecases.settle_accounts import Owed, Statement
from shared.web.fields import Answer, Instant


class EntryPart(Shown):
    """One line of a statement; `balance` is what is owed after it."""

    at: Instant
    what: str
    number: str | None
    amount: MoneyPart
    balance: MoneyPart


class StatementPart(Shown):
    """Everything that was issued and paid in a time, in one currency."""

    currency: str
    opening: MoneyPart
    entries: list[EntryPart]
    closing: MoneyPart


class StandingPart(Answer):
    """How a document stands as of now."""

    document_id: str
    number: str
    due_at: Instant
    gross: MoneyPart
    paid: MoneyPart
    open: MoneyPart
    standing: str


class AccountPart(Answer):
    """How the documents of one currency stand as of now; `credit` was paid beyond them, `balance` is owed in the end."""

    currency: str
    open: MoneyPart
    credit: MoneyPart
    balance: MoneyPart
    documents: list[StandingPart]

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account on the wire."""
        return cls(
            currency=account.credit.currency,
            open=money(account.open),
            credit=money(account.credit),
            balance=money(account.balance),
            documents=[
                StandingPart(
                    document_id=each.document.document_id,
                    number=each.document.number,
                    due_at=each.document.due_at,
                    gross=money(each.document.gross),
                    paid=money(each.paid),
                    open=money(each.open),
                    standing=each.standing,
                )
                for each in account.documents
            ],
        )


class StatementBody(Answer):
    """A party's statements and accounts of one side, one for each currency."""

    party: str
    side: str
    statements: list[StatementPart]
    accounts: list[AccountPart]

    @classmethod
    def of(cls, party: str, side: str, statements: Sequence[Statement], accounts: Sequence[Account]) -> Self:
        """The statements on the wire."""
        told = [StatementPart.model_validate(each) for each in statements]
        return cls(party=party, side=side, statements=told, accounts=[AccountPart.of(each) for each in accounts])


class SumPart(Shown):
    """One row of a report, without tax; the key of what belongs to none is null."""

    key: str | None
    net: MoneyPart
    lines: int


class RevenueBody(Answer):
    """What payers were charged, by teacher, student, course or month."""

    group_by: str
    rows: list[SumPart]

    @classmethod
    def of(cls, group_by: str, rows: Iterable[Sum]) -> Self:
        """The report on the wire."""
        return cls(group_by=group_by, rows=[SumPart.model_validate(each) for each in rows])


class MarginPart(Shown):
    """What was charged, what was paid for it, and what is left."""

    key: str | None
    charged: MoneyPart
    paid: MoneyPart
    margin: MoneyPart


class MarginBody(Answer):
    """What is left of what was charged when the staff is paid."""

    group_by: str
    rows: list[MarginPart]

    @classmethod
    def of(cls, group_by: str, rows: Iterable[Margin]) -> Self:
        """The report on the wire."""
        return cls(group_by=group_by, rows=[MarginPart.model_validate(each) for each in rows])


class BookedPart(LinePart):
    """A line with the document that it stands on."""

    document_id: str
    number: str
    paper: str
    party: str
    issued_at: Instant


class LinesBody(Answer):
    """Every line that was issued in a time, the newest document first."""

    lines: list[BookedPart]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Document]) -> Self:
        """The lines of a page of documents on the wire."""
        told = [BookedPart.model_validate(_booked(each, line)) for each in page.items for line in each.lines]
        return cls(lines=told, next_page_token=page.next_token)


class PayrollPart(Shown):
    """What one of the staff was ordered to be paid, in how many documents."""

    teacher: str
    net: MoneyPart
    documents: int


class PayrollBody(Answer):
    """What the staff was ordered to be paid."""

    rows: list[PayrollPart]

    @classmethod
    def of(cls, rows: Iterable[Payroll]) -> Self:
        """The report on the wire."""
        return cls(rows=[PayrollPart.model_validate(each) for each in rows])


class AgedPart(Answer):
    """What is open by how long it is over due."""

    not_due: MoneyPart
    up_to_30_days: MoneyPart
    up_to_60_days: MoneyPart
    up_to_90_days: MoneyPart
    over_90_days: MoneyPart


class OwedPart(Answer):
    """What is open of one party in one currency."""

    party: str
    currency: str
    open: MoneyPart
    credit: MoneyPart
    aged: AgedPart

    @classmethod
    def of(cls, owed: Owed) -> Self:
        """The row on the wire."""
        ages = dict(zip(AgedPart.model_fields, (money(each) for each in owed.aged), strict=True))
        told = AgedPart.model_validate(ages)
        return cls(party=owed.party, currency=owed.currency, open=money(owed.open), credit=money(owed.credit), aged=told)


class OpenSumPart(Shown):
    """What is open of a teacher, student, course or month of issuing, tax included; the key of what belongs to none is null."""

    key: str | None
    open: MoneyPart
    overdue: MoneyPart


class OutstandingBody(Answer):
    """What is open of every party; and by what was asked for, none where nothing was."""

    side: str
    rows: list[OwedPart]
    group_by: str | None
    sums: list[OpenSumPart]

    @classmethod
    def of(cls, side: str, rows: Iterable[Owed], group_by: str | None, sums: Iterable[OpenSum]) -> Self:
        """The report on the wire."""
        told = [OpenSumPart.model_validate(each) for each in sums]
        return cls(side=side, rows=[OwedPart.of(each) for each in rows], group_by=group_by, sums=told)


def _booked(document: Document, line: Line) -> dict[str, Any]:
    head = {name: getattr(document, name) for name in ("document_id", "number", "paper", "party", "issued_at")}
    return {**LinePart.model_validate(line).model_dump(exclude={"evidence"}), **head}
