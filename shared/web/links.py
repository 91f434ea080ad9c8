"""Shared links: a signed word that one document may be read by whoever holds it, up to an instant.

It is signed with our keys for tokens, under a name of its own, and has another form than a token: neither is ever taken for the
other. It names the document and its end, and nobody. A link cannot be called back before its end but by retiring its key.
"""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta

from shared.config import ConfigurationError, Settings
from shared.domain.accounts import Caller
from shared.domain.messages import Delivery, EventType

PURPOSE = "shared document"
BY_LINK = Caller("shared link", "", "anyone")
"""In place of a caller, whoever opens a shared link."""
GOOD_IN_MAIL = timedelta(days=30)
_TOLD_WITH_LINK = (EventType.INVOICE_ISSUED, EventType.INVOICE_CANCELLED, EventType.INVOICE_OVERDUE)
_LINK = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9a-f]{32})\.([0-9]{10})\.([A-Za-z0-9_-]{43})", re.ASCII)


def link_to(document_id: str, expires_at: datetime, settings: Settings) -> str:
    """A link's word for a document, good until a whole second; raises `ConfigurationError` where there is no key."""
    if not settings.jwt_keys:
        raise ConfigurationError("JWT_SECRET holds no key: set it to `kid:secret` with a secret of at least 32 characters.")
    kid, secret = settings.jwt_keys[0]
    told = f"{document_id}.{int(expires_at.timestamp()):010d}"
    return f"{kid}.{told}.{_signature(secret, kid, told, settings)}"


def url_to(document_id: str, expires_at: datetime, home: str, settings: Settings) -> str:
    """The address that opens a document for whoever holds it, below an origin; raises `ConfigurationError` as `link_to`."""
    return f"{home}/api/billing/shared/{link_to(document_id, expires_at, settings)}"


def bill_link(settings: Settings, delivery: Delivery) -> str | None:
    """The address by which a payer opens the bill that a message tells of, good for thirty days.

    None where it tells of something else, or `PUBLIC_URL` or `JWT_SECRET` is not set: then nobody knows where we are.
    """
    if delivery.event not in _TOLD_WITH_LINK or settings.public_url is None or not settings.jwt_keys:
        return None
    document_id = str(json.loads(delivery.body)["data"]["document_id"])
    return url_to(document_id, delivery.created_at + GOOD_IN_MAIL, settings.public_url, settings)


def document_in(link: str, settings: Settings, now: float) -> str | None:
    """The id of the document that a link opens; None for one that is altered, foreign, or over at `now` (in seconds)."""
    found = _LINK.fullmatch(link)
    secret = dict(settings.jwt_keys).get(found.group(1)) if found else None
    if found is None or secret is None:
        return None
    kid, document_id, expires, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(secret, kid, f"{document_id}.{expires}", settings)):
        return None
    return document_id if now < int(expires) else None


def _signature(secret: str, kid: str, told: str, settings: Settings) -> str:
    """The line breaks keep what is signed apart from any token, whose signed part has none."""
    text = f"{PURPOSE}\n{settings.jwt_issuer}\n{settings.jwt_audience}\n{kid}\n{told}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
