"""Calendar events as they are kept: one resource for a single event or a whole series, and the exceptions of the series."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.local.simulator.recurrences import occurrences
from infra.local.simulator.refusals import Refusal, invalid

Json = dict[str, Any]

CONFIRMED, TENTATIVE, CANCELLED = "confirmed", "tentative", "cancelled"

_INSTANCE_ID = re.compile(r"(?P<base>[a-v0-9]+)_(?P<at>\d{8}T\d{6}Z)")
_STAMP = "%Y%m%dT%H%M%SZ"
# Google leaves these out of its answers where they say the usual.
_USUAL: Mapping[str, Any] = {
    "anyoneCanAddSelf": False,
    "guestsCanInviteOthers": True,
    "guestsCanModify": False,
    "guestsCanSeeOtherGuests": True,
    "transparency": "opaque",
    "visibility": "default",
}


@dataclass(slots=True)
class StoredEvent:
    """An event. `exceptions` holds, by instance (`YYYYMMDDTHHMMSSZ`), the fields that differ; None takes a field out.

    `polls_left` counts how often a pending wish for a conference is still seen pending.
    """

    resource: Json
    exceptions: dict[str, Json] = field(default_factory=dict)
    polls_left: int = 0

    @property
    def is_series(self) -> bool:
        """Whether it recurs."""
        return bool(self.resource.get("recurrence"))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that its wall time is in."""
        return ZoneInfo(self.resource["start"]["timeZone"])

    def instances(self) -> Iterator[Json]:
        """Every instance of a series by its original time, the cancelled ones too; just the event when it is single."""
        if not self.is_series:
            yield self.resource
            return
        starts = occurrences(instant_in(self.resource["start"]), self.zone, self.resource["recurrence"])
        yield from (self._instance(at) for at in starts)

    def instance(self, stamp: str) -> Json | None:
        """The instance of an original time; None when the series has none then."""
        wanted = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        if not self.is_series:
            return None
        starts = occurrences(instant_in(self.resource["start"]), self.zone, self.resource["recurrence"])
        return next((self._instance(at) for at in starts if at == wanted), None)

    def _instance(self, at: datetime) -> Json:
        base = {name: value for name, value in self.resource.items() if name not in ("recurrence", "conferenceData")}
        zone, stamp = self.resource["start"]["timeZone"], at.strftime(_STAMP)
        length = instant_in(self.resource["end"]) - instant_in(self.resource["start"])
        shown = base | {
            "id": f"{base['id']}_{stamp}",
            "recurringEventId": base["id"],
            "originalStartTime": _written(at, zone),
            "start": _written(at, zone),
            "end": _written(at + length, self.resource["end"]["timeZone"]),
        }
        if "conferenceData" in self.resource:
            conference = dict(self.resource["conferenceData"])
            conference.pop("createRequest", None)
            shown |= {"conferenceData": conference} if conference else {}
        changed = shown | self.exceptions.get(stamp, {})
        return {name: value for name, value in changed.items() if value is not None}


def parts_of(event_id: str) -> tuple[str, str | None]:
    """The id of the event and, for an instance of a series, its original time."""
    found = _INSTANCE_ID.fullmatch(event_id)
    return (found["base"], found["at"]) if found else (event_id, None)


def merged(resource: Json, changes: Mapping[str, Any]) -> Json:
    """The resource after a patch: objects are merged, lists replaced, and null takes a field out."""
    result = dict(resource)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            old = result.get(name)
            result[name] = merged(old if isinstance(old, dict) else {}, value)
        else:
            result[name] = value
    return result


def settled(resource: Json) -> Json:
    """The resource with times, guests and rule written as Google writes them; raises `Refusal` where they are wrong."""
    owner = resource["organizer"]["email"]
    result = {name: value for name, value in resource.items() if name not in _USUAL or value != _USUAL[name]}
    if result.setdefault("status", CONFIRMED) not in (CONFIRMED, TENTATIVE, CANCELLED):
        raise invalid(f"Invalid value for status: {result['status']!r}.")
    recurs = bool(resource.get("recurrence"))
    for name in ("start", "end"):
        result[name] = _settled_time(name, resource.get(name) or {}, recurs=recurs)
    length = instant_in(result["end"]) - instant_in(result["start"])
    if length < timedelta():
        raise Refusal(400, "The specified time range is empty.", "timeRangeEmpty")
    if "attendees" in resource:
        result["attendees"] = _settled_guests(resource["attendees"], owner)
    if recurs:
        rule = resource["recurrence"]
        if not any(True for _ in occurrences(instant_in(result["start"]), ZoneInfo(result["start"]["timeZone"]), rule)):
            raise invalid("Invalid recurrence rule: it has no instance at all.")
    return result


def instant_in(told: Mapping[str, str]) -> datetime:
    """The instant of a settled start or end."""
    return datetime.fromisoformat(told["dateTime"])


def in_zone(resource: Json, zone: str) -> Json:
    """The resource with its times written in another zone."""
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as bad:
        raise invalid(f"Invalid time zone: {zone!r}.") from bad
    result = dict(resource)
    for name in ("start", "end", "originalStartTime"):
        if name in resource:
            result[name] = resource[name] | {"dateTime": instant_in(resource[name]).astimezone(there).isoformat()}
    return result


def _settled_time(name: str, told: Mapping[str, str], *, recurs: bool) -> Json:
    if "date" in told:
        raise invalid(f"The simulator keeps no all-day events: give {name}.dateTime in place of {name}.date.")
    if "dateTime" not in told:
        raise Refusal(400, f"Missing {name} time.", "required")
    zone = told.get("timeZone")
    try:
        at = datetime.fromisoformat(told["dateTime"])
        there = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError) as bad:
        raise invalid(f"Invalid value for {name} time: {told['dateTime']!r} in time zone {zone!r}.") from bad
    if there is None and (recurs or at.tzinfo is None):
        raise Refusal(400, f"Missing time zone definition for {name} time.", "required")
    return _written(at if at.tzinfo else at.replace(tzinfo=there), zone or "UTC")


def _written(at: datetime, zone: str) -> Json:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "timeZone": zone}


def _settled_guests(told: list[Json], owner: str) -> list[Json]:
    """The guests, each with an answer, the organiser among them and marked."""
    host: Json = {"email": owner, "organizer": True, "self": True, "responseStatus": "accepted"}
    guests = {}
    for guest in told:
        email = guest.get("email", "")
        if "@" not in email.strip("@"):
            raise invalid(f"Invalid attendee email: {email!r}.")
        if email.lower() != owner:
            kept = {name: value for name, value in guest.items() if name not in ("organizer", "self")}
            guests[email.lower()] = {"responseStatus": "needsAction", **kept}
    return [host, *guests.values()] if told else []
