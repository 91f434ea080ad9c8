"""Google's events on the wire: CloudEvents inside a Pub/Sub push, in binary or in structured mode.

The names of types and fields are Google's (Workspace Events API, events of Meet and events of the lifecycle).
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.errors import InvalidInput
from shared.usecases.file_meet_events import MeetEvent, Said
from shared.web.checks import instant
from shared.web.problems import Problem
from shared.web.strict_json import strict_json

_SUBSCRIPTION = re.compile(r"(?://workspaceevents\.googleapis\.com/)?(subscriptions/[\w.~%-]{1,200})", re.ASCII)
_VISIT = re.compile(r"conferenceRecords/[^/\s]{1,200}/participants/[^/\s]{1,200}/participantSessions/[^/\s]{1,200}")
_CONFERENCE = re.compile(r"conferenceRecords/[^/\s]{1,200}")
_MEET = re.compile(r"google\.workspace\.meet\.(\w+)\.v2\.(\w+)")
_LIFECYCLE = "google.workspace.events.subscription.v1."
_COUNTED = {
    ("participant", "joined"): Said.JOINED,
    ("participant", "left"): Said.LEFT,
    ("conference", "started"): Said.STARTED,
    ("conference", "ended"): Said.ENDED,
}
_ARTIFACTS = ("recording", "transcript", "smartNote")

PUSH_SCHEMA = {
    "title": "PubSubPush",
    "description": "A push of Cloud Pub/Sub that carries a CloudEvent of Google Workspace, in binary or structured mode.",
    "type": "object",
    "properties": {
        "message": {
            "type": "object",
            "properties": {
                "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
                "data": {"type": "string", "description": "base64 of a JSON object"},
                "messageId": {"type": "string"},
                "publishTime": {"type": "string", "format": "date-time"},
            },
        },
        "subscription": {"type": "string"},
    },
    "required": ["message"],
}

TAKEN_SCHEMA = {
    "title": "WorkspaceEventTaken",
    "description": "What became of an event; any of them acknowledges it.",
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["filed", "ignored", "quarantined"]},
        "detail": {"type": "string"},
    },
    "required": ["status", "detail"],
}


def answer(status: str, detail: str) -> str:
    """The answer to a push."""
    return json.dumps({"status": status, "detail": detail})


def event_in(push: Mapping[str, Any]) -> MeetEvent | str:
    """The event of a push, or why it is none of ours; raises `InvalidInput` or a 400 `Problem` for what cannot be read."""
    message = _mapping("message", push.get("message"))
    attributes = _mapping("message.attributes", message.get("attributes") or {})
    data = _data(message.get("data"))
    if str(attributes.get("content-type", "")).startswith("application/cloudevents") or {"type", "source", "data"} <= data.keys():
        event, data = data, dict(_mapping("data", data.get("data") or {}))
    else:
        event = {name.removeprefix("ce-"): value for name, value in attributes.items() if name.startswith("ce-")}
        event.setdefault("time", message.get("publishTime") or message.get("publish_time"))
    kind = _text(event, "type")
    if (said := _said(kind)) is None:
        return _why_not(kind)
    is_lifecycle = kind.startswith(_LIFECYCLE)
    about = _mapping("data.subscription", data.get("subscription")) if is_lifecycle else {}
    told = about.get("name") if is_lifecycle else _text(event, "source")
    subscription = _SUBSCRIPTION.fullmatch(str(told))
    if subscription is None:
        raise InvalidInput("source", f"The event names no subscription: {told!r}.")
    return MeetEvent(
        event_id=_text(event, "id"),
        said=said,
        subscription=subscription[1],
        resource="" if is_lifecycle else _resource(said, data),
        said_at=_time(event),
        reason=str(about["suspension_reason"]) if about.get("suspension_reason") else None,
    )


def _said(kind: str) -> Said | None:
    if kind.startswith(_LIFECYCLE):
        word = kind.removeprefix(_LIFECYCLE)
        return Said(word) if word in (Said.REMINDED, Said.SUSPENDED, Said.EXPIRED) else None
    found = _MEET.fullmatch(kind)
    return _COUNTED.get((found[1], found[2])) if found else None


def _why_not(kind: str) -> str:
    found = _MEET.fullmatch(kind)
    if found and found[1] in _ARTIFACTS:
        return f"{kind}: recordings, transcripts and notes say nothing about who was there"
    return f"{kind}: not an event that Rollcall asked for"


def _resource(said: Said, data: Mapping[str, Any]) -> str:
    field, form = ("participantSession", _VISIT) if said in (Said.JOINED, Said.LEFT) else ("conferenceRecord", _CONFERENCE)
    name = _mapping(f"data.{field}", data.get(field)).get("name")
    if not isinstance(name, str) or form.fullmatch(name) is None:
        raise InvalidInput(f"data.{field}.name", f"This is no name of a {field}: {name!r}.")
    return name


def _data(told: object) -> dict[str, Any]:
    if not isinstance(told, str):
        raise InvalidInput("message.data", "The message has no data.")
    try:
        return strict_json(base64.b64decode(told, validate=True))
    except binascii.Error as bad:
        raise InvalidInput("message.data", "The message's data is not base64.") from bad
    except Problem as bad:
        raise InvalidInput("message.data", bad.told.detail) from bad


def _mapping(field: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(field, f"{field} must be an object.")
    return value


def _text(event: Mapping[str, Any], field: str) -> str:
    value = event.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidInput(field, f"The event has no {field}.")
    return value


def _time(event: Mapping[str, Any]) -> datetime:
    try:
        return instant(event.get("time"))
    except ValueError as bad:
        raise InvalidInput("time", f"The event's time cannot be read: {bad}") from bad
