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
from infra.local.simulator.classroom import ClassroomApi
from infra.local.simulator.classroom_control import ClassroomControl
from infra.local.simulator.control import Control
from infra.local.simulator.directory import DirectoryApi
from infra.local.simulator.gateway import Gateway
from infra.local.simulator.herald import Herald
from infra.local.simulator.knobs import Knobs
from infra.local.simulator.meet import MeetApi
from infra.local.simulator.people import PeopleApi
from infra.local.simulator.publishing import Publish, Publisher
from infra.local.simulator.reports import ReportsApi
from infra.local.simulator.signing_in import IssueIdToken, SignInControl
from infra.local.simulator.stripe.simulator import StripeSimulator
from infra.local.simulator.stripe.webhooks import StripeWebhooks
from infra.local.simulator.subscription_control import SubscriptionControl
from infra.local.simulator.workspace_events import WorkspaceEventsApi
from infra.local.simulator.world import World, load, save
from infra.local.simulator.zoom.simulator import ZoomSimulator
from infra.local.simulator.zoom.webhooks import ZoomWebhooks

LOG = logging.getLogger("rollcall.simulator")

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

SAVE_PAUSE_S = 0.5
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(
    *,
    clock: Callable[[], datetime],
    state_file: Path | None = None,
    knobs: Knobs | None = None,
    zoom_webhooks: ZoomWebhooks | None = None,
    stripe_webhooks: StripeWebhooks | None = None,
    publish: Publish | None = None,
    issue_id_token: IssueIdToken | None = None,
) -> Starlette:
    """The simulator. `clock` tells the present in UTC; `knobs` are the settings to begin with.

    `zoom_webhooks` and `stripe_webhooks` are where Zoom's and Stripe's events go; None sends none. Workspace Events are
    published with `publish`, which gets a topic's full name and a message; without it nobody hears them. `issue_id_token`
    signs what the sign-in says; without it nobody signs in. Rooms, calendars,
    subscriptions and courses are read from `state_file` now and written to it soon after each change and at the end; Zoom's
    meetings and Stripe's payments are kept beside it. Raises `Trouble` when a file cannot be read.
    """
    world = World() if state_file is None else load(state_file)
    world.rooms.forget(instants.of(clock()))
    world.knobs = knobs or world.knobs
    publisher = Publisher(publish)
    herald = Herald(world, publisher, clock)
    served = (
        CalendarApi(world),
        MeetApi(world),
        PeopleApi(world),
        DirectoryApi(world),
        WorkspaceEventsApi(world),
        ReportsApi(world),
        ClassroomApi(world),
    )
    operations = {name: operation for api in served for name, operation in api.operations().items()}
    gateway = Gateway(world, operations, clock)
    control = Control(world, gateway.methods, clock, herald, publisher)
    subscriptions = SubscriptionControl(world, herald, clock)
    zoom = ZoomSimulator(clock, state_file, zoom_webhooks)
    stripe = StripeSimulator(clock, state_file, stripe_webhooks)
    return Starlette(
        routes=[
            *zoom.routes(stripe.resetting(control.reset)),
            *stripe.routes(),
            *control.routes(),
            *subscriptions.routes(),
            *ClassroomControl(world, clock).routes(),
            *SignInControl(world, issue_id_token).routes(),
            Route("/{path:path}", gateway.answer, methods=_VERBS),
        ],
        lifespan=_with_others(zoom, stripe, _living(world, herald, publisher, state_file)),
    )


def _with_others(zoom: ZoomSimulator, stripe: StripeSimulator, living: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with zoom.running(), stripe.running(), living(app):
            yield

    return lifespan


def _living(world: World, herald: Herald, publisher: Publisher, path: Path | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        work = [herald.keep_looking()] if path is None else [herald.keep_looking(), _keep(world, path)]
        running = [asyncio.create_task(one) for one in work]
        try:
            yield
        finally:
            publisher.reset()
            for one in running:
                one.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            if path is not None:
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
