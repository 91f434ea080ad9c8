"""The simulator as one application: Google's paths, the control path, and the file that its state is kept in."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from infra.local.simulator import instants
from infra.local.simulator.calendar import CalendarApi
from infra.local.simulator.control import Control
from infra.local.simulator.directory import DirectoryApi
from infra.local.simulator.gateway import Gateway
from infra.local.simulator.knobs import Knobs
from infra.local.simulator.meet import MeetApi
from infra.local.simulator.people import PeopleApi
from infra.local.simulator.world import World, load, save

LOG = logging.getLogger("rollcall.simulator")

SAVE_PAUSE_S = 0.5
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(*, clock: Callable[[], datetime], state_file: Path | None = None, knobs: Knobs | None = None) -> Starlette:
    """The simulator. `clock` tells the present in UTC; `knobs` are the settings to begin with.

    Rooms and calendars are read from `state_file` now and written to it soon after each change and at the end. Raises
    `Trouble` when the file cannot be read.
    """
    world = World() if state_file is None else load(state_file)
    world.rooms.forget(instants.of(clock()))
    world.knobs = knobs or world.knobs
    served = (CalendarApi(world), MeetApi(world), PeopleApi(world), DirectoryApi(world))
    operations = {name: operation for api in served for name, operation in api.operations().items()}
    gateway = Gateway(world, operations, clock)
    control = Control(world, gateway.methods, clock)
    return Starlette(
        routes=[*control.routes(), Route("/{path:path}", gateway.answer, methods=_VERBS)],
        lifespan=None if state_file is None else _keeping(world, state_file),
    )


def _keeping(world: World, path: Path) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        keeper = asyncio.create_task(_keep(world, path))
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            save(world, path)

    return lifespan


async def _keep(world: World, path: Path) -> None:
    """Write changes to the file, ever and again; a big world, which takes long to write, is written less often."""
    written, pause = world.changes, SAVE_PAUSE_S
    while True:
        await asyncio.sleep(pause)
        if world.changes == written:
            continue
        written, began = world.changes, time.monotonic()
        try:
            save(world, path)
        except OSError:
            LOG.exception("The simulator's file %s cannot be written; make room or give another folder", path)
        pause = max(SAVE_PAUSE_S, 20 * (time.monotonic() - began))
