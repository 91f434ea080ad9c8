"""Taking in what is told about meetings, and reading a meeting on demand."""

from functions.webhook.events import EVENT_SCHEMA, FILED_SCHEMA, fact_in, filed, kept
from functions.webhook.wiring import Webhook
from shared.domain.errors import Forbidden, InvalidInput, NotFound, Unavailable
from shared.web.describe import describes
from shared.web.log import log_crash
from shared.web.problems import Problem
from shared.web.routes import Asked, Reply
from shared.web.strict_json import strict_json


@describes(body=EVENT_SCHEMA, answers={200: FILED_SCHEMA}, problems=(401, 413, 415, 503))
def meet_event(asked: Asked, app: Webhook) -> Reply:
    """File one join or exit that an add-on, extension or script saw.

    An authentic event is never refused for what is in it: the sender would give up, and the event would be lost. What cannot
    be understood is kept as it came, and the answer says what was odd.
    """
    received_at = app.clock()
    try:
        fact = fact_in(strict_json(asked.body), received_at)
    except (Problem, InvalidInput) as odd:
        return Reply(200, kept(app.quarantine(asked.body, str(odd), received_at), str(odd)))
    filing = app.file(fact)
    if filing.trouble is not None and not isinstance(filing.trouble, Unavailable):
        log_crash(filing.trouble, asked.trace, function="webhook", event_id=filing.event_id)
    return Reply(200, filed(filing))


@describes(answers={200: "SyncAnswer"}, problems=(401, 403, 404, 409, 502, 503))
def sync_participants(asked: Asked, app: Webhook) -> Reply:
    """Read the meeting's own records now and settle the class's attendance by them."""
    held = app.by_session(asked.path["session_id"])
    if not asked.caller.may_see(held):
        raise NotFound("No such session.")
    if not asked.caller.teaches(held):
        raise Forbidden("Only the teacher of the class or an administrator can sync it.")
    return Reply(200, app.sync()(held.class_id))
