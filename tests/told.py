"""What the outside is told of money, over any store: billed classes, the outbox, messages on their way, reminders."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.delivery_ports import Deliveries, Outbox
from shared.domain.invoices import Document
from shared.domain.messages import Addressees, OutboxRow, Way
from shared.ports import Heartbeat, TaskKind
from shared.usecases.deliver_messages import DeliverMessages
from shared.usecases.raise_warnings import ClearOutbox, RaiseWarnings
from shared.usecases.remind_payers import OpenInvoices, RemindPayers
from shared.usecases.tell_of_money import TellOfMoney, TellParty
from tests.billed import Billed, Shop, everybody
from tests.fake_billing import MemoryExtras, MemoryLedger, MemoryPayments
from tests.fake_deliveries import FakeOutgoing, MemoryDeliveries, MemoryOutbox, MemoryWarnings
from tests.fake_privacy import MemoryForgotten
from tests.fakes import FakeHeartbeat, FakeTasks, no_sleep

if TYPE_CHECKING:
    from google.cloud import firestore

HOOK = "https://hooks.example/#1"
STEPS = (3, 14, 30)
DAY = timedelta(days=1)


@dataclass
class Told:
    """The stories about telling of money, as housekeeping wires them, over the books of a school."""

    billed: Billed
    outbox: Outbox
    deliveries: Deliveries = field(default_factory=MemoryDeliveries)
    beat: Heartbeat = field(default_factory=FakeHeartbeat)
    forgotten: MemoryForgotten = field(default_factory=MemoryForgotten)
    tasks: FakeTasks = field(default_factory=FakeTasks)
    post: FakeOutgoing = field(default_factory=FakeOutgoing)
    addressees: Addressees = field(default_factory=lambda: Addressees((HOOK,), has_mail=True))

    def __post_init__(self) -> None:
        billed, house = self.billed, self.billed.house
        still_open = OpenInvoices(billed.ledger, billed.settle)
        ways = {Way.WEBHOOK: self.post, Way.EMAIL: self.post}
        self.deliver = DeliverMessages(self.deliveries, ways, self.tasks, lambda *_: None, house.clock, still_open.why_moot)
        self.tell = TellParty(self.deliveries, self.forgotten, self.deliver.plan, self.addressees)
        self.of_money = TellOfMoney(billed.ledger, billed.shop.payments, self.tell, house.clock)
        self.remind = RemindPayers(billed.ledger, still_open, self.tell, self.beat, house.clock, STEPS)
        warnings = MemoryWarnings()
        warn = RaiseWarnings(warnings, house.sessions, house.classes, house.people, house.policies, self.addressees, house.clock)
        self.clear = ClearOutbox(
            self.outbox, self.deliveries, house.classes, house.sessions, billed.tracked.queue, warn, self.deliver.plan,
            self.addressees, house.clock, self.of_money,
        )  # fmt: skip

    def bills(self) -> Document:
        """A class of two students was held, and their payer is issued an invoice of 60 EUR."""
        self.billed.opens()
        self.billed.tracked.holds(*everybody())
        self.billed.later()
        return self.billed.issues(self.billed.only())

    def sends(self) -> None:
        """Everything that is planned is tried once."""
        for task in self.tasks.of(TaskKind.DELIVER):
            self.deliver.one(task.about)

    def told(self, event: str = "") -> list[tuple[str, str, dict[str, Any]]]:
        """What deliveries there are, of events that begin so: event, target, data."""
        every = self.deliveries.page(None, 999, None).items
        found = [(each.event.value, each.target, json.loads(each.body)["data"]) for each in every]
        return sorted((one for one in found if one[0].startswith(event)), key=str)

    def reminders(self) -> Counter[tuple[str, int]]:
        """How often the listener is told of each document and step."""
        return Counter((data["number"], data["days_over"]) for _, target, data in self.told("invoice.overdue") if target == HOOK)


def told_in_memory(**how: Any) -> Told:
    """The stories over stores in memory, that share one outbox."""
    rows: dict[str, OutboxRow] = {}
    extras = MemoryExtras()
    shop = Shop(extras=extras, ledger=MemoryLedger(extras, outbox=rows), payments=MemoryPayments(outbox=rows))
    return Told(Billed(shop=shop), MemoryOutbox(rows), **how)


def told_over(client: "firestore.Client") -> Told:
    """The stories over books, outbox and messages on the emulator."""
    from shared.adapters.firestore.deliveries import FirestoreDeliveries
    from shared.adapters.firestore.extras import FirestoreExtras
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.ledger import FirestoreLedger
    from shared.adapters.firestore.outbox import FirestoreOutbox
    from shared.adapters.firestore.payments import FirestorePayments

    shop = Shop(
        extras=FirestoreExtras(client, no_sleep),
        ledger=FirestoreLedger(client, no_sleep),
        payments=FirestorePayments(client, no_sleep),
    )
    deliveries, beat = FirestoreDeliveries(client, no_sleep), FirestoreHeartbeat(client, "reminders")
    return Told(Billed(shop=shop), FirestoreOutbox(client, no_sleep), deliveries, beat)
