"""Callers: who is asking, by the token they show. A refusal here costs no read of the database.

People show a JWT (HS256, keys by `kid`); our own timers and tasks an OIDC token that Google signed for this very function.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from shared.config import Settings
from shared.domain.accounts import Caller
from shared.web.problems import Problem

LONGEST_TOKEN = 4096
LEEWAY_SECONDS = 30
LONGEST_LIFE_SECONDS = 3600

_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FORBIDDEN_HEADERS = frozenset({"crit", "jku", "jwk", "x5u", "x5c"})
_GOOGLE_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_ROLES = ("user", "teacher", "admin")
_AT_LEAST = {"user": 0, "teacher": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Door:
    """What a route asks of its caller: a kind out of function.json, and the addresses a service token may be made for."""

    caller: str
    audiences: tuple[str, ...]


def caller_of(door: Door, headers: Mapping[str, str], settings: Settings) -> Caller:
    """Who asks; raises a 401 or 403 `Problem`."""
    if door.caller == "anyone":
        return Caller("anyone", "", "anyone")
    token = _bearer(headers)
    if door.caller in ("task", "scheduler", "push"):
        return _service(door, token, settings)
    if token is None and settings.is_open:
        return Caller("local", "admin@localhost", "admin")
    if token is None:
        raise unauthorised("Send a token: Authorization: Bearer <token>.")
    caller = _person(token, settings)
    if _AT_LEAST[caller.role] < _AT_LEAST[door.caller]:
        raise Problem(403, "Insufficient permissions", f"This needs the role {door.caller}.", code="forbidden")
    return caller


def unauthorised(detail: str) -> Problem:
    """The one answer to a missing or bad token; it never says which part was wrong."""
    headers = {"WWW-Authenticate": "Bearer"}
    return Problem(401, "Invalid or expired token", detail, code="unauthorised", headers=headers)


def _bearer(headers: Mapping[str, str]) -> str | None:
    given = headers.get("Authorization")
    if given is None:
        return None
    scheme, _, token = given.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN or not token.isascii():
        raise unauthorised("The Authorization header is not `Bearer <token>`.")
    return token


def _person(token: str, settings: Settings) -> Caller:
    claims = _claims_hs256(token, settings)
    role, email, subject = claims.get("role"), claims.get("email"), claims["sub"]
    if role not in _ROLES or not isinstance(email, str) or "@" not in email or not isinstance(subject, str):
        raise unauthorised("The token lacks a usable sub, email or role.")
    return Caller(subject, email.strip().lower(), str(role))


def _claims_hs256(token: str, settings: Settings) -> dict[str, Any]:
    import jwt  # only a caller with a token pays for it

    try:
        header = jwt.get_unverified_header(token)
        kid = header.get("kid", "default")
        key = dict(settings.jwt_keys).get(kid) if isinstance(kid, str) and _KID.fullmatch(kid) else None
        if key is None or _FORBIDDEN_HEADERS & header.keys():
            raise unauthorised("The token is not signed with a key of this deployment.")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=settings.jwt_audience,
            issuer=settings.jwt_issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError) as bad:
        raise unauthorised("The token is invalid or has expired; sign in again.") from bad
    _check_life(claims)
    return claims


def _check_life(claims: Mapping[str, Any]) -> None:
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= LONGEST_LIFE_SECONDS:
        raise unauthorised("The token must be good for an hour at the most; sign in again.")


def _service(door: Door, token: str | None, settings: Settings) -> Caller:
    """One of our own callers: Google's signature, this function's address, the one account that may call."""
    import jwt

    account = {
        "task": settings.tasks_service_account,
        "scheduler": settings.scheduler_service_account,
        "push": settings.push_service_account,
    }[door.caller]
    if token is None or not account or not door.audiences:
        raise unauthorised("Only this deployment's own timers, tasks and pushes may call this.")
    try:
        key = _google_keys(settings.oidc_certs_url).get_signing_key_from_jwt(token)
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=list(door.audiences),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as bad:
        raise unauthorised("The service token is invalid.") from bad
    if claims.get("iss") not in _GOOGLE_ISSUERS or claims.get("email_verified") is not True:
        raise unauthorised("The service token is invalid.")
    if claims.get("email") != account:
        raise Problem(403, "Insufficient permissions", "This account may not call this function.", code="forbidden")
    return Caller(str(claims["sub"]), account, "system")


@cache
def _google_keys(certs_url: str) -> Any:  # noqa: ANN401 - PyJWT is imported only where it is needed
    import jwt

    return jwt.PyJWKClient(certs_url, cache_keys=True, lifespan=3600, timeout=5)
