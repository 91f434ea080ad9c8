"""Attendance of a meeting, the review queue, overrides and excuses; every door needs a token, whatever the house."""

from functions.attendance.cards import DecidedBody, ReviewBody
from functions.attendance.decisions import ExcuseBody, ExcusedBody, ExcusePart, ExcusesBody, RulingsBody
from functions.attendance.participants import MeetingBody
from functions.attendance.rows import RowBody, TrackedRow
from functions.attendance.schemas import (
    DecideAsked,
    ExcuseAsked,
    ExcusesQuery,
    MeetingQuery,
    OverrideAsked,
    ReviewQuery,
    WithdrawQuery,
)
from functions.attendance.wiring import Tracking
from shared.domain.attendance import Attendance
from shared.domain.rooms import room_named
from shared.web.describe import body_as, describes, query_as
from shared.web.need_token import need_token
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply

# What a reading is noted about that names no session.
EVERYTHING = "*"


@describes(query=MeetingQuery, answers={200: MeetingBody}, problems=(401, 404, 422, 503))
def meeting_attendance(asked: Asked, app: Tracking) -> Reply:
    """Show a meeting's attendance: the class that is on, else the one that began last; everybody's to whoever teaches it."""
    caller, query = need_token(asked.caller), query_as(MeetingQuery, asked)
    meeting_id, now = asked.path["meeting_id"], app.clock()
    found = app.of_meeting(query.to_words(meeting_id), caller)
    if found.shows_others_than(caller.email):
        about = found.held.session_id if found.held else room_named(meeting_id)
        note_read(app.access, asked, "attendance", about, now)
    body = MeetingBody.of(found, meeting_id, now)
    return Reply(200, body.to_json() if query.enriched else body.to_plain_json())


@describes(query=ReviewQuery, answers={200: ReviewBody}, problems=(401, 403, 404, 422, 503))
def review_queue(asked: Asked, app: Tracking) -> Reply:
    """List what a person has to decide, with suggestions: of one's own classes, to an administrator of all."""
    caller, query = need_token(asked.caller), query_as(ReviewQuery, asked)
    page = app.review(query.to_filter(), caller, query.limit, query.page_token)
    if page.items:
        note_read(app.access, asked, "review", query.session_id or EVERYTHING, app.clock())
    return Reply(200, ReviewBody.of(page).to_json())


@describes(body=DecideAsked, answers={200: DecidedBody}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def decide_card(asked: Asked, app: Tracking) -> Reply:
    """Decide a card: who it was, a guest, nothing to do, or open again; said twice it is one decision."""
    caller, told = need_token(asked.caller), body_as(DecideAsked, asked)
    decided = app.decide(told.to_words(asked.path["card_id"]), caller)
    shown = app.review.one(decided.card) if decided.card else None
    known = decided.card or decided.row
    now = app.clock()
    if known is not None:
        note_read(app.access, asked, "review", known.session_id, now)
    return Reply(200, DecidedBody.of(decided, shown, now).to_json())


@describes(body=OverrideAsked, answers={200: RowBody}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def override_status(asked: Asked, app: Tracking) -> Reply:
    """Rule one person's status, with a reason; what the policy makes of the evidence stays beside it."""
    caller, told = need_token(asked.caller), body_as(OverrideAsked, asked)
    return _row(asked, app, app.rule.override(told.to_words(asked.path["session_id"]), caller))


@describes(query=WithdrawQuery, answers={200: RowBody}, problems=(401, 403, 404, 422, 503))
def withdraw_override(asked: Asked, app: Tracking) -> Reply:
    """Take an override back: the computed status counts again."""
    caller, query = need_token(asked.caller), query_as(WithdrawQuery, asked)
    return _row(asked, app, app.rule.withdraw(asked.path["session_id"], asked.path["row_id"], query.reason, caller))


@describes(answers={200: RulingsBody}, problems=(401, 403, 404, 503))
def session_rulings(asked: Asked, app: Tracking) -> Reply:
    """List everything that people decided about a session: who, when, why."""
    session_id = asked.path["session_id"]
    rulings = app.rule.all(session_id, need_token(asked.caller))
    note_read(app.access, asked, "rulings", session_id, app.clock())
    return Reply(200, RulingsBody.of(rulings).to_json())


@describes(body=ExcuseAsked, answers={200: ExcusedBody}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def give_excuse(asked: Asked, app: Tracking) -> Reply:
    """Excuse somebody in advance from one class, or from all of theirs that start in some time."""
    caller, told = need_token(asked.caller), body_as(ExcuseAsked, asked)
    return Reply(200, ExcusedBody.given(app.excuse.give(told.to_words(), caller)).to_json())


@describes(query=ExcusesQuery, answers={200: ExcusesBody}, problems=(401, 403, 422, 503))
def list_excuses(asked: Asked, app: Tracking) -> Reply:
    """List a person's standing excuses from the caller's classes."""
    caller, query, now = need_token(asked.caller), query_as(ExcusesQuery, asked), app.clock()
    excuses = app.excuse.of_person(query.email, *query.window(now), caller)
    note_read(app.access, asked, "excuses", query.email, now)
    return Reply(200, ExcusesBody.of(excuses).to_json())


@describes(query=WithdrawQuery, answers={200: ExcuseBody}, problems=(401, 403, 404, 409, 422, 503))
def withdraw_excuse(asked: Asked, app: Tracking) -> Reply:
    """Take an excuse back before its class begins."""
    caller, query = need_token(asked.caller), query_as(WithdrawQuery, asked)
    excuse = app.excuse.withdraw(asked.path["excuse_id"], query.reason, caller)
    return Reply(200, ExcuseBody(excuse=ExcusePart.of(excuse)).to_json())


def _row(asked: Asked, app: Tracking, row: Attendance) -> Reply:
    """The attendance that a ruling was about, after it was noted that it is read."""
    now = app.clock()
    note_read(app.access, asked, "attendance", row.session_id, now)
    return Reply(200, RowBody(participant=TrackedRow.of(row, now)).to_json())
