"""The composition of `monitoring`: Firestore alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from shared import system
from shared.config import settings
from shared.ports import Classes, Clock, Heartbeat, Sessions
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.record_by_hand import RecordByHand
from shared.usecases.watch_sessions import WatchSessions


@dataclass(frozen=True)
class Monitoring:
    """What the doors use."""

    classes: Classes
    sessions: Sessions
    heartbeat: Heartbeat
    watch: WatchSessions
    record: RecordByHand
    clock: Clock
    sync_delays: Sequence[timedelta]


@cache
def wire() -> Monitoring:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect

    client = connect(settings().project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions = FirestoreSessions(client, system.sleep)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep)
    return Monitoring(
        classes,
        sessions,
        FirestoreHeartbeat(client),
        WatchSessions(classes, sessions, evidence, fold),
        RecordByHand(classes, sessions, evidence, fold, system.now),
        system.now,
        settings().sync_delays,
    )
