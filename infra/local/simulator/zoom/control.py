"""Zoom's control path: people come and go, calls fail, settings turn, and what was sent can be looked at."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.simulator import instants
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.zoom import events, orders, visits
from infra.local.simulator.zoom.knobs import ZoomFailure
from infra.local.simulator.zoom.meetings import Holding, Meeting, Visit, new_participant_uuid, user_id_of
from infra.local.simulator.zoom.schemas import WrongOfOurOwn
from infra.local.simulator.zoom.visits import Place
from infra.local.simulator.zoom.webhooks import Webhooks
from infra.local.simulator.zoom.world import ZoomWorld

Json = dict[str, Any]
Order = TypeVar("Order", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Json]]

BASE = "/_sim/zoom"
MEETING = BASE + "/meetings/{number}"
SECRETS = ("client_secret", "webhook_secret")


class ZoomControl:
    """Serves `/_sim/zoom`."""

    def __init__(self, world: ZoomWorld, webhooks: Webhooks, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._webhooks = webhooks
        self._clock = clock

    def routes(self) -> list[Route]:
        """The routes."""
        posts: dict[str, Handler] = {
            f"{BASE}/meetings": self.open_meeting,
            f"{BASE}/settings": self.settings,
            f"{BASE}/fail-next": self.fail_next,
            f"{BASE}/push": self.push,
            f"{BASE}/validate": self.validate,
            f"{MEETING}/join": self.join,
            f"{MEETING}/admit": self.admit,
            f"{MEETING}/put-in-waiting-room": self.put_in_waiting_room,
            f"{MEETING}/leave": self.leave,
            f"{MEETING}/breakout": self.breakout,
            f"{MEETING}/unbreakout": self.unbreakout,
            f"{MEETING}/bind": self.bind,
            f"{MEETING}/end": self.end,
        }
        gets: dict[str, Handler] = {f"{BASE}/state": self.state, f"{BASE}/deliveries": self.deliveries}
        return [
            *(Route(path, self._door(handle), methods=["POST"]) for path, handle in posts.items()),
            *(Route(path, self._door(handle), methods=["GET"]) for path, handle in gets.items()),
        ]

    def reset(self) -> None:
        """Forget everything."""
        self._webhooks.forget()
        self._world.reset()

    async def state(self, _: Request) -> Json:
        """What there is, for people to look at."""
        return {
            "meetings": [_meeting_told(one) for one in self._world.meetings.values() if not one.is_deleted],
            "failures": [asdict(one) for one in self._world.failures.planned],
            "push": self._push_told(),
            "settings": self._settings_told(),
        }

    async def deliveries(self, _: Request) -> Json:
        """What was sent and answered."""
        return self._webhooks.told()

    async def open_meeting(self, request: Request) -> Json:
        """A meeting that no class stands behind."""
        order = await _order(request, orders.OpenMeeting)
        now = self._at(None)
        meeting = self._world.schedule(order.host_email, order.topic, now)
        meeting.start, meeting.settings = now, order.settings.model_dump()
        self._webhooks.tell((events.about("created", meeting, now, meeting.host_email),))
        return {"number": meeting.number, "uuid": meeting.uuid, "host_id": meeting.host_id, "join_url": meeting.join_url}

    async def join(self, request: Request) -> Json:
        """Somebody joins with a device; who waits for the host has no `user_id` yet."""
        meeting, order = self._meeting(request), await _order(request, orders.JoinZoom)
        visit = self._comer(meeting, order)
        self._webhooks.tell(visits.join(self._world, meeting, visit, self._at(order.at), waits=order.waiting_room))
        return _visit_told(meeting, visit)

    async def admit(self, request: Request) -> Json:
        """Somebody is let in from the waiting room."""
        place, order = await self._device(request, orders.Of)
        return self._done(place, visits.admit(place, self._at(order.at)))

    async def put_in_waiting_room(self, request: Request) -> Json:
        """Somebody is put out into the waiting room."""
        place, order = await self._device(request, orders.Of)
        return self._done(place, visits.put_in_waiting_room(place, self._at(order.at)))

    async def leave(self, request: Request) -> Json:
        """A device leaves."""
        place, order = await self._device(request, orders.LeaveZoom)
        return self._done(place, visits.leave(place, self._at(order.at), order.reason))

    async def breakout(self, request: Request) -> Json:
        """A device moves to a breakout room, made when its name is new."""
        place, order = await self._device(request, orders.Breakout)
        made = hashlib.sha256(f"{place.holding.uuid} {order.room}".encode()).digest()[:16]
        room = base64.b64encode(made).decode()
        return self._done(place, visits.breakout(self._world, place, self._at(order.at), room))

    async def unbreakout(self, request: Request) -> Json:
        """A device comes back to the main room."""
        place, order = await self._device(request, orders.Of)
        return self._done(place, visits.unbreakout(self._world, place, self._at(order.at)))

    async def bind(self, request: Request) -> Json:
        """A phone leg is bound to a computer's."""
        place, order = await self._device(request, orders.Bind)
        to = self._place(place.meeting, order.to_user_id, "to_user_id").visit
        at = self._at(order.at)
        return self._done(place, (events.bound(place.meeting, place.holding, place.visit, to, at),))

    async def end(self, request: Request) -> Json:
        """The meeting ends for everybody; one that is not held stays as it is."""
        meeting, order = self._meeting(request), await _order(request, orders.EndZoom)
        live = meeting.live
        self._webhooks.tell(visits.end(meeting, self._at(order.at)))
        return {"uuid": None if live is None else live.uuid}

    async def fail_next(self, request: Request) -> Json:
        """Let the next calls fail."""
        order = await _order(request, orders.FailNextZoom)
        failure = ZoomFailure(order.method, order.path_contains, order.status, order.times, order.code, order.after)
        self._world.failures.planned.append(failure)
        return asdict(failure)

    async def push(self, request: Request) -> Json:
        """How webhooks are delivered."""
        order = await _order(request, orders.PushZoom)
        self._webhooks.mode, self._webhooks.late_ms = order.mode, order.late_ms
        return self._push_told()

    async def settings(self, request: Request) -> Json:
        """Change settings; answers with all of them."""
        order = await _order(request, orders.TurnZoom)
        knobs = replace(self._world.knobs, **order.changes())
        if knobs.webhook_url is not None and knobs.webhook_secret is None:
            raise Impossible(422, "webhook_secret", "events are signed; give the secret token beside webhook_url")
        self._world.knobs = knobs
        return self._settings_told()

    async def validate(self, _: Request) -> Json:
        """Ask the endpoint to prove that it knows the secret."""
        if self._world.knobs.webhook_url is None:
            raise Impossible(409, "webhook_url", f"there is no endpoint yet; set one with POST {BASE}/settings")
        return await self._webhooks.validate()

    def _door(self, handle: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def door(request: Request) -> Response:
            try:
                told = await handle(request)
            except Impossible as wrong:
                error = {"code": wrong.status, "field": wrong.field, "message": f"{wrong.field}: {wrong}"}
                return JSONResponse({"error": error}, status_code=wrong.status)
            except WrongOfOurOwn as wrong:
                error = {"code": 500, "field": "body", "message": str(wrong)}
                return JSONResponse({"error": error}, status_code=HTTPStatus.INTERNAL_SERVER_ERROR)
            self._world.changes += request.method != "GET"
            return JSONResponse(told)

        return door

    def _comer(self, meeting: Meeting, order: orders.JoinZoom) -> Visit:
        account = order.account_id or (meeting.host_id if order.email == meeting.host_email else "")
        email = order.email or ""
        if order.registrant_id is not None:
            registrant = meeting.registrant(order.registrant_id)
            if registrant is None or registrant.status != "approved":
                raise Impossible(422, "registrant_id", f"meeting {meeting.number} has no approved registrant of this id")
            email = email or registrant.email
        return Visit(
            new_participant_uuid(),
            order.display_name,
            email,
            account,
            order.registrant_id or "",
            order.phone or "",
            is_internal=account in self._world.users or (bool(email) and account == user_id_of(email)),
        )

    async def _device(self, request: Request, kind: type[Order]) -> tuple[Place, Order]:
        meeting, order = self._meeting(request), await _order(request, kind)
        user_id = getattr(order, "user_id", "")
        return self._place(meeting, user_id, "user_id"), order

    def _place(self, meeting: Meeting, user_id: str, field: str) -> Place:
        """The device of a `user_id`, present or former, in the time that the meeting was held last."""
        holding = meeting.holdings[-1] if meeting.holdings else Holding("", 0)
        for visit in holding.visits:
            if user_id in visit.user_ids:
                return Place(meeting, holding, visit)
        raise Impossible(404, field, f"nobody in meeting {meeting.number} has this id; a join answers with it")

    def _meeting(self, request: Request) -> Meeting:
        number = request.path_params["number"]
        meeting = self._world.found(number)
        if meeting is None:
            raise Impossible(
                HTTPStatus.NOT_FOUND,
                "number",
                f"there is no Zoom meeting {number}. Book a class on Zoom, or make a bare meeting with "
                f'POST {BASE}/meetings {{"host_email": ...}}',
            )
        return meeting

    def _done(self, place: Place, told: visits.Told) -> Json:
        self._webhooks.tell(told)
        return _visit_told(place.meeting, place.visit)

    def _at(self, told: int | None) -> int:
        return instants.of(self._clock()) if told is None else told

    def _push_told(self) -> Json:
        return {"mode": self._webhooks.mode, "late_ms": self._webhooks.late_ms}

    def _settings_told(self) -> Json:
        """The settings; of secrets only whether they are set."""
        told = asdict(self._world.knobs)
        return told | {name: told[name] is not None for name in SECRETS}


async def _order(request: Request, kind: type[Order]) -> Order:
    """The body of a control request; an empty one is an empty object."""
    try:
        return kind.model_validate_json(await request.body() or b"{}")
    except ValidationError as bad:
        first = bad.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Impossible(HTTPStatus.BAD_REQUEST, "body", f"this is no JSON ({first['msg']})") from bad
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise Impossible(422, field, first["msg"].removeprefix("Value error, ")) from bad


def _visit_told(meeting: Meeting, visit: Visit) -> Json:
    return {
        "user_id": visit.user_ids[-1] if visit.user_ids else None,
        "participant_uuid": visit.participant_uuid,
        "uuid": meeting.uuid,
    }


def _meeting_told(meeting: Meeting) -> Json:
    live = meeting.live
    return {
        "number": meeting.number,
        "uuid": meeting.uuid,
        "host_email": meeting.host_email,
        "topic": meeting.topic,
        "agenda": meeting.agenda,
        "start_time": None if meeting.start is None else instants.shown(meeting.start),
        "registrants": [asdict(one) for one in meeting.registrants],
        "held": len(meeting.holdings),
        "waiting_for_host": [one.name for one in meeting.early],
        "live": None if live is None else [_person_told(one) for one in live.visits if _is_there(one)],
    }


def _is_there(visit: Visit) -> bool:
    return any(row.until is None for row in visit.rows)


def _person_told(visit: Visit) -> Json:
    row = next(row for row in reversed(visit.rows) if row.until is None)
    return {
        "user_id": visit.user_id,
        "display_name": visit.name,
        "registrant_id": visit.registrant_id or None,
        "place": row.place,
        "since": instants.shown(row.since),
    }
