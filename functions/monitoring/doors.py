"""Who is in class now, who was, and whether the system is well."""

from functions.monitoring.health import Found, HealthBody, looked_at
from functions.monitoring.live import ActiveSession, ActiveSessionsBody
from functions.monitoring.rows import CSV_HEADER, LogRow, LogsBody, csv_row
from functions.monitoring.schemas import ActiveSessionsQuery, LogsQuery, ManualRecord
from functions.monitoring.session import SessionBody
from functions.monitoring.wiring import Monitoring
from shared.domain.classes import Status
from shared.domain.errors import Forbidden, NotFound
from shared.ports import ClassFilter
from shared.web.csv_stream import csv_stream
from shared.web.describe import body_as, describes, query_as
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

MOST_UNSYNCED = 50
MOST_ACTIVE = 500
MOST_CHANNELS = 500
# What a reading is noted about that names no person, session, course or teacher.
EVERYTHING = "*"


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
    now = app.clock()
    if any(caller.teaches(watched.held) for watched in page.items):
        note_read(app.access, asked, "live", query.course_id or query.teacher_email or EVERYTHING, now)
    sessions = [ActiveSession.of(watched, caller, now) for watched in page.items]
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
    wanted = app.logs.own(query.to_filter(), asked.caller)
    if wanted is not None and wanted.email != asked.caller.email:
        note_read(app.access, asked, "attendance", query.about or EVERYTHING, now)
    if query.format == "csv":
        rows = app.logs.stream(wanted, query.status)
        name = 'attachment; filename="attendance.csv"'
        body = csv_stream(CSV_HEADER, (csv_row(row, now) for row in rows))
        return Reply(200, body, "text/csv; charset=utf-8", {"Content-Disposition": name})
    page = app.logs.page(wanted, query.status, query.limit, query.page_token)
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
    note_read(app.access, asked, "timeline", watched.held.session_id, app.clock())
    return Reply(200, SessionBody.of(watched, app.sync_delays, app.clock()).model_dump_json())


@describes(answers={200: HealthBody}, problems=(401, 403, 503))
def health(asked: Asked, app: Monitoring) -> Reply:  # noqa: ARG001 - every door takes both
    """Show when the monitor and its clock last ran, what is due, who refuses us, and which classes' data will expire unread."""
    unsynced = app.classes.unsynced(MOST_UNSYNCED)
    sessions = app.sessions.get_many([held.session_id for held in unsynced])
    found = Found(
        now=app.clock(),
        beats={name: beat.last() for name, beat in app.heartbeats.items()},
        due=app.classes.overdue(),
        active=app.watch.active(ClassFilter(status=Status.ACTIVE), MOST_ACTIVE, None).items,
        channels=app.channels.all(MOST_CHANNELS),
        troubles=app.connections.troubles(),
        unsynced=[(held, sessions.get(held.session_id)) for held in unsynced],
        jobs=looked_at(app.jobs, app.clock_jobs),
    )
    return Reply(200, HealthBody.of(found).model_dump_json())
