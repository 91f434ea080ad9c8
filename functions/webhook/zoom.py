"""Zoom's events on the wire: what each says of who was in a meeting, or why it says nothing of that.

Names and fields are Zoom's. No pydantic here, and nothing else that takes long to load: Zoom waits three seconds. Times are
those that the event tells, never that of its arrival, since Zoom keeps no order and sends again after an hour.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.webhook.zoom_fields import (
    Json,
    address_in,
    event_name_in,
    id_in,
    instant_in,
    mapping_in,
    name_in,
    number_in,
    optional_id_in,
    sent_at_in,
)
from shared.domain.evidence import Evidence, Kind, Participant, Source
from shared.domain.zoom import zoom_connection, zoom_participant, zoom_room
from shared.web.zoom_signatures import is_safe_token

CHALLENGE = "endpoint.url_validation"
MEETING = Participant("zoom:meeting")

_OBJECT = "payload.object."
_PERSON = "payload.object.participant."

_WAITING = "waiting is not attending; participant_joined follows when somebody is let in"
_JOINED_FOLLOWS = "participant_joined tells the same with its time"
_BOOKING = "it tells of the booking, not of who was there"
_UNKNOWN = "unknown: not an event that Rollcall knows"

IGNORED: Mapping[str, str] = {
    "meeting.participant_joined_waiting_room": _WAITING,
    "meeting.participant_left_waiting_room": _WAITING,
    "meeting.participant_admitted": _WAITING,
    "meeting.participant_jbh_waiting": _WAITING,
    "meeting.participant_jbh_waiting_left": _WAITING,
    "meeting.participant_jbh_joined": _JOINED_FOLLOWS,
    "meeting.participant_role_changed": "another role is no coming or going",
    "meeting.started": "a meeting that is on says nothing of who is in it",
    "meeting.created": _BOOKING,
    "meeting.updated": _BOOKING,
    "meeting.deleted": _BOOKING,
    "meeting.permanently_deleted": _BOOKING,
    "meeting.recovered": _BOOKING,
    "meeting.registration_created": _BOOKING,
    "meeting.registration_approved": _BOOKING,
    "meeting.registration_cancelled": _BOOKING,
    "meeting.registration_denied": _BOOKING,
    "app_deauthorized": "the app was removed from the account; Zoom's next refusal says so to the connections",
}

EVENT_SCHEMA = {
    "title": "ZoomEvent",
    "description": "An event of Zoom, or its challenge (`endpoint.url_validation` with a `plainToken` in the payload).",
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "event_ts": {"type": "integer", "description": "milliseconds since 1970"},
        "payload": {"type": "object"},
    },
    "required": ["event", "payload"],
}

TAKEN_SCHEMA = {
    "title": "ZoomEventTaken",
    "description": "What became of an event, or the answer to a challenge.",
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["filed", "ignored", "quarantined"]},
        "detail": {"type": "string"},
        "plainToken": {"type": "string"},
        "encryptedToken": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "anyOf": [{"required": ["status", "detail"]}, {"required": ["plainToken", "encryptedToken"]}],
}


@dataclass(frozen=True, slots=True)
class Facts:
    """An event that tells of coming, going, an end or a person: what to file."""

    facts: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Zoom asks for a sign of life. `plain_token` is None where it has not the form that is safe to answer."""

    plain_token: str | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that says nothing about who was there, with the reason."""

    event: str
    why: str


Told = Facts | Challenge | Ignored


def read(event: Json, received_at: datetime) -> Told:
    """What an event tells; raises `InvalidInput` naming the field for one that should be evidence and cannot be read."""
    name = event_name_in(event)
    if name == CHALLENGE:
        token = mapping_in(event, "payload").get("plainToken")
        return Challenge(token if isinstance(token, str) and is_safe_token(token) else None)
    reader = _READERS.get(name)
    if reader is None:
        return Ignored(name, IGNORED.get(name, _UNKNOWN))
    return Facts((reader(_seen_in(event, received_at)),))


def answer(status: str, detail: str) -> str:
    """The answer to an event: `filed`, `ignored` or `quarantined`, with words."""
    return json.dumps({"status": status, "detail": detail})


def answer_to_challenge(plain_token: str, encrypted_token: str) -> str:
    """The answer to a challenge."""
    return json.dumps({"plainToken": plain_token, "encryptedToken": encrypted_token})


@dataclass(frozen=True, slots=True)
class _Seen:
    """The parts of an event that every fact needs."""

    room: str
    uuid: str
    event: Json
    meeting: Json
    received_at: datetime

    @property
    def person(self) -> Json:
        """The participant."""
        return mapping_in(self.meeting, "participant", _OBJECT)

    def fact(self, kind: Kind, connection: str, at: datetime, who: Participant, bound_to: str | None = None) -> Evidence:
        """The evidence."""
        return Evidence(self.room, Source.ZOOM_WEBHOOK, connection, kind, at, who, self.received_at, bound_to=bound_to)


def _seen_in(event: Json, received_at: datetime) -> _Seen:
    meeting = mapping_in(mapping_in(event, "payload"), "object", "payload.")
    return _Seen(zoom_room(number_in(meeting, _OBJECT)), id_in(meeting, "uuid", _OBJECT), event, meeting, received_at)


def _moved(kind: Kind, time_field: str, *, is_breakout: bool = False) -> Callable[[_Seen], Evidence]:
    """A reader of one device's coming or going; in a breakout room it has a `user_id` of its own."""

    def fact_of(seen: _Seen) -> Evidence:
        user_id = id_in(seen.person, "user_id", _PERSON)
        breakout = id_in(seen.meeting, "breakout_room_uuid", _OBJECT) if is_breakout else None
        connection = zoom_connection(seen.uuid, user_id, breakout)
        return seen.fact(kind, connection, instant_in(seen.person, time_field, _PERSON), _participant(seen, user_id))

    return fact_of


def _bound(seen: _Seen) -> Evidence:
    """A phone leg that is the voice of somebody who is there with a computer."""
    leg, computer = (id_in(seen.person, field, _PERSON) for field in ("user_id", "bind_user_id"))
    connection, bound_to = zoom_connection(seen.uuid, leg), zoom_connection(seen.uuid, computer)
    return seen.fact(Kind.BIND, connection, sent_at_in(seen.event), _participant(seen, leg), bound_to)


def _ended(seen: _Seen) -> Evidence:
    """The meeting is over for everybody who is still in it."""
    is_told = bool(seen.meeting.get("end_time"))
    at = instant_in(seen.meeting, "end_time", _OBJECT) if is_told else sent_at_in(seen.event)
    return seen.fact(Kind.END, seen.uuid, at, MEETING)


_READERS: Mapping[str, Callable[[_Seen], Evidence]] = {
    "meeting.participant_joined": _moved(Kind.JOIN, "join_time"),
    "meeting.participant_left": _moved(Kind.LEAVE, "leave_time"),
    "meeting.participant_put_in_waiting_room": _moved(Kind.LEAVE, "date_time"),
    "meeting.participant_joined_breakout_room": _moved(Kind.JOIN, "join_time", is_breakout=True),
    "meeting.participant_left_breakout_room": _moved(Kind.LEAVE, "leave_time", is_breakout=True),
    "meeting.participant_bind": _bound,
    "meeting.ended": _ended,
}


def _participant(seen: _Seen, user_id: str) -> Participant:
    """Who it is: by the ids, the name and the address alone; the IP address is never looked at."""
    person = seen.person
    return zoom_participant(
        seen.uuid,
        user_id,
        name=name_in(person),
        registrant_id=optional_id_in(person, "registrant_id", _PERSON),
        account_id=optional_id_in(person, "participant_user_id", _PERSON) or optional_id_in(person, "id", _PERSON),
        email=address_in(person),
        phone=bool(person.get("phone_number")),
        parent_user_id=optional_id_in(person, "parent_user_id", _PERSON),
        participant_uuid=optional_id_in(person, "participant_uuid", _PERSON),
    )
