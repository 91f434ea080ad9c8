"""Grants: what single people allowed Rollcall to do in their name, kept as refresh tokens.

The alternative to domain-wide delegation, for whoever has no Workspace administrator. Locally they lie in a file that only its
owner can read, in the cloud in Secret Manager. Somebody who teaches and is the administrator gives two, one of each kind.
"""

import base64
import contextlib
import fcntl
import http.client
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import google.auth
import httplib2
from google.auth.credentials import Credentials as AnyCredentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2 import credentials as oauth2
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from shared import system
from shared.adapters.google.troubles import NO_CREDENTIALS, NO_PERMISSION
from shared.config import ConfigurationError, Settings
from shared.domain.errors import Unavailable, UpstreamRefused
from shared.domain.ids import stable_id

TOKEN_URI = "https://oauth2.googleapis.com/token"
IN_SECRET_MANAGER = "secretmanager"
KNOWN_FOR = 300.0
ABSENT_FOR = 60.0
PATIENCE = 10.0

_MISSING, _EXISTS = 404, 409
_CLOUD = "https://www.googleapis.com/auth/cloud-platform"

CredentialsFor = Callable[[str, Sequence[str]], AnyCredentials]

# google-auth calls itself typed, but leaves its constructors without types.
_refreshed: Callable[..., AnyCredentials] = oauth2.Credentials


class Kind(StrEnum):
    """What a grant is for: a teacher's own meetings, or an administrator's audit log and directory."""

    MEET = "meet"
    REPORTS = "reports"


def kind_of(scopes: Sequence[str]) -> Kind:
    """The kind of grant that such scopes belong to; no grant mixes them."""
    return Kind.REPORTS if any("/auth/admin." in scope for scope in scopes) else Kind.MEET


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody allowed: their address, the refresh token, the scopes, and when, as RFC 3339."""

    subject: str
    refresh_token: str
    scopes: tuple[str, ...]
    granted_at: str

    @property
    def key(self) -> str:
        """What it replaces an earlier grant by: the person and the kind."""
        return _key(self.subject, kind_of(self.scopes))

    def lacks(self, scopes: Sequence[str]) -> tuple[str, ...]:
        """Which of the scopes were not granted."""
        return tuple(scope for scope in scopes if scope not in self.scopes)


class Grants(Protocol):
    """Where grants are kept."""

    def get(self, subject: str, kind: Kind) -> Grant | None:
        """Somebody's grant of that kind; raises `Unavailable`, or `UpstreamRefused` where the place cannot be read."""

    def put(self, grant: Grant) -> None:
        """Keep a grant in place of an earlier one of the same person and kind."""


class FileGrants:
    """Grants in one JSON file of mode 600. A file that others may read is refused, not silently mended."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, subject: str, kind: Kind) -> Grant | None:
        """See `Grants`; raises `ConfigurationError` for a file that others may read or that cannot be understood."""
        return self._read().get(_key(subject, kind))

    def put(self, grant: Grant) -> None:
        """See `Grants`."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            kept = {key: asdict(one) for key, one in self._read().items()} | {grant.key: asdict(grant)}
            beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.{threading.get_ident()}")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(kept, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)

    def _read(self) -> dict[str, Grant]:
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode & 0o777
                if mode & 0o077:
                    raise ConfigurationError(
                        f"{self._path} holds refresh tokens and can be read by others (mode {mode:o}): chmod 600 {self._path}"
                    )
                told = json.load(file)
            grants = [_grant_in(one) for one in told.values()]
            return {grant.key: grant for grant in grants}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError) as bad:
            raise ConfigurationError(
                f"{self._path} cannot be read as grants ({bad!r}): delete it and run `python -m infra.google_oauth` again."
            ) from bad

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, of all processes."""
        with os.fdopen(os.open(f"{self._path}.lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class SecretGrants:
    """Grants in Secret Manager: secret `rollcall-grant-<id of person and kind>`, a version for each grant, the latest counts.

    What was read is remembered for five minutes, that there is none for one. `endpoint` replaces Google's, for tests.
    """

    def __init__(
        self,
        project: str,
        credentials: AnyCredentials | None = None,
        endpoint: str | None = None,
        monotonic: Callable[[], float] = system.monotonic,
    ) -> None:
        self._project = f"projects/{project}"
        self._credentials = credentials
        self._endpoint = endpoint
        self._monotonic = monotonic
        self._known: dict[str, tuple[Grant | None, float]] = {}

    def get(self, subject: str, kind: Kind) -> Grant | None:
        """See `Grants`. Nobody waits for another one's: two who ask at once may both ask Secret Manager."""
        key, now = _key(subject, kind), self._monotonic()
        known = self._known.get(key)
        if known is not None and now - known[1] <= (ABSENT_FOR if known[0] is None else KNOWN_FOR):
            return known[0]
        found = self._read(key)
        self._known[key] = (found, now)
        return found

    def put(self, grant: Grant) -> None:
        """See `Grants`."""
        name = _secret_id(grant.key)
        body = {"replication": {"automatic": {}}, "labels": {"app": "rollcall"}}
        data = base64.b64encode(json.dumps(asdict(grant)).encode()).decode()
        with _as_refusals():
            secrets = self._secrets()
            try:
                secrets.create(parent=self._project, secretId=name, body=body).execute()
            except HttpError as refusal:
                if refusal.resp.status != _EXISTS:
                    raise
            secrets.addVersion(parent=f"{self._project}/secrets/{name}", body={"payload": {"data": data}}).execute()
        self._known.pop(grant.key, None)

    def _read(self, key: str) -> Grant | None:
        name = f"{self._project}/secrets/{_secret_id(key)}/versions/latest"
        with _as_refusals():
            try:
                answer = self._secrets().versions().access(name=name).execute()
            except HttpError as refusal:
                if refusal.resp.status == _MISSING:
                    return None
                raise
        try:
            return _grant_in(json.loads(base64.b64decode(answer["payload"]["data"])))
        except (ValueError, KeyError, TypeError, AttributeError) as bad:
            raise UpstreamRefused(
                NO_CREDENTIALS,
                f"{name} cannot be read as a grant ({type(bad).__name__}): delete that secret and run "
                "`python -m infra.google_oauth` again.",
            ) from bad

    def _secrets(self) -> Any:  # noqa: ANN401 - discovery clients have no types
        if self._credentials is None:
            self._credentials, _ = google.auth.default(scopes=[_CLOUD])
        options = {"client_options": {"api_endpoint": self._endpoint}} if self._endpoint else {}
        authorized = AuthorizedHttp(self._credentials, http=httplib2.Http(timeout=PATIENCE), max_refresh_attempts=1)
        client = build("secretmanager", "v1", http=authorized, static_discovery=True, cache_discovery=False, **options)
        return client.projects().secrets()


def grants_at(known: Settings) -> Grants | None:
    """The grants where the settings say that they are kept; None where there are none."""
    if known.google_grants is None:
        return None
    if known.google_grants == IN_SECRET_MANAGER:
        return SecretGrants(known.project)
    return FileGrants(Path(known.google_grants))


def granted(
    grants: Grants, client_id: str | None, client_secret: str | None, fallback: CredentialsFor, token_uri: str = TOKEN_URI
) -> CredentialsFor:
    """Credentials by a person's own grant where there is one, else by `fallback`."""

    def credentials_for(subject: str, scopes: Sequence[str]) -> AnyCredentials:
        grant = grants.get(subject, kind_of(scopes))
        if grant is None:
            return fallback(subject, scopes)
        if missing := grant.lacks(scopes):
            raise UpstreamRefused(
                NO_PERMISSION,
                f"{subject} did not grant {', '.join(missing)}: run `{command_for(scopes)}` as {subject} again and leave all "
                "boxes ticked.",
            )
        if not client_id or not client_secret:
            raise UpstreamRefused(
                NO_CREDENTIALS,
                f"{subject} gave a grant, but GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET, the client it was given "
                "to, are not set.",
            )
        return _refreshed(
            token=None,
            refresh_token=grant.refresh_token,
            token_uri=token_uri,
            client_id=client_id,
            client_secret=client_secret,
            scopes=list(scopes),
        )

    return credentials_for


def command_for(scopes: Sequence[str]) -> str:
    """The command that asks for a grant of such scopes."""
    return f"python -m infra.google_oauth --{kind_of(scopes)}"


def _key(subject: str, kind: Kind) -> str:
    return f"{subject.lower()} ({kind})"


def _secret_id(key: str) -> str:
    return f"rollcall-grant-{stable_id('grant', key)}"


def _grant_in(told: Mapping[str, Any]) -> Grant:
    return Grant(str(told["subject"]), str(told["refresh_token"]), tuple(map(str, told["scopes"])), str(told["granted_at"]))


@contextlib.contextmanager
def _as_refusals() -> Iterator[None]:
    """What Secret Manager says, in our words."""
    try:
        yield
    except HttpError as refusal:
        if refusal.resp.status in (401, 403):
            raise UpstreamRefused(
                NO_CREDENTIALS,
                "Secret Manager does not let this function see people's grants: enable the Secret Manager API and give its "
                "service account the role Secret Manager Secret Accessor (for the consent flow: Admin) on rollcall-grant-*.",
            ) from refusal
        raise Unavailable(f"Secret Manager answered {refusal.resp.status}; try again in a moment.") from refusal
    except (OSError, TransportError, httplib2.HttpLib2Error, http.client.HTTPException) as away:
        raise Unavailable("Secret Manager cannot be reached right now; try again in a moment.") from away
    except GoogleAuthError as stranger:
        if stranger.retryable:
            raise Unavailable("Google's sign-in cannot be reached right now; try again in a moment.") from stranger
        raise UpstreamRefused(
            NO_CREDENTIALS,
            f"This process has no Google identity to ask Secret Manager with ({type(stranger).__name__}): deploy it with a "
            "service account, or run `gcloud auth application-default login` on your own machine.",
        ) from stranger
