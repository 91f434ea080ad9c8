"""The composition of `monitor_tick`: Firestore and the task queue; Google's Calendar only when a class is behind in it."""

from dataclasses import dataclass
from functools import cache

from shared import system
from shared.config import settings
from shared.ports import Calendar, LessonEvent, MeetLink, ZoomLesson, ZoomMeeting, ZoomMeetings
from shared.usecases.bind_pending import BindPending
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.follow_in_calendar import FollowInCalendar
from shared.usecases.note_refusals import NoteRefusals
from shared.usecases.plan_tasks import PlanTasks
from shared.usecases.run_tick import RunTick


@dataclass(frozen=True)
class Monitor:
    """What the doors use."""

    tick: RunTick


@cache
def wire() -> Monitor:
    """Compose the function, at its first request."""
    from datetime import timedelta

    from shared.adapters.firestore.classes import FirestoreClasses
    from shared.adapters.firestore.evidence import FirestoreEvidence
    from shared.adapters.firestore.heartbeat import FirestoreHeartbeat
    from shared.adapters.firestore.knowledge import knowledge
    from shared.adapters.firestore.policies import FirestorePolicies
    from shared.adapters.firestore.sessions import FirestoreSessions
    from shared.adapters.firestore.store import connect
    from shared.adapters.tasks import cloud_tasks

    known = settings()
    client = connect(known.project)
    classes, evidence = FirestoreClasses(client, system.sleep), FirestoreEvidence(client, system.sleep)
    in_room = ClassesInRoom(classes, system.now, timedelta())
    know = knowledge(client, system.sleep, system.monotonic)
    fold = FoldEvidence(FirestoreSessions(client, system.sleep), evidence, in_room, system.sleep, know)
    zoom = LateZoom() if known.has_zoom else None
    follow = FollowInCalendar(classes, LateCalendar(), zoom, system.now, known.sync_delays)
    plan = PlanTasks(cloud_tasks(known), known.sync_delays)
    bind = BindPending(evidence, fold)
    heartbeat = FirestoreHeartbeat(client)
    policies = FirestorePolicies(client, system.sleep, system.monotonic)
    return Monitor(RunTick(classes, evidence, follow, fold, bind, plan, heartbeat, policies, system.now))


class LateCalendar:
    """Google's Calendar, loaded at the first use: most ticks have no class that Calendar is behind with."""

    def put(self, event: LessonEvent) -> MeetLink | None:
        """See the port `Calendar`."""
        return _calendar().put(event)

    def put_instance(self, base_id: str, event: LessonEvent) -> None:
        """See the port `Calendar`."""
        _calendar().put_instance(base_id, event)

    def remove(self, organiser: str, event_id: str) -> None:
        """See the port `Calendar`."""
        _calendar().remove(organiser, event_id)


class LateZoom:
    """Zoom, loaded at the first use."""

    def put(self, lesson: ZoomLesson) -> ZoomMeeting:
        """See the port `ZoomMeetings`."""
        return _zoom().put(lesson)

    def remove(self, host: str, number: str) -> None:
        """See the port `ZoomMeetings`."""
        _zoom().remove(host, number)

    def find(self, host: str, class_id: str) -> str | None:
        """See the port `ZoomMeetings`."""
        return _zoom().find(host, class_id)


@cache
def _notice() -> NoteRefusals:
    from shared.adapters.firestore.connections import FirestoreConnections
    from shared.adapters.firestore.store import connect

    return NoteRefusals(FirestoreConnections(connect(settings().project)), system.now)


@cache
def _calendar() -> Calendar:
    from shared.adapters.google.access import google_apis
    from shared.adapters.google.calendar import GoogleCalendar

    known = settings()
    return GoogleCalendar(google_apis(known, system.sleep, _notice()), known, system)


@cache
def _zoom() -> ZoomMeetings:
    from shared.adapters.zoom.access import zoom_api
    from shared.adapters.zoom.meetings import ZoomApiMeetings

    return ZoomApiMeetings(zoom_api(settings(), system.sleep, _notice()))
