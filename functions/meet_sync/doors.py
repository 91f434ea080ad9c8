"""Reading a meeting's participants after a class, as a task asks for it."""

from functions.meet_sync.schemas import LookBody, StaffCheckBody, SyncTask, SyncTaskBody
from functions.meet_sync.wiring import MeetSync
from shared.domain.errors import NotFound, NotInThisState, UpstreamRefused
from shared.web.describe import body_as, describes
from shared.web.log import log
from shared.web.routes import Asked, Reply


@describes(body=SyncTask, answers={200: SyncTaskBody}, problems=(401, 403, 409, 422, 503), is_internal=True)
def sync(asked: Asked, app: MeetSync) -> Reply:
    """Sync one class.

    What a person has to mend is noted on the session and answered 200, since the queue's retries would not help; what time mends
    is answered 503, and the queue tries again.
    """
    class_id = body_as(SyncTask, asked).class_id
    try:
        done = app.sync(class_id)
        status, message = done.report.status.value, done.report.message
    except (NotFound, NotInThisState) as moot:
        status, message = "moot", moot.detail
    except UpstreamRefused as refusal:
        status, message = "failed", refusal.title
    log("WARNING" if status == "failed" else "INFO", "sync", asked.trace, class_id=class_id, status=status, told=message)
    return Reply(200, SyncTaskBody(class_id=class_id, status=status, message=message).model_dump_json())


@describes(body=SyncTask, answers={200: LookBody}, problems=(401, 403, 409, 422, 503), is_internal=True)
def look(asked: Asked, app: MeetSync) -> Reply:
    """Look into the meeting of a class that is on: it is read where its feed has a gap, and looked into again after that.

    A reading that fails is no failure of the look, which has planned the next one.
    """
    class_id = body_as(SyncTask, asked).class_id
    try:
        found = app.look(class_id)
    except NotFound:
        found = None
    if found is None:
        return Reply(200, LookBody(class_id=class_id, feed="none", is_read=False, next_at=None).model_dump_json())
    trouble = found.trouble.detail if found.trouble else None
    log("WARNING" if trouble else "INFO", "look", asked.trace, class_id=class_id, feed=found.feed.value, trouble=trouble)
    told = LookBody(class_id=class_id, feed=found.feed.value, is_read=found.is_read, next_at=found.next_at)
    return Reply(200, told.model_dump_json())


@describes(body=SyncTask, answers={200: StaffCheckBody}, problems=(401, 403, 409, 422, 503), is_internal=True)
def staff_check(asked: Asked, app: MeetSync) -> Reply:
    """Make sure that somebody came to teach a class that is on; a missing teacher is reported once."""
    class_id = body_as(SyncTask, asked).class_id
    try:
        found = app.check_staff(class_id)
    except NotFound:
        found = None
    told = found.value if found else "moot"
    log("WARNING" if told == "missing" else "INFO", "staff check", asked.trace, class_id=class_id, found=told)
    return Reply(200, StaffCheckBody(class_id=class_id, found=told).model_dump_json())
