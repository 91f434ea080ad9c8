"""Classes as Calendar's JSON: what we write, what we find, and whether the two are the same lesson."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.rooms import meet_code_in
from shared.ports import LessonEvent, MeetLink

Json = dict[str, Any]


def wanted_event(event: LessonEvent) -> Json:
    """The event as Calendar should have it, without its id and its conference."""
    body: Json = {
        "summary": event.subject,
        "status": "confirmed",
        "start": _wall_time(event.start_at, event.timezone),
        "end": _wall_time(event.end_at, event.timezone),
        "attendees": [{"email": email} for email in _guests(event)],
        "guestsCanInviteOthers": False,
        "guestsCanModify": False,
        "extendedProperties": {"private": {"classId": event.class_id}},
    }
    if event.rule is not None:
        body["recurrence"] = [f"RRULE:{event.rule}"]
    return body


def conference_request(event_id: str, number: int) -> Json:
    """The `number`th wish for a Meet link; Google ignores one whose id it has seen."""
    request_id, solution = f"{event_id}-meet-{number}", {"type": "hangoutsMeet"}
    return {"createRequest": {"requestId": request_id, "conferenceSolutionKey": solution}}


def changes_to(stored: Json, event: LessonEvent) -> Json:
    """What has to be patched so that `stored` shows the lesson; empty when nothing has.

    Never the conference: a patch that repeats it would wipe a link that is still being made.
    """
    wanted = wanted_event(event)
    changes = {name: value for name, value in wanted.items() if not _SAME[name](stored, event)}
    if "attendees" in changes:
        changes["attendees"] = _with_answers(stored, event)
    return changes


def link_in(stored: Json) -> MeetLink | None:
    """The Meet link that the event has, if it has one yet."""
    conference = stored.get("conferenceData") or {}
    doors = [entry.get("uri") for entry in conference.get("entryPoints") or () if entry.get("entryPointType") == "video"]
    told = [door for door in (stored.get("hangoutLink"), *doors) if door and "meet.google.com/" in door]
    solution = ((conference.get("conferenceSolution") or {}).get("key") or {}).get("type", "hangoutsMeet")
    if solution == "hangoutsMeet":
        told.insert(0, conference.get("conferenceId"))
    code = next((code for text in told if text and (code := meet_code_in(text)) is not None), None)
    return None if code is None else MeetLink(code, f"https://meet.google.com/{code}")


def request_state(stored: Json) -> str:
    """How far the wish for a Meet link is: `pending`, `success`, `failure`, or `none` when there never was one."""
    request = _request(stored)
    return str((request.get("status") or {}).get("statusCode", "pending")) if request else "none"


def other_conference(stored: Json) -> bool:
    """Whether somebody put a conference of another kind into the event."""
    return bool((stored.get("conferenceData") or {}).get("entryPoints")) and link_in(stored) is None


def next_request_number(stored: Json) -> int:
    """The number of the next wish, one above that of the wish that Calendar remembers."""
    _, _, number = str(_request(stored).get("requestId", "")).rpartition("-meet-")
    return int(number) + 1 if number.isdecimal() else 1


def _request(stored: Json) -> Mapping[str, Any]:
    request: Mapping[str, Any] = (stored.get("conferenceData") or {}).get("createRequest") or {}
    return request


def _wall_time(at: datetime, timezone: str) -> Json:
    """The instant on the class's own clock, so that a series keeps its wall time when the clocks change.

    With the offset: in the hour that comes twice in autumn the wall time alone names two instants.
    """
    return {"dateTime": at.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds"), "timeZone": timezone}


def _guests(event: LessonEvent) -> tuple[str, ...]:
    """Everybody to invite; Calendar adds the organiser by itself."""
    return tuple(dict.fromkeys(email.lower() for email in event.attendees if email.lower() != event.organiser.lower()))


def _invited(stored: Json) -> dict[str, Json]:
    """The stored guests by address, without the organiser."""
    guests = stored.get("attendees") or ()
    return {str(guest.get("email", "")).lower(): guest for guest in guests if not guest.get("organizer")}


def _with_answers(stored: Json, event: LessonEvent) -> list[Json]:
    """The wanted guests, each with the answer that is known of them."""
    known = _invited(stored)
    hosts = [guest for guest in stored.get("attendees") or () if guest.get("organizer")]
    return hosts + [known.get(email, {"email": email}) for email in _guests(event)]


def _is_at(stored: Json, at: datetime, timezone: str) -> bool:
    text, zone = stored.get("dateTime"), stored.get("timeZone", timezone)
    if not text or zone != timezone:
        return False
    told = datetime.fromisoformat(text)
    return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC) == at.astimezone(UTC)


def _rules(lines: list[str]) -> list[frozenset[str]]:
    """Rules as sets of their parts, since Calendar may write them in another order; exceptions are not rules."""
    return [frozenset(line.removeprefix("RRULE:").split(";")) for line in lines if line.startswith("RRULE:")]


def _is_class(stored: Json, event: LessonEvent) -> bool:
    """Whether the event names its class; the base event of a series may name any class of it."""
    told = ((stored.get("extendedProperties") or {}).get("private") or {}).get("classId")
    return told == event.class_id or (event.rule is not None and bool(told))


_SAME: dict[str, Callable[[Json, LessonEvent], bool]] = {
    "summary": lambda stored, event: stored.get("summary") == event.subject,
    "status": lambda stored, _: stored.get("status", "confirmed") == "confirmed",
    "start": lambda stored, event: _is_at(stored.get("start") or {}, event.start_at, event.timezone),
    "end": lambda stored, event: _is_at(stored.get("end") or {}, event.end_at, event.timezone),
    "attendees": lambda stored, event: set(_invited(stored)) == set(_guests(event)),
    "guestsCanInviteOthers": lambda stored, _: stored.get("guestsCanInviteOthers", True) is False,
    "guestsCanModify": lambda stored, _: not stored.get("guestsCanModify", False),
    "recurrence": lambda stored, event: _rules(stored.get("recurrence") or []) == _rules([f"RRULE:{event.rule}"]),
    "extendedProperties": _is_class,
}
