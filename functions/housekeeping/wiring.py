"""The composition of `housekeeping`: Firestore and Google's APIs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.domain.channels import Channel
from shared.ports import Clock, Heartbeat
from shared.usecases.check_connections import CheckConnections
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.keep_channels import KeepChannels
from shared.usecases.note_refusals import NoteRefusals
from shared.usecases.sweep_reports import SweepReports

Job = Callable[[], dict[str, int]]


@dataclass(frozen=True)
class Housekeeping:
    """What the doors use: the jobs by name, and one teacher's channel."""

    jobs: tuple[tuple[str, Job], ...]
    channel: Callable[[str], Channel | None]
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
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep)
    notice = NoteRefusals(connections, system.now)
    apis = google_apis(known, system.sleep, notice)
    keep = KeepChannels(
        FirestoreChannels(client, system.sleep), classes, GoogleMeetPush(apis, known.meet_events_topic, system), system.now
    )
    swept, swept_deep = FirestoreHeartbeat(client, "reports"), FirestoreHeartbeat(client, "reports_deep")
    reports = GoogleReports(apis, known)
    sweep = SweepReports(reports, classes, sessions, evidence, fold, swept, swept_deep, system.now)
    zoom = zoom_api(known, system.sleep, notice)

    def ask_again(service: str, subject: str) -> None:
        zoom.probe(subject) if service == ZOOM else probe(apis, service, subject)

    check = CheckConnections(connections, ask_again, system.now)
    jobs: list[tuple[str, Job]] = [("connections", check)]
    if known.meet_events_topic:
        jobs.append(("channels", keep))
    if known.google_admin_email:
        jobs.append(("reports", lambda: sweep() | {"calls_unreadable_since_start": reports.skipped}))
    return Housekeeping(tuple(jobs), keep.one, FirestoreHeartbeat(client, "housekeeping"), system.now)
