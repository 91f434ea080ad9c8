"""The control path of subscriptions: each can be suspended, run out, or near its end on command."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from infra.local.simulator import instants
from infra.local.simulator.doors import door, read_order
from infra.local.simulator.herald import Herald
from infra.local.simulator.orders import OfSubscriptions, Suspend
from infra.local.simulator.refusals import Impossible
from infra.local.simulator.subscriptions import Subscription
from infra.local.simulator.world import World

Json = dict[str, Any]

PATH = "/_sim/subscriptions"


class SubscriptionControl:
    """Serves `/_sim/subscriptions`; what happens to subscriptions is told through `herald`."""

    def __init__(self, world: World, herald: Herald, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._herald = herald
        self._clock = clock

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route(PATH, door(self._world, self.all), methods=["GET"]),
            Route(f"{PATH}/suspend", door(self._world, self.suspend), methods=["POST"]),
            Route(f"{PATH}/expire", door(self._world, self.expire), methods=["POST"]),
            Route(f"{PATH}/remind", door(self._world, self.remind), methods=["POST"]),
        ]

    async def all(self, _: Request) -> Json:
        """The subscriptions that live."""
        return _told(list(self._world.subscriptions.living(self._now())))

    async def suspend(self, request: Request) -> Json:
        """Suspend subscriptions."""
        order = await read_order(request, Suspend)
        found = self._found(order)
        for one in found:
            self._herald.suspend(one, order.reason)
        return _told(found)

    async def expire(self, request: Request) -> Json:
        """Let subscriptions expire."""
        found = self._found(await read_order(request, OfSubscriptions))
        for one in found:
            self._herald.expire(one)
        return _told(found)

    async def remind(self, request: Request) -> Json:
        """Remind of the end of subscriptions."""
        found = self._found(await read_order(request, OfSubscriptions))
        for one in found:
            self._herald.remind(one)
        return _told(found)

    def _found(self, order: OfSubscriptions) -> list[Subscription]:
        living = self._world.subscriptions.living(self._now())
        found = [one for one in living if order.name in (None, one.name) and order.email in (None, one.email)]
        if not found:
            field, wanted = ("name", order.name) if order.name is not None else ("email", order.email)
            raise Impossible(
                HTTPStatus.NOT_FOUND, field, f"no subscription that lives belongs to {wanted}; GET {PATH} lists them"
            )
        return found

    def _now(self) -> int:
        return instants.of(self._clock())


def _told(subscriptions: list[Subscription]) -> Json:
    return {
        "subscriptions": [
            {
                "name": one.name,
                "email": one.email,
                "target": one.target,
                "state": one.state,
                "suspension_reason": one.suspension_reason,
                "event_types": one.event_types,
                "topic": one.topic,
                "created_at": instants.shown(one.created),
                "expires_at": instants.shown(one.expires),
            }
            for one in subscriptions
        ]
    }
