"""A function that validates an event with pydantic and creates one document for it."""

import os
from datetime import datetime
from typing import Literal

import functions_framework
from flask import Request
from google.cloud import firestore
from pydantic import BaseModel

client = firestore.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"])


class Event(BaseModel):
    """Somebody joined or left."""

    meetingId: str  # noqa: N815 - the wire's name
    participantEmail: str  # noqa: N815 - the wire's name
    eventType: Literal["join", "exit"]  # noqa: N815 - the wire's name
    timestamp: datetime
    eventId: str  # noqa: N815 - the wire's name


@functions_framework.http
def create(request: Request) -> dict[str, str]:
    """Keep the event."""
    event = Event.model_validate_json(request.get_data())
    client.collection("events").document(event.eventId).create(event.model_dump())
    return {"status": "success", "event_id": event.eventId}
