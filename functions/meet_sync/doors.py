"""Reading a meeting's participants after a class, as a task asks for it."""

from functions.meet_sync.schemas import SyncTask, SyncTaskBody
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
