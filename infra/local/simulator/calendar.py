"""Calendar v3: each user's own calendar, its events and series, with Meet links made on demand."""

import base64
import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from infra.local.simulator import instants
from infra.local.simulator.calls import Call, Json, Operation
from infra.local.simulator.conferences import Conferences
from infra.local.simulator.events import CANCELLED, StoredEvent, in_zone, merged, parts_of, settled
from infra.local.simulator.lists import Wanted, events_wanted
from infra.local.simulator.pages import page_of, page_size
from infra.local.simulator.refusals import Refusal, absent, invalid, not_simulated
from infra.local.simulator.world import World

PRIMARY = "primary"
_SHORTEST_ID, _LONGEST_ID = 5, 1024
_ID_LETTERS = frozenset("abcdefghijklmnopqrstuv0123456789")

# Nobody is written to, and nothing is left out, so these change nothing.
_IDLE = frozenset({"sendUpdates", "sendNotifications", "maxAttendees", "alwaysIncludeEmail", "supportsAttachments"})
_WRITE = _IDLE | {"conferenceDataVersion", "eventLabelVersion"}
_SPAN = _IDLE | {"timeMin", "timeMax", "timeZone", "maxResults", "pageToken", "showDeleted"}
_LIST = _SPAN | {"singleEvents", "orderBy", "privateExtendedProperty", "iCalUID", "updatedMin", "syncToken"}

_GOOGLES_OWN = frozenset(
    {
        "kind", "etag", "id", "htmlLink", "created", "updated", "creator", "organizer", "iCalUID", "hangoutLink",
        "recurringEventId", "originalStartTime", "eventType", "sequence", "conferenceData", "attendeesOmitted", "locked",
    }
)  # fmt: skip


class CalendarApi:
    """Serves Calendar over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._conferences = Conferences(world)

    def operations(self) -> dict[str, Operation]:
        """What is served, by method id."""
        return {
            "calendar.events.insert": Operation(self.insert, _WRITE),
            "calendar.events.get": Operation(self.get, _IDLE | {"timeZone"}),
            "calendar.events.patch": Operation(self.patch, _WRITE),
            "calendar.events.delete": Operation(self.delete, _IDLE),
            "calendar.events.instances": Operation(self.instances, _SPAN | {"originalStart"}),
            "calendar.events.list": Operation(self.agenda, _LIST),
        }

    def insert(self, call: Call) -> Json:
        """Make an event, under an id of the caller's if there is one; an id that ever was used is a duplicate."""
        events = self._events(call)
        event_id = call.body.get("id") or uuid.uuid4().hex
        if not _SHORTEST_ID <= len(event_id) <= _LONGEST_ID or not _ID_LETTERS.issuperset(event_id):
            raise invalid("Invalid resource id value.")
        if event_id in events:
            raise Refusal(HTTPStatus.CONFLICT, "The requested identifier already exists.")
        resource = settled(_writable(call.body) | _fresh(event_id, call))
        event = StoredEvent(resource)
        self._put_conference(call, event)
        events[event_id] = event
        self._meet_everybody(resource)
        return event.resource

    def get(self, call: Call) -> Json:
        """An event or an instance; a deleted event is still shown, as cancelled."""
        event, stamp = self._find(call)
        if stamp is None:
            self._conferences.poll(event)
            return self._in_callers_zone(call, event.resource)
        return self._in_callers_zone(call, _brief(self._instance(event, stamp)))

    def patch(self, call: Call) -> Json:
        """Change what the body names. One instance of a series becomes an exception to it."""
        event, stamp = self._find(call)
        changes = _writable(call.body)
        if stamp is not None:
            return self._patch_instance(call, event, stamp, changes)
        resource = settled(merged(event.resource, changes))
        event.resource = resource | _touched(event.resource, resource, call.now)
        self._put_conference(call, event)
        self._meet_everybody(event.resource)
        return event.resource

    def delete(self, call: Call) -> None:
        """Cancel an event, a series or one instance; what is deleted already is gone."""
        event, stamp = self._find(call)
        resource = event.resource if stamp is None else self._instance(event, stamp)
        if resource["status"] == CANCELLED:
            raise Refusal(HTTPStatus.GONE, "Resource has been deleted")
        change = {"status": CANCELLED} | _touched(resource, resource, call.now)
        if stamp is None:
            event.resource |= change
        else:
            event.exceptions.setdefault(stamp, {}).update(change)

    def instances(self, call: Call) -> Json:
        """The instances of a series by time."""
        event, stamp = self._find(call)
        if stamp is not None:
            raise absent("Not Found")
        wanted = Wanted.of(call.query)
        found = [one for one in event.instances() if wanted.takes(one)]
        if (original := call.query.get("originalStart")) is not None:
            found = [one for one in found if _is_same_time(one.get("originalStartTime", {}), original)]
        return self._page(call, found)

    def agenda(self, call: Call) -> Json:
        """The calendar's events; with `singleEvents` series are spelled out as their instances."""
        if "syncToken" in call.query:
            raise Refusal(HTTPStatus.GONE, "Sync token is no longer valid, a full sync is required.", "fullSyncRequired")
        return self._page(call, list(events_wanted(self._events(call).values(), call.query)))

    def _page(self, call: Call, found: list[Json]) -> Json:
        size = page_size(call.query.get("maxResults"), default=250, most=2500)
        asked = {name: value for name, value in call.query.items() if name not in ("pageToken", "maxResults")}
        items, token = page_of(found, _order(call), size, call.query.get("pageToken"), [dict(call.path), asked])
        return {
            "kind": "calendar#events",
            "etag": f'"p{len(found)}"',
            "summary": call.subject,
            "updated": max((one["updated"] for one in found), default=_stamp(call.now)),
            "timeZone": "UTC",
            "accessRole": "owner",
            "defaultReminders": [],
            "items": [self._in_callers_zone(call, _brief(one)) for one in items],
            **({"nextPageToken": token} if token else {"nextSyncToken": _sync_token(call.now)}),
        }

    def _patch_instance(self, call: Call, event: StoredEvent, stamp: str, changes: Json) -> Json:
        if "recurrence" in changes:
            raise invalid("An instance of a recurring event cannot recur itself.")
        if call.query.get("conferenceDataVersion") and "conferenceData" in call.body:
            raise not_simulated("a conference of one instance of a series")
        before = self._instance(event, stamp)
        after = settled(merged(before, changes))
        changed = {name: after.get(name) for name in changes} | _touched(before, after, call.now)
        event.exceptions.setdefault(stamp, {}).update(changed)
        self._meet_everybody(after)
        return _brief(self._instance(event, stamp))

    def _events(self, call: Call) -> dict[str, StoredEvent]:
        if call.path["calendarId"].lower() not in (PRIMARY, call.subject):
            raise absent("Not Found")
        return self._world.calendars.setdefault(call.subject, {})

    def _find(self, call: Call) -> tuple[StoredEvent, str | None]:
        base, stamp = parts_of(call.path["eventId"])
        event = self._events(call).get(base)
        if event is None:
            raise absent("Not Found")
        return event, stamp

    def _instance(self, event: StoredEvent, stamp: str) -> Json:
        instance = event.instance(stamp)
        if instance is None:
            raise absent("Not Found")
        return instance

    def _put_conference(self, call: Call, event: StoredEvent) -> None:
        if call.query.get("conferenceDataVersion") and "conferenceData" in call.body:
            self._conferences.put(event, call.body["conferenceData"])

    def _meet_everybody(self, resource: Json) -> None:
        for email in (resource["organizer"]["email"], *(one["email"] for one in resource.get("attendees", []))):
            self._world.accounts.seen(email)

    def _in_callers_zone(self, call: Call, resource: Json) -> Json:
        return in_zone(resource, call.query["timeZone"]) if "timeZone" in call.query else resource


def _writable(body: Json) -> Json:
    """What of a body is the caller's to say; Google passes over the rest."""
    return {name: value for name, value in body.items() if name not in _GOOGLES_OWN}


def _fresh(event_id: str, call: Call) -> Json:
    owner = {"email": call.subject, "self": True}
    page = base64.urlsafe_b64encode(f"{event_id} {call.subject}".encode()).decode().rstrip("=")
    return {
        "kind": "calendar#event",
        "etag": _etag(call.now),
        "id": event_id,
        "htmlLink": f"https://www.google.com/calendar/event?eid={page}",
        "created": _stamp(call.now),
        "updated": _stamp(call.now),
        "creator": owner,
        "organizer": owner,
        "iCalUID": f"{event_id}@google.com",
        "sequence": 0,
        "reminders": call.body.get("reminders", {"useDefault": True}),
        "eventType": "default",
    }


def _touched(before: Json, after: Json, now: datetime) -> Json:
    """The marks of a change; another time or rule makes a new sequence number."""
    is_moved = any(before.get(name) != after.get(name) for name in ("start", "end", "recurrence"))
    return {"etag": _etag(now), "updated": _stamp(now), "sequence": before["sequence"] + is_moved}


def _brief(resource: Json) -> Json:
    """An instance that is cancelled is only named; of a deleted event Google still tells all."""
    if resource["status"] != CANCELLED or "recurringEventId" not in resource:
        return resource
    told = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")
    return {name: resource[name] for name in told}


def _order(call: Call) -> Any:  # noqa: ANN401 - a key function of plain JSON
    by_update = call.query.get("orderBy") == "updated"
    return lambda one: (one["updated"] if by_update else one["start"]["dateTime"], one["id"])


def _is_same_time(told: Json, text: str) -> bool:
    return bool(told) and datetime.fromisoformat(told["dateTime"]) == datetime.fromisoformat(text)


def _stamp(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"


def _etag(now: datetime) -> str:
    return f'"{instants.of(now) // 1000}"'


def _sync_token(now: datetime) -> str:
    return base64.urlsafe_b64encode(_stamp(now).encode()).decode()
