"""The composition of `billing`: Firestore, and the task queue for runs."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.people_ports import AccessLog
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.draft_invoices import DraftInvoices
from shared.usecases.enter_party import AddExtras, EnterParty
from shared.usecases.issue_documents import IssueDocuments
from shared.usecases.price_classes import PriceClasses
from shared.usecases.record_payment import RecordPayment
from shared.usecases.report_money import ReportMoney
from shared.usecases.run_period import RunPeriod
from shared.usecases.set_rate_plan import SetRatePlan, ShowRatePlans
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments


@dataclass(frozen=True)
class Billing:
    """What the doors use."""

    plans: SetRatePlan
    show_plans: ShowRatePlans
    parties: EnterParty
    draft: DraftInvoices
    issue: IssueDocuments
    run: RunPeriod
    show: ShowDocuments
    record: RecordPayment
    extras: AddExtras
    settle: SettleAccounts
    report: ReportMoney
    access: AccessLog
    clock: Clock
    gate: Gate | None = None


@cache
def wire() -> Billing:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.extras import FirestoreExtras
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.ledger import FirestoreLedger
    from shared.adapters.firestore.parties import FirestoreParties
    from shared.adapters.firestore.payments import FirestorePayments
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.rate_plans import FirestoreRatePlans
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.tasks import cloud_tasks

    known, now, sleep = settings(), system.now, system.sleep
    client = connect(known.project)
    classes, sessions, people = FirestoreClasses(client, sleep), FirestoreSessions(client, sleep), FirestorePeople(client, sleep)
    plans, parties = FirestoreRatePlans(client, sleep, system.monotonic), FirestoreParties(client, sleep)
    ledger, payments, extras = FirestoreLedger(client, sleep), FirestorePayments(client, sleep), FirestoreExtras(client, sleep)
    price = PriceClasses(classes, sessions, people, plans, parties, known.billing_currency)
    draft = DraftInvoices(price, people, parties, ledger, extras, now)
    issue = IssueDocuments(draft, ledger, now)
    return Billing(
        SetRatePlan(plans, now),
        ShowRatePlans(plans),
        EnterParty(parties),
        draft,
        issue,
        RunPeriod(draft, issue, ledger, cloud_tasks(known), now),
        ShowDocuments(ledger, payments, sessions),
        RecordPayment(payments, ledger, now),
        AddExtras(extras, ledger, now),
        SettleAccounts(ledger, payments, now),
        ReportMoney(ledger),
        FirestoreAccessLog(client, sleep),
        now,
        gate_for(client, known, system),
    )
