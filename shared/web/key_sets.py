"""Key sets: an issuer's public keys, fetched rarely and never at the bidding of a token.

A token names a key and nothing else: where the keys lie is a setting, and a name that nobody knows costs one fetch in five
minutes for the whole process, however many tokens name it.
"""

import json
import re
from collections.abc import Callable, Mapping
from http.client import HTTPException
from math import inf
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from jwt import PyJWK, PyJWTError

from shared.domain.errors import Unavailable

LIFESPAN_SECONDS = 3600
REFETCH_SECONDS = 300
RETRY_SECONDS = 10
LONGEST_OUTAGE_SECONDS = 24 * 3600
CALL_SECONDS = 5
MOST_BYTES = 256 * 1024
SHORTEST_KEY_BITS = 2048
KID = re.compile(r"[A-Za-z0-9_-]{1,64}")

Keys = Mapping[str, PyJWK]


class KeySet:
    """One issuer's keys by name. `fetch` reads them all, `ticks` is a clock that never goes back, in seconds."""

    def __init__(self, fetch: Callable[[], Keys], ticks: Callable[[], float]) -> None:
        self._fetch, self._ticks = fetch, ticks
        self._lock = Lock()
        self._keys: Keys = {}
        self._fetched_at = self._tried_at = -inf

    def get(self, kid: str) -> PyJWK | None:
        """The key of that name, or None. Raises `Unavailable` while the keys could not be read for a day."""
        is_known = kid in self._keys
        is_fresh = self._ticks() - self._fetched_at < LIFESPAN_SECONDS
        # whoever has a key goes on with it while another one fetches; who has none waits for the outcome
        if not (is_known and is_fresh) and self._lock.acquire(blocking=not is_known):
            try:
                if self._is_due(kid):
                    self._refresh()
            finally:
                self._lock.release()
        if self._ticks() - self._fetched_at >= LONGEST_OUTAGE_SECONDS:
            raise Unavailable("The sign-in service's keys cannot be read right now; try again in a moment.")
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        now = self._ticks()
        if now - self._fetched_at >= LIFESPAN_SECONDS:
            return now - self._tried_at >= RETRY_SECONDS
        return kid not in self._keys and now - self._tried_at >= REFETCH_SECONDS

    def _refresh(self) -> None:
        """Read the keys anew; those that were read before stay when that fails."""
        self._tried_at = self._ticks()
        try:
            self._keys = self._fetch()
        except (OSError, HTTPException, ValueError, RecursionError):
            return
        self._fetched_at = self._tried_at


def keys_at(url: str) -> Keys:
    """The signing keys of a JSON Web Key Set; raises OSError, HTTPException or ValueError."""
    raw = _read(url).get("keys")
    found = [_key(one) for one in raw] if isinstance(raw, list) else []
    keys = {pair[0]: pair[1] for pair in found if pair is not None}
    if not keys:
        raise ValueError("the key set holds no RSA key to verify with")
    return keys


def keys_of(issuer: str) -> Keys:
    """The signing keys of an OpenID issuer, by its own description of itself; raises like `keys_at`."""
    told = _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    url = told.get("jwks_uri")
    if told.get("issuer") != issuer or not isinstance(url, str):
        raise ValueError("the description is another issuer's, or names no key set")
    return keys_at(url)


class _NoRedirects(HTTPRedirectHandler):
    """A key set lies where it was said to lie, or nowhere."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - what the library passes
        return None


_OPENER = build_opener(_NoRedirects)


def _read(url: str) -> Mapping[str, Any]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        raise ValueError("keys are read over https alone")
    try:
        with _OPENER.open(url, timeout=CALL_SECONDS) as answer:
            body = answer.read(MOST_BYTES + 1)
    except HTTPError as refused:
        refused.close()
        raise
    told = json.loads(body) if len(body) <= MOST_BYTES else None
    if not isinstance(told, dict):
        raise ValueError("the answer is not a JSON object, or too large")
    return told


def _key(raw: object) -> tuple[str, PyJWK] | None:
    """A key and its name, if it is one that RS256 signatures are verified with."""
    if (
        not isinstance(raw, dict)
        or raw.get("kty") != "RSA"
        or raw.get("use", "sig") != "sig"
        or raw.get("alg", "RS256") != "RS256"
    ):
        return None
    kid = raw.get("kid")
    if not isinstance(kid, str) or not KID.fullmatch(kid) or "d" in raw:  # a private half is nothing to verify with
        return None
    try:
        key = PyJWK(raw, algorithm="RS256")
    except (PyJWTError, ValueError, TypeError):
        return None
    return (kid, key) if key.key.key_size >= SHORTEST_KEY_BITS else None
