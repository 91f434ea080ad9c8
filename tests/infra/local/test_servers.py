"""Servers inside the supervisor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.troubles import Trouble


async def hello(_: Request) -> PlainTextResponse:
    """Hello."""
    return PlainTextResponse("hello")


def test_an_application_serves_for_the_time_of_the_block_and_is_told_to_end() -> None:
    told: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        told.append("begin")
        yield
        told.append("end")

    async def serve() -> int:
        held = hold_free_port()
        app = Starlette(routes=[Route("/", hello)], lifespan=lifespan)
        async with serving(app, held, "Hello"), httpx.AsyncClient() as client:
            url = f"http://127.0.0.1:{port_of(held)}/"
            assert (await client.get(url)).text == "hello"
        return held.fileno()

    assert asyncio.run(serve()) == -1
    assert told == ["begin", "end"]


def test_an_application_that_cannot_start_is_trouble_and_no_exit() -> None:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        raise RuntimeError("no state")
        yield

    async def serve() -> None:
        async with serving(Starlette(lifespan=lifespan), hold_free_port(), "The simulator"):
            pass

    with pytest.raises(Trouble, match="The simulator did not start"):
        asyncio.run(serve())
