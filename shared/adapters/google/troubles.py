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

from shared.adapters.google.apis import Api
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
    """Google has something under that id already (409)."""


_OF_INTEREST: dict[int, type[UpstreamRefused]] = {
    HTTPStatus.NOT_FOUND: Missing,
    HTTPStatus.GONE: Missing,
    HTTPStatus.CONFLICT: Exists,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What an error answer says: status, message and the reasons named anywhere in it."""

    status: int
    message: str
    reasons: frozenset[str]


def refusal_of(trouble: Exception, api: Api, subject: str) -> DomainError:
    """The refusal that `trouble` amounts to, when `api` was called as `subject`.

    `Unavailable` when asking again may help; `Missing` and `Exists` where they may mean something to the caller.
    """
    if isinstance(trouble, HttpError):
        return _refusal_of_answer(_told_by(trouble), api, subject)
    if isinstance(trouble, GoogleAuthError):
        return _refusal_of_credentials(trouble, api, subject)
    return Unavailable(f"Google's {api.title} API cannot be reached right now; try again in a moment.")


def _refusal_of_answer(told: _Told, api: Api, subject: str) -> DomainError:
    is_busy = told.status == HTTPStatus.FORBIDDEN and bool(told.reasons & _BUSY_REASONS)
    if is_busy or told.status == HTTPStatus.TOO_MANY_REQUESTS or told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"Google's {api.title} API is busy ({told.status}); try again in a minute.")
    if told.status in _OF_INTEREST:
        return _OF_INTEREST[told.status](UNUSABLE, f"Asked as {subject}, Google's {api.title} API says: {told.message}")
    if told.status == HTTPStatus.UNAUTHORIZED:
        return UpstreamRefused(NO_CREDENTIALS, f"Google did not accept our token for {subject}. {_delegation(api)}")
    if told.status == HTTPStatus.FORBIDDEN:
        return _forbidden(told, api, subject)
    if told.status == HTTPStatus.BAD_REQUEST and _NO_CONFERENCE in told.message:
        return UpstreamRefused(NO_PERMISSION, _no_meet_link(api, subject))
    said = told.message or f"status {told.status}"
    return UpstreamRefused(
        UNUSABLE, f"Asked as {subject}, Google's {api.title} API says: {said} Correct the class and try again."
    )


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
    return UpstreamRefused(
        NO_PERMISSION,
        f"{subject} may not do this in Google's {api.title} API, which answers to the organiser of a meeting alone. "
        f"Check that {subject} owns it. {_delegation(api)}",
    )


def _no_meet_link(api: Api, subject: str) -> str:
    return (
        f"Calendar makes Meet links and invites guests for people only. Let Rollcall act as {subject}, and see that "
        f"Google Meet is switched on for that account. {_delegation(api)}"
    )


def _delegation(api: Api) -> str:
    return (
        "In the Admin console, under Security > API controls > Domain-wide delegation, give the client id of "
        f"Rollcall's service account (GOOGLE_SERVICE_ACCOUNT) the scopes {', '.join(api.scopes)}."
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
        return _Told(status, "", frozenset())
    if not isinstance(error, Mapping):
        return _Told(status, str(error), frozenset())
    return _Told(status, str(error.get("message", "")), _reasons(error))


def _reasons(error: Mapping[str, Any]) -> frozenset[str]:
    items = [item for key in ("errors", "details") for item in error.get(key) or () if isinstance(item, Mapping)]
    return frozenset(str(item["reason"]) for item in items if "reason" in item)
