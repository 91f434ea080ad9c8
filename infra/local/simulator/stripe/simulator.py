"""The simulated Stripe as a part of the simulator: its routes, its page to pay on, its events, and the file it is kept in."""

import asyncio
import contextlib
import html
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from infra.local.simulator.stripe.control import StripeControl
from infra.local.simulator.stripe.gateway import PAGE, REST, ROOT, StripeGateway
from infra.local.simulator.stripe.refusals import StripeRefusal
from infra.local.simulator.stripe.till import Till
from infra.local.simulator.stripe.webhooks import StripeWebhooks, Webhooks
from infra.local.simulator.stripe.world import FILE_NAME, StripeWorld, load, save

LOG = logging.getLogger("rollcall.simulator.stripe")

SAVE_PAUSE_S = 0.5

ResetOthers = Callable[[Request], Awaitable[Mapping[str, Any]]]


class StripeSimulator:
    """Stripe. `beside` is the simulator's own file: payments are kept in `stripe.json` next to it. Raises `Trouble`."""

    def __init__(self, clock: Callable[[], datetime], beside: Path | None, webhooks: StripeWebhooks | None) -> None:
        def now() -> int:
            return int(clock().timestamp())

        self._file = None if beside is None else beside.with_name(FILE_NAME)
        self._world = StripeWorld() if self._file is None else load(self._file)
        self._webhooks = Webhooks(self._world, now, webhooks)
        self._till = Till(self._world, now, self._webhooks.tell)
        self._control = StripeControl(self._world, self._till, self._webhooks)
        self._gateway = StripeGateway(self._world, now)

    def routes(self) -> list[Route]:
        """The routes, which must stand before all others."""
        return [
            *self._control.routes(),
            Route(f"{PAGE}/{{link}}", self.page, methods=["GET"]),
            Route(f"{PAGE}/{{link}}/{{session}}", self.pay, methods=["POST"]),
            Route(f"{ROOT}{REST}/{{path:path}}", self._gateway.answer, methods=["GET", "POST"]),
        ]

    def resetting(self, others: ResetOthers) -> ResetOthers:
        """Forget Stripe too when the others forget."""

        async def reset(request: Request) -> Mapping[str, Any]:
            self._control.reset()
            return await others(request)

        return reset

    async def page(self, request: Request) -> Response:
        """The page of a link, with a button."""
        try:
            session = self._till.open_session(self._world.get(request.path_params["link"], "payment_link"))
        except StripeRefusal as refused:
            return _page(str(refused), refused.status)
        amount = f"{session['amount_total']} {session['currency'].upper()} (in Stripe's smallest units)"
        action = html.escape(f"{request.url.path}/{session['id']}")
        return _page(f"To pay: {amount}", form=f'<form method=post action="{action}"><button>Pay</button></form>')

    async def pay(self, request: Request) -> Response:
        """The button was pressed."""
        try:
            intent = self._till.pay(self._world.get(request.path_params["session"], "checkout.session"))
        except StripeRefusal as refused:
            return _page(str(refused), refused.status)
        return _page(f"Paid. Thank you. ({intent['id']})")

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send events and keep the file for the time of the block."""
        async with self._webhooks.running():
            keeper = asyncio.create_task(self._keep())
            try:
                yield
            finally:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)
                if self._file is not None:
                    save(self._world, self._file)

    async def _keep(self) -> None:
        """Write changes to the file, ever and again."""
        written = self._world.changes
        while self._file is not None:
            await asyncio.sleep(SAVE_PAUSE_S)
            if self._world.changes == written:
                continue
            written = self._world.changes
            try:
                save(self._world, self._file)
            except OSError:
                LOG.exception("The simulated Stripe's file %s cannot be written; make room or give another folder", self._file)


def _page(text: str, status: int = 200, form: str = "") -> HTMLResponse:
    told = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Payment</title><h1>Payment</h1><p>{html.escape(text)}</p>{form}"
    )
    return HTMLResponse(told, status)
