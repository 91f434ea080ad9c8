"""Who is in class now, who was, and whether the system is well."""

from collections.abc import Mapping
from datetime import timedelta

from functions.monitoring.schemas import (
    CSV_HEADER,
    ActiveSession,
    ActiveSessionsBody,
    ActiveSessionsQuery,
    DueItem,
    HealthBody,
    LiveParticipant,
    LogRow,
    LogsBody,
    LogsQuery,
    ManualRecord,
    SessionBody,
    SyncState,
    UnsyncedClass,
    csv_row,
    entry_of,
    exceptions_of,
)
from functions.monitoring.wiring import Monitoring
from shared.domain.classes import Status, next_sync_at
from shared.domain.errors import Forbidden, NotFound
from shared.domain.evidence import BASIS_OF
from shared.domain.sessions import Session, SyncReport
from shared.ports import ClassFilter, Page
from shared.usecases.watch_sessions import Watched
from shared.web.csv_stream import csv_stream
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply

TICK_IS_LATE = timedelta(minutes=5)
DATA_KEPT = timedelta(days=30)
MOST_UNSYNCED = 50


@describes(query=ActiveSessionsQuery, answers={200: ActiveSessionsBody}, problems=(401, 404, 422, 503))
def active_sessions(asked: Asked, app: Monitoring) -> Reply:
    """Show the classes that are on now and who is in them."""
    query, caller = query_as(ActiveSessionsQuery, asked), asked.caller
    wanted = ClassFilter(
        teacher_email=query.teacher_email,
        course_id=query.course_id,
        status=Status.ACTIVE,
        person_email=None if caller.is_admin else caller.email,
    )
    page = app.watch.active(wanted, query.limit, query.page_token)
    sessions = [_active(watched, asked, app) for watched in page.items]
    return Reply(200, ActiveSessionsBody(sessions=sessions, next_page_token=page.next_token).model_dump_json())


@describes(
    query=LogsQuery,
    answers={200: LogsBody},
    problems=(401, 404, 422, 503),
    other_types={"text/csv": "The same as CSV, all pages at once, streamed."},
)
def attendance_logs(asked: Asked, app: Monitoring) -> Reply:
    """List who attended what, as JSON by pages or as one CSV."""
    query, now = query_as(LogsQuery, asked), app.clock()
    wanted = query.to_filter(asked.caller)
    if query.format == "csv":
        rows = app.sessions.stream(wanted) if wanted else iter(())
        name = 'attachment; filename="attendance.csv"'
        body = csv_stream(CSV_HEADER, (csv_row(row, now) for row in rows))
        return Reply(200, body, "text/csv; charset=utf-8", {"Content-Disposition": name})
    page = app.sessions.rows(wanted, query.limit, query.page_token) if wanted else Page((), None)
    return Reply(200, LogsBody.of(page, now).model_dump_json())


@describes(body=ManualRecord, answers={201: LogRow}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def record_attendance(asked: Asked, app: Monitoring) -> Reply:
    """Record somebody's attendance by hand, with a reason; the original stays."""
    row = app.record(body_as(ManualRecord, asked).to_words(), asked.caller)
    return Reply(201, LogRow.of(row, app.clock()).model_dump_json())


@describes(answers={200: SessionBody}, problems=(401, 403, 404, 503))
def session_timeline(asked: Asked, app: Monitoring) -> Reply:
    """Show one session whole: people, facts with their sources, readings, oddities."""
    watched = app.watch.one(asked.path["session_id"])
    if not asked.caller.may_see(watched.held):
        raise NotFound("No such session.")
    if not asked.caller.teaches(watched.held):
        raise Forbidden("Only the teacher of the class or an administrator sees the whole session.")
    return Reply(200, _session(watched, app).model_dump_json())


@describes(answers={200: HealthBody}, problems=(401, 403, 503))
def health(asked: Asked, app: Monitoring) -> Reply:  # noqa: ARG001 - every door takes both
    """Show when the monitor last ran, what is due, and which classes' data will expire unread."""
    now, beat, due = app.clock(), app.heartbeat.last(), app.classes.overdue()
    unsynced = app.classes.unsynced(MOST_UNSYNCED)
    sessions = app.sessions.get_many([held.session_id for held in unsynced])
    active = app.watch.active(ClassFilter(status=Status.ACTIVE), 500, None).items
    feeds = {kind: sum(1 for each in active if each.feed == kind) for kind in ("live", "polling", "stale", "none")}
    body = HealthBody(
        status="ok" if beat and now - beat[0] < TICK_IS_LATE else "late",
        checked_at=now,
        last_tick_at=beat[0] if beat else None,
        last_tick=dict(beat[1]) if beat else {},
        oldest_due=None
        if due is None or due.due_at is None
        else DueItem(
            class_id=due.class_id,
            due_at=due.due_at,
            overdue_seconds=max(0, int((now - due.due_at).total_seconds())),
        ),
        feeds=feeds,
        subscriptions=[],
        unsynced_classes=[
            UnsyncedClass(
                class_id=held.class_id,
                session_id=held.session_id,
                subject=held.subject,
                ended_at=held.end_at,
                days_left=max(0, (held.end_at + DATA_KEPT - now).days),
                sync=SyncState.of(report) if (report := _report(sessions, held.session_id)) else None,
            )
            for held in unsynced
        ],
    )
    return Reply(200, body.model_dump_json())


def _report(sessions: Mapping[str, Session], session_id: str) -> SyncReport | None:
    return sessions[session_id].sync if session_id in sessions else None


def _active(watched: Watched, asked: Asked, app: Monitoring) -> ActiveSession:
    """A live session as the caller may see it: a student sees the class and themselves."""
    now, held = app.clock(), watched.held
    people = [LiveParticipant.of(row, now) for row in watched.rows if row.stays or row.source]
    if not asked.caller.teaches(held):
        people = [person for person in people if person.email == asked.caller.email]
    return ActiveSession.model_validate(
        {
            "session_id": held.session_id,
            "class_id": held.class_id,
            "course_id": held.course_id,
            "subject": held.subject,
            "teacher_email": held.teacher_email,
            "meet_code": held.meet_code,
            "started_at": held.opened_at or held.start_at,
            "scheduled_end": held.end_at,
            "feed": watched.feed,
            "participant_count": sum(1 for row in watched.rows if row.is_present(now)),
            "participants": people,
        }
    )


def _session(watched: Watched, app: Monitoring) -> SessionBody:
    now, held, session = app.clock(), watched.held, watched.session
    return SessionBody.model_validate(
        {
            "session_id": held.session_id,
            "class_id": held.class_id,
            "course_id": held.course_id,
            "subject": held.subject,
            "teacher_email": held.teacher_email,
            "student_emails": list(held.student_emails),
            "status": held.status.value,
            "meet_code": held.meet_code,
            "scheduled_start": held.start_at,
            "scheduled_end": held.end_at,
            "started_at": held.opened_at,
            "ended_at": held.closed_at,
            "feed": watched.feed,
            "sync": SyncState.of(session.sync) if session and session.sync else None,
            "next_sync_at": next_sync_at(held, app.sync_delays) if held.status is Status.COMPLETED else None,
            "participants": [LogRow.of(row, now) for row in watched.rows],
            "sources": sorted({fact.source.value for fact in watched.facts}),
            "timeline": [entry_of(fact, session, BASIS_OF[fact.source].value) for fact in watched.facts],
            "exceptions": exceptions_of(watched.rows, held),
        }
    )
