"""The composition of `meet_sync`: Firestore, Google Meet's records and the task queue."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.sync_meeting import SyncMeeting


@dataclass(frozen=True)
class MeetSync:
    """What the doors use."""

    sync: SyncMeeting


@cache
def wire() -> MeetSync:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.meet import GoogleMeet
    from shared.adapters.tasks import cloud_tasks

    known = settings()
    client = connect(known.project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions = FirestoreSessions(client, system.sleep)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep)
    records = GoogleMeet(google_apis(known, system.sleep), known, system)
    plan = PlanTasks(cloud_tasks(known), known.sync_delays)
    return MeetSync(SyncMeeting(classes, sessions, evidence, records, fold, plan, system.now, system.sleep))
