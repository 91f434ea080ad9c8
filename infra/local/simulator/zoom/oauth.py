"""Zoom's Server-to-Server OAuth: an account's id, with the client's id and secret, for a token that lives an hour."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from infra.local.simulator import instants
from infra.local.simulator.zoom.calls import Json
from infra.local.simulator.zoom.refusals import BAD_TOKEN, ZoomRefusal
from infra.local.simulator.zoom.world import ZoomWorld

SCOPES = " ".join(
    f"{name}:admin"
    for name in (
        "meeting:read:meeting",
        "meeting:read:list_meetings",
        "meeting:write:meeting",
        "meeting:update:meeting",
        "meeting:delete:meeting",
        "meeting:write:registrant",
        "meeting:read:list_registrants",
        "meeting:update:registrant_status",
        "meeting:read:list_past_instances",
        "meeting:read:past_meeting",
        "meeting:read:list_past_participants",
        "report:read:list_meeting_participants",
    )
)


class NoToken(Exception):
    """A token that is not given: what OAuth calls the error, and why."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error

    def answer(self) -> JSONResponse:
        """The refusal as an answer."""
        return JSONResponse({"reason": str(self), "error": self.error}, status_code=HTTPStatus.BAD_REQUEST)


def token(world: ZoomWorld, asked: Mapping[str, str], header: str, now: int, api_url: str) -> Json:
    """A new token; raises `NoToken`."""
    client = _client(header)
    knobs = world.knobs
    if client is None or client[0] != (knobs.client_id or client[0]) or client[1] != (knobs.client_secret or client[1]):
        raise NoToken("invalid_client", "Invalid client_id or client_secret")
    if asked.get("grant_type") != "account_credentials":
        raise NoToken("unsupported_grant_type", "unsupported grant type")
    account = asked.get("account_id", "")
    if not account or account != (knobs.account_id or account):
        raise NoToken("invalid_request", "Bad Request")
    made = f"eyJ{secrets.token_urlsafe(40)}"
    world.tokens = {known: until for known, until in world.tokens.items() if until > now}
    world.tokens[made] = now + knobs.token_life_s * instants.SECOND
    return {
        "access_token": made,
        "token_type": "bearer",
        "expires_in": max(knobs.token_life_s - 1, 0),
        "scope": SCOPES,
        "api_url": api_url,
    }


def must_be_known(world: ZoomWorld, header: str, now: int) -> None:
    """Raise `ZoomRefusal` for a call without a token that was given out and still lives."""
    kind, _, told = header.partition(" ")
    until = world.tokens.get(told)
    if kind.lower() != "bearer" or until is None:
        raise ZoomRefusal(HTTPStatus.UNAUTHORIZED, BAD_TOKEN)
    if until <= now:
        raise ZoomRefusal(HTTPStatus.UNAUTHORIZED, BAD_TOKEN, "Access token is expired.")


def _client(header: str) -> tuple[str, str] | None:
    """The client's id and secret; None when they are not told as they must be."""
    kind, _, told = header.partition(" ")
    try:
        name, colon, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, secret) if kind.lower() == "basic" and colon and name and secret else None
