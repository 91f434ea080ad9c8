"""The composition of `meet_sync`: Firestore, the meetings' own records at Google and Zoom, and the task queue."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.domain.classes import Provider
from shared.ports import MeetRecords
from shared.usecases.check_staff import CheckStaff
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.look_into_meeting import LookIntoMeeting
from shared.usecases.note_refusals import NoteRefusals
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.sync_meeting import SyncMeeting
from shared.usecases.watch_sessions import WatchSessions


@dataclass(frozen=True)
class MeetSync:
    """What the doors use."""

    sync: SyncMeeting
    look: LookIntoMeeting
    check_staff: CheckStaff


@cache
def wire() -> MeetSync:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.knowledge import disguise, knowledge
    from shared.adapters.firestore.outbox import FirestoreOutbox
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.meet import GoogleMeet
    from shared.adapters.google.reports import GoogleReports
    from shared.adapters.tasks import cloud_tasks
    from shared.adapters.zoom.access import zoom_api
    from shared.adapters.zoom.records import ZoomRecords

    known = settings()
    client = connect(known.project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions = FirestoreSessions(client, system.sleep)
    know = knowledge(client, system.sleep, system.monotonic)
    hide = disguise(client, system.now, system.new_id)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep, know)
    notice = NoteRefusals(FirestoreConnections(client), system.now)
    apis = google_apis(known, system.sleep, notice)
    records: dict[Provider, MeetRecords] = {Provider.GOOGLE_MEET: GoogleMeet(apis, known, system)}
    if known.has_zoom:
        records[Provider.ZOOM] = ZoomRecords(zoom_api(known, system.sleep, notice))
    reports = GoogleReports(apis, known) if known.google_admin_email else None
    tasks = cloud_tasks(known)
    plan = PlanTasks(tasks, known.sync_delays)
    sync = SyncMeeting(classes, sessions, evidence, records, reports, fold, hide, plan, system.now, system.sleep)
    channels, zoom = FirestoreChannels(client, system.sleep), FirestoreHeartbeat(client, "zoom_webhook")
    watch = WatchSessions(classes, sessions, evidence, fold, channels, zoom, system.now, known.fresh_for)
    look = LookIntoMeeting(classes, watch, sync, plan, system.now, known.poll_every, known.verify_every)
    outbox = FirestoreOutbox(client, system.sleep)
    return MeetSync(sync, look, CheckStaff(classes, watch, sync, plan, outbox, tasks, system.now))
