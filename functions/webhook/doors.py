"""Taking in what is told about meetings, and reading a meeting on demand."""

from typing import Any

from functions.webhook import zoom
from functions.webhook.events import EVENT_SCHEMA, FILED_SCHEMA, fact_in, filed, kept
from functions.webhook.wiring import Webhook
from shared.domain.errors import Forbidden, InvalidInput, NotFound, Unavailable
from shared.usecases.file_evidence import Filing
from shared.web.callers import unauthorised
from shared.web.describe import describes
from shared.web.log import log, log_crash
from shared.web.problems import Problem
from shared.web.routes import Asked, Reply
from shared.web.senders import ZOOM_UNSIGNED
from shared.web.strict_json import strict_json
from shared.web.zoom_signatures import encrypted_token, is_zoom_signed


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
    _tell_of_trouble(filing, asked)
    return Reply(200, filed(filing))


@describes(body=zoom.EVENT_SCHEMA, answers={200: zoom.TAKEN_SCHEMA}, problems=(400, 401, 413, 415, 503))
def zoom_event(asked: Asked, app: Webhook) -> Reply:
    """File what Zoom tells of a meeting, or answer its challenge.

    An authentic event is never refused for what is in it, since Zoom would not send it again: what cannot be read is kept.
    Zoom tells of every meeting of the account; what no class has claimed after a day is erased by the tick.
    """
    received_at, is_signed = app.clock(), asked.caller.subject != ZOOM_UNSIGNED
    try:
        told = zoom.read(strict_json(asked.body), received_at)
    except (Problem, InvalidInput) as odd:
        if not is_signed:
            raise unauthorised("Zoom's signature is missing.") from odd
        app.quarantine(asked.body, str(odd), received_at)
        log("WARNING", "zoom event kept, not counted", asked.trace, detail=str(odd))
        return Reply(200, zoom.answer("quarantined", str(odd)))
    if isinstance(told, zoom.Challenge):
        return _challenged(told, asked, app, is_signed=is_signed)
    if not is_signed:
        raise unauthorised("Zoom's signature is missing.")
    if isinstance(told, zoom.Ignored):
        return Reply(200, zoom.answer("ignored", f"{told.event}: {told.why}"))
    filings = [app.file(fact) for fact in told.facts]
    for filing in filings:
        _tell_of_trouble(filing, asked)
    return Reply(200, zoom.answer("filed", ", ".join(filing.outcome.value for filing in filings)))


def _challenged(told: zoom.Challenge, asked: Asked, app: Webhook, *, is_signed: bool) -> Reply:
    """Answer with the secret that signed the challenge, or with the present one; only a signed one proves that Zoom is there."""
    if told.plain_token is None:
        raise Problem(400, "Unusable challenge", "plainToken must be 1 to 128 letters, digits, - or _.", code="challenge")
    headers: Any = asked.request.headers
    verdict = is_zoom_signed(headers, asked.body, app.zoom_secrets, app.clock().timestamp())
    if is_signed:
        app.zoom_beat(app.clock())
    token = encrypted_token(verdict.secret or app.zoom_secrets[0], told.plain_token)
    return Reply(200, zoom.answer_to_challenge(told.plain_token, token))


def _tell_of_trouble(filing: Filing, asked: Asked) -> None:
    """Log what went wrong after an event was stored; the sender need not know."""
    if filing.trouble is not None and not isinstance(filing.trouble, Unavailable):
        log_crash(filing.trouble, asked.trace, function="webhook", event_id=filing.event_id)


@describes(answers={200: "SyncAnswer"}, problems=(401, 403, 404, 409, 502, 503))
def sync_participants(asked: Asked, app: Webhook) -> Reply:
    """Read the meeting's own records now and settle the class's attendance by them."""
    held = app.by_session(asked.path["session_id"])
    if not asked.caller.may_see(held):
        raise NotFound("No such session.")
    if not asked.caller.teaches(held):
        raise Forbidden("Only the teacher of the class or an administrator can sync it.")
    return Reply(200, app.sync()(held.class_id))
