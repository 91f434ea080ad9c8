"""The composition of `webhook`: events need Firestore alone, a sync on demand also Google's APIs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from shared import system
from shared.config import settings
from shared.domain.classes import ScheduledClass
from shared.ports import Clock
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


@cache
def wire() -> Webhook:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect

    client = connect(settings().project)
    classes = FirestoreClasses(client, system.sleep)
    evidence, sessions = FirestoreEvidence(client, system.sleep), FirestoreSessions(client, system.sleep)
    in_room = ClassesInRoom(classes, system.now)
    fold = FoldEvidence(sessions, evidence, in_room, system.sleep)

    @cache
    def sync() -> Callable[[str], str]:
        from functions.webhook.schemas import SyncAnswer
        from shared.adapters.google.access import google_apis
        from shared.adapters.google.meet import GoogleMeet
        from shared.adapters.tasks import cloud_tasks
        from shared.usecases.plan_tasks import PlanTasks
        from shared.usecases.sync_meeting import SyncMeeting

        known = settings()
        records = GoogleMeet(google_apis(known, system.sleep), known, system)
        plan = PlanTasks(cloud_tasks(known), known.sync_delays)
        story = SyncMeeting(classes, sessions, evidence, records, fold, plan, system.now, system.sleep)
        return lambda class_id: SyncAnswer.of(story(class_id)).model_dump_json()

    queue = FoldQueue(fold) if settings().fold_inline else None
    return Webhook(FileEvidence(evidence, in_room, queue), evidence.quarantine, classes.by_session, sync, system.now)
