"""Zoom's webhook events: what each says of the meeting and of the person, and how a body is written and signed."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from infra.local.simulator.zoom.meetings import Holding, Meeting, Registrant, Visit
from infra.local.simulator.zoom.times import shown

Json = dict[str, Any]

_HTML = frozenset("<>&")
_ASCII_END = 0x80


@dataclass(frozen=True, slots=True)
class ZoomEvent:
    """One event: its name without `meeting.`, when it happened, and its `object`; `more` stands beside the object."""

    name: str
    at: int
    number: int
    told: Json
    more: Json = field(default_factory=dict)

    def body(self, account_id: str) -> Json:
        """The event as Zoom sends it."""
        payload = {"account_id": account_id, **self.more, "object": self.told}
        return {"event": f"meeting.{self.name}", "event_ts": self.at // 1_000_000, "payload": payload}


def about(name: str, meeting: Meeting, at: int, operator: str) -> ZoomEvent:
    """A meeting was created or deleted; in these the number is a number."""
    told: Json = {
        "uuid": meeting.uuid,
        "id": meeting.number,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.kind,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
    }
    if meeting.start is not None:
        told["start_time"] = shown(meeting.start)
    if name == "created":
        told |= {"join_url": meeting.join_url, "password": meeting.password, "settings": {"use_pmi": False}}
    return ZoomEvent(name, at, meeting.number, told, _by(operator) | {"operation": "single"})


def updated(meeting: Meeting, at: int, operator: str, new: Json, old: Json) -> ZoomEvent:
    """A meeting was changed; `new` and `old` hold only what differs."""
    more = _by(operator) | {"scope": "single", "time_stamp": at // 1_000_000, "old_object": {"id": meeting.number, **old}}
    return ZoomEvent("updated", at, meeting.number, {"id": meeting.number, **new}, more)


def registered(meeting: Meeting, registrant: Registrant, at: int) -> ZoomEvent:
    """Somebody has a join link of their own."""
    person = {
        "id": registrant.registrant_id,
        "first_name": registrant.first_name,
        "last_name": registrant.last_name,
        "email": registrant.email,
        "status": registrant.status,
        "join_url": meeting.registrant_url(registrant),
    }
    told = {**_shared(meeting, meeting.uuid, meeting.start or at), "id": meeting.number, "registrant": person}
    return ZoomEvent("registration_created", at, meeting.number, told)


def started(meeting: Meeting, holding: Holding) -> ZoomEvent:
    """A meeting has begun. Its number is a number the first time and a string later: Zoom sends both."""
    told = _shared(meeting, holding.uuid, holding.started)
    told["id"] = meeting.number if len(meeting.holdings) == 1 else str(meeting.number)
    return ZoomEvent("started", holding.started, meeting.number, told)


def ended(meeting: Meeting, holding: Holding, at: int) -> ZoomEvent:
    """A meeting is over."""
    told = {**_shared(meeting, holding.uuid, holding.started), "end_time": shown(at)}
    return ZoomEvent("ended", at, meeting.number, told)


def joined(meeting: Meeting, holding: Holding, visit: Visit, at: int) -> ZoomEvent:
    """A device is in the meeting. Who has no registration is told as null here, and as an empty string at leaving."""
    person = _person(visit) | {"join_time": shown(at), "registrant_id": visit.registrant_id or None}
    return _of_person("participant_joined", meeting, holding, person, at)


def left(meeting: Meeting, holding: Holding, visit: Visit, at: int, reason: str) -> ZoomEvent:
    """A device is not in the meeting any more."""
    person = _person(visit) | {"leave_time": shown(at), "leave_reason": _why(visit, reason), "private_ip": "192.0.2.7"}
    return _of_person("participant_left", meeting, holding, person, at)


def moved(name: str, meeting: Meeting, holding: Holding, visit: Visit, at: int) -> ZoomEvent:
    """A device came to or left the waiting room, was let in or put out; `name` without `participant_`."""
    person = _person(visit) | {"date_time": shown(at)}
    del person["public_ip"]
    return _of_person(f"participant_{name}", meeting, holding, person, at)


def in_breakout(
    name: str, meeting: Meeting, holding: Holding, visit: Visit, at: int, ids: tuple[str, str, str], reason: str | None
) -> ZoomEvent:
    """A device came to or left a breakout room. `ids`: the room's uuid, the `user_id` in it, and that in the main room."""
    room, user_id, parent = ids
    person = _person(visit) | {"user_id": user_id, "parent_user_id": parent}
    del person["public_ip"]
    if reason is None:
        person |= {"join_time": shown(at)}
    else:
        person |= {"leave_time": shown(at), "leave_reason": _why(visit, reason)}
    event = _of_person(f"participant_{name}", meeting, holding, person, at)
    event.told["breakout_room_uuid"] = room
    return event


def bound(meeting: Meeting, holding: Holding, leg: Visit, to: Visit, at: int) -> ZoomEvent:
    """A phone leg turned out to be the voice of somebody who is there with a computer."""
    person = _person(leg) | {
        "date_time": shown(at),
        "bind_user_id": to.user_id,
        "bind_participant_uuid": to.participant_uuid,
    }
    return _of_person("participant_bind", meeting, holding, person, at)


def before_host(name: str, meeting: Meeting, visit: Visit, at: int) -> ZoomEvent:
    """Somebody waits for the host, or got in before the host; `name` is `jbh_waiting` or `jbh_joined`."""
    person: Json = {"id": visit.account_id, "user_name": visit.name}
    if visit.registrant_id and name == "jbh_joined":
        person["registrant_id"] = visit.registrant_id
    told = {**_shared(meeting, meeting.uuid, meeting.start or at), "participant": person}
    return ZoomEvent(f"participant_{name}", at, meeting.number, told)


def written(body: Json, copy: int = 0) -> bytes:
    """The body as bytes. Of the characters beyond ASCII every other one is escaped, as live bodies mix both forms.

    Another `copy` of an event escapes the others: the same event, other bytes.
    """
    escaped, others = [], copy
    for letter in json.dumps(body, ensure_ascii=False, separators=(",", ":")):
        is_other = ord(letter) >= _ASCII_END
        others += is_other
        escaped.append(json.dumps(letter)[1:-1] if is_other and others % 2 else _html(letter))
    return "".join(escaped).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `x-zm-signature` over the bytes of a body."""
    return f"v0={hmac_hex(secret, f'v0:{timestamp}:'.encode() + body)}"


def hmac_hex(secret: str, content: bytes) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def _html(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if letter in _HTML else letter


def _by(operator: str) -> Json:
    return {"operator": operator, "operator_id": "8lzIwvZTSOqjndWPbPqzuA"}


def _shared(meeting: Meeting, uuid: str, start: int) -> Json:
    return {
        "id": str(meeting.number),
        "uuid": uuid,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.kind,
        "start_time": shown(start),
        "timezone": meeting.timezone,
        "duration": meeting.duration,
    }


def _of_person(name: str, meeting: Meeting, holding: Holding, person: Json, at: int) -> ZoomEvent:
    told = {**_shared(meeting, holding.uuid, holding.started), "participant": person}
    return ZoomEvent(name, at, meeting.number, told)


def _person(visit: Visit) -> Json:
    told = {
        "user_id": visit.user_id,
        "user_name": visit.name,
        "id": visit.account_id,
        "participant_user_id": visit.account_id,
        "participant_uuid": visit.participant_uuid,
        "email": visit.email,
        "registrant_id": visit.registrant_id,
        "public_ip": "203.0.113.7",
    }
    return told | {"phone_number": visit.phone} if visit.phone else told


def _why(visit: Visit, reason: str) -> str:
    return f"{visit.name} left the meeting.<br>Reason: {reason}"
