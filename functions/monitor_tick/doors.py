"""The monitor: by the clock every two minutes for all classes, by a task at its start and end for one."""

from functions.monitor_tick.schemas import ClassDue, ClassDueBody, TickBody
from functions.monitor_tick.wiring import Monitor
from shared.domain.errors import NotFound
from shared.web.describe import body_as, describes
from shared.web.log import log, log_crash
from shared.web.routes import Asked, Reply


@describes(answers={200: TickBody}, problems=(401, 403, 503), is_internal=True)
def tick(asked: Asked, app: Monitor) -> Reply:
    """Do everything that is due, and repair what was left undone."""
    summary = app.tick()
    for trouble in summary.troubles:
        log_crash(trouble, asked.trace, function="monitor_tick")
    done = summary.counts
    log("INFO", "tick", asked.trace, **done)
    return Reply(200, TickBody(**done).model_dump_json())


@describes(body=ClassDue, answers={200: ClassDueBody}, problems=(401, 403, 409, 422, 503), is_internal=True)
def class_due(asked: Asked, app: Monitor) -> Reply:
    """Open or close one class at its very time; a class that is gone needs nothing."""
    class_id = body_as(ClassDue, asked).class_id
    try:
        after = app.tick.step(class_id)
    except NotFound:
        return Reply(200, ClassDueBody(class_id=class_id, status="gone").model_dump_json())
    log("INFO", "class due", asked.trace, class_id=class_id, status=after.status.value)
    return Reply(200, ClassDueBody(class_id=class_id, status=after.status.value).model_dump_json())
