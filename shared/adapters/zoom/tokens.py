"""Zoom's Server-to-Server OAuth: one token for the whole account, kept in this process while it is good."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import requests

from shared.adapters.zoom.pacing import Pauses
from shared.adapters.zoom.troubles import no_token, not_connected, told_in, unreachable
from shared.config import Settings
from shared.domain.errors import Unavailable

REAL_TOKENS = "https://zoom.us/oauth/token"
RENEW_BEFORE = 60.0
CALL_TIMEOUT = 10.0
TRIES = 3
FIRST_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    good_until: float


class ZoomTokens:
    """The token. One thread at a time asks for a new one; there is no refresh token, a new one is simply asked for."""

    def __init__(
        self,
        known: Settings,
        session: Callable[[], requests.Session],
        pauses: Pauses,
        monotonic: Callable[[], float],
    ) -> None:
        self._known = known
        self._session = session
        self._pauses = pauses
        self._monotonic = monotonic
        self._token: _Token | None = None
        self._lock = threading.Lock()

    def ready(self) -> str:
        """A token that is good now; raises `UpstreamRefused` or `Unavailable`."""
        with self._lock:
            if self._token is None or self._monotonic() >= self._token.good_until:
                self._token = self._patiently_new()
            return self._token.text

    def forget(self, text: str) -> None:
        """Ask for a new one next time, since Zoom does not accept this one; another thread may have done so already."""
        with self._lock:
            if self._token is not None and self._token.text == text:
                self._token = None

    def _patiently_new(self) -> _Token:
        for failures in range(TRIES - 1):
            try:
                return self._new()
            except Unavailable:
                self._pauses.seconds(FIRST_PAUSE * 2**failures)
        return self._new()

    def _new(self) -> _Token:
        known = self._known
        if not (known.zoom_account_id and known.zoom_client_id and known.zoom_client_secret):
            raise not_connected()
        asked_at = self._monotonic()
        try:
            answer = self._session().post(
                f"{known.zoom_api_endpoint.rstrip('/')}/oauth/token" if known.zoom_api_endpoint else REAL_TOKENS,
                data={"grant_type": "account_credentials", "account_id": known.zoom_account_id},
                auth=(known.zoom_client_id, known.zoom_client_secret),
                timeout=CALL_TIMEOUT,
                allow_redirects=False,
            )
            if answer.status_code != HTTPStatus.OK:
                raise no_token(told_in(answer.status_code, answer.content))
            told = answer.json()
            return _Token(str(told["access_token"]), asked_at + float(told["expires_in"]) - RENEW_BEFORE)
        except (requests.RequestException, KeyError, TypeError, ValueError) as trouble:
            raise unreachable() from trouble
