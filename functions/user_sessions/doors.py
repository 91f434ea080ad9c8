"""Signing in, registering for meetings, leaving them, and seeing who is registered."""

from functions.user_sessions.answers import JoinedBody, LeftBody, MySessionsBody, SignedInBody, UserBody
from functions.user_sessions.meeting import EndedBody, ParticipantsBody, RegisteredParticipant, StatsBody
from functions.user_sessions.schemas import JoinAsked, LeaveAsked, MySessionsQuery, SignInAsked
from functions.user_sessions.wiring import Registering
from shared.domain.accounts import SignedOut
from shared.domain.errors import DomainError, NotFound
from shared.usecases.sign_in import Account
from shared.web.callers import unauthorised
from shared.web.camel import StudentInfo
from shared.web.describe import body_as, describes, query_as
from shared.web.log import log_crash
from shared.web.need_token import need_token
from shared.web.problems import Problem
from shared.web.reads import note_read
from shared.web.routes import Asked, Reply


@describes(body=SignInAsked, answers={200: SignedInBody}, problems=(400, 401, 403, 404, 409, 413, 415, 422, 503))
def sign_in(asked: Asked, app: Registering) -> Reply:
    """Sign in with the issuer's ID token; a Google account is remembered as the person's, under which Meet knows them."""
    told = app.verify(body_as(SignInAsked, asked).credential)
    try:
        signed_in = app.sign_in(Account(told.email, told.name, told.google_id, told.issued_at))
    except NotFound as nobody:
        raise _absent("User not found", nobody) from nobody
    except SignedOut as out:
        raise unauthorised("You were signed out after this credential was made; sign in at Google again.") from out
    body = SignedInBody(
        token=app.mint(signed_in.caller),
        expires_in=app.token_seconds,
        user=UserBody.of(signed_in.caller),
        student=StudentInfo.of(signed_in.person),
    )
    return Reply(200, body.to_json())


@describes(body=JoinAsked, answers={200: JoinedBody}, problems=(400, 401, 409, 413, 415, 422, 503))
def join_meeting(asked: Asked, app: Registering) -> Reply:
    """Register for a meeting, from one device; a claim to be there, never presence."""
    caller = need_token(asked.caller)
    told = body_as(JoinAsked, asked).to_words()
    joined = app.join(told, caller)
    _tell_of([joined.trouble], asked)
    return Reply(200, JoinedBody.of(joined, told, caller).to_json())


@describes(body=LeaveAsked, answers={200: LeftBody}, problems=(400, 401, 404, 409, 413, 415, 422, 503))
def leave_meeting(asked: Asked, app: Registering) -> Reply:
    """End one of the caller's own registrations."""
    caller = need_token(asked.caller)
    told = body_as(LeaveAsked, asked)
    try:
        left = app.leave(told.session_id, caller)
    except NotFound as none:
        raise _absent("No active session found", none) from none
    _tell_of(left.troubles, asked)
    return Reply(200, LeftBody.of(left.registrations[0], app.clock()).to_json())


@describes(query=MySessionsQuery, answers={200: MySessionsBody}, problems=(401, 404, 422, 503))
def my_sessions(asked: Asked, app: Registering) -> Reply:
    """List the caller's own registrations, the newest first."""
    caller, query = need_token(asked.caller), query_as(MySessionsQuery, asked)
    page = app.registrations.of_person(caller.email, query.limit, query.page_token)
    return Reply(200, MySessionsBody.of(page, app.clock()).to_json())


@describes(answers={200: ParticipantsBody}, problems=(401, 404, 503))
def authenticated_participants(asked: Asked, app: Registering) -> Reply:
    """Show who registered for a meeting: all to an administrator, their classes' people to a teacher, one's own to anybody."""
    caller, meeting_id = need_token(asked.caller), asked.path["meeting_id"]
    try:
        found = app.watch.of_meeting(meeting_id, caller)
    except NotFound as none:
        raise _absent("No active session found", none) from none
    now = app.clock()
    for about in found.about:
        note_read(app.access, asked, "registrations", about, now)
    participants = [RegisteredParticipant.of(each, caller, now) for each in found.participants]
    body = ParticipantsBody(meeting_id=meeting_id, participants=participants, count=len(participants))
    return Reply(200, body.to_json())


@describes(answers={200: StatsBody}, problems=(401, 403, 503))
def stats(asked: Asked, app: Registering) -> Reply:
    """Show in numbers who is registered now, and when expired registrations were last closed."""
    need_token(asked.caller)
    return Reply(200, StatsBody.of(app.watch.stats()).to_json())


@describes(answers={200: EndedBody}, problems=(401, 403, 404, 409, 503))
def end_meeting(asked: Asked, app: Registering) -> Reply:
    """End every active registration for a meeting, as far as the meeting is the caller's."""
    caller, meeting_id = need_token(asked.caller), asked.path["meeting_id"]
    ended = app.end(meeting_id, caller)
    _tell_of(ended.troubles, asked)
    return Reply(200, EndedBody(meeting_id=meeting_id, ended=len(ended.registrations)).to_json())


def _absent(title: str, trouble: NotFound) -> Problem:
    """A 404 under the name that the guide gives it."""
    return Problem(404, title, trouble.detail, code="not-found")


def _tell_of(troubles: list[Exception | None] | tuple[Exception, ...], asked: Asked) -> None:
    """Log what went wrong after a claim was stored; the tick folds it, so the caller need not know."""
    for trouble in troubles:
        if trouble is not None and not isinstance(trouble, DomainError):
            log_crash(trouble, asked.trace, function="user_sessions")
