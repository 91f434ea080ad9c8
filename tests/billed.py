"""Classes that are held, priced, billed and paid, over any house, with the stories about money and what they stand on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.billing_ports import Extras, Ledger, Parties, Party, Payments, RatePlans
from shared.domain.accounts import Caller
from shared.domain.attendance import AttendanceStatus
from shared.domain.charges import Item, Side
from shared.domain.classes import ScheduledClass
from shared.domain.invoices import Document, LineKind, Paper
from shared.domain.money import Money
from shared.domain.payments import Payment
from shared.domain.rate_plans import Assignment, Price, Rate, RatePlan, Scope
from shared.ports import MeasuredStay, Sessions
from shared.usecases.draft_invoices import Draft, DraftInvoices, Drafts, Period
from shared.usecases.enter_party import AddExtras, EnterParty
from shared.usecases.issue_documents import IssueDocuments, ToIssue
from shared.usecases.price_classes import PriceClasses
from shared.usecases.record_payment import RecordPayment, ToRecord
from shared.usecases.report_money import ReportMoney
from shared.usecases.rule_attendance import RuleAttendance, ToRule
from shared.usecases.run_period import RunPeriod
from shared.usecases.session_rows import SessionRows
from shared.usecases.set_rate_plan import SetRatePlan
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments
from shared.usecases.show_line_evidence import ShowLineEvidence
from tests.builders import at
from tests.fake_billing import MemoryExtras, MemoryLedger, MemoryParties, MemoryPayments, MemoryRatePlans
from tests.house import House
from tests.tracked import BOSS, LENA, OMAR, Tracked, on, stay, tracked_in_memory

MUM = "mum@home.example"
PAYER = Caller("mum", MUM, "user")
DECEMBER = Period(datetime.fromisoformat("2026-12-01T00:00:00+00:00"), datetime.fromisoformat("2027-01-01T00:00:00+00:00"))
JANUARY = Period(DECEMBER.end, datetime.fromisoformat("2027-02-01T00:00:00+00:00"))
AFTER = on(40, 0)
THIRTY, TWENTY = Rate((Price("EUR", 3000), Price("USD", 3300))), Rate((Price("EUR", 2000),))


def everybody(day: int = 0) -> tuple[MeasuredStay, ...]:
    """The teacher and both students were there from the beginning to the end."""
    return tuple(stay(f"google:{n}", 0, 60, day=day) for n in (1, 2, 3))


def a_plan(plan_id: str = "standard", version: int = 1, **changes: Any) -> RatePlan:
    """30 EUR an hour for students, 20 EUR for staff, from the beginning of time."""
    told: dict[str, Any] = {"name": "Standard", "effective_from": at(-99999), "charge": THIRTY, "pay": TWENTY, **changes}
    return RatePlan(plan_id, version, **told)


def given(scope: Scope = Scope.EVERYTHING, about: str = "", plan_id: str | None = "standard", **changes: Any) -> Assignment:
    """That a plan counts for something, from the beginning of time."""
    told: dict[str, Any] = {"effective_from": at(-99999), "by": "boss", "at": at(-99999), "reason": "to begin with", **changes}
    return Assignment(scope, about, plan_id, **told)


@dataclass
class Shop:
    """The stores of money; in memory where nothing else is given."""

    plans: RatePlans = field(default_factory=MemoryRatePlans)
    parties: Parties = field(default_factory=MemoryParties)
    extras: Extras = field(default_factory=MemoryExtras)
    ledger: Ledger | None = None
    payments: Payments = field(default_factory=MemoryPayments)

    def __post_init__(self) -> None:
        if self.ledger is None:
            assert isinstance(self.extras, MemoryExtras)
            self.ledger = MemoryLedger(self.extras)


@dataclass
class Billed:
    """The stories as the function wires them. `sessions` replaces the house's own, to count what is read."""

    tracked: Tracked = field(default_factory=tracked_in_memory)
    shop: Shop = field(default_factory=Shop)
    sessions: Sessions | None = None

    def __post_init__(self) -> None:
        house, shop = self.house, self.shop
        sessions = self.sessions or house.sessions
        assert shop.ledger is not None
        self.ledger: Ledger = shop.ledger
        self.price = PriceClasses(house.classes, sessions, house.people, shop.plans, shop.parties, "EUR")
        self.draft = DraftInvoices(self.price, house.people, shop.parties, self.ledger, shop.extras, house.clock)
        self.issue = IssueDocuments(self.draft, self.ledger, house.clock)
        self.record = RecordPayment(shop.payments, self.ledger, house.clock)
        self.plans = SetRatePlan(shop.plans, house.clock)
        self.enter = EnterParty(shop.parties)
        self.extras = AddExtras(shop.extras, self.ledger, house.clock)
        self.settle = SettleAccounts(self.ledger, shop.payments, house.clock)
        self.report = ReportMoney(self.ledger)
        self.run = RunPeriod(self.draft, self.issue, self.ledger, house.tasks, house.clock)
        self.show = ShowDocuments(self.ledger, shop.payments, sessions)
        rows = SessionRows(house.classes, house.sessions, house.fold)
        self.rule = RuleAttendance(rows, house.rulings, house.clock)
        self.evidence = ShowLineEvidence(self.ledger, rows, house.rulings, house.identities, self.price)

    @property
    def house(self) -> House:
        """What the classes stand on."""
        return self.tracked.house

    def opens(self) -> "Billed":
        """A plan for everything, and a mother who pays for both students."""
        assert self.shop.plans.add(a_plan())
        self.shop.plans.assign(given())
        assert self.shop.parties.save(None, Party(MUM, "EUR", students=(OMAR, LENA)))
        return self

    def later(self, when: datetime = AFTER) -> None:
        """Let it be a day after the period."""
        self.house.clock.at = when

    def drafts(self, party: str = MUM, paper: Paper = Paper.INVOICE, period: Period = DECEMBER) -> Drafts:
        """What would be issued to somebody."""
        return self.draft.of_party(party, paper, period)

    def only(self, party: str = MUM, paper: Paper = Paper.INVOICE, period: Period = DECEMBER) -> Draft:
        """The only draft of somebody."""
        (draft,) = self.drafts(party, paper, period).drafts
        return draft

    def issues(self, draft: Draft) -> Document:
        """A draft that was looked at is issued; it fits in one document."""
        (document,) = self.issue(wanted(draft), BOSS)
        return document

    def pays(self, amount_minor: int, key: str, number: str | None = None, party: str = MUM, currency: str = "EUR") -> Payment:
        """Money comes in, by bank."""
        return self.record(ToRecord(party, key, Money(amount_minor, currency), None, "bank", number), BOSS)

    def rules(self, held: ScheduledClass, email: str, status: str) -> None:
        """A person says what somebody was."""
        self.house.clock.passes(timedelta(minutes=1))
        self.rule.override(ToRule(held.session_id, AttendanceStatus(status), "The register says so.", email=email), BOSS)

    def billed(self, party: str = MUM) -> int:
        """The sum of all that was ever issued to a party for classes, in minor units, packages aside."""
        lines = (line for each in self.ledger.of_party(party) for line in each.lines if line.package_id is None)
        return sum(line.net.amount_minor for line in lines if line.kind is not LineKind.AD_HOC)

    def owed(self, party: str = MUM, side: Side = Side.CHARGE) -> int:
        """The sum recomputed from the evidence of all classes."""
        every = self.price.of_all(at(-99999), at(999999), {})
        return sum(each.amount.amount_minor for each in every.items if is_of(each, party, side))


def wanted(draft: Draft) -> ToIssue:
    """The wish to issue a draft as it was looked at."""
    return ToIssue(draft.party.email, draft.paper, draft.currency, draft.period, draft.digest)


def is_of(item: Item, party: str, side: Side) -> bool:
    """Whether an item is a party's, on a side."""
    return item.party == party and item.side is side
