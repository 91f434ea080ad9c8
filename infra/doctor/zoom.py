"""Zoom: whether the app's credentials work, which of its scopes are missing, and whether its webhooks can be believed."""

import base64
from collections.abc import Iterator
from http import HTTPStatus

import requests

from infra.doctor.deployment import Deployment
from infra.doctor.finding import CannotAsk, Finding, missing, off, ok
from infra.doctor.google import Absent
from shared.adapters.zoom.tokens import REAL_TOKENS
from shared.adapters.zoom.troubles import SCOPES

APP = "https://marketplace.zoom.us/user/build"
TIMEOUT_S = 10


class ZoomApp:
    """Whether the Server-to-Server OAuth app gives tokens, with all scopes. `tokens` is where they come from."""

    key, title = "zoom", "Zoom app"

    def __init__(self, tokens: str = REAL_TOKENS) -> None:
        self._tokens = tokens

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        account, client = at.setting("ZOOM_ACCOUNT_ID"), at.setting("ZOOM_CLIENT_ID")
        if not (account and client):
            yield off("ZOOM_ACCOUNT_ID and ZOOM_CLIENT_ID are not set: classes are on Meet", APP)
            return
        secret = _value_of(at, "ZOOM_CLIENT_SECRET")
        if secret is None:
            yield missing(
                "ZOOM_CLIENT_SECRET has no value", "Nothing can be booked on Zoom or read from it.", f"{APP}: App Credentials"
            )
            return
        scopes = self._scopes(account, client, secret)
        if scopes is None:
            yield missing(
                "Zoom refuses the app's credentials", "Nothing can be booked on Zoom or read from it.", f"{APP}: App Credentials"
            )
            return
        lacking = [scope for scope in SCOPES if scope not in scopes]
        for scope in lacking:
            yield missing(
                f"the scope {scope} is missing", "What it is for fails, with its name in health.", f"{APP}: Scopes, add {scope}"
            )
        if not lacking:
            yield ok(f"it gives tokens with all {len(SCOPES)} scopes")

    def _scopes(self, account: str, client: str, secret: str) -> set[str] | None:
        """The scopes of a new token; None when Zoom refuses to give one."""
        asked = {"grant_type": "account_credentials", "account_id": account}
        try:
            answer = requests.post(self._tokens, data=asked, auth=(client, secret), timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as away:
            raise CannotAsk(f"Zoom cannot be reached: {type(away).__name__}", "Try again in a minute.") from away
        if answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            return None
        if answer.status_code != HTTPStatus.OK:
            raise CannotAsk(f"Zoom answers {answer.status_code}", "Try again in a minute.")
        return set(str(answer.json().get("scope", "")).replace(",", " ").split())


class ZoomWebhook:
    """Whether what Zoom sends can be told from what somebody else sends."""

    key, title = "zoom_webhook", "Zoom webhooks"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        if not at.setting("ZOOM_CLIENT_ID"):
            yield off("Zoom is not used")
        elif "ZOOM_WEBHOOK_SECRET" in {variable for name in at.services for variable in at.secrets_of(name)}:
            yield ok("signed events are taken")
        else:
            why = "Classes on Zoom are not live without it, only read afterwards."
            place = f"{at.public_url or '<your address>'}/api/webhook/zoom"
            remedy = f"{APP}: Feature > Event Subscriptions, endpoint {place}; then put its Secret Token into zoom-webhook-secret"
            yield missing("ZOOM_WEBHOOK_SECRET has no value", why, remedy)


def _value_of(at: Deployment, variable: str) -> str | None:
    """The newest value of a secret; None when it has none. It is never shown."""
    name = f"projects/{at.project}/secrets/{at.secret_id(variable)}/versions/latest"
    try:
        told = at.google.ask("secretmanager", "projects.secrets.versions.access", name=name)
    except Absent:
        return None
    return base64.b64decode(told["payload"]["data"]).decode().strip()
