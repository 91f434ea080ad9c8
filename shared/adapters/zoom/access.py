"""Calling Zoom: tokens, bounded retries, limits, and errors in our words."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import requests

from shared import system
from shared.adapters.zoom.notices import Notice, Notices, right_for
from shared.adapters.zoom.pacing import Pauses, Turns
from shared.adapters.zoom.tokens import CALL_TIMEOUT, ZoomTokens
from shared.adapters.zoom.troubles import Missing, NeedsPlan, Told, refusal_of, told_in, unreachable
from shared.config import Settings
from shared.domain.errors import DomainError
from shared.ports import Sleep

REAL_API = "https://api.zoom.us/v2"
TRIES = 4
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
LONGEST_CALL = 45.0
HEAVY_PER_SECOND = 10.0
"""Zoom's limit for reports on the Pro plan, for the account as a whole."""

Json = dict[str, Any]


def zoom_api(known: Settings, sleep: Sleep, notice: Notice | None = None) -> "ZoomApi":
    """Zoom as the settings have it: the real one, or the local simulator."""
    return ZoomApi(known, sleep, system.monotonic, notice)


class ZoomApi:
    """Zoom's REST API as one call. Safe for many threads: each keeps connections of its own."""

    def __init__(
        self,
        known: Settings,
        sleep: Sleep,
        monotonic: Callable[[], float] = system.monotonic,
        notice: Notice | None = None,
    ) -> None:
        self._base = f"{known.zoom_api_endpoint.rstrip('/')}/v2" if known.zoom_api_endpoint else REAL_API
        self._monotonic = monotonic
        self._pauses = Pauses(sleep, monotonic)
        self._heavy = Turns(HEAVY_PER_SECOND, self._pauses, monotonic)
        self._notices = Notices(notice)
        self._mine = threading.local()
        self._tokens = ZoomTokens(known, self._session, self._pauses, monotonic)

    def call(
        self,
        method: str,
        path: str,
        subject: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        is_heavy: bool = False,
    ) -> Json:
        """The answer of `method path`, asked about the meetings of `subject`.

        What may pass is tried up to four times within about 45 seconds; a POST only where Zoom surely did nothing. Raises
        `Unavailable`, or `UpstreamRefused` (`Missing`, `NeedsPlan`, `PageExpired`).
        """
        right = right_for(method, path)
        try:
            answer = self._patiently(method, path, subject, params, body, is_heavy=is_heavy)
        except DomainError as refusal:
            self._notices.refused(subject, right, refusal)
            raise
        self._notices.went_well(subject, right)
        return answer

    def probe(self, subject: str) -> None:
        """The cheapest calls that need each right to read what there is; raises what they raise."""
        self.call("GET", f"/users/{segment(subject)}/meetings", subject, params={"page_size": 1})
        for path in ("/meetings/1", "/past_meetings/1/instances", "/report/meetings/1/participants"):
            with contextlib.suppress(Missing, NeedsPlan):
                self.call("GET", path, subject)

    def _patiently(
        self,
        method: str,
        path: str,
        subject: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
        *,
        is_heavy: bool,
    ) -> Json:
        give_up_at = self._monotonic() + LONGEST_CALL
        is_renewed = False
        failures = 0
        while True:
            if is_heavy:
                self._heavy.take()
            token = self._tokens.ready()
            told = self._once(method, path, token, params, body)
            if isinstance(told, dict):
                return told
            if told is not None and told.is_stale_token and not is_renewed:
                self._tokens.forget(token)
                is_renewed = True
                continue
            failures += 1
            pause = self._pause_after(told, method, failures)
            if pause is None or failures == TRIES or self._monotonic() + pause >= give_up_at:
                raise unreachable() if told is None else refusal_of(told, subject)
            self._pauses.seconds(pause)

    def _once(
        self, method: str, path: str, token: str, params: Mapping[str, str | int] | None, body: Mapping[str, Any] | None
    ) -> Json | Told | None:
        """The answer, Zoom's error, or None when there was no whole answer."""
        try:
            answer = self._session().request(
                method,
                self._base + path,
                params=params,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
                timeout=CALL_TIMEOUT,
                allow_redirects=False,
            )
            if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
                heads = answer.headers
                return told_in(answer.status_code, answer.content, heads.get("Retry-After"), heads.get("X-RateLimit-Type"))
            told = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError):
            return None
        return told if isinstance(told, dict) else None

    def _pause_after(self, told: Told | None, method: str, failures: int) -> float | None:
        """How long to wait before the next try; None where there should be none."""
        usual = FIRST_PAUSE * 2 ** (failures - 1)
        if told is not None and told.is_busy:
            asked = told.retry_after or ""
            if asked and not (asked.isascii() and asked.isdigit() and int(asked) <= LONGEST_PAUSE):
                return None
            return max(float(asked or 0), usual)
        return usual if (told is None or told.is_broken) and method != "POST" else None

    def _session(self) -> requests.Session:
        """The connections of this thread; nothing of the environment, such as a .netrc, changes what we send."""
        session: requests.Session | None = getattr(self._mine, "session", None)
        if session is None:
            session = self._mine.session = requests.Session()
            session.trust_env = False
        return session


def segment(text: str) -> str:
    """A text as one segment of a path. A uuid that begins with a slash or holds two in a row is encoded twice."""
    once = quote(text, safe="")
    return quote(once, safe="") if text.startswith("/") or "//" in text else once
