"""The simulated Zoom as a part of the simulator: its routes, its webhooks, and the file that its meetings are kept in."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.simulator.keeping import kept
from infra.local.simulator.zoom.control import ZoomControl
from infra.local.simulator.zoom.gateway import ROOT, ZoomGateway
from infra.local.simulator.zoom.knobs import ZoomKnobs
from infra.local.simulator.zoom.registrants import RegistrantsApi
from infra.local.simulator.zoom.reports import ReportsApi
from infra.local.simulator.zoom.rest import MeetingsApi
from infra.local.simulator.zoom.webhooks import Webhooks, ZoomWebhooks
from infra.local.simulator.zoom.world import FILE_NAME, ZoomWorld, load, save

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

ResetOthers = Callable[[Request], Awaitable[Mapping[str, Any]]]


class ZoomSimulator:
    """Zoom. `beside` is the simulator's own file: meetings are kept in `zoom.json` next to it. Raises `Trouble`."""

    def __init__(self, clock: Callable[[], datetime], beside: Path | None, webhooks: ZoomWebhooks | None) -> None:
        knobs = ZoomKnobs() if webhooks is None else ZoomKnobs(webhook_url=webhooks.url, webhook_secret=webhooks.secret)
        self._file = None if beside is None else beside.with_name(FILE_NAME)
        self._world = ZoomWorld(knobs) if self._file is None else load(self._file, knobs)
        self._webhooks = Webhooks(self._world, clock)
        self._control = ZoomControl(self._world, self._webhooks, clock)
        served = (
            MeetingsApi(self._world, self._webhooks.tell),
            RegistrantsApi(self._world, self._webhooks.tell),
            ReportsApi(self._world),
        )
        operations = [operation for api in served for operation in api.operations()]
        self._gateway = ZoomGateway(self._world, operations, clock)

    def routes(self, reset_others: ResetOthers) -> list[Route]:
        """The routes, which must stand before all others: `DELETE /_sim` forgets Zoom too, and then the others."""

        async def reset(request: Request) -> Response:
            self._control.reset()
            return JSONResponse(await reset_others(request))

        return [
            Route("/_sim", reset, methods=["DELETE"]),
            *self._control.routes(),
            Route(f"{ROOT}/{{path:path}}", self._gateway.answer, methods=_VERBS),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send webhooks and keep the file for the time of the block."""
        world = self._world
        async with self._webhooks.running(), kept(lambda: world.changes, lambda path: save(world, path), self._file):
            yield
