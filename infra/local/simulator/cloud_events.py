"""Google's events as Pub/Sub messages: CloudEvents whose attributes and data hold names only, never the things named."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from infra.local.pubsub.messages import PubsubMessage
from infra.local.simulator import instants
from infra.local.simulator.subscriptions import Subscription

Json = dict[str, Any]

LIFECYCLE = "google.workspace.events.subscription.v1."
REMINDER, SUSPENDED, EXPIRED = (LIFECYCLE + word for word in ("expirationReminder", "suspended", "expired"))


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event for one subscription; `at` is when it happened."""

    event_id: str
    source: str
    subject: str
    event_type: str
    at: int
    data: Json

    def message(self, *, structured: bool = False) -> PubsubMessage:
        """As Pub/Sub carries it: the event around its data, in attributes or, structured, in the data itself."""
        about = {
            "id": self.event_id,
            "source": self.source,
            "subject": self.subject,
            "type": self.event_type,
            "time": instants.shown(self.at),
            "specversion": "1.0",
            "datacontenttype": "application/json",
        }
        if structured:
            data, attributes = about | {"data": self.data}, {"content-type": "application/cloudevents+json; charset=UTF-8"}
        else:
            data, attributes = self.data, {f"ce-{name}": value for name, value in about.items()}
        return PubsubMessage(json.dumps(data).encode(), attributes, self.source)


def meet_event(subscription: Subscription, event_type: str, name: str, at: int) -> CloudEvent:
    """An event of Meet. `name` is the conference's or the stay's; the subject is what is subscribed to, never the room."""
    field = "participantSession" if ".participant." in event_type else "conferenceRecord"
    data = {field: {"name": name}}
    return CloudEvent(str(uuid.uuid4()), subscription.source, subscription.target, event_type, at, data)


def lifecycle_event(subscription: Subscription, event_type: str, at: int) -> CloudEvent:
    """An event of the subscription itself, whose fields Google writes in snake case."""
    told = {"name": subscription.name}
    if event_type == SUSPENDED:
        told["suspension_reason"] = subscription.suspension_reason or "OTHER"
    else:
        told["expire_time"] = instants.shown(subscription.expires)
    return CloudEvent(str(uuid.uuid4()), subscription.source, subscription.source, event_type, at, {"subscription": told})
