"""What Google's errors mean to us: the one place where they become refusals, each with a remedy."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httplib2
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError
from googleapiclient.errors import HttpError

from shared.adapters.google.apis import CLASSROOM, DIRECTORY, EVENTS, REPORTS, Api
from shared.domain.errors import DomainError, Unavailable, UpstreamRefused

# A socket's troubles are OSErrors; JSONDecodeError is an answer that was cut off.
TROUBLES = (
    HttpError,
    GoogleAuthError,
    OSError,
    http.client.HTTPException,
    httplib2.HttpLib2Error,
    json.JSONDecodeError,
)

NO_CREDENTIALS = "No valid credentials found"
NO_PERMISSION = "Insufficient permissions"
UNUSABLE = "Google refused the request"

_BUSY_REASONS = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "quotaExceeded", "dailyLimitExceeded"}
)
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_NO_SCOPE = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_BARE_ACCOUNT = "forbiddenForServiceAccounts"
_NO_CONFERENCE = "Invalid conference type value"


class Missing(UpstreamRefused):
    """Google does not have it (404), or has it no longer (410)."""


class Exists(UpstreamRefused):
    """Google has something like it already, or is just changing it (409); `metadata` is what it says of that."""

    def __init__(self, title: str, detail: str, metadata: Mapping[str, str]) -> None:
        super().__init__(title, detail)
        self.metadata = metadata


_ADMINS = (REPORTS, DIRECTORY)

# What a no usually means where it does not mean a meeting's organiser.
_ADVICE = {
    EVENTS: "Check that the topic of MEET_EVENTS_TOPIC exists in the Cloud project that Rollcall runs in, that "
    "meet-api-event-push@system.gserviceaccount.com has the role Pub/Sub Publisher on it, and that Google Meet is "
    "switched on for {subject}.",
    REPORTS: "Give {subject} (GOOGLE_ADMIN_EMAIL) an administrator role that has the privilege Reports: Admin console, "
    "Account > Admin roles.",
    CLASSROOM: "Check that {subject} teaches that course, that Classroom is switched on for this account, and that people may "
    "let applications see their Classroom data (Admin console, Apps > Google Workspace > Classroom: data access).",
}

# The status that an error of an operation would have as an answer (google.rpc.Code).
_STATUS_OF_CODE = {3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 16: 401}


@dataclass(frozen=True, slots=True)
class _Told:
    """What an error answer says: status, message, and the reasons and facts named anywhere in it."""

    status: int
    message: str
    reasons: frozenset[str]
    metadata: Mapping[str, str]


def refusal_of(trouble: Exception, api: Api, subject: str) -> DomainError:
    """The refusal that `trouble` amounts to, when `api` was called as `subject`.

    `Unavailable` when asking again may help; `Missing` and `Exists` where they may mean something to the caller.
    """
    if isinstance(trouble, HttpError):
        return _refusal_of_answer(_told_by(trouble), api, subject)
    if isinstance(trouble, GoogleAuthError):
        return _refusal_of_credentials(trouble, api, subject)
    return Unavailable(f"Google's {api.title} API cannot be reached right now; try again in a moment.")


def needs_a_person(refusal: UpstreamRefused) -> bool:
    """Whether a person has to change something before this API works for this subject, whatever it is asked."""
    return refusal.title in (NO_CREDENTIALS, NO_PERMISSION) or refusal.title.endswith("API not enabled")


def refusal_of_operation(error: Mapping[str, Any], api: Api, subject: str) -> DomainError:
    """The refusal that the error of a long-running operation amounts to: the same as if it had come as the answer."""
    status = _STATUS_OF_CODE.get(int(error.get("code") or 0), int(HTTPStatus.INTERNAL_SERVER_ERROR))
    return _refusal_of_answer(_told_of(status, error), api, subject)


def advice_on(api: Api, subject: str) -> str | None:
    """What to check when `api` says no to `subject`, where there is more to it than the subject."""
    advice = _ADVICE.get(api)
    return None if advice is None else advice.format(subject=subject)


def _refusal_of_answer(told: _Told, api: Api, subject: str) -> DomainError:
    is_busy = told.status == HTTPStatus.FORBIDDEN and bool(told.reasons & _BUSY_REASONS)
    if is_busy or told.status == HTTPStatus.TOO_MANY_REQUESTS or told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"Google's {api.title} API is busy ({told.status}); try again in a minute.")
    said = f"Asked as {subject}, Google's {api.title} API says: {told.message or f'status {told.status}'}"
    if told.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Missing(UNUSABLE, said)
    if told.status == HTTPStatus.CONFLICT:
        return Exists(UNUSABLE, said, told.metadata)
    if told.status == HTTPStatus.UNAUTHORIZED:
        return _unauthorised(api, subject)
    if told.status == HTTPStatus.FORBIDDEN:
        return _forbidden(told, api, subject)
    if told.status == HTTPStatus.BAD_REQUEST and _NO_CONFERENCE in told.message:
        return UpstreamRefused(NO_PERMISSION, _no_meet_link(api, subject))
    return UpstreamRefused(UNUSABLE, f"{said} {advice_on(api, subject) or 'Correct the class and try again.'}")


def _unauthorised(api: Api, subject: str) -> UpstreamRefused:
    """Reports says 401 as well to somebody whose token is good, but who is no administrator."""
    if api == REPORTS:
        return UpstreamRefused(NO_PERMISSION, f"{advice_on(api, subject)} {_delegation(api)}")
    return UpstreamRefused(NO_CREDENTIALS, f"Google did not accept our token for {subject}. {_delegation(api)}")


def _forbidden(told: _Told, api: Api, subject: str) -> UpstreamRefused:
    if told.reasons & _SWITCHED_OFF:
        return UpstreamRefused(
            f"{api.title} API not enabled",
            f"Enable the {api.title} API in the Cloud project that Rollcall runs in (APIs & Services > Library), "
            "wait a few minutes and try again.",
        )
    if _BARE_ACCOUNT in told.reasons:
        return UpstreamRefused(NO_PERMISSION, _no_meet_link(api, subject))
    if told.reasons & _NO_SCOPE:
        return UpstreamRefused(NO_PERMISSION, f"Our token for {subject} lacks a right. {_delegation(api)}")
    no = f"{subject} may not do this in Google's {api.title} API"
    if (advice := advice_on(api, subject)) is not None:
        return UpstreamRefused(NO_PERMISSION, f"{no}. {advice} {_delegation(api)}")
    return UpstreamRefused(
        NO_PERMISSION,
        f"{no}, which answers to the organiser of a meeting alone. Check that {subject} owns it. {_delegation(api)}",
    )


def _no_meet_link(api: Api, subject: str) -> str:
    return (
        f"Calendar makes Meet links and invites guests for people only. Let Rollcall act as {subject}, and see that "
        f"Google Meet is switched on for that account. {_delegation(api)}"
    )


def _delegation(api: Api) -> str:
    return (
        "In the Admin console, under Security > API controls > Domain-wide delegation, give the client id of "
        f"Rollcall's service account (GOOGLE_SERVICE_ACCOUNT) the scopes {', '.join(api.scopes)}. Without an administrator: run "
        f"`python -m infra.google_oauth --{'reports' if api in _ADMINS else 'meet'}` as that person."
    )


def _refusal_of_credentials(trouble: GoogleAuthError, api: Api, subject: str) -> DomainError:
    said = str(trouble)
    if "signBlob" in said and ("PERMISSION_DENIED" in said or "SERVICE_DISABLED" in said):
        return UpstreamRefused(
            NO_CREDENTIALS,
            "Rollcall may not sign as its own service account. Enable the IAM Service Account Credentials API and "
            "give the functions' account the role Service Account Token Creator on GOOGLE_SERVICE_ACCOUNT.",
        )
    if isinstance(trouble, DefaultCredentialsError):
        return UpstreamRefused(
            NO_CREDENTIALS,
            "This process has no Google identity at all: deploy it with a service account, or set "
            "GOOGLE_API_ENDPOINT to the local simulator.",
        )
    if isinstance(trouble, RefreshError) and not trouble.retryable:
        return UpstreamRefused(
            NO_CREDENTIALS,
            f"Google gives no token for {subject}. Check that this is an active account of your Workspace domain. "
            f"{_delegation(api)}",
        )
    return Unavailable("Google's sign-in cannot be reached right now; try again in a moment.")


def _told_by(trouble: HttpError) -> _Told:
    """Read both forms of Google's error bodies; a body in no known form says nothing."""
    status = int(trouble.resp.status)
    try:
        error = json.loads(trouble.content)["error"]
    except (ValueError, KeyError, TypeError):
        return _Told(status, "", frozenset(), {})
    if not isinstance(error, Mapping):
        return _Told(status, str(error), frozenset(), {})
    return _told_of(status, error)


def _told_of(status: int, error: Mapping[str, Any]) -> _Told:
    items = [item for key in ("errors", "details") for item in error.get(key) or () if isinstance(item, Mapping)]
    reasons = frozenset(str(item["reason"]) for item in items if "reason" in item)
    facts = [item["metadata"] for item in items if isinstance(item.get("metadata"), Mapping)]
    metadata = {str(key): str(value) for fact in facts for key, value in fact.items()}
    return _Told(status, str(error.get("message", "")), reasons, metadata)
