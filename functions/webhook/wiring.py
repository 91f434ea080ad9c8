"""The composition of `webhook`: events need Firestore alone, a sync on demand also Google's APIs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from shared import system
from shared.config import settings
from shared.domain.classes import Provider, ScheduledClass
from shared.ports import Clock, MeetRecords
from shared.usecases.admit_caller import Gate
from shared.usecases.file_evidence import FileEvidence
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.fold_queue import FoldQueue


@dataclass(frozen=True)
class Webhook:
    """What the doors use; `sync` composes, at its first call, what reads a class's meeting and writes the answer."""

    file: FileEvidence
    quarantine: Callable[[bytes, str, datetime], str]
    by_session: Callable[[str], ScheduledClass]
    sync: Callable[[], Callable[[str], str]]
    clock: Clock
    zoom_secrets: tuple[str, ...] = ()
    zoom_beat: Callable[[datetime], None] = lambda _: None
    gate: Gate | None = None


@cache
def wire() -> Webhook:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.knowledge import disguise, knowledge
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect

    known = settings()
    client = connect(known.project)
    classes = FirestoreClasses(client, system.sleep)
    evidence, sessions = FirestoreEvidence(client, system.sleep), FirestoreSessions(client, system.sleep)
    in_room = ClassesInRoom(classes, system.now)
    know = knowledge(client, system.sleep, system.monotonic)
    hide = disguise(client, system.now, system.new_id)
    fold = FoldEvidence(sessions, evidence, in_room, system.sleep, know)

    @cache
    def sync() -> Callable[[str], str]:
        from functions.webhook.schemas import SyncAnswer
        from shared.adapters.firestore.connections import FirestoreConnections
        from shared.adapters.google.access import google_apis
        from shared.adapters.google.meet import GoogleMeet
        from shared.adapters.google.reports import GoogleReports
        from shared.adapters.tasks import cloud_tasks
        from shared.adapters.zoom.access import zoom_api
        from shared.adapters.zoom.records import ZoomRecords
        from shared.usecases.note_refusals import NoteRefusals
        from shared.usecases.plan_tasks import PlanTasks
        from shared.usecases.sync_meeting import SyncMeeting

        notice = NoteRefusals(FirestoreConnections(client), system.now)
        apis = google_apis(known, system.sleep, notice)
        records: dict[Provider, MeetRecords] = {Provider.GOOGLE_MEET: GoogleMeet(apis, known, system)}
        if known.has_zoom:
            records[Provider.ZOOM] = ZoomRecords(zoom_api(known, system.sleep, notice))
        reports = GoogleReports(apis, known) if known.google_admin_email else None
        plan = PlanTasks(cloud_tasks(known), known.sync_delays)
        story = SyncMeeting(classes, sessions, evidence, records, reports, fold, hide, plan, system.now, system.sleep)
        return lambda class_id: SyncAnswer.of(story(class_id)).model_dump_json()

    queue = FoldQueue(fold) if known.fold_inline else None
    zoom = FirestoreHeartbeat(client, "zoom_webhook")
    return Webhook(
        FileEvidence(evidence, in_room, queue, hide),
        evidence.quarantine,
        classes.by_session,
        sync,
        system.now,
        known.zoom_webhook_secrets,
        lambda at: zoom.beat(at, {}),
        gate_for(client, known, system),
    )
