"""Tokens: what every JSON Web Token is held to, and our own ones, HS256 with keys by `kid`.

Loaded only for callers who show a token. The algorithm is fixed by the kind of key, never by the token.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import jwt

from shared.config import ConfigurationError, Settings
from shared.domain.accounts import Caller
from shared.web.callers import LONGEST_TOKEN, unauthorised
from shared.web.key_sets import KID

LEEWAY_SECONDS = 30
LIFETIME_SECONDS = 3600
ROLES = ("user", "teacher", "admin")

_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
_TYPES = ("jwt", "at+jwt")
_FORBIDDEN_HEADERS = frozenset({"crit", "jku", "jwk", "x5u", "x5c"})
_TROUBLES = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)


def mint(caller: Caller, settings: Settings, now: datetime) -> str:
    """Our token for the caller, good for an hour from `now`, signed with the first key; raises `ConfigurationError`."""
    if not settings.jwt_keys:
        raise ConfigurationError("JWT_SECRET holds no key: set it to `kid:secret` with a secret of at least 32 characters.")
    kid, secret = settings.jwt_keys[0]
    issued = int(now.timestamp())
    claims = {
        "sub": caller.subject,
        "email": caller.email,
        "role": caller.role,
        **({"name": caller.name} if caller.name else {}),
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
    }
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": kid})


def own_caller(token: str, header: Mapping[str, Any], settings: Settings) -> Caller:
    """Who shows one of our own tokens; raises a 401 `Problem`."""
    key = dict(settings.jwt_keys).get(header.get("kid", "default"))
    if key is None:
        raise unauthorised("The token is not signed with a key of this deployment.")
    claims = verified(token, key, (settings.jwt_audience,), (settings.jwt_issuer,))
    role = claims.get("role")
    if role not in ROLES:
        raise unauthorised("The token lacks a usable role.")
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    return Caller(claims["sub"], email_in(claims), str(role), name_in(claims), signed_in_at(claims), token_expires_at=expires_at)


def header_of(token: str) -> Mapping[str, Any]:
    """What a token says about itself, nothing of it proven; raises a 401 `Problem` for a form that we never take."""
    try:
        header: dict[str, Any] = jwt.get_unverified_header(token) if token.isascii() and len(token) <= LONGEST_TOKEN else {}
    except _TROUBLES as bad:
        raise unauthorised("The token cannot be read; sign in again.") from bad
    kid, kind = header.get("kid", "default"), header.get("typ", "JWT")
    is_named = isinstance(kid, str) and KID.fullmatch(kid) is not None
    if (
        not header
        or not is_named
        or not isinstance(kind, str)
        or kind.lower() not in _TYPES
        or _FORBIDDEN_HEADERS & header.keys()
    ):
        raise unauthorised("The token is not of a kind that is taken here.")
    return header


def verified(token: str, key: str | jwt.PyJWK, audiences: Sequence[str], issuers: Sequence[str]) -> dict[str, Any]:
    """The claims of a token with that key's signature, in its time, from and for the right ones; raises a 401 `Problem`."""
    algorithm = "HS256" if isinstance(key, str) else "RS256"
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=list(audiences),
            issuer=list(issuers),
            leeway=LEEWAY_SECONDS,
            options={"require": _REQUIRED},
        )
    except _TROUBLES as bad:
        raise unauthorised("The token is invalid or has expired; sign in again.") from bad
    issued, expires, subject = claims["iat"], claims["exp"], claims["sub"]
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= LIFETIME_SECONDS:
        raise unauthorised("The token must be good for an hour at the most; sign in again.")
    if not subject or len(subject) > _LONGEST_EMAIL or not subject.isprintable():
        raise unauthorised("The token lacks a usable sub.")
    return claims


def email_in(claims: Mapping[str, Any]) -> str:
    """The address of whom the token is about, in lower case; raises a 401 `Problem`."""
    email = claims.get("email")
    address = email.strip().lower() if isinstance(email, str) else ""
    local, _, domain = address.rpartition("@")
    if not local or not domain or len(address) > _LONGEST_EMAIL or not address.isprintable() or " " in address:
        raise unauthorised("The token lacks a usable email.")
    return address


def name_in(claims: Mapping[str, Any]) -> str | None:
    """The name of whom the token is about, as far as it can be shown."""
    name = claims.get("name")
    if not isinstance(name, str):
        return None
    return "".join(letter for letter in name if letter.isprintable()).strip()[:_LONGEST_NAME] or None


def signed_in_at(claims: Mapping[str, Any]) -> datetime:
    """When the person signed in: `auth_time` where the issuer tells it, since a token may be renewed without them; else `iat`."""
    issued, told = claims["iat"], claims.get("auth_time")
    return datetime.fromtimestamp(min(issued, told) if type(told) is int and told > 0 else issued, UTC)
