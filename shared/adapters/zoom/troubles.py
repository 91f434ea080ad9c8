"""What Zoom's errors mean to us: the one place where they become refusals, each with a remedy.

Zoom says `{code, message}`; codes are Zoom's own and belong to no HTTP status, so both are looked at.
"""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus

from shared.domain.errors import DomainError, Unavailable, UpstreamRefused

NO_CREDENTIALS = "No valid credentials found"
NO_PERMISSION = "Insufficient permissions"
UNUSABLE = "Zoom refused the request"

SCOPES = (
    "meeting:read:list_meetings:admin",
    "meeting:read:meeting:admin",
    "meeting:write:meeting:admin",
    "meeting:update:meeting:admin",
    "meeting:delete:meeting:admin",
    "meeting:write:registrant:admin",
    "meeting:read:list_registrants:admin",
    "meeting:update:registrant_status:admin",
    "meeting:read:list_past_instances:admin",
    "meeting:read:past_meeting:admin",
    "meeting:read:list_past_participants:admin",
    "report:read:list_meeting_participants:admin",
)
"""Every right that Rollcall needs of a Server-to-Server OAuth app."""

_PAID_ONLY, _INVALID, _NO_USER, _OTHER_ACCOUNT, _NO_MEETING, _IN_PROGRESS = 200, 300, 1001, 1010, 3001, 3002
_NO_SCOPE = frozenset({104, 4700, 4711})
_SCOPE = re.compile(r"[a-z_]+(?::[a-z_]+)+")
_APP = "the Server-to-Server OAuth app in Zoom's App Marketplace"


class Missing(UpstreamRefused):
    """Zoom does not have it, or not any more; a report also while its meeting is on or when only one person was in it."""


class NeedsPlan(UpstreamRefused):
    """The host's or the account's plan does not have this."""


class PageExpired(UpstreamRefused):
    """The token of the next page is not good any more: the list has to be read from the beginning."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of Zoom that is an error."""

    status: int
    code: int | None
    message: str
    retry_after: str | None = None
    limit: str | None = None

    @property
    def is_busy(self) -> bool:
        """Whether asking again in some seconds may help, Zoom having done nothing."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and not self.is_used_up

    @property
    def is_used_up(self) -> bool:
        """Whether the limit of a whole day is used up."""
        words = f"{self.limit or ''} {self.message}".lower()
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and ("daily" in words or "per day" in words)

    @property
    def is_broken(self) -> bool:
        """Whether something went wrong at Zoom's, nobody knowing how far it got."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def lacks_scope(self) -> bool:
        """Whether our token is good but not for this."""
        return self.code in _NO_SCOPE or "does not contain scope" in self.message.lower()

    @property
    def is_stale_token(self) -> bool:
        """Whether our token is good no more."""
        return self.status == HTTPStatus.UNAUTHORIZED and not self.lacks_scope


def told_in(status: int, content: bytes, retry_after: str | None = None, limit: str | None = None) -> Told:
    """The error in an answer; a body in no known form says nothing."""
    try:
        body = json.loads(content)
        code, message = body.get("code"), str(body.get("message") or body.get("reason") or "")
        fields = [f"{one.get('field')}: {one.get('message')}" for one in body.get("errors") or ()]
    except (ValueError, AttributeError, TypeError):
        return Told(status, None, "", retry_after, limit)
    is_number = isinstance(code, int) and not isinstance(code, bool)
    return Told(status, code if is_number else None, " ".join([message, *fields])[:300], retry_after, limit)


def refusal_of(told: Told, subject: str) -> DomainError:
    """The refusal that an error amounts to when Zoom was asked about `subject`'s meetings.

    `Unavailable` when asking again may help; `Missing`, `NeedsPlan`, `PageExpired` where they may mean something to the caller.
    """
    if told.is_used_up:
        return Unavailable(f"Zoom's daily limit is used up ({told.message or 'status 429'}); it is tried again later.")
    if told.is_busy or told.is_broken:
        return Unavailable(f"Zoom is busy ({told.status}); try again in a minute.")
    if told.lacks_scope:
        return _no_scope(told)
    if told.status == HTTPStatus.UNAUTHORIZED:
        return UpstreamRefused(
            NO_CREDENTIALS, f"Zoom does not accept the token that it gave us. Check that {_APP} is active. {_rights()}"
        )
    said = f"Asked about {subject}, Zoom says: {told.message or f'status {told.status}'}"
    return _by_code(told, subject, said)


def _by_code(told: Told, subject: str, said: str) -> DomainError:
    if told.code == _IN_PROGRESS:
        return Unavailable("The Zoom meeting is on and cannot be changed in this way until it is over; it is tried again.")
    if told.code in (_NO_USER, _OTHER_ACCOUNT):
        return UpstreamRefused(
            UNUSABLE, f"{said} Add {subject} to the Zoom account of ZOOM_ACCOUNT_ID, or give the class to another teacher."
        )
    if told.code == _PAID_ONLY:
        return NeedsPlan(NO_PERMISSION, f"{said} Give {subject} a paid Zoom licence (Pro or higher).")
    if told.code == _INVALID and "page token" in told.message.lower():
        return PageExpired(UNUSABLE, said)
    if told.code == _NO_MEETING or told.status == HTTPStatus.NOT_FOUND:
        return Missing(UNUSABLE, said)
    if told.status == HTTPStatus.FORBIDDEN:
        return UpstreamRefused(NO_PERMISSION, f"{said} {_rights()}")
    return UpstreamRefused(UNUSABLE, f"{said} Correct the class and try again.")


def no_token(told: Told) -> DomainError:
    """The refusal when Zoom gives no token at all."""
    if told.is_busy or told.is_used_up or told.is_broken:
        return Unavailable("Zoom's sign-in is busy; try again in a minute.")
    return UpstreamRefused(
        NO_CREDENTIALS,
        f"Zoom gives no token ({told.message or f'status {told.status}'}). Check ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and "
        f"ZOOM_CLIENT_SECRET against {_APP}, and that the app is active.",
    )


def not_connected() -> UpstreamRefused:
    """The refusal when there are no credentials to ask with."""
    return UpstreamRefused(
        NO_CREDENTIALS,
        "No Zoom account is connected: set ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET of a Server-to-Server "
        "OAuth app.",
    )


def unreachable() -> Unavailable:
    """The refusal when there is no answer, or half of one."""
    return Unavailable("Zoom cannot be reached right now; try again in a moment.")


def needs_a_person(refusal: DomainError) -> bool:
    """Whether the connection itself is refused, until somebody changes something."""
    if isinstance(refusal, Missing | NeedsPlan | PageExpired):
        return False
    return isinstance(refusal, UpstreamRefused) and refusal.title in (NO_CREDENTIALS, NO_PERMISSION)


def _no_scope(told: Told) -> UpstreamRefused:
    missing = [word for word in _SCOPE.findall(told.message) if word in SCOPES or word.count(":") > 1]
    lacks = f"Our Zoom token lacks the scope {', '.join(missing)}." if missing else "Our Zoom token lacks a scope."
    return UpstreamRefused(NO_PERMISSION, f"{lacks} {_rights()}")


def _rights() -> str:
    return f"Give {_APP} these scopes: {', '.join(SCOPES)}."
