"""What the Financial Hub answers about parties, payments, what waits for a document, and packages, on the wire."""

from typing import Annotated, Self

from pydantic import Field

from functions.billing.answers import MoneyPart, money
from functions.billing.rates import Shown
from shared.billing_ports import AdHoc, Party
from shared.domain.payments import Payment
from shared.ports import Page
from shared.usecases.enter_party import Balance
from shared.web.fields import Answer, Instant


class PartyPart(Shown):
    """Who pays or is paid."""

    email: str
    currency: str
    name: str | None
    postal_address: str | None
    students: list[str]
    due_days: int


class PartyBody(Answer):
    """A party."""

    party: PartyPart


class PartiesBody(Answer):
    """One page of parties, by address."""

    parties: list[PartyPart]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Party]) -> Self:
        """The page on the wire."""
        return cls(parties=[PartyPart.model_validate(each) for each in page.items], next_page_token=page.next_token)


class PaymentPart(Shown):
    """A payment; negative was paid back."""

    payment_id: str
    party: str
    amount: MoneyPart
    received_at: Instant
    method: str
    number: str | None
    reference: str | None


class PaymentBody(Answer):
    """A payment."""

    payment: PaymentPart


class PaymentsBody(Answer):
    """One page of payments, the newest first."""

    payments: list[PaymentPart]
    next_page_token: str | None

    @classmethod
    def of(cls, page: Page[Payment]) -> Self:
        """The page on the wire."""
        return cls(payments=[PaymentPart.model_validate(each) for each in page.items], next_page_token=page.next_token)


class AdHocPart(Answer):
    """Something beside classes that waits for the party's next document."""

    ad_hoc_id: str
    party: str
    paper: str
    description: str
    net: MoneyPart
    tax_basis_points: int
    at: Instant
    by: str
    lessons: Annotated[int | None, Field(description="How many lessons it sells; null where it is no package.")]

    @classmethod
    def of(cls, ad_hoc: AdHoc) -> Self:
        """The row on the wire."""
        return cls(
            ad_hoc_id=ad_hoc.ad_hoc_id,
            party=ad_hoc.party,
            paper=ad_hoc.paper,
            description=ad_hoc.line.description,
            net=money(ad_hoc.line.net),
            tax_basis_points=ad_hoc.line.tax_basis_points,
            at=ad_hoc.at,
            by=ad_hoc.by,
            lessons=ad_hoc.package.lessons if ad_hoc.package else None,
        )


class AdHocBody(Answer):
    """What waits for the party's next document."""

    ad_hoc: AdHocPart


class AdHocsBody(Answer):
    """Everything that waits for a document."""

    ad_hoc: list[AdHocPart]


class WithdrawnBody(Answer):
    """It waits no more."""

    success: bool = True


class PackagePart(Answer):
    """Lessons that were paid for before or are to be made up, used and left; `worth` is the most that one pays of a class."""

    package_id: str
    name: str
    currency: str
    student: str | None
    course_id: str | None
    bought_at: Instant
    good_until: Instant | None
    lessons: int
    used: int
    left: int
    is_taken_back: bool
    worth: MoneyPart | None

    @classmethod
    def of(cls, balance: Balance) -> Self:
        """The package on the wire."""
        each = balance.package
        return cls(
            package_id=each.package_id,
            name=each.name,
            currency=each.currency,
            student=each.student,
            course_id=each.course_id,
            bought_at=each.bought_at,
            good_until=each.good_until,
            lessons=each.lessons,
            used=balance.used,
            left=balance.left,
            is_taken_back=balance.is_taken_back,
            worth=None if each.worth_minor is None else MoneyPart(amount_minor=each.worth_minor, currency=each.currency),
        )


class PackagesBody(Answer):
    """A party's packages, the oldest first."""

    packages: list[PackagePart]
