"""The edge: to whom a request goes, and that it gets there and back as it was."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from infra.local.edge import LARGEST_BODY, Edge
from infra.local.manifest import FunctionSpec
from infra.local.ports import free_ports, hold_free_port, port_of
from infra.local.servers import serving
from tests.infra.local.threads import in_thread


async def echo(request: Request) -> Response:
    """Tell what arrived."""
    told = [[name.decode(), value.decode()] for name, value in request.headers.raw]
    body = await request.body()
    answer = JSONResponse(
        {
            "path": (request.scope["raw_path"] + b"?" + request.scope["query_string"]).decode(),
            "method": request.method,
            "headers": told,
            "size": len(body),
        },
        207,
    )
    answer.raw_headers += [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"connection", b"x-hop"), (b"x-hop", b"1")]
    return answer


async def drip(_: Request) -> Response:
    """Four lines, a third of a second apart."""

    async def lines() -> AsyncIterator[bytes]:
        for number in range(4):
            yield f"{number}\n".encode()
            await asyncio.sleep(0.3)

    return StreamingResponse(lines())


async def first_chunk(request: Request) -> Response:
    """How long after the request its first and last pieces came, in seconds."""
    begun, times = time.monotonic(), []
    async for chunk in request.stream():
        times += [time.monotonic() - begun] if chunk else []
    return JSONResponse({"first": times[0], "last": times[-1]})


async def sleep(_: Request) -> Response:
    """Nothing, for long."""
    await asyncio.sleep(30)
    return Response()


@dataclass(frozen=True, slots=True)
class RunningEdge:
    """An edge with one function behind it, and how often something may have changed."""

    url: str
    changes: list[None]


@pytest.fixture(scope="module")
def edge() -> Iterator[RunningEdge]:
    """An edge with a function that is up and one that is down."""
    routes = [
        Route("/api/up/drip", drip),
        Route("/api/up/first", first_chunk, methods=["POST"]),
        Route("/api/slow/x", sleep),
        Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    ]
    up, held = hold_free_port(), hold_free_port()
    changes: list[None] = []

    def spec(name: str, timeout_s: float = 30) -> FunctionSpec:
        return FunctionSpec(name, f"Is {name}", (f"/api/{name}",), frozenset(), timedelta(seconds=timeout_s))

    functions = (spec("up"), spec("down"), spec("slow", -4.5))
    origin = f"http://127.0.0.1:{port_of(up)}"
    origins = {"up": origin, "slow": origin, "down": f"http://127.0.0.1:{free_ports(1)[0]}"}

    @asynccontextmanager
    async def both() -> AsyncIterator[RunningEdge]:
        tokens = {"admin": {"email": "root@school.example", "token": "t"}}
        app = Edge(functions, origins, {"API": "http://x"}, lambda: changes.append(None), lambda: tokens).app()
        async with serving(Starlette(routes=routes), up, "up"), serving(app, held, "edge"):
            yield RunningEdge(f"http://127.0.0.1:{port_of(held)}", changes)

    with in_thread(both) as running:
        yield running


def test_a_request_arrives_as_it_was_sent(edge: RunningEdge) -> None:
    headers = {"X-Request-Id": "r-1", "traceparent": "00-1-2-03", "Cookie": "k=v", "User-Agent": "me", "Accept": "x/y"}
    path = "/api/up/a%2Fb/%C3%BC?q=1&q=2&empty="
    told = httpx.put(f"{edge.url}{path}", content=b"x" * 1000, headers=headers).json()
    arrived = dict(told["headers"])
    assert told["path"] == path
    assert (told["method"], told["size"]) == ("PUT", 1000)
    assert headers.items() <= {name.title() if name != "traceparent" else name: v for name, v in arrived.items()}.items()
    assert arrived["host"] == edge.url.removeprefix("http://")
    assert (arrived["x-forwarded-for"], arrived["x-forwarded-proto"]) == ("127.0.0.1", "http")


def test_what_is_not_sent_is_not_made_up(edge: RunningEdge) -> None:
    request = httpx.Request("GET", f"{edge.url}/api/up/x", headers={"Host": "school.example"})
    with httpx.Client() as client:
        told = client.send(request).json()
    names = {name for name, _ in told["headers"]}
    assert names == {"host", "x-forwarded-for", "x-forwarded-proto"}


def test_headers_of_one_hop_stay_on_it(edge: RunningEdge) -> None:
    headers = {"Connection": "x-mine, keep-alive", "X-Mine": "1", "TE": "trailers", "Proxy-Authorization": "p"}
    answer = httpx.get(f"{edge.url}/api/up/x", headers=headers)
    arrived = {name for name, _ in answer.json()["headers"]}
    assert not arrived & {"x-mine", "te", "proxy-authorization", "keep-alive"}
    assert "x-hop" not in answer.headers


def test_the_answer_comes_back_whole(edge: RunningEdge) -> None:
    answer = httpx.get(f"{edge.url}/api/up/x")
    assert answer.status_code == 207
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_an_answer_is_streamed_as_it_comes(edge: RunningEdge) -> None:
    times = []
    with httpx.stream("GET", f"{edge.url}/api/up/drip") as answer:
        times += [time.monotonic() for _ in answer.iter_raw()]
    assert len(times) == 4
    assert times[-1] - times[0] > 0.4


def test_a_request_is_streamed_as_it_comes(edge: RunningEdge) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * 100
            time.sleep(0.3)

    told = httpx.post(f"{edge.url}/api/up/first", content=pieces()).json()
    assert told["last"] - told["first"] > 0.3


def test_nobodys_path_is_not_found(edge: RunningEdge) -> None:
    answer = httpx.get(f"{edge.url}/api/upper", headers={"X-Request-Id": "r-1"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Nothing is served at /api/upper.",
        "request_id": "r-1",
    }


def test_a_function_that_is_down_is_unavailable(edge: RunningEdge) -> None:
    answer = httpx.post(f"{edge.url}/api/down/x", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["retry-after"] == "1"
    assert "down" in answer.json()["detail"]


def test_a_function_that_takes_too_long_is_given_up_on(edge: RunningEdge) -> None:
    answer = httpx.get(f"{edge.url}/api/slow/x")
    assert (answer.status_code, answer.json()["title"]) == (504, "Gateway Timeout")


def test_ten_mebibytes_pass_and_more_does_not(edge: RunningEdge) -> None:
    fits = httpx.post(f"{edge.url}/api/up/x", content=b"x" * LARGEST_BODY, timeout=30)
    assert fits.json()["size"] == LARGEST_BODY
    assert httpx.post(f"{edge.url}/api/up/x", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


def test_a_body_of_unknown_length_is_counted(edge: RunningEdge) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(11):
            yield b"x" * 1024 * 1024

    answer = httpx.post(f"{edge.url}/api/up/x", content=pieces(), timeout=30)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_the_front_page_is_the_dashboards(edge: RunningEdge) -> None:
    assert httpx.get(edge.url).status_code == 404, "this edge has no dashboard behind it"


@pytest.mark.parametrize("headers", [{"Host": "school.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_only_a_page_of_this_machine_gets_its_tokens(edge: RunningEdge, headers: dict[str, str]) -> None:
    told = httpx.get(f"{edge.url}/_local/tokens", headers={"Sec-Fetch-Site": "same-origin"})
    assert told.json() == {"admin": {"email": "root@school.example", "token": "t"}}
    assert told.headers["cache-control"] == "no-store"
    assert httpx.get(f"{edge.url}/_local/tokens", headers=headers).status_code == 404


def test_the_local_page_lists_what_is_served(edge: RunningEdge) -> None:
    answer = httpx.get(f"{edge.url}/_local")
    assert answer.status_code == 200
    assert "/api/up" in answer.text
    assert "http://x" in answer.text


def test_only_what_may_change_something_counts_as_a_change(edge: RunningEdge) -> None:
    before = len(edge.changes)
    httpx.get(f"{edge.url}/api/up/x")
    assert len(edge.changes) == before
    httpx.post(f"{edge.url}/api/up/x")
    assert len(edge.changes) == before + 1
