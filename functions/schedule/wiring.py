"""The composition of `schedule`: Firestore, the teachers' calendars, Zoom and the task queue."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.ports import Classes
from shared.usecases.admit_caller import Gate
from shared.usecases.bind_pending import BindPending
from shared.usecases.change_class import ChangeClass
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.find_conflicts import FindConflicts
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.import_classes import ImportClasses
from shared.usecases.keep_channels import WantChannel
from shared.usecases.note_refusals import NoteRefusals
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.schedule_class import ScheduleClass


@dataclass(frozen=True)
class Schedule:
    """What the doors use."""

    classes: Classes
    book: ScheduleClass
    import_classes: ImportClasses
    change: ChangeClass
    gate: Gate | None = None


@cache
def wire() -> Schedule:
    """Compose the function, at its first request."""
    from shared.adapters.firestore.channels import FirestoreChannels
    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.gate import gate_for
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.calendar import GoogleCalendar
    from shared.adapters.tasks import cloud_tasks
    from shared.adapters.zoom.access import zoom_api
    from shared.adapters.zoom.meetings import ZoomApiMeetings

    known = settings()
    client = connect(known.project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    notice = NoteRefusals(FirestoreConnections(client), system.now)
    calendar = GoogleCalendar(google_apis(known, system.sleep, notice), known, system)
    zoom = ZoomApiMeetings(zoom_api(known, system.sleep, notice)) if known.has_zoom else None
    follow = FollowInCalendar(classes, calendar, zoom, system.now, known.sync_delays)
    tasks = cloud_tasks(known)
    plan = PlanTasks(tasks, known.sync_delays)
    channels = FirestoreChannels(client, system.sleep)
    want = WantChannel(channels, tasks, system.now) if known.meet_events_topic else _want_nothing
    know = knowledge(client, system.sleep, system.monotonic)
    fold = FoldEvidence(FirestoreSessions(client, system.sleep), evidence, ClassesInRoom(classes, system.now), system.sleep, know)
    conflicts, bind = FindConflicts(classes), BindPending(evidence, fold)
    book = ScheduleClass(classes, conflicts, follow, plan, bind, want, system.now, system.new_id)
    return Schedule(
        classes,
        book,
        ImportClasses(book),
        ChangeClass(classes, conflicts, follow, fold, plan, system.now),
        gate_for(client, known, system),
    )


def _want_nothing(teacher: str) -> None:
    """Without a topic for Meet's events there is nothing to subscribe to."""
