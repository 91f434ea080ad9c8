"""Signatures of Stripe's webhooks.

Stripe signs `<timestamp>.<raw body>` with the endpoint's secret and sends `t=<timestamp>,v1=<hex>`, with a `v1` for each
secret while one takes over from another; other schemes in the header count for nothing. Each attempt is signed anew, so that
a signature older than five minutes is nobody's. What is compared are bytes, in constant time, over the raw body.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

TOLERANCE_SECONDS = 300
HEADER = "Stripe-Signature"

_LONGEST, _MOST = 2048, 10
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


def is_stripe_signed(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now_seconds: float) -> bool:
    """Whether any of `secrets` signed this body within five minutes. Never raises, whatever the headers hold."""
    parts = [part.partition("=") for part in headers.get(HEADER, "")[:_LONGEST].split(",")]
    stamps = [value for name, _, value in parts if name.strip() == "t"]
    given = [value for name, _, value in parts if name.strip() == "v1" and _SIGNATURE.fullmatch(value)][:_MOST]
    if len(stamps) != 1 or not _TIMESTAMP.fullmatch(stamps[0]):
        return False
    wanted = [signature(secret, stamps[0], body).encode() for secret in secrets]
    right = [hmac.compare_digest(each.encode(), one) for each in given for one in wanted]
    return any(right) and abs(now_seconds - int(stamps[0])) <= TOLERANCE_SECONDS


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The `v1` part of the header for a body, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
