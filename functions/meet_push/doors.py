"""Taking in one push of Google Workspace Events."""

from functions.meet_push.cloud_events import PUSH_SCHEMA, TAKEN_SCHEMA, answer, event_in
from functions.meet_push.wiring import MeetPush
from shared.domain.errors import InvalidInput, UpstreamRefused
from shared.usecases.file_meet_events import MeetEvent
from shared.web.describe import describes
from shared.web.log import log
from shared.web.problems import Problem
from shared.web.routes import Asked, Reply
from shared.web.strict_json import strict_json


@describes(body=PUSH_SCHEMA, answers={200: TAKEN_SCHEMA}, problems=(401, 403, 413, 415, 503))
def workspace_event(asked: Asked, app: MeetPush) -> Reply:
    """File what happened in a teacher's meeting, or see to the subscription that said so.

    What no repetition would mend is kept as it came and acknowledged, since Google would send it again for days; what time
    mends is answered 503, and comes again.
    """
    try:
        event = event_in(strict_json(asked.body))
    except (Problem, InvalidInput) as odd:
        return Reply(200, _kept(asked, app, str(odd)))
    if not isinstance(event, MeetEvent):
        return Reply(200, answer("ignored", event))
    try:
        taken = app.take(event)
    except UpstreamRefused as refusal:
        return Reply(200, _kept(asked, app, f"{refusal.title}: {refusal.detail}"))
    log("INFO", "meet event", asked.trace, said=event.said.value, status=taken.status, detail=taken.detail)
    return Reply(200, answer(taken.status, taken.detail))


def _kept(asked: Asked, app: MeetPush, why: str) -> str:
    app.quarantine(asked.body, why, app.clock())
    log("WARNING", "meet event kept, not counted", asked.trace, detail=why)
    return answer("quarantined", why)
