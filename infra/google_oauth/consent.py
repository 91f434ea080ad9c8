"""Asking a person for consent in a browser, and what came of it.

The question (state, PKCE) and the exchange of the code are Google's own library's; here stand what is asked for, what of it has
to be granted, and who it was.
"""

import os
import warnings
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error
from requests.exceptions import RequestException

from infra.google_oauth.loopback import Loopback
from infra.local.troubles import Trouble
from shared.adapters.google.apis import CALENDAR, CLASSROOM, DIRECTORY, MEET, PEOPLE, PROFILE, REPORTS, Api
from shared.adapters.google.grants import Grant

LONGEST_WAIT_S = 300
EXCHANGE_S = 30
ISSUERS = ("https://accounts.google.com", "accounts.google.com")
IDENTITY = ("openid", "https://www.googleapis.com/auth/userinfo.email")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a grant is for: the APIs without which it is useless, and those that make it better."""

    name: str
    needed: tuple[Api, ...]
    wanted: tuple[Api, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Everything that is asked for."""
        return tuple(dict.fromkeys(scope for api in (*self.needed, *self.wanted) for scope in api.scopes))


PURPOSES: Mapping[str, Purpose] = {
    "meet": Purpose("meet", (CALENDAR, MEET), (PROFILE, PEOPLE, CLASSROOM)),
    "reports": Purpose("reports", (REPORTS,), (DIRECTORY,)),
}


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client of the deployment (type: desktop app), and Google's addresses."""

    client_id: str
    client_secret: str
    auth_uri: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_uri: str = "https://oauth2.googleapis.com/token"

    def config(self) -> Mapping[str, Any]:
        """The client as Google's library takes it."""
        told = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {"installed": {**told, "auth_uri": self.auth_uri, "token_uri": self.token_uri}}


@dataclass(frozen=True, slots=True)
class Consent:
    """A grant, and which of the wanted scopes were left out."""

    grant: Grant
    left_out: tuple[str, ...]


def ask(
    client: Client, purpose: Purpose, *, email: str | None, port: int, opens_browser: bool, wait_s: int = LONGEST_WAIT_S
) -> Consent:
    """Wait for a person's consent in the browser; raises `Trouble` with the remedy when there is none."""
    try:
        loopback = Loopback(port)
    except OSError as taken:
        raise Trouble(f"Port {port} cannot be listened on ({taken.strerror}); give another one with --port.") from taken
    flow = Flow.from_client_config(
        client.config(), scopes=[*IDENTITY, *purpose.scopes], redirect_uri=loopback.redirect_uri, autogenerate_code_verifier=True
    )
    hint = {"login_hint": email} if email else {}
    url, state = flow.authorization_url(access_type="offline", prompt="consent", **hint)
    loopback.expect(state)
    with loopback.open():
        print(f"Open this address in a browser and consent:\n\n  {url}\n", flush=True)
        if opens_browser and _has_browser():
            webbrowser.open(url)
        _exchange(flow, loopback.code(wait_s))
    return _consent(flow, client, purpose)


def _exchange(flow: Any, code: str) -> None:  # noqa: ANN401 - the library has no types
    """Give the code for tokens, which the flow keeps."""
    try:
        with _scopes_may_differ():
            flow.fetch_token(code=code, timeout=EXCHANGE_S)
    except OAuth2Error as refused:
        raise Trouble(_why(refused)) from refused
    except RequestException as away:
        raise Trouble(f"Google cannot be reached ({type(away).__name__}); try again in a moment.") from away


def _consent(flow: Any, client: Client, purpose: Purpose) -> Consent:  # noqa: ANN401 - the library has no types
    credentials, session = flow.credentials, flow.oauth2session
    if not credentials.refresh_token:
        raise Trouble("Google gave no refresh token. Take Rollcall out of myaccount.google.com/permissions and run this again.")
    told = session.token.get("scope", ())
    given = tuple(told.split() if isinstance(told, str) else told)
    missing = [scope for api in purpose.needed for scope in api.scopes if scope not in given]
    if missing:
        raise Trouble(f"Not granted, and nothing was stored: {', '.join(missing)}. Run this again and leave all boxes ticked.")
    subject = _subject(credentials.id_token, client)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    scopes = tuple(scope for scope in given if scope not in IDENTITY)
    return Consent(Grant(subject, credentials.refresh_token, scopes, at), tuple(s for s in purpose.scopes if s not in given))


def _subject(id_token: object, client: Client) -> str:
    """Who consented.

    The token comes from Google itself over TLS, so that its signature need not be checked (OpenID Connect Core, 3.1.3.7).
    """
    try:
        claims = jwt.decode(
            str(id_token),
            options={
                "verify_signature": False,
                "verify_aud": True,
                "verify_exp": True,
                "require": ["aud", "iss", "exp", "email"],
            },
            audience=client.client_id,
        )
    except jwt.InvalidTokenError as odd:
        raise Trouble(f"Google did not say who consented ({odd}); run this again.") from odd
    if claims["iss"] not in ISSUERS or claims.get("email_verified") is not True or "@" not in str(claims.get("email")):
        raise Trouble("Google does not vouch for the address of whoever consented; use another account.")
    return str(claims["email"]).lower()


def _why(refused: OAuth2Error) -> str:
    known = {
        "invalid_client": "Google does not know this client: check GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET.",
        "redirect_uri_mismatch": "The client is not of the type 'Desktop app'; make one of that type in the Cloud console.",
    }
    return known.get(refused.error or "", f"Google says {refused.error}: {refused.description or 'no more than that'}.")


@contextmanager
def _scopes_may_differ() -> Iterator[None]:
    """People may untick boxes: what was granted is looked at here, so the library must not refuse it as a change."""
    before = os.environ.get("OAUTHLIB_RELAX_TOKEN_SCOPE")
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"]
        else:
            os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = before


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
