"""Calling Google as somebody: credentials, clients, bounded retries, and errors in our words.

In the cloud Rollcall's service account acts as the organiser (domain-wide delegation) without a key file: Google's IAM
signs for it. Against the local simulator a token that names the organiser is enough.
"""

import threading
import time
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Protocol

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

from shared.adapters.google.apis import Api
from shared.adapters.google.troubles import NO_CREDENTIALS, TROUBLES, refusal_of
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.ports import Sleep

CALL_TIMEOUT = 10.0
TRIES = 4
FIRST_PAUSE = 0.5
LONGEST_CALL = 20.0

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_IAM_SCOPE = "https://www.googleapis.com/auth/iam"

CredentialsFor = Callable[[str, Sequence[str]], AnyCredentials]


class GoogleSettings(Protocol):
    """What of the settings says how Google is reached."""

    @property
    def google_api_endpoint(self) -> str | None:
        """The local simulator's address; None for Google itself."""

    @property
    def google_service_account(self) -> str | None:
        """The service account that acts as the organisers."""


def google_apis(known: GoogleSettings, sleep: Sleep) -> "GoogleApis":
    """Google as the settings have it: the real one, or the local simulator."""
    endpoint = known.google_api_endpoint
    credentials_for = delegated(known.google_service_account) if endpoint is None else local
    return GoogleApis(endpoint, credentials_for, sleep)


def local(subject: str, scopes: Sequence[str]) -> AnyCredentials:
    """Credentials for the simulator, which reads the subject from the token; they are never renewed."""
    return oauth2.Credentials(token=f"local-{subject}", scopes=list(scopes))


def delegated(
    account: str | None, signer: Callable[[str], crypt.Signer] | None = None, token_uri: str = TOKEN_URI
) -> CredentialsFor:
    """Credentials of service account `account` acting as the subject; `signer` signs for the account."""
    signer_of = cache(signer or _iam_signer)

    def credentials_for(subject: str, scopes: Sequence[str]) -> AnyCredentials:
        if not account:
            raise UpstreamRefused(
                NO_CREDENTIALS,
                "GOOGLE_SERVICE_ACCOUNT is not set: give the address of the service account that acts for the teachers, or set "
                "GOOGLE_API_ENDPOINT to use the local simulator.",
            )
        return service_account.Credentials(signer_of(account), account, token_uri, scopes=list(scopes), subject=subject)

    return credentials_for


def _iam_signer(account: str) -> crypt.Signer:
    own, _ = google.auth.default(scopes=[_IAM_SCOPE])
    return iam.Signer(_bounded_request(), own, account)


def _bounded_request() -> Any:  # noqa: ANN401 - google-auth's transport is an untyped callable
    """google-auth's transport, which would wait for two minutes by itself."""
    return partial(Request(), timeout=CALL_TIMEOUT)


class _Grant:
    """One subject's credentials for one API, renewed by one thread at a time."""

    def __init__(self, credentials: AnyCredentials) -> None:
        self.credentials = credentials
        self._lock = threading.Lock()

    def ready(self) -> AnyCredentials:
        """The credentials with a token that is good now."""
        with self._lock:
            if not self.credentials.valid:
                self.credentials.refresh(_bounded_request())
        return self.credentials


class GoogleApis:
    """Google's APIs as one call. Safe for many threads: each keeps a connection of its own, for all subjects."""

    def __init__(
        self,
        endpoint: str | None,
        credentials_for: CredentialsFor,
        sleep: Sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._sleep = sleep
        self._monotonic = monotonic
        self._grant = lru_cache(maxsize=512)(lambda subject, api: _Grant(credentials_for(subject, api.scopes)))
        self._services: dict[Api, Any] = {}
        self._building = threading.Lock()
        self._mine = threading.local()

    def call(
        self, api: Api, subject: str, ask: Callable[[Any], Any], toll: Callable[[], None] | None = None
    ) -> dict[str, Any]:
        """The answer to the request that `ask` makes of the API's client, asked as `subject`.

        What may pass is tried up to four times within about 20 seconds; `toll` is paid before each further try. Raises
        `Unavailable`, or `UpstreamRefused` (`Missing` for 404 and 410, `Exists` for 409).
        """
        give_up_at = self._monotonic() + LONGEST_CALL
        for failures in range(TRIES):
            if failures and toll is not None:
                toll()
            try:
                return self._once(api, subject, ask)
            except TROUBLES as trouble:
                refusal = refusal_of(trouble, api, subject)
                pause = FIRST_PAUSE * 2**failures
                is_last = failures + 1 == TRIES or self._monotonic() + pause >= give_up_at
                if is_last or not isinstance(refusal, Unavailable):
                    raise refusal from trouble
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _once(self, api: Api, subject: str, ask: Callable[[Any], Any]) -> dict[str, Any]:
        credentials = self._grant(subject, api).ready()
        http = AuthorizedHttp(credentials, http=self._connection(), max_refresh_attempts=1)
        answer: dict[str, Any] = ask(self._service(api)).execute(http=http) or {}
        return answer

    def _connection(self) -> httplib2.Http:
        """This thread's connections; they outlive the call."""
        http: httplib2.Http | None = getattr(self._mine, "http", None)
        if http is None:
            proxy = {"proxy_info": None} if self._endpoint else {}
            http = self._mine.http = httplib2.Http(timeout=CALL_TIMEOUT, **proxy)
            http.follow_redirects = False
        return http

    def _service(self, api: Api) -> Any:  # noqa: ANN401 - discovery clients have no types
        with self._building:
            if api not in self._services:
                options = {"client_options": {"api_endpoint": self._endpoint + api.path}} if self._endpoint else {}
                self._services[api] = build(
                    api.name,
                    api.version,
                    credentials=AnonymousCredentials(),
                    static_discovery=True,
                    cache_discovery=False,
                    **options,
                )
            return self._services[api]
