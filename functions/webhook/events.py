"""Events of the bridge on the wire: one table says what each field is, for reading it and for describing it.

Names are those of the product's guides. No model of pydantic here: this is the request that comes most often and coldest, and
loading pydantic would cost it more than everything of ours together.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from shared.domain.errors import InvalidInput
from shared.domain.evidence import Evidence, Kind, Participant, Source, connection_of
from shared.domain.rooms import room_named
from shared.usecases.file_evidence import Filing
from shared.web.checks import email, instant, up_to

KINDS = {"join": Kind.JOIN, "exit": Kind.LEAVE}


def kind(value: object) -> Kind:
    """A join or an exit."""
    if not isinstance(value, str) or value not in KINDS:
        raise ValueError("Write join or exit.")
    return KINDS[value]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event: how it is read, and its JSON schema."""

    name: str
    read: Callable[[object], Any]
    schema: Mapping[str, Any]
    required: bool = True


def _text(most: int) -> tuple[Callable[[object], str], Mapping[str, Any]]:
    return partial(up_to, most), {"type": "string", "minLength": 1, "maxLength": most}


FIELDS = (
    Field("meetingId", *_text(128)),
    Field("participantEmail", email, {"type": "string", "format": "email", "maxLength": 254}),
    Field("eventType", kind, {"type": "string", "enum": list(KINDS)}),
    Field("timestamp", instant, {"type": "string", "format": "date-time"}),
    Field("eventId", *_text(128), required=False),
    Field("participantName", *_text(300), required=False),
    Field("deviceType", *_text(128), required=False),
)

EVENT_SCHEMA = {
    "title": "BridgeEvent",
    "description": "Somebody joined or left, as an add-on, extension or script saw it. Other fields are no trouble.",
    "type": "object",
    "properties": {each.name: dict(each.schema) for each in FIELDS},
    "required": [each.name for each in FIELDS if each.required],
}

FILED_SCHEMA = {
    "title": "EventFiled",
    "description": "What became of an event. `pending`: kept, bound when a class of its meeting appears; `detail`: what is odd.",
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["success", "duplicate", "pending"]},
        "session_id": {"type": ["string", "null"]},
        "event_id": {"type": "string"},
        "detail": {"type": ["string", "null"]},
    },
    "required": ["status", "session_id", "event_id", "detail"],
}


def fact_in(event: Mapping[str, Any], received_at: datetime) -> Evidence:
    """The event as evidence; raises `InvalidInput` that names every field that cannot be read.

    Without an event id, person, device, kind and time are what makes it one fact.
    """
    told: dict[str, Any] = {}
    wrong = []
    for each in FIELDS:
        value = event.get(each.name)
        if value is None:
            told[each.name] = None
            wrong += [(each.name, "This field is required.")] if each.required else []
            continue
        try:
            told[each.name] = each.read(value)
        except ValueError as odd:
            wrong.append((each.name, str(odd)))
    if wrong:
        raise InvalidInput(wrong[0][0], "; ".join(f"{name}: {why}" for name, why in wrong))
    participant = Participant(f"email:{told['participantEmail']}", told["participantName"], device=told["deviceType"])
    return Evidence(
        room=room_named(told["meetingId"]),
        source=Source.BRIDGE,
        connection=connection_of(participant),
        kind=told["eventType"],
        at=told["timestamp"],
        participant=participant,
        received_at=received_at,
        event_id=told["eventId"],
    )


def filed(filing: Filing) -> str:
    """The answer to an event that was understood."""
    answer = {"status": filing.outcome.value, "session_id": filing.session_id, "event_id": filing.event_id, "detail": None}
    return json.dumps(answer)


def kept(event_id: str, why: str) -> str:
    """The answer to an authentic event that was not understood."""
    return json.dumps({"status": "pending", "session_id": None, "event_id": event_id, "detail": f"Kept, not counted: {why}"})
