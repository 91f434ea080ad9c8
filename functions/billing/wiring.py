"""The composition of `billing`: Firestore, and the task queue for runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from shared import system
from shared.billing_ports import Ledger
from shared.card_ports import CardLinks
from shared.config import Settings, settings
from shared.domain.invoices import Document
from shared.people_ports import AccessLog
from shared.ports import Clock
from shared.usecases.admit_caller import Gate
from shared.usecases.draft_invoices import DraftInvoices
from shared.usecases.enter_party import AddExtras, EnterParty
from shared.usecases.file_card_payment import FileCardPayment
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.issue_documents import IssueDocuments
from shared.usecases.link_payment import LinkPayment
from shared.usecases.list_documents import ListDocuments
from shared.usecases.price_classes import PriceClasses
from shared.usecases.record_payment import RecordPayment
from shared.usecases.report_money import ReportMoney
from shared.usecases.run_period import RunPeriod
from shared.usecases.session_rows import SessionRows
from shared.usecases.set_rate_plan import SetRatePlan, ShowRatePlans
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.show_documents import ShowDocuments
from shared.usecases.show_line_evidence import ShowLineEvidence


@dataclass(frozen=True)
class CardDesk:
    """What the doors use of card payments, where they are set up."""

    link: LinkPayment
    file: FileCardPayment


@dataclass(frozen=True)
class PaperDesk:
    """What the doors use of documents as paper. `draw` makes the PDF; only who asks for one pays for loading it."""

    evidence: ShowLineEvidence
    draw: Callable[[Document], bytes]


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
    listed: ListDocuments
    record: RecordPayment
    extras: AddExtras
    settle: SettleAccounts
    report: ReportMoney
    access: AccessLog
    clock: Clock
    gate: Gate | None = None
    cards: CardDesk | None = None
    papers: PaperDesk = field(kw_only=True)


@cache
def wire() -> Billing:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.card_links import FirestoreCardLinks
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.extras import FirestoreExtras
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.identities import FirestoreIdentities
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.ledger import FirestoreLedger
    from shared.adapters.firestore.parties import FirestoreParties
    from shared.adapters.firestore.payments import FirestorePayments
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.rate_plans import FirestoreRatePlans
    from shared.adapters.firestore.rulings import FirestoreRulings
    from shared.adapters.firestore.runs import FirestoreRuns
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
    issue = IssueDocuments(draft, ledger, now, known.billing_issuer, known.organisation_timezone)
    settle = SettleAccounts(ledger, payments, now)
    show = ShowDocuments(ledger, payments, sessions)
    know = knowledge(client, sleep, system.monotonic)
    fold = FoldEvidence(sessions, FirestoreEvidence(client, sleep), ClassesInRoom(classes, now), sleep, know)
    rows, rulings = SessionRows(classes, sessions, fold), FirestoreRulings(client, sleep)
    evidence = ShowLineEvidence(ledger, rows, rulings, FirestoreIdentities(client, sleep), price)
    return Billing(
        SetRatePlan(plans, now),
        ShowRatePlans(plans),
        EnterParty(parties),
        draft,
        issue,
        RunPeriod(draft, issue, ledger, FirestoreRuns(client, sleep), cloud_tasks(known), now),
        show,
        ListDocuments(show, settle, now),
        RecordPayment(payments, ledger, now),
        AddExtras(extras, ledger, now),
        settle,
        ReportMoney(ledger),
        FirestoreAccessLog(client, sleep),
        now,
        gate_for(client, known, system),
        _card_desk(known, ledger, settle, FirestoreCardLinks(client, sleep)) if known.has_cards else None,
        papers=PaperDesk(evidence, draw),
    )


def _card_desk(known: Settings, ledger: Ledger, settle: SettleAccounts, links: CardLinks) -> CardDesk:
    from shared.adapters.stripe.cards import stripe_cards

    cards = stripe_cards(known, system.sleep)
    file = FileCardPayment(cards, ledger, settle.payments, known.project)
    return CardDesk(LinkPayment(ledger, settle, links, cards, file), file)


def draw(document: Document) -> bytes:
    """The document as PDF."""
    from functions.billing.paper.pages import pdf_of

    return pdf_of(document)
