"""Domain-wide delegation: each scope that the code asks for is tried, so that exactly those that are missing are named."""

import base64
from collections.abc import Iterator, Sequence
from functools import partial

from google.auth import crypt
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request

from infra.doctor.deployment import Deployment
from infra.doctor.finding import CannotAsk, Finding, Verdict, missing, off, ok
from infra.doctor.google import Absent, Google
from shared.adapters.google.access import delegated
from shared.adapters.google.apis import CALENDAR, CLASSROOM, DIRECTORY, EVENTS, MEET, PEOPLE, PROFILE, REPORTS, Api
from shared.adapters.google.grants import TOKEN_URI

CONSOLE = "https://admin.google.com/ac/owl/domainwidedelegation"
TIMEOUT_S = 10
# What each is for, whether classes cannot be held without it, and whether an administrator is asked.
USES: tuple[tuple[Api, str, bool], ...] = (
    (CALENDAR, "booking classes in teachers' calendars", True),
    (MEET, "reading who was in a meeting", True),
    (EVENTS, "live joins and leaves", True),
    (PROFILE, "the id by which Meet knows a teacher", True),
    (PEOPLE, "addresses of signed-in participants", False),
    (CLASSROOM, "rosters from Google Classroom", False),
    (DIRECTORY, "addresses of people of your domain", False),
    (REPORTS, "the audit log, which names guests by their address", False),
)
_AS_ADMIN = (DIRECTORY, REPORTS)


class SignedByGoogle(crypt.Signer):
    """Signs as a service account by Google's own hand, so that no key lies anywhere."""

    def __init__(self, google: Google, account: str) -> None:
        self._google = google
        self._account = account

    @property
    def key_id(self) -> None:
        """Google chooses the key."""
        return

    def sign(self, message: bytes | str) -> bytes:
        """The signature; raises `CannotAsk` where we may not sign as the account."""
        payload = base64.b64encode(message.encode() if isinstance(message, str) else message).decode()
        name = f"projects/-/serviceAccounts/{self._account}"
        try:
            told = self._google.ask("iamcredentials", "projects.serviceAccounts.signBlob", name=name, body={"payload": payload})
        except Absent as absent:
            raise CannotAsk(f"there is no service account {self._account}", "terraform -chdir=infra/cloud apply") from absent
        except CannotAsk as refused:
            grant = (
                f"gcloud iam service-accounts add-iam-policy-binding {self._account} --role roles/iam.serviceAccountTokenCreator "
                "--member user:<you>"
            )
            raise CannotAsk(f"we may not sign as {self._account}: {refused.told}", grant) from refused
        return base64.b64decode(told["signedBlob"])


class Delegation:
    """Whether the service account may act for the domain, scope by scope. `token_uri` is where tokens come from."""

    key, title = "delegation", "Acting for your domain"

    def __init__(self, token_uri: str = TOKEN_URI) -> None:
        self._token_uri = token_uri

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        account, admin = at.setting("GOOGLE_SERVICE_ACCOUNT"), at.setting("GOOGLE_ADMIN_EMAIL")
        if not account:
            yield off("GOOGLE_SERVICE_ACCOUNT is not set: people grant for themselves", "python -m infra.google_oauth --meet")
            return
        if not (at.teacher or admin):
            raise CannotAsk("nobody is named to try it as", "python -m infra.doctor --as <a teacher's address>")
        lacking: dict[str, tuple[str, bool]] = {}
        for api, use, is_required in USES:
            subject = (admin or "") if api in _AS_ADMIN else (at.teacher or admin or "")
            if not subject:
                yield off(f"{api.title} as an administrator is not used: GOOGLE_ADMIN_EMAIL is not set")
                continue
            refused = [scope for scope in api.scopes if scope in lacking or not self._is_granted(at, account, subject, scope)]
            for scope in refused:
                before, was_required = lacking.get(scope, ("", False))
                lacking[scope] = (f"{before}, {use}".removeprefix(", "), is_required or was_required)
            if not refused:
                yield ok(f"{api.key}: {use}, as {subject}")
        yield from self._told(account, lacking)

    def _told(self, account: str, lacking: dict[str, tuple[str, bool]]) -> Iterator[Finding]:
        client = f"the client id of {account} (`terraform -chdir=infra/cloud output delegate_client_id`)"
        for scope, (use, is_required) in lacking.items():
            told, why = f"{scope} is not delegated", f"It is for {use}."
            remedy = f"{CONSOLE} > {client} > Edit, add {scope}"
            yield missing(told, why, remedy) if is_required else Finding(Verdict.ADVICE, told, why, remedy)

    def _is_granted(self, at: Deployment, account: str, subject: str, scope: str) -> bool:
        """Whether Google gives the account a token to act as the subject, with this one scope."""
        credentials = delegated(account, partial(SignedByGoogle, at.google), self._token_uri)(subject, [scope])
        try:
            credentials.refresh(partial(Request(), timeout=TIMEOUT_S))  # type: ignore[no-untyped-call]
        except TransportError as away:
            raise CannotAsk(f"Google's token service cannot be reached: {away}", "Try again in a minute.") from away
        except RefreshError as refusal:
            return _judged(refusal, subject)
        except GoogleAuthError as refusal:
            raise CannotAsk(str(refusal), CONSOLE) from refusal
        return True


def _judged(refusal: RefreshError, subject: str) -> bool:
    """False for a scope that is not delegated; raises `CannotAsk` for every other refusal."""
    said = _words(refusal.args)
    if "unauthorized_client" in said or "access_denied" in said or "invalid_scope" in said:
        return False
    if "invalid_grant" in said:
        raise CannotAsk(f"there is no account {subject} in your domain", "python -m infra.doctor --as <a teacher's address>")
    raise CannotAsk(f"Google's token service says: {said[:200]}", "Try again in a minute.")


def _words(told: Sequence[object]) -> str:
    return " ".join(str(each) for each in told)
