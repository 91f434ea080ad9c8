"""Who may connect: a token that is good, of somebody who was not signed out, within the rates; the refusal says why not."""

from collections.abc import Mapping
from typing import Any

import socketio

from functions.realtime.wiring import Realtime
from shared.domain.accounts import AskedTooOften, Caller, SignedOut
from shared.domain.errors import DomainError
from shared.web.callers import Door, caller_of
from shared.web.gate import address_of
from shared.web.problems import Problem


def admitted(app: Realtime, auth: object, environ: Mapping[str, Any]) -> Caller:
    """Who shows this token, with the role that the directory leaves them; raises what `connect_error` tells everybody else."""
    try:
        return _caller(app, auth, environ)
    except Problem as refusal:
        raise refused(refusal.told.title, refusal.told.code, detail=refusal.told.detail) from refusal
    except AskedTooOften as often:
        raise refused("Too many requests", "too-many-requests", retry_after=often.retry_s) from often
    except SignedOut as out:
        raise refused("Invalid or expired token", "unauthorised", detail="You were signed out; sign in again.") from out
    except DomainError as trouble:
        raise refused(trouble.detail, "unavailable", retry_after=5) from trouble


def refused(message: str, code: str, **more: object) -> socketio.exceptions.ConnectionRefusedError:
    """What a client hears as `connect_error`."""
    return socketio.exceptions.ConnectionRefusedError(message, {"message": message, "code": code, **more})


def _caller(app: Realtime, auth: object, environ: Mapping[str, Any]) -> Caller:
    token = auth.get("token") if isinstance(auth, Mapping) else None
    shown = token.removeprefix("Bearer ") if isinstance(token, str) else ""
    headers = {"Authorization": f"Bearer {shown}"}
    caller = caller_of(Door("user", ()), headers, app.settings)
    peer = environ.get("asgi.scope", {}).get("client") or ("", 0)
    address = address_of(environ.get("HTTP_X_FORWARDED_FOR", ""), peer[0], app.settings.trusted_proxies)
    return app.gate.admit(caller, address)
