"""Shared links: a signed word that one document may be read by whoever holds it, up to an instant.

It is signed with our keys for tokens, under a name of its own, and has another form than a token: neither is ever taken for the
other. It names the document and its end, and nobody. A link cannot be called back before its end but by retiring its key.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

from shared.config import ConfigurationError, Settings

PURPOSE = "shared document"
_LINK = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9a-f]{32})\.([0-9]{10})\.([A-Za-z0-9_-]{43})", re.ASCII)


def link_to(document_id: str, expires_at: datetime, settings: Settings) -> str:
    """A link's word for a document, good until a whole second; raises `ConfigurationError` where there is no key."""
    if not settings.jwt_keys:
        raise ConfigurationError("JWT_SECRET holds no key: set it to `kid:secret` with a secret of at least 32 characters.")
    kid, secret = settings.jwt_keys[0]
    told = f"{document_id}.{int(expires_at.timestamp()):010d}"
    return f"{kid}.{told}.{_signature(secret, kid, told, settings)}"


def document_in(link: str, settings: Settings, now: datetime) -> str | None:
    """The id of the document that a link opens; None for one that is altered, of another deployment, or over."""
    found = _LINK.fullmatch(link)
    secret = dict(settings.jwt_keys).get(found.group(1)) if found else None
    if found is None or secret is None:
        return None
    kid, document_id, expires, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(secret, kid, f"{document_id}.{expires}", settings)):
        return None
    return document_id if now < datetime.fromtimestamp(int(expires), UTC) else None


def _signature(secret: str, kid: str, told: str, settings: Settings) -> str:
    """The line breaks keep what is signed apart from any token, whose signed part has none."""
    text = f"{PURPOSE}\n{settings.jwt_issuer}\n{settings.jwt_audience}\n{kid}\n{told}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
