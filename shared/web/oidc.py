"""Tokens that others sign, RS256: people's by the one OpenID issuer of the deployment, our services' by Google."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from shared import system
from shared.config import Settings
from shared.domain.accounts import Caller
from shared.web.callers import unauthorised
from shared.web.key_sets import KeySet, keys_at, keys_of
from shared.web.tokens import ROLES, email_in, header_of, name_in, signed_in_at, verified

GOOGLE = "https://accounts.google.com"
_GOOGLE_SPELLINGS = (GOOGLE, "accounts.google.com")
_LONGEST_PICTURE = 2048


@dataclass(frozen=True, slots=True)
class IdToken:
    """Who signed in at the issuer. The address is in lower case and was verified by the issuer.

    `google_id` is the person's Google id, under which Meet knows them (`users/{id}`): the subject where Google itself is the
    issuer (`is_google`), the linked account's where Firebase or Identity Platform is. `hosted_domain` is the Workspace domain
    that a Google account belongs to. `role` is None where the token names none.
    """

    subject: str
    email: str
    name: str | None
    picture: str | None
    issued_at: datetime
    is_google: bool
    hosted_domain: str | None
    google_id: str | None
    role: str | None
    expires_at: datetime


def verified_id_token(token: str, settings: Settings) -> IdToken:
    """What an ID token of the deployment's issuer says; raises a 401 `Problem`, or `Unavailable` without the issuer's keys."""
    if settings.oidc_issuer is None or not settings.oidc_audiences:
        raise unauthorised("Tokens of other issuers are not taken here; OIDC_ISSUER and OIDC_AUDIENCE are not set.")
    is_google = settings.oidc_issuer == GOOGLE
    issuers = _GOOGLE_SPELLINGS if is_google else (settings.oidc_issuer,)
    claims = _claims(token, _keys(settings.oidc_issuer, settings.oidc_jwks_url), settings.oidc_audiences, issuers)
    role = claims.get("role")
    if role is not None and role not in ROLES:
        raise unauthorised("The token's role is none of ours.")
    return IdToken(
        subject=claims["sub"],
        email=email_in(claims),
        name=name_in(claims),
        picture=_text(claims.get("picture"), "https://"),
        issued_at=signed_in_at(claims),
        is_google=is_google,
        hosted_domain=_text(claims.get("hd")) if is_google else None,
        google_id=_google_id(claims["sub"]) if is_google else _linked_google_id(claims),
        role=role,
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


def oidc_caller(token: str, settings: Settings) -> Caller:
    """Who shows an ID token; raises like `verified_id_token`."""
    told = verified_id_token(token, settings)
    is_claimed = told.role is not None
    return Caller(told.subject, told.email, told.role or "user", told.name, told.issued_at, is_claimed, told.expires_at)


def service_claims(token: str, audiences: Sequence[str], settings: Settings) -> Mapping[str, Any]:
    """The claims of a token that Google signed for one of our own services; raises like `verified_id_token`."""
    return _claims(token, _keys(None, settings.oidc_certs_url), audiences, _GOOGLE_SPELLINGS)


def _claims(token: str, keys: KeySet, audiences: Sequence[str], issuers: Sequence[str]) -> Mapping[str, Any]:
    header = header_of(token)
    key = keys.get(header["kid"]) if header.get("alg") == "RS256" and "kid" in header else None
    if key is None:
        raise unauthorised("The token is not signed with a key of its issuer.")
    claims = verified(token, key, audiences, issuers)
    if not isinstance(claims["aud"], str):
        raise unauthorised("The token is made for more than one audience.")
    if claims.get("email_verified") is not True:
        raise unauthorised("The token's e-mail address is not verified by its issuer.")
    return claims


@cache
def _keys(issuer: str | None, url: str | None) -> KeySet:
    """The process's one key set of an issuer."""

    def fetch() -> Any:  # noqa: ANN401 - what KeySet takes
        return keys_at(url) if url is not None else keys_of(str(issuer))

    return KeySet(fetch, system.monotonic)


def _linked_google_id(claims: Mapping[str, Any]) -> str | None:
    """The Google account that a person signed in with at Firebase or Identity Platform."""
    firebase = claims.get("firebase")
    linked = (
        firebase.get("identities") if isinstance(firebase, dict) and firebase.get("sign_in_provider") == "google.com" else None
    )
    ids = linked.get("google.com") if isinstance(linked, dict) else None
    return _google_id(ids[0]) if isinstance(ids, list) and len(ids) == 1 else None


def _google_id(told: object) -> str | None:
    return told if isinstance(told, str) and told.isascii() and told.isdecimal() and len(told) <= 32 else None  # noqa: PLR2004


def _text(told: object, start: str = "") -> str | None:
    is_usable = isinstance(told, str) and told.startswith(start) and told.isprintable() and len(told) <= _LONGEST_PICTURE
    return told or None if is_usable and isinstance(told, str) else None
