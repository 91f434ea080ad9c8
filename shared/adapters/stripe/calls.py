"""Calling Stripe: forms, keys that make a call count once, bounded retries, and errors in our words."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import requests

from shared.adapters.stripe.troubles import UNUSABLE, is_passing, refusal_of, unreachable
from shared.domain.errors import UpstreamRefused
from shared.ports import Sleep

REAL_API = "https://api.stripe.com"
VERSION = "2026-10-28.endive"
"""The form of Stripe's answers that this code was written for, whatever the account's default is."""
TIMEOUT = (5.0, 10.0)
TRIES = 3
FIRST_PAUSE, LONGEST_CALL = 0.5, 25.0
PAGE = 100
MOST_PAGES = 20

Json = dict[str, Any]


class StripeApi:
    """Stripe's REST API as one call. Safe for many threads: each keeps connections of its own."""

    def __init__(self, secret_key: str, endpoint: str | None, sleep: Sleep, monotonic: Callable[[], float]) -> None:
        self._base = f"{(endpoint or REAL_API).rstrip('/')}/v1"
        self._headers = {"Authorization": f"Bearer {secret_key}", "Stripe-Version": VERSION}
        self._sleep = sleep
        self._monotonic = monotonic
        self._mine = threading.local()

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Json:
        """What is at a path; raises `Unavailable`, `UpstreamRefused` (`Missing`)."""
        return self._patiently("GET", path, {"params": list(flat(params or {}))})

    def every(self, path: str, params: Mapping[str, object]) -> Iterator[Json]:
        """All items of a list, page by page; raises what `get` raises."""
        after: Mapping[str, object] = {}
        for _ in range(MOST_PAGES):
            page = self.get(path, {**params, "limit": PAGE, **after})
            yield from page["data"]
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}
        raise UpstreamRefused(UNUSABLE, f"Stripe lists too many of {path} to count them; tell whoever looks after Rollcall.")

    def post(self, path: str, params: Mapping[str, object], key: str) -> Json:
        """What a change answers; under the same key it counts once. Raises what `get` raises, and `NotInThisState`."""
        return self._patiently("POST", path, {"data": list(flat(params)), "headers": {"Idempotency-Key": key}})

    def _patiently(self, method: str, path: str, sent: Json) -> Json:
        give_up_at = self._monotonic() + LONGEST_CALL
        pause, failures = FIRST_PAUSE, 0
        while not isinstance(answer := self._once(method, path, sent), dict):
            failures += 1
            may_pass = answer is None or (is_passing(answer.status_code) and _may_retry(answer))
            if not may_pass or failures == TRIES or self._monotonic() + pause >= give_up_at:
                raise unreachable() if answer is None else refusal_of(answer.status_code, answer.content)
            self._sleep(pause)
            pause *= 2
        return answer

    def _once(self, method: str, path: str, sent: Json) -> Json | requests.Response | None:
        """What was answered, Stripe's refusal, or None when there was no whole answer."""
        headers = {**self._headers, **sent.get("headers", {})}
        try:
            answer = self._session().request(
                method, self._base + path, **{**sent, "headers": headers}, timeout=TIMEOUT, allow_redirects=False
            )
            if answer.status_code != HTTPStatus.OK:
                return answer
            told = answer.json()
        except (requests.RequestException, ValueError):
            return None
        return told if isinstance(told, dict) else None

    def _session(self) -> requests.Session:
        """The connections of this thread; nothing of the environment, such as a .netrc, changes what we send."""
        session: requests.Session | None = getattr(self._mine, "session", None)
        if session is None:
            session = self._mine.session = requests.Session()
            session.trust_env = False
        return session


def flat(params: Mapping[str, object], within: str = "") -> Iterator[tuple[str, str]]:
    """Parameters as a form writes them: `line_items[0][quantity]=1`."""
    for name, value in params.items():
        place = f"{within}[{name}]" if within else name
        if isinstance(value, Mapping):
            yield from flat(value, place)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from flat({str(at): each for at, each in enumerate(value)}, place)
        else:
            yield place, str(value).lower() if isinstance(value, bool) else str(value)


def _may_retry(answer: requests.Response) -> bool:
    """Stripe says itself where trying again would only repeat the same answer."""
    return str(answer.headers.get("Stripe-Should-Retry", "")).lower() != "false"
