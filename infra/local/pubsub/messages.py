"""Messages as they are published, and the bodies in which Pub/Sub pushes them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PubsubMessage:
    """One message; `data` are bytes of any kind, the ordering key is empty where order does not matter."""

    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    ordering_key: str = ""


def push_body(message: PubsubMessage, *, message_id: str, published_at: datetime, subscription: str) -> Json:
    """The body of a push; id and time are told in both spellings, as Pub/Sub does, the time to the millisecond."""
    published = published_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told: Json = {
        "data": base64.b64encode(message.data).decode(),
        "messageId": message_id,
        "message_id": message_id,
        "publishTime": published,
        "publish_time": published,
    }
    if message.attributes:
        told["attributes"] = dict(message.attributes)
    if message.ordering_key:
        told["orderingKey"] = message.ordering_key
    return {"message": told, "subscription": subscription}
