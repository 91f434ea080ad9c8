"""Signatures of Zoom's webhooks, and the answer to Zoom's challenge.

Zoom signs `v0:<timestamp>:<raw body>` with the app's secret token; what is compared are bytes, in constant time, over the raw
body. Zoom sends an event again 5, 25 and 85 minutes later, and nobody says whether with a new timestamp: so a signature that
is old, but not older than a day, is `LATE`, not wrong.

The challenge is answered with the same secret, so it must never sign what could pass for an event. What is signed of an
event begins with `v0:`; a token without a colon can never be that. Some reports say that Zoom signs the challenge, some that
it does not: a signature that is there must be right, and one that is absent is no obstacle to a safe token.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

TOLERANCE_SECONDS = 300
LATEST_SECONDS = 86_400

SIGNATURE_HEADER = "x-zm-signature"
TIMESTAMP_HEADER = "x-zm-request-timestamp"

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"\d{10}", re.ASCII)
_SAFE_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Age(StrEnum):
    """How a request stands: signed just now, signed within a day, not signed at all, or wrongly or too long ago."""

    FRESH = "fresh"
    LATE = "late"
    UNSIGNED = "unsigned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the check; `secret` is the one that signed the request, None where none did."""

    age: Age
    secret: str | None = None

    @property
    def is_authentic(self) -> bool:
        """Whether Zoom sent it."""
        return self.secret is not None


_REFUSED = Verdict(Age.REFUSED)


def is_zoom_signed(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now_seconds: float) -> Verdict:
    """Whether any of `secrets` signed this body, and how long ago. Never raises, whatever the headers hold."""
    given, timestamp = headers.get(SIGNATURE_HEADER), headers.get(TIMESTAMP_HEADER)
    if given is None and timestamp is None:
        return Verdict(Age.UNSIGNED)
    if not _SIGNATURE.fullmatch(given or "") or not _TIMESTAMP.fullmatch(timestamp or ""):
        return _REFUSED
    told = (given or "").encode()
    right = [s for s in secrets if hmac.compare_digest(told, signature(s, timestamp or "", body).encode())]
    age = now_seconds - int(timestamp or "")
    if not right or not -TOLERANCE_SECONDS <= age <= LATEST_SECONDS:
        return _REFUSED
    return Verdict(Age.FRESH if age <= TOLERANCE_SECONDS else Age.LATE, right[0])


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The `x-zm-signature` header for a body."""
    return f"v0={_hex(secret, f'v0:{timestamp}:'.encode() + body)}"


def is_safe_token(plain: str) -> bool:
    """Whether a challenge's token can be answered without signing anything that could be an event."""
    return _SAFE_TOKEN.fullmatch(plain) is not None


def encrypted_token(secret: str, plain: str) -> str:
    """The answer to a challenge's token; raises `ValueError` for one that is not safe to answer."""
    if not is_safe_token(plain):
        raise ValueError("Zoom's plainToken holds 1 to 128 letters, digits, - and _ alone; this one is not answered.")
    return _hex(secret, plain.encode())


def _hex(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
