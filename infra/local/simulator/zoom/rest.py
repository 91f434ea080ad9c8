"""Zoom's meetings and registrants, as its API serves them."""

from collections.abc import Callable
from http import HTTPStatus

from pydantic import BaseModel

from infra.local.simulator.zoom import events
from infra.local.simulator.zoom.bodies import MeetingBody, SettingsBody, read_body
from infra.local.simulator.zoom.calls import Json, ZoomAnswer, ZoomCall, ZoomOperation
from infra.local.simulator.zoom.events import ZoomEvent
from infra.local.simulator.zoom.meetings import Meeting
from infra.local.simulator.zoom.refusals import (
    INVALID,
    NO_USER,
    RUNNING,
    ZoomRefusal,
    no_meeting,
    not_simulated,
)
from infra.local.simulator.zoom.times import shown, start_of
from infra.local.simulator.zoom.world import ZoomWorld

Tell = Callable[[tuple[ZoomEvent, ...]], None]

INSTANT, SCHEDULED = 1, 2
LIST_AGENDA = 250
"""Lists cut the agenda to so many characters."""

_MINUTE = 60_000_000_000
_PAGED = frozenset({"page_size", "next_page_token"})


class MeetingsApi:
    """Users' meetings. `tell` sends events to whoever listens."""

    def __init__(self, world: ZoomWorld, tell: Tell) -> None:
        self._world = world
        self._tell = tell

    def operations(self) -> tuple[ZoomOperation, ...]:
        """What is served."""
        return (
            ZoomOperation("POST", "/users/{user}/meetings", self.create),
            ZoomOperation("GET", "/users/{user}/meetings", self.list, _PAGED | {"type"}),
            ZoomOperation("GET", "/meetings/{meeting}", self.get),
            ZoomOperation("PATCH", "/meetings/{meeting}", self.change),
            ZoomOperation(
                "DELETE", "/meetings/{meeting}", self.delete, frozenset({"schedule_for_reminder", "cancel_meeting_reminder"})
            ),
        )

    def create(self, call: ZoomCall) -> ZoomAnswer:
        """Make a meeting."""
        host, body = self._host(call), read_body(call.content, MeetingBody)
        if body.type not in (INSTANT, SCHEDULED):
            raise not_simulated(f"meetings of type {body.type}")
        meeting = self._world.schedule(body.schedule_for or host, body.topic, call.now)
        meeting.kind, meeting.settings = body.type, body.settings.model_dump()
        meeting.agenda, meeting.duration, meeting.timezone = body.agenda, body.duration, body.timezone
        meeting.password = body.password or meeting.password
        meeting.start = start_of(body.start_time, body.timezone) if body.start_time else None
        self._tell((events.about("created", meeting, call.now, host),))
        return ZoomAnswer(HTTPStatus.CREATED, "meeting", _told(meeting))

    def list(self, call: ZoomCall) -> ZoomAnswer:
        """A user's meetings: `scheduled` are all but deleted ones, `upcoming` those that are not over, `live` those held."""
        host, kind = self._host(call), call.query.get("type", "scheduled")
        if kind not in ("scheduled", "upcoming", "live"):
            raise not_simulated(f"lists of {kind} meetings")
        shown_ones = [
            meeting
            for meeting in sorted(self._world.meetings.values(), key=lambda one: (one.start or one.created, one.number))
            if meeting.host_email == host and not meeting.is_deleted and _is_listed(meeting, kind, call.now)
        ]
        page, about = self._world.pages.page_of(shown_ones, call.query, ("meetings", host, kind), call.now)
        return ZoomAnswer(HTTPStatus.OK, "meetings", about | {"meetings": [_row(one) for one in page]})

    def get(self, call: ZoomCall) -> ZoomAnswer:
        """One meeting."""
        return ZoomAnswer(HTTPStatus.OK, "meeting", _told(meeting_of(self._world, call)))

    def change(self, call: ZoomCall) -> ZoomAnswer:
        """Change what the body names."""
        meeting, body = meeting_of(self._world, call), read_body(call.content, MeetingBody)
        before = _changeable(meeting)
        for name in body.model_fields_set & {"topic", "agenda", "duration", "timezone", "password"}:
            setattr(meeting, name, getattr(body, name))
        if body.start_time is not None:
            meeting.start = start_of(body.start_time, meeting.timezone)
        if "settings" in body.model_fields_set:
            meeting.settings = meeting.settings | _named(body.settings)
        after = _changeable(meeting)
        changed = {name for name, value in after.items() if value != before.get(name)}
        old, new = ({name: told[name] for name in changed if name in told} for told in (before, after))
        self._tell((events.updated(meeting, call.now, meeting.host_email, new, old),))
        return ZoomAnswer(HTTPStatus.NO_CONTENT)

    def delete(self, call: ZoomCall) -> ZoomAnswer:
        """Delete a meeting that is not being held; its reports stay."""
        meeting = meeting_of(self._world, call)
        if meeting.live is not None:
            message = "Sorry, you cannot delete this meeting since it's in progress."
            raise ZoomRefusal(HTTPStatus.BAD_REQUEST, RUNNING, message)
        meeting.is_deleted = True
        self._tell((events.about("deleted", meeting, call.now, meeting.host_email),))
        return ZoomAnswer(HTTPStatus.NO_CONTENT)

    def _host(self, call: ZoomCall) -> str:
        """The address of the user in the path: an address, which is taken for a user's, or the id of a known one."""
        told = call.path["user"]
        email = told.lower() if "@" in told.strip("@") else self._world.users.get(told)
        if email is None:
            raise ZoomRefusal(HTTPStatus.NOT_FOUND, NO_USER, f"User does not exist: {told}.")
        self._world.user(email)
        return email


def meeting_of(world: ZoomWorld, call: ZoomCall) -> Meeting:
    """The meeting in the path; raises `ZoomRefusal` when there is none."""
    told = call.path["meeting"]
    if not told.isascii() or not told.isdigit():
        raise ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, f"Invalid meeting id: {told}.")
    meeting = world.found(told)
    if meeting is None:
        raise no_meeting(told)
    return meeting


def _is_listed(meeting: Meeting, kind: str, now: int) -> bool:
    if kind == "scheduled" or meeting.live is not None:
        return meeting.kind == SCHEDULED or kind == "live"
    return kind == "upcoming" and meeting.start is not None and meeting.start + meeting.duration * _MINUTE > now


def _named(body: BaseModel) -> Json:
    return {name: getattr(body, name) for name in body.model_fields_set}


def _changeable(meeting: Meeting) -> Json:
    told: Json = {
        "topic": meeting.topic,
        "agenda": meeting.agenda,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "password": meeting.password,
        "settings": meeting.settings,
    }
    return told if meeting.start is None else told | {"start_time": shown(meeting.start)}


def _shared(meeting: Meeting) -> Json:
    told: Json = {
        "uuid": meeting.uuid,
        "id": meeting.number,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.kind,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "created_at": shown(meeting.created),
        "join_url": meeting.join_url,
    }
    return told if meeting.start is None else told | {"start_time": shown(meeting.start)}


def _row(meeting: Meeting) -> Json:
    return _shared(meeting) | {"agenda": meeting.agenda[:LIST_AGENDA]}


def _told(meeting: Meeting) -> Json:
    settings = SettingsBody().model_dump() | meeting.settings
    told = _shared(meeting) | {
        "host_email": meeting.host_email,
        "agenda": meeting.agenda,
        "status": "waiting" if meeting.live is None else "started",
        "start_url": f"https://zoom.example/s/{meeting.number}?zak=host",
        "password": meeting.password,
        "settings": settings,
        "pre_schedule": False,
    }
    if settings["approval_type"] in (0, 1):
        told["registration_url"] = f"https://zoom.example/meeting/register/{meeting.number}"
    return told
