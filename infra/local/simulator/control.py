"""The control path: people come and go, calls fail, settings turn, and what there is can be looked at."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from infra.local.simulator import instants, visits
from infra.local.simulator.discovery import Method
from infra.local.simulator.doors import door, read_order
from infra.local.simulator.herald import Herald
from infra.local.simulator.knobs import Failure
from infra.local.simulator.orders import End, FailNext, Join, Leave, OpenRoom, Push, Turn
from infra.local.simulator.publishing import Publisher
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.rooms import Conference, Participant, Space, Stay
from infra.local.simulator.world import World

Json = dict[str, Any]

ROOM = "/_sim/meetings/{meet_code}"


class Control:
    """Serves `/_sim`. `methods` are Google's, by id, to tell a misspelt name from one that can fail.

    What happens in rooms is told through `herald`, in the way that is set at `publisher`.
    """

    def __init__(
        self, world: World, methods: Mapping[str, Method], clock: Callable[[], datetime], herald: Herald, publisher: Publisher
    ) -> None:
        self._world = world
        self._methods = methods
        self._clock = clock
        self._herald = herald
        self._publisher = publisher

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/_sim", door(self._world, self.reset), methods=["DELETE"]),
            Route("/_sim/state", door(self._world, self.state), methods=["GET"]),
            Route("/_sim/meetings", door(self._world, self.open_room), methods=["POST"]),
            Route(f"{ROOM}/join", door(self._world, self.join), methods=["POST"]),
            Route(f"{ROOM}/leave", door(self._world, self.leave), methods=["POST"]),
            Route(f"{ROOM}/end", door(self._world, self.end), methods=["POST"]),
            Route("/_sim/fail-next", door(self._world, self.fail_next), methods=["POST"]),
            Route("/_sim/push", door(self._world, self.push), methods=["POST"]),
            Route("/_sim/settings", door(self._world, self.settings), methods=["POST"]),
        ]

    async def reset(self, _: Request) -> Json:
        """Forget everything: rooms, calendars, settings, planned failures."""
        self._world.reset()
        self._publisher.reset()
        return {}

    async def state(self, _: Request) -> Json:
        """What there is, for people to look at."""
        world = self._world
        return {
            "spaces": [_space_told(space) for space in world.rooms],
            "calendars": {owner: len(events) for owner, events in sorted(world.calendars.items())},
            "failures": [asdict(failure) for failure in world.failures.planned],
            "push": asdict(self._publisher.settings),
            "settings": self._settings_told(),
        }

    async def open_room(self, request: Request) -> Json:
        """A room that no event stands behind."""
        order = await read_order(request, OpenRoom)
        if order.meet_code is not None and self._world.rooms.find(order.meet_code) is not None:
            raise Impossible(HTTPStatus.CONFLICT, "meet_code", f"meeting {order.meet_code} exists already")
        self._world.accounts.seen(order.owner_email)
        space = self._world.rooms.open_space(order.owner_email, order.meet_code)
        return {"meet_code": space.code, "space": f"spaces/{space.space_id}", "owner_email": space.owner}

    async def join(self, request: Request) -> Json:
        """Somebody joins with a device."""
        space, order = self._space(request), await read_order(request, Join)
        comer = self._comer(order)
        with self._herald.watching(space):
            return _visit_told(*visits.join(self._world.rooms, space, comer, self._at(order.at)))

    def _comer(self, order: Join) -> visits.Comer:
        """Who joins; the address of somebody who is not signed in is not seen by Meet, and so not kept."""
        if order.kind == "signed_in" and order.email is not None:
            account = self._world.accounts.seen(order.email, order.display_name)
            return visits.Comer(order.kind, account.name, account.email, device=order.device)
        return visits.Comer(order.kind, order.display_name or "", person=order.person, device=order.device)

    async def leave(self, request: Request) -> Json:
        """A device leaves."""
        space, order = self._space(request), await read_order(request, Leave)
        with self._herald.watching(space):
            return _visit_told(*visits.leave(space, order.device_session_id, self._at(order.at)))

    async def end(self, request: Request) -> Json:
        """The meeting ends for everybody; an empty room stays as it is."""
        space, order = self._space(request), await read_order(request, End)
        with self._herald.watching(space):
            ended = visits.end(space, self._at(order.at))
        return {"conference_record": None if ended is None else f"conferenceRecords/{ended.record_id}"}

    async def fail_next(self, request: Request) -> Json:
        """Let the next calls of an API, or of one of its methods, fail."""
        order = await read_order(request, FailNext)
        failure = Failure(order.api, order.method, order.status, order.times, order.reason, order.after)
        if not any(failure.hits(method) for method in self._methods.values()):
            known = sorted(one.name for one in self._methods.values() if one.api.value.title == order.api)
            raise Impossible(422, "method", f"{order.api} has no method {order.method!r}; it has {', '.join(known)}")
        self._world.failures.planned.append(failure)
        return asdict(failure)

    async def push(self, request: Request) -> Json:
        """How Workspace Events are to be published."""
        self._publisher.set((await read_order(request, Push)).settings())
        return asdict(self._publisher.settings)

    async def settings(self, request: Request) -> Json:
        """Change settings; answers with all of them."""
        order = await read_order(request, Turn)
        self._world.knobs = replace(self._world.knobs, **order.changes())
        return self._settings_told()

    def _space(self, request: Request) -> Space:
        code = request.path_params["meet_code"]
        space = self._world.rooms.find(code)
        if space is None:
            raise Impossible(
                HTTPStatus.NOT_FOUND,
                "meet_code",
                f"there is no meeting {code}. Book a class, whose event makes one, or make a bare room with "
                'POST /_sim/meetings {"owner_email": ...}',
            )
        return space

    def _at(self, told: int | None) -> int:
        return instants.of(self._clock()) if told is None else told

    def _settings_told(self) -> Json:
        return {
            name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(self._world.knobs).items()
        }


def _visit_told(participant: Participant, stay: Stay) -> Json:
    told = {
        "participant_id": participant.participant_id,
        "device_session_id": stay.stay_id,
        "joined_at": instants.shown(stay.joined),
    }
    return told if stay.left is None else told | {"left_at": instants.shown(stay.left)}


def _space_told(space: Space) -> Json:
    live = space.live
    return {
        "meet_code": space.code,
        "space": f"spaces/{space.space_id}",
        "owner_email": space.owner,
        "conference_records": len(space.conferences),
        "live": None if live is None else _live_told(live),
    }


def _live_told(conference: Conference) -> Json:
    people = [
        {
            "participant_id": one.participant_id,
            "kind": one.kind,
            "display_name": one.display_name,
            "email": one.email,
            "devices": [
                {"device_session_id": stay.stay_id, "device": stay.device, "since": instants.shown(stay.joined)}
                for stay in one.stays
                if stay.left is None
            ],
        }
        for one in conference.participants
        if one.left is None
    ]
    return {"conference_record": f"conferenceRecords/{conference.record_id}", "participants": people}
