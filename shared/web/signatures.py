"""Signatures of incoming webhooks, after the Standard Webhooks specification.

The sender signs `id.timestamp.body` with a shared secret; what is compared are bytes, in constant time, over the raw body.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

TOLERANCE_SECONDS = 300

_ID = re.compile(r"[\x21-\x2d\x2f-\x7e]{1,256}")
_TIMESTAMP = re.compile(r"\d{10}", re.ASCII)


def is_signed(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now_seconds: float) -> bool:
    """Whether any of `secrets` signed this body in the last five minutes. Never raises, whatever the headers hold."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not _ID.fullmatch(message_id) or not _TIMESTAMP.fullmatch(timestamp) or len(given) > 2048:  # noqa: PLR2004
        return False
    if abs(now_seconds - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    wanted = [base64.b64encode(hmac.new(key_of(s), signed, hashlib.sha256).digest()) for s in secrets]
    told = [word.removeprefix("v1,").encode() for word in given.split(" ") if word.startswith("v1,")]
    return any([hmac.compare_digest(one, other) for one in told for other in wanted])  # noqa: C419 - all are compared


def key_of(secret: str) -> bytes:
    """The key bytes of a secret: base64 after `whsec_`, else the text itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header for a body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()
