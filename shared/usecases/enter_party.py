"""Entering parties: who pays for whom, in which currency; and what is charged, paid or sold beside classes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.billing_ports import AdHoc, Extras, Ledger, Parties, Party
from shared.domain.accounts import Caller
from shared.domain.errors import InvalidInput, KeyReused, NotFound, Stale
from shared.domain.ids import is_id, stable_id
from shared.domain.invoices import Document, Line, LineKind, Paper, reversal_of
from shared.domain.money import MOST, Money, checked_currency
from shared.domain.packages import Package, makeups_of, used_lessons
from shared.ports import Clock, Page
from shared.usecases.draft_invoices import ad_hoc_line_id, of_paper

TRIES = 2
AT_ONCE = 500
STAFF_EARN = "Packages are sold to payers; leave `package` out of what is paid to staff."


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A party as it shall be. The first student pays in full, the others as siblings where the plan says so."""

    email: str
    currency: str
    name: str | None
    postal_address: str | None
    students: tuple[str, ...]
    due_days: int


@dataclass(frozen=True)
class EnterParty:
    """Read and change parties. What is billed stays with whom it was billed to; a change counts for what is not billed yet."""

    parties: Parties

    def page(self, limit: int, token: str | None) -> Page[Party]:
        """One page of parties by address; raises `NotFound` for a foreign token."""
        return self.parties.page(limit, token)

    def every(self) -> Iterator[Party]:
        """All parties, by address; raises `Unavailable`."""
        token = None
        while True:
            page = self.parties.page(AT_ONCE, token)
            yield from page.items
            if (token := page.next_token) is None:
                return

    def enter(self, wanted: ToEnter) -> Party:
        """The party as it is stored; raises `InvalidInput` for a student of another one, `Stale`, `Unavailable`."""
        checked_currency(wanted.currency)
        if len(set(wanted.students)) != len(wanted.students):
            raise InvalidInput("students", "Name each student once.")
        for student, payer in self.parties.of_students(wanted.students).items():
            if payer.email != wanted.email:
                raise InvalidInput("students", f"{payer.email} pays for {student}; take the student off that party first.")
        for _ in range(TRIES):
            before = self.parties.get(wanted.email)
            after = Party(
                email=wanted.email,
                currency=wanted.currency,
                name=wanted.name,
                postal_address=wanted.postal_address,
                students=wanted.students,
                due_days=wanted.due_days,
                rev=before.value.rev if before else 1,
            )
            if before is not None and after == before.value:
                return after
            after = replace(after, rev=before.value.rev + 1 if before else 1)
            if self.parties.save(before, after):
                return after
        raise Stale("Somebody else changed the party at the same time; look again and repeat it.")


@dataclass(frozen=True, slots=True)
class ToSell:
    """Lessons that are paid for before: for one student or any of the payer's, for one course or any."""

    lessons: int
    student: str | None = None
    course_id: str | None = None
    good_days: int | None = None
    good_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToAdd:
    """Something beside classes: what it is called and costs; negative takes off. `key` is the sender's own."""

    party: str
    key: str
    description: str
    net: Money
    tax_basis_points: int = 0
    paper: Paper = Paper.INVOICE
    package: ToSell | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A package, how much of it is used, and whether its sale was taken back."""

    package: Package
    used: int
    is_taken_back: bool

    @property
    def left(self) -> int:
        """The lessons that are left."""
        return 0 if self.is_taken_back else max(0, self.package.lessons - self.used)


@dataclass(frozen=True)
class AddExtras:
    """What waits for a party's next document, and packages."""

    extras: Extras
    ledger: Ledger
    clock: Clock

    def __call__(self, wanted: ToAdd, caller: Caller) -> AdHoc:
        """What is stored under the key: told again it is the same one.

        Raises `InvalidInput`, `KeyReused` where the key came with something else, `Unavailable`.
        """
        self._check(wanted)
        ad_hoc_id, now = stable_id("ad_hoc", wanted.party, wanted.key), self.clock()
        added = AdHoc(
            ad_hoc_id=ad_hoc_id,
            party=wanted.party,
            line=Line(
                line_id=ad_hoc_line_id(ad_hoc_id),
                kind=LineKind.AD_HOC,
                description=wanted.description,
                net=wanted.net,
                tax_basis_points=wanted.tax_basis_points,
            ),
            at=now,
            by=caller.email or caller.subject,
            package=_package(ad_hoc_id, wanted, now) if wanted.package else None,
            paper=wanted.paper,
        )
        return added if self.extras.add(added) else self._stored(added)

    def waiting(self, party: str | None) -> tuple[AdHoc, ...]:
        """Those of a party, or of all, that no document holds yet."""
        return self.extras.waiting(party)

    def withdraw(self, ad_hoc_id: str) -> None:
        """Take back what waits; raises `NotFound` where nothing does."""
        if not is_id(ad_hoc_id) or not self.extras.withdraw(ad_hoc_id):
            raise NotFound("Nothing of this id waits for a document; what is issued is taken back by voiding the document.")

    def balances(self, party: str) -> tuple[Balance, ...]:
        """A payer's packages and lessons to make up, the oldest first."""
        ledger = of_paper(self.ledger.of_party(party), Paper.INVOICE)
        ids = {line.line_id for each in ledger for line in each.lines}
        return tuple(
            Balance(each, used_lessons(each.package_id, ledger), reversal_of(ad_hoc_line_id(each.package_id)) in ids)
            for each in (*self.extras.packages(party), *self._makeups(party, ledger))
        )

    def _makeups(self, party: str, ledger: tuple[Document, ...]) -> list[Package]:
        return [each for currency in sorted({d.currency for d in ledger}) for each in makeups_of(party, ledger, (), currency)]

    def _check(self, wanted: ToAdd) -> None:
        checked_currency(wanted.net.currency)
        if wanted.net.amount_minor == 0 or abs(wanted.net.amount_minor) > MOST:
            raise InvalidInput("amount_minor", "Write whole minor units; not 0, and not more than can be kept exact.")
        if wanted.paper is Paper.CREDIT_NOTE:
            raise InvalidInput("paper", "Credit notes take documents back; write `invoice` or `payment_order`.")
        if wanted.package is not None and wanted.paper is not Paper.INVOICE:
            raise InvalidInput("package", STAFF_EARN)
        if wanted.package is not None and wanted.net.amount_minor < 0:
            raise InvalidInput("amount_minor", "A package costs something; write an amount above 0.")

    def _stored(self, added: AdHoc) -> AdHoc:
        """What is stored under the key, if it is the same; what a document holds is found in the ledger by its line."""
        waiting = next((each for each in self.extras.waiting(added.party) if each.ad_hoc_id == added.ad_hoc_id), None)
        issued = (line for each in self.ledger.of_party(added.party) for line in each.lines)
        line = waiting.line if waiting else next((each for each in issued if each.line_id == added.line.line_id), added.line)
        if line != added.line:
            raise KeyReused("This Idempotency-Key was used for something else of this party; use a new key.")
        return waiting or added


def _package(ad_hoc_id: str, wanted: ToAdd, now: datetime) -> Package | None:
    sold = wanted.package
    if sold is None:
        return None
    bought_at = sold.good_from or now
    return Package(
        package_id=ad_hoc_id,
        party=wanted.party,
        currency=wanted.net.currency,
        lessons=sold.lessons,
        bought_at=bought_at,
        good_until=bought_at + timedelta(days=sold.good_days) if sold.good_days else None,
        student=sold.student,
        course_id=sold.course_id,
        name=wanted.description,
    )
