"""Calling Google as somebody: credentials, clients, bounded retries, and errors in our words.

In the cloud Rollcall asks with a person's own grant where there is one, else its service account acts as the person
(domain-wide delegation) without a key file: Google's IAM signs for it. Against the local simulator a token that names the
person is enough.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any

import google.auth
import httplib2
from google.auth import crypt, iam
from google.auth.credentials import AnonymousCredentials
from google.auth.credentials import Credentials as AnyCredentials
from google.auth.transport.requests import Request
from google.oauth2 import credentials as oauth2
from google.oauth2 import service_account
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build

from shared import system
from shared.adapters.google.apis import Api
from shared.adapters.google.grants import TOKEN_URI, CredentialsFor, granted, grants_at
from shared.adapters.google.memory import Remembered
from shared.adapters.google.troubles import NO_CREDENTIALS, TROUBLES, needs_a_person, refusal_of
from shared.config import Settings
from shared.domain.errors import DomainError, Unavailable, UpstreamRefused
from shared.ports import Sleep

CALL_TIMEOUT = 10.0
TRIES = 4
FIRST_PAUSE = 0.5
LONGEST_CALL = 20.0
MOST_GRANTS = 512

_IAM_SCOPE = "https://www.googleapis.com/auth/iam"

Notice = Callable[[str, str, UpstreamRefused | None], None]
"""Told of an API's refusal (by its key) of a subject that a person must mend, or with None that it works again."""

# google-auth calls itself typed, but leaves its constructors without types.
_anonymous: Callable[[], AnyCredentials] = AnonymousCredentials
_with_token: Callable[..., AnyCredentials] = oauth2.Credentials
_signed: Callable[..., AnyCredentials] = service_account.Credentials
_signed_by_iam: Callable[..., crypt.Signer] = iam.Signer


def google_apis(known: Settings, sleep: Sleep, notice: Notice | None = None) -> "GoogleApis":
    """Google as the settings have it: the real one, or the local simulator."""
    endpoint = known.google_api_endpoint
    if endpoint is not None:
        return GoogleApis(endpoint, local, sleep, notice=notice)
    credentials_for, grants = delegated(known.google_service_account), grants_at(known)
    if grants is not None:
        credentials_for = granted(grants, known.google_oauth_client_id, known.google_oauth_client_secret, credentials_for)
    return GoogleApis(None, credentials_for, sleep, notice=notice)


def local(subject: str, scopes: Sequence[str]) -> AnyCredentials:
    """Credentials for the simulator, which reads the subject from the token; they are never renewed."""
    return _with_token(token=f"local-{subject}", scopes=list(scopes))


def delegated(
    account: str | None, signer: Callable[[str], crypt.Signer] | None = None, token_uri: str = TOKEN_URI
) -> CredentialsFor:
    """Credentials of service account `account` acting as the subject; `signer` signs for the account."""
    signer_of = cache(signer or _iam_signer)

    def credentials_for(subject: str, scopes: Sequence[str]) -> AnyCredentials:
        if not account:
            raise UpstreamRefused(
                NO_CREDENTIALS,
                f"Nobody lets Rollcall act as {subject}: set GOOGLE_SERVICE_ACCOUNT to the service account that acts for the "
                "whole domain, or let this person run `python -m infra.google_oauth --meet` (--reports for an administrator) and "
                "set GOOGLE_GRANTS.",
            )
        return _signed(signer_of(account), account, token_uri, scopes=list(scopes), subject=subject)

    return credentials_for


def _iam_signer(account: str) -> crypt.Signer:
    own, _ = google.auth.default(scopes=[_IAM_SCOPE])
    return _signed_by_iam(_bounded_request(), own, account)


def _bounded_request() -> Any:  # noqa: ANN401 - google-auth's transport is an untyped callable
    """google-auth's transport, which would wait for two minutes by itself."""
    return partial(Request(), timeout=CALL_TIMEOUT)


class _Grant:
    """One subject's credentials for one API, renewed by one thread at a time."""

    def __init__(self, credentials: AnyCredentials) -> None:
        self._credentials = credentials
        self._renew: Callable[[Any], None] = credentials.refresh
        self._lock = threading.Lock()

    def ready(self) -> AnyCredentials:
        """The credentials with a token that is good now."""
        with self._lock:
            if not self._credentials.valid:
                self._renew(_bounded_request())
        return self._credentials


class GoogleApis:
    """Google's APIs as one call. Safe for many threads: each keeps a connection of its own, for all subjects."""

    def __init__(
        self,
        endpoint: str | None,
        credentials_for: CredentialsFor,
        sleep: Sleep,
        monotonic: Callable[[], float] = system.monotonic,
        notice: Notice | None = None,
    ) -> None:
        self._notice = notice
        self._refused: set[tuple[str, str]] = set()
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._sleep = sleep
        self._monotonic = monotonic
        self._credentials_for = credentials_for
        self._grants: Remembered[_Grant] = Remembered(MOST_GRANTS)
        self._methods: dict[tuple[Api, str], Callable[..., Any]] = {}
        self._building = threading.Lock()
        self._mine = threading.local()

    def call(
        self,
        api: Api,
        subject: str,
        method: str,
        params: Mapping[str, object],
        toll: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """The answer of an API's `method` (as `events.insert`) with `params`, asked as `subject`.

        What may pass is tried up to four times within about 20 seconds; `toll` is paid before each further try. Raises
        `Unavailable`, or `UpstreamRefused` (`Missing` for 404 and 410, `Exists` for 409).
        """
        try:
            answer = self._patiently(api, subject, method, params, toll)
        except DomainError as refusal:
            self._was_refused(api, subject, refusal)
            raise
        if (api.key, subject) in self._refused:
            self._refused.discard((api.key, subject))
            self._tell(api, subject, None)
        return answer

    def _was_refused(self, api: Api, subject: str, refusal: DomainError) -> None:
        """Tell of what a person must mend, and ask for credentials anew at the next call: they may be mended by then."""
        if isinstance(refusal, UpstreamRefused) and needs_a_person(refusal):
            self._grants.forget(_grant_key(api, subject))
            self._refused.add((api.key, subject))
            self._tell(api, subject, refusal)

    def _tell(self, api: Api, subject: str, refusal: UpstreamRefused | None) -> None:
        """A notice that fails harms nobody: the call itself is done."""
        if self._notice is not None:
            with suppress(Exception):
                self._notice(api.key, subject, refusal)

    def _patiently(
        self, api: Api, subject: str, method: str, params: Mapping[str, object], toll: Callable[[], None] | None
    ) -> dict[str, Any]:
        give_up_at = self._monotonic() + LONGEST_CALL
        for failures in range(TRIES):
            if failures and toll is not None:
                toll()
            try:
                return self._once(api, subject, method, params)
            except TROUBLES as trouble:
                refusal = refusal_of(trouble, api, subject)
                pause = FIRST_PAUSE * 2**failures
                is_last = failures + 1 == TRIES or self._monotonic() + pause >= give_up_at
                if is_last or not isinstance(refusal, Unavailable):
                    raise refusal from trouble
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _once(self, api: Api, subject: str, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        credentials = self._grant(api, subject).ready()
        http = AuthorizedHttp(credentials, http=self._connection(), max_refresh_attempts=1)
        answer: dict[str, Any] = self._method(api, method)(**params).execute(http=http) or {}
        return answer

    def _grant(self, api: Api, subject: str) -> "_Grant":
        grant = self._grants.get(_grant_key(api, subject))
        if grant is None:
            grant = _Grant(self._credentials_for(subject, api.scopes))
            self._grants.put(_grant_key(api, subject), grant)
        return grant

    def _connection(self) -> httplib2.Http:
        """The connections of this thread; they outlive the call."""
        http: httplib2.Http | None = getattr(self._mine, "http", None)
        if http is None:
            proxy: dict[str, Any] = {"proxy_info": None} if self._endpoint else {}
            http = self._mine.http = httplib2.Http(timeout=CALL_TIMEOUT, **proxy)
            http.follow_redirects = False
        return http

    def _method(self, api: Api, name: str) -> Callable[..., Any]:
        """The method of the API's client, kept: on the way to it the client builds every method that it passes."""
        with self._building:
            if (api, name) not in self._methods:
                *collections, method = name.split(".")
                client = self._client(api)
                for collection in collections:
                    client = getattr(client, collection)()
                self._methods[api, name] = getattr(client, method)
            return self._methods[api, name]

    def _client(self, api: Api) -> Any:  # noqa: ANN401 - discovery clients have no types
        options = {"client_options": {"api_endpoint": self._endpoint + api.path}} if self._endpoint else {}
        return build(api.name, api.version, credentials=_anonymous(), static_discovery=True, cache_discovery=False, **options)


def _grant_key(api: Api, subject: str) -> str:
    return f"{api.key}|{subject}"
