"""The composition of `monitoring`: Firestore; Cloud Scheduler only when somebody asks for the health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from shared import system
from shared.clock_ports import ClockJobs, JobLook
from shared.config import settings
from shared.people_ports import AccessLog
from shared.ports import Channels, Classes, Clock, Connections, Heartbeat, Sessions
from shared.usecases.admit_caller import Gate
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.list_attendance import ListAttendance
from shared.usecases.record_by_hand import RecordByHand
from shared.usecases.watch_sessions import WatchSessions

BEATS = ("tick", "housekeeping", "reports", "zoom_webhook")


@dataclass(frozen=True)
class Monitoring:
    """What the doors use."""

    classes: Classes
    sessions: Sessions
    channels: Channels
    connections: Connections
    heartbeats: Mapping[str, Heartbeat]
    watch: WatchSessions
    logs: ListAttendance
    record: RecordByHand
    clock: Clock
    sync_delays: Sequence[timedelta]
    access: AccessLog
    jobs: Mapping[str, str]
    clock_jobs: ClockJobs
    gate: Gate | None = None


@cache
def wire() -> Monitoring:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.access_log import FirestoreAccessLog
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.people import FirestorePeople
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect

    client = connect(settings().project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    sessions = FirestoreSessions(client, system.sleep)
    know = knowledge(client, system.sleep, system.monotonic)
    fold = FoldEvidence(sessions, evidence, ClassesInRoom(classes, system.now), system.sleep, know)
    channels, zoom = FirestoreChannels(client, system.sleep), FirestoreHeartbeat(client, "zoom_webhook")
    return Monitoring(
        classes,
        sessions,
        channels,
        FirestoreConnections(client),
        {name: FirestoreHeartbeat(client, name) for name in BEATS},
        WatchSessions(classes, sessions, evidence, fold, channels, zoom, system.now, settings().fresh_for),
        ListAttendance(sessions, FirestorePeople(client, system.sleep)),
        RecordByHand(classes, sessions, evidence, fold, system.now),
        system.now,
        settings().sync_delays,
        FirestoreAccessLog(client, system.sleep),
        {"tick": settings().tick_job, "housekeeping": settings().housekeeping_job},
        LateClockJobs(),
        gate_for(client, settings(), system),
    )


class LateClockJobs:
    """Cloud Scheduler, loaded at the first use: only an administrator who asks for the health needs it."""

    def look(self, job: str) -> JobLook:
        """See the port `ClockJobs`."""
        return _clock_jobs().look(job)


@cache
def _clock_jobs() -> ClockJobs:
    from shared.adapters.scheduler import cloud_scheduler

    return cloud_scheduler(settings())
