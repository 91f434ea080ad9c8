"""Registrants of Zoom's meetings: each has a join link of their own, by which webhooks and reports name them."""

from datetime import timedelta
from http import HTTPStatus

from infra.local.simulator import instants
from infra.local.simulator.zoom import events
from infra.local.simulator.zoom.bodies import NamedBody, RegistrantBody, StatusBody, read_body
from infra.local.simulator.zoom.calls import Json, ZoomAnswer, ZoomCall, ZoomOperation
from infra.local.simulator.zoom.meetings import Meeting, Registrant, new_id
from infra.local.simulator.zoom.refusals import INVALID, PAID_ONLY, TOO_MANY, ZoomRefusal, invalid
from infra.local.simulator.zoom.rest import Tell, meeting_of
from infra.local.simulator.zoom.times import day, shown
from infra.local.simulator.zoom.world import ZoomWorld

AUTOMATIC, MANUAL = 0, 1
A_DAY = 3
"""How often a day somebody can be registered for one meeting."""

_AFTER = {"approve": "approved", "cancel": "cancelled", "deny": "denied"}


class RegistrantsApi:
    """Registrants. `tell` sends events to whoever listens."""

    def __init__(self, world: ZoomWorld, tell: Tell) -> None:
        self._world = world
        self._tell = tell

    def operations(self) -> tuple[ZoomOperation, ...]:
        """What is served."""
        paged = frozenset({"page_size", "next_page_token", "status"})
        return (
            ZoomOperation("POST", "/meetings/{meeting}/registrants", self.add),
            ZoomOperation("GET", "/meetings/{meeting}/registrants", self.list, paged),
            ZoomOperation("PUT", "/meetings/{meeting}/registrants/status", self.set_status),
        )

    def add(self, call: ZoomCall) -> ZoomAnswer:
        """Register somebody; who is registered already keeps the id."""
        meeting = self._open_meeting(call)
        body = read_body(call.content, RegistrantBody)
        registrant = next((one for one in meeting.registrants if one.email == body.email), None)
        if registrant is None:
            registrant = Registrant(new_id(), body.email, body.first_name, body.last_name, "", call.now)
            meeting.registrants.append(registrant)
        _count(registrant, call.now)
        is_approved = meeting.settings["approval_type"] == AUTOMATIC or body.auto_approve
        registrant.status = "approved" if is_approved else "pending"
        self._tell((events.registered(meeting, registrant, call.now),))
        told: Json = {"id": meeting.number, "registrant_id": registrant.registrant_id, "topic": meeting.topic}
        if meeting.start is not None:
            told["start_time"] = shown(meeting.start)
        if is_approved:
            told["join_url"] = meeting.registrant_url(registrant)
        return ZoomAnswer(HTTPStatus.CREATED, "registrant_created", told)

    def list(self, call: ZoomCall) -> ZoomAnswer:
        """Those of one status, `approved` where none is named."""
        meeting, status = meeting_of(self._world, call), call.query.get("status", "approved")
        if status not in ("approved", "pending", "denied"):
            raise invalid("status", "Give approved, pending or denied.")
        chosen = [one for one in meeting.registrants if one.status == status]
        question = ("registrants", meeting.number, status)
        page, about = self._world.pages.page_of(chosen, call.query, question, call.now)
        return ZoomAnswer(HTTPStatus.OK, "registrants", about | {"registrants": [_told(meeting, one) for one in page]})

    def set_status(self, call: ZoomCall) -> ZoomAnswer:
        """Approve, cancel or deny some."""
        meeting, body = meeting_of(self._world, call), read_body(call.content, StatusBody)
        chosen = [_named(meeting, one) for one in body.registrants]
        for registrant in chosen:
            registrant.status = _AFTER[body.action]
        return ZoomAnswer(HTTPStatus.NO_CONTENT)

    def _open_meeting(self, call: ZoomCall) -> Meeting:
        meeting = meeting_of(self._world, call)
        if not self._world.knobs.licensed:
            message = f"Only available for Paid user: {meeting.host_email}."
            raise ZoomRefusal(HTTPStatus.BAD_REQUEST, PAID_ONLY, message)
        if meeting.settings.get("approval_type") not in (AUTOMATIC, MANUAL):
            message = f"Registration has not been enabled for this meeting: {meeting.number}."
            raise ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, message)
        return meeting


def _count(registrant: Registrant, now: int) -> None:
    """Count one more request of the day, unless there were as many as Zoom allows."""
    today = day(now)
    registrant.requests = [one for one in registrant.requests if one == today]
    if len(registrant.requests) >= A_DAY:
        message = (
            f"You have exceeded the daily rate limit of ({A_DAY}) for Add meeting registrant API requests for this registrant."
        )
        tomorrow = day(instants.of(instants.moment(now) + timedelta(days=1)))
        limited = {"X-RateLimit-Type": "Daily-limit", "X-RateLimit-Limit": str(A_DAY), "X-RateLimit-Remaining": "0"}
        raise ZoomRefusal(
            HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, message, headers=limited | {"Retry-After": f"{tomorrow}T00:00:00Z"}
        )
    registrant.requests.append(today)


def _named(meeting: Meeting, told: NamedBody) -> Registrant:
    for one in meeting.registrants:
        if told.id == one.registrant_id or (told.id is None and told.email == one.email):
            return one
    raise invalid("registrants", f"Registrant {told.id or told.email} does not exist.")


def _told(meeting: Meeting, registrant: Registrant) -> Json:
    told: Json = {
        "id": registrant.registrant_id,
        "email": registrant.email,
        "first_name": registrant.first_name,
        "last_name": registrant.last_name,
        "status": registrant.status,
        "create_time": shown(registrant.created),
    }
    return told | {"join_url": meeting.registrant_url(registrant)} if registrant.status == "approved" else told
