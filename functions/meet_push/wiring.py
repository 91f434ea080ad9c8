"""The composition of `meet_push`: Firestore, Google Meet's visits and the task queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from shared import system
from shared.config import settings
from shared.ports import Clock
from shared.usecases.file_meet_events import FileMeetEvents
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.fold_queue import FoldQueue
from shared.usecases.note_refusals import NoteRefusals


@dataclass(frozen=True)
class MeetPush:
    """What the door uses."""

    take: FileMeetEvents
    quarantine: Callable[[bytes, str, datetime], str]
    clock: Clock


@cache
def wire() -> MeetPush:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.knowledge import disguise, knowledge
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.visits import GoogleVisits
    from shared.adapters.tasks import cloud_tasks

    known = settings()
    client = connect(known.project)
    evidence = FirestoreEvidence(client, system.sleep)
    in_room = ClassesInRoom(FirestoreClasses(client, system.sleep), system.now)
    know = knowledge(client, system.sleep, system.monotonic)
    hide = disguise(client, system.now, system.new_id)
    fold = FoldEvidence(FirestoreSessions(client, system.sleep), evidence, in_room, system.sleep, know)
    notice = NoteRefusals(FirestoreConnections(client), system.now)
    visits = GoogleVisits(google_apis(known, system.sleep, notice), known, system)
    channels = FirestoreChannels(client, system.sleep)
    take = FileMeetEvents(channels, visits, evidence, in_room, FoldQueue(fold), cloud_tasks(known), hide, system.now)
    return MeetPush(take, evidence.quarantine, system.now)
