"""The composition of `housekeeping`: Firestore, Google's and Zoom's APIs, the task queue, webhooks and mail to the outside."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shared import system
from shared.config import Settings, settings
from shared.delivery_ports import Outgoing
from shared.domain.channels import Channel
from shared.domain.errors import Unavailable
from shared.domain.messages import Addressees, Delivery, Way, target_of
from shared.ports import Classes, Clock, Heartbeat, Sessions
from shared.usecases.check_connections import CheckConnections
from shared.usecases.count_expiring import CountExpiring
from shared.usecases.deliver_messages import SERVICE as OUTGOING
from shared.usecases.deliver_messages import DeliverMessages
from shared.usecases.erase_person import ErasePerson
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.keep_channels import KeepChannels
from shared.usecases.leave_meeting import ExpireUserSessions
from shared.usecases.note_refusals import NoteRefusals
from shared.usecases.raise_warnings import ClearOutbox, RaiseWarnings
from shared.usecases.remind_payers import OpenInvoices, RemindPayers
from shared.usecases.retain import Retain
from shared.usecases.settle_accounts import SettleAccounts
from shared.usecases.sweep_reports import SweepReports
from shared.usecases.tell_of_money import TellOfMoney, TellParty

if TYPE_CHECKING:
    from google.cloud import firestore

Job = Callable[[], dict[str, int]]


@dataclass(frozen=True)
class Housekeeping:
    """What the doors use: the jobs by name, one teacher's channel, one message to the outside, all that there is to tell."""

    jobs: tuple[tuple[str, Job], ...]
    channel: Callable[[str], Channel | None]
    deliver: Callable[[str], Delivery | None]
    tell: Job
    heartbeat: Heartbeat
    clock: Clock


@cache
def wire() -> Housekeeping:
    """Compose the function, at its first request. A job whose service is not configured is left out."""
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.knowledge import disguise, knowledge
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.probes import probe
    from shared.adapters.google.push import GoogleMeetPush
    from shared.adapters.google.reports import GoogleReports
    from shared.adapters.zoom.access import zoom_api
    from shared.adapters.zoom.notices import SERVICE as ZOOM

    known = settings()
    client = connect(known.project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions, connections = FirestoreSessions(client, system.sleep), FirestoreConnections(client)
    know = knowledge(client, system.sleep, system.monotonic)
    hide = disguise(client, system.now, system.new_id)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep, know)
    notice = NoteRefusals(connections, system.now)
    apis = google_apis(known, system.sleep, notice)
    keep = KeepChannels(
        FirestoreChannels(client, system.sleep), classes, GoogleMeetPush(apis, known.meet_events_topic, system), system.now
    )
    swept, swept_deep = FirestoreHeartbeat(client, "reports"), FirestoreHeartbeat(client, "reports_deep")
    reports = GoogleReports(apis, known)
    sweep = SweepReports(reports, classes, sessions, evidence, fold, swept, swept_deep, hide, system.now)
    zoom = zoom_api(known, system.sleep, notice)

    outside = _outside(client, known, classes, sessions, notice)

    def ask_again(service: str, subject: str) -> None:
        if service == OUTGOING:
            outside.recheck(subject)
        else:
            zoom.probe(subject) if service == ZOOM else probe(apis, service, subject)

    check = CheckConnections(connections, ask_again, system.now)
    jobs: list[tuple[str, Job]] = [("connections", check), ("warnings", outside.clear), ("reminders", outside.remind)]
    jobs += [("deliveries", outside.deliver), ("expiring", CountExpiring(classes, system.now))]
    jobs += _tidying(client, known, classes, fold)
    if known.meet_events_topic:
        jobs.append(("channels", keep))
    if known.google_admin_email:
        jobs.append(("reports", lambda: sweep() | {"calls_unreadable_since_start": reports.skipped}))
    heartbeat = FirestoreHeartbeat(client, "housekeeping")
    return Housekeeping(tuple(jobs), keep.one, outside.deliver.one, outside.clear, heartbeat, system.now)


@dataclass(frozen=True)
class _Outside:
    """What tells the outside."""

    clear: ClearOutbox
    remind: RemindPayers
    deliver: DeliverMessages

    def recheck(self, target: str) -> None:
        """Forget the trouble with a receiver that is not configured any more; any other's ends with the next message."""
        if target in self.clear.addressees.webhooks:
            raise Unavailable("Whether the receiver works is seen when the next message is sent.")


def _outside(client: "firestore.Client", known: Settings, classes: Classes, sessions: Sessions, notice: NoteRefusals) -> _Outside:
    from shared.adapters.firestore.deliveries import FirestoreDeliveries
    from shared.adapters.firestore.ledger import FirestoreLedger
    from shared.adapters.firestore.outbox import FirestoreOutbox
    from shared.adapters.firestore.payments import FirestorePayments
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.policies import FirestorePolicies
    from shared.adapters.firestore.review_queue import FirestoreReviewQueue
    from shared.adapters.firestore.warnings import FirestoreWarnings
    from shared.adapters.tasks import cloud_tasks

    ways = _ways(known)
    addressees = Addressees(tuple(target_of(url) for url in known.outgoing_webhook_urls), has_mail=Way.EMAIL in ways)
    deliveries = FirestoreDeliveries(client, system.sleep)
    ledger, payments = FirestoreLedger(client, system.sleep), FirestorePayments(client, system.sleep)
    still_open = OpenInvoices(ledger, SettleAccounts(ledger, payments, system.now))
    deliver = DeliverMessages(deliveries, ways, cloud_tasks(known), notice, system.now, still_open.why_moot)
    tell, remind = _money(client, known, still_open, deliver, addressees)
    of_money = TellOfMoney(ledger, payments, tell, system.now)
    people, policies = FirestorePeople(client, system.sleep), FirestorePolicies(client, system.sleep, system.monotonic)
    warnings = FirestoreWarnings(client, system.sleep)
    warn = RaiseWarnings(warnings, sessions, classes, people, policies, addressees, system.now)
    outbox, cards = FirestoreOutbox(client, system.sleep), FirestoreReviewQueue(client)
    clear = ClearOutbox(outbox, deliveries, classes, sessions, cards, warn, deliver.plan, addressees, system.now, of_money)
    return _Outside(clear, remind, deliver)


def _ways(known: Settings) -> dict[Way, Outgoing]:
    """The ways of sending that are configured."""
    from shared.adapters.mail import SmtpMailer
    from shared.adapters.outgoing import WebhookSender

    ways: dict[Way, Outgoing] = {Way.WEBHOOK: WebhookSender(known.outgoing_webhook_urls, known.outgoing_webhook_secrets)}
    if known.smtp_url:
        ways[Way.EMAIL] = SmtpMailer(known.smtp_url, known.mail_from)
    return ways


def _money(
    client: "firestore.Client", known: Settings, still_open: OpenInvoices, deliver: DeliverMessages, addressees: Addressees
) -> tuple[TellParty, RemindPayers]:
    """What tells parties of their money, and what reminds payers."""
    from shared.adapters.firestore.forgotten import FirestoreForgotten
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat

    forgotten, beat = FirestoreForgotten(client, system.now, system.new_id), FirestoreHeartbeat(client, "reminders")
    tell = TellParty(deliver.deliveries, forgotten, deliver.plan, addressees)
    return tell, RemindPayers(still_open.ledger, still_open, tell, beat, system.now, known.billing_reminder_days)


def _tidying(client: "firestore.Client", known: Settings, classes: Classes, fold: FoldEvidence) -> list[tuple[str, Job]]:
    """What keeps the store clean: registrations whose time is over, erasures that are ripe, and what was kept long enough."""
    from shared.adapters.firestore.expired import FirestoreExpired, Keeping
    from shared.adapters.firestore.forgotten import FirestoreErasures, FirestoreForgotten
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.personal_data import FirestorePersonalData
    from shared.adapters.firestore.user_sessions import FirestoreUserSessions

    registrations = FirestoreUserSessions(client, system.sleep)
    erase = ErasePerson(
        classes,
        FirestorePeople(client, system.sleep),
        FirestoreForgotten(client, system.now, system.new_id),
        FirestoreErasures(client, system.sleep),
        FirestorePersonalData(client, system.sleep),
        fold,
        system.now,
        system.new_id,
        known.sync_delays,
    )
    keeping = Keeping(known.keep_attendance, known.keep_raw, known.keep_books)
    return [
        ("registrations", ExpireUserSessions(registrations, FirestoreHeartbeat(client, "user_sessions"), system.now)),
        ("erasures", erase.finish),
        ("retention", Retain(FirestoreExpired(client, system.sleep, keeping), system.now)),
    ]
