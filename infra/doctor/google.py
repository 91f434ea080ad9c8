"""Asking Google's own APIs about a deployment, read only: a thin client, with errors in our words."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import google.auth
import httplib2
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as oauth2
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from infra.doctor.finding import CannotAsk

TIMEOUT_S = 10
READ_ONLY = ["https://www.googleapis.com/auth/cloud-platform"]
SIGN_IN = "gcloud auth application-default login"
VERSIONS = {
    "cloudbilling": "v1",
    "cloudresourcemanager": "v3",
    "cloudscheduler": "v1",
    "cloudtasks": "v2",
    "firestore": "v1",
    "iamcredentials": "v1",
    "pubsub": "v1",
    "run": "v2",
    "secretmanager": "v1",
    "serviceusage": "v1",
}

# google-auth calls itself typed, but leaves its constructors without types.
_with_token: Callable[..., Credentials] = oauth2.Credentials


class Absent(Exception):
    """Google has no such thing."""


class Google:
    """Google's APIs as one call. `endpoint` replaces Google's own address: each API is then asked under its name there."""

    def __init__(self, endpoint: str | None = None) -> None:
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._credentials: Credentials | None = None

    def credentials(self) -> Credentials:
        """Whom we ask as; raises `CannotAsk` when nobody is signed in."""
        if self._credentials is None:
            self._credentials = _with_token(token="local") if self._endpoint else _own()
        return self._credentials

    def ask(self, api: str, method: str, **params: object) -> dict[str, Any]:
        """The answer of an API's `method` (as `projects.get`); raises `Absent` or `CannotAsk`."""
        options = {"client_options": {"api_endpoint": f"{self._endpoint}/{api}"}} if self._endpoint else {}
        proxy: dict[str, Any] = {"proxy_info": None} if self._endpoint else {}
        try:
            http = AuthorizedHttp(self.credentials(), http=httplib2.Http(timeout=TIMEOUT_S, **proxy))
            client = build(api, VERSIONS[api], http=http, static_discovery=True, cache_discovery=False, **options)
            *collections, name = method.split(".")
            for collection in collections:
                client = getattr(client, collection)()
            answer: dict[str, Any] = getattr(client, name)(**params).execute(num_retries=1)
        except HttpError as refusal:
            raise _told(refusal, api) from refusal
        except GoogleAuthError as refusal:
            raise CannotAsk(str(refusal).splitlines()[0], SIGN_IN) from refusal
        except (OSError, httplib2.HttpLib2Error) as away:
            raise CannotAsk(f"{api}.googleapis.com cannot be reached: {away}", "Look at your connection and try again.") from away
        return answer

    def pages(self, api: str, method: str, field: str, **params: object) -> list[dict[str, Any]]:
        """All items of a list, whichever pages they are on."""
        items: list[dict[str, Any]] = []
        token: Mapping[str, object] = {}
        while True:
            answer = self.ask(api, method, **params, **token)
            items += answer.get(field, [])
            if not answer.get("nextPageToken"):
                return items
            token = {"pageToken": answer["nextPageToken"]}


def _own() -> Credentials:
    try:
        credentials, _ = google.auth.default(scopes=READ_ONLY)
    except GoogleAuthError as nobody:
        raise CannotAsk("Nobody is signed in to Google Cloud on this machine.", SIGN_IN) from nobody
    found: Credentials = credentials
    return found


def _told(refusal: HttpError, api: str) -> Exception:
    status = int(refusal.resp.status)
    if status == HTTPStatus.NOT_FOUND:
        return Absent()
    said = _message(refusal)
    if status == HTTPStatus.UNAUTHORIZED:
        return CannotAsk(f"Google does not accept who we are: {said}", SIGN_IN)
    if status == HTTPStatus.FORBIDDEN and ("has not been used" in said or "is disabled" in said):
        return CannotAsk(f"The API {api} is not enabled.", f"gcloud services enable {api}.googleapis.com")
    if status == HTTPStatus.FORBIDDEN:
        return CannotAsk(
            f"You may not look at this: {said}", "Ask the project's owner for the roles Viewer and Security Reviewer."
        )
    return CannotAsk(f"{api} answers {status}: {said}", "Try again in a minute.")


def _message(refusal: HttpError) -> str:
    try:
        return str(json.loads(refusal.content)["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return f"status {refusal.resp.status}"
