"""Callers: who is asking, by the token they show. A refusal here costs no read of the database.

People show a JWT: ours (HS256, keys by `kid`) or the OpenID issuer's (RS256). Our own timers and tasks show one that Google
signed for this very function.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.config import Settings
from shared.domain.accounts import Caller
from shared.web.problems import Problem

LONGEST_TOKEN = 4096

_AT_LEAST = {"user": 0, "teacher": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Door:
    """What a route asks of its caller: a kind out of function.json, and the addresses a service token may be made for."""

    caller: str
    audiences: tuple[str, ...]


def caller_of(door: Door, headers: Mapping[str, str], settings: Settings) -> Caller:
    """Who asks; raises a 401 or 403 `Problem`, or `Unavailable` where the keys to verify a token with cannot be read.

    A token that claims no role passes here whatever the door needs: what its owner may do stands in the directory.
    """
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
    if caller.role_is_claimed:
        demand_role(caller, door.caller)
    return caller


def demand_role(caller: Caller, kind: str) -> None:
    """See that the caller's role is enough for doors of that kind; raises a 403 `Problem`. Other kinds ask for no role."""
    if kind in _AT_LEAST and _AT_LEAST.get(caller.role, -1) < _AT_LEAST[kind]:
        raise Problem(403, "Insufficient permissions", f"This needs the role {kind}.", code="forbidden")


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
    """One of our own tokens, or one of the deployment's OpenID issuer."""
    from shared.web.tokens import header_of, own_caller  # only a caller with a token pays for reading one

    header = header_of(token)
    if header.get("alg") == "HS256":
        return own_caller(token, header, settings)
    from shared.web.oidc import oidc_caller

    return oidc_caller(token, settings)


def _service(door: Door, token: str | None, settings: Settings) -> Caller:
    """One of our own callers: Google's signature, this function's address, the one account that may call."""
    account = {
        "task": settings.tasks_service_account,
        "scheduler": settings.scheduler_service_account,
        "push": settings.push_service_account,
    }[door.caller]
    if token is None or not account or not door.audiences:
        raise unauthorised("Only this deployment's own timers, tasks and pushes may call this.")
    from shared.web.oidc import service_claims

    claims = service_claims(token, door.audiences, settings)
    if claims.get("email") != account:
        raise Problem(403, "Insufficient permissions", "This account may not call this function.", code="forbidden")
    return Caller(str(claims["sub"]), account, "system")
