"""The edge: the one public door of the local stack, which hands each request to the function that its path belongs to."""

import asyncio
import html
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from infra.local.manifest import FunctionSpec, owner_of

LARGEST_BODY = 10 * 1024 * 1024
LOOPBACKS = frozenset(("localhost", "127.0.0.1", "::1"))
DRAINED, DRAIN_S = 4 * LARGEST_BODY, 10
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)


class _TooLarge(Exception):
    """The body of a request turned out larger than the edge lets through."""


class Edge:
    """A streaming reverse proxy in front of the functions. `origins` says where each one is, by name.

    `on_change` is called after every request that may have changed something, `tokens` makes what the dashboard offers to sign
    in with on this machine: the people of the local school by role, each with an address and a token.
    """

    def __init__(
        self,
        functions: Sequence[FunctionSpec],
        origins: Mapping[str, str],
        links: Mapping[str, str],
        on_change: Callable[[], None] = lambda: None,
        tokens: Callable[[], Mapping[str, Mapping[str, str]]] | None = None,
    ) -> None:
        self._functions = functions
        self._origins = origins
        self._links = links
        self._on_change = on_change
        self._tokens = tokens
        # a connection for each request: the functions' server closes idle ones, at times just as the next request begins
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._client = httpx.AsyncClient(limits=limits, follow_redirects=False, trust_env=False)

    def app(self) -> Starlette:
        """The application to serve."""
        return Starlette(
            routes=[Route("/{path:path}", self.answer, methods=METHODS)],
            lifespan=self._lifespan,
            exception_handlers={404: _nowhere},
        )

    async def answer(self, request: Request) -> Response:
        """The function's answer, or the edge's own when there is none."""
        if (local := self._locally(request)) is not None:
            return local
        function = owner_of(request.url.path, self._functions)
        if function is None:
            return _problem(request, 404, "Not Found", f"Nothing is served at {request.url.path}.")
        if int(request.headers.get("content-length", "0")) > LARGEST_BODY:
            return await _too_large(request)
        try:
            return await self._forward(request, function)
        except _TooLarge:
            return await _too_large(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except httpx.TimeoutException:
            return _problem(request, 504, "Gateway Timeout", f"The function {function.name} did not answer in time.")
        except httpx.TransportError:
            detail = f"The function {function.name} is not running at the moment; try again in a second."
            return _problem(request, 503, "Service Unavailable", detail, {"Retry-After": "1"})
        finally:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                self._on_change()

    def _locally(self, request: Request) -> Response | None:
        """What only a stack on one's own machine has: a page of links, and tokens to sign in with."""
        if request.url.path == "/_local":
            return HTMLResponse(_page(self._functions, self._links))
        if request.url.path == "/_local/tokens" and self._tokens is not None and _is_own_page(request):
            return JSONResponse(self._tokens(), headers={"Cache-Control": "no-store"})
        return None

    async def _forward(self, request: Request, function: FunctionSpec) -> Response:
        upstream = httpx.Request(
            request.method,
            _target(self._origins[function.name], request),
            headers=_request_headers(request),
            content=_body(request) if _has_body(request) else None,
            extensions={"timeout": httpx.Timeout(function.timeout.total_seconds() + 5, connect=5).as_dict()},
        )
        answer = await self._client.send(upstream, stream=True)
        forwarded = StreamingResponse(_relay(answer), status_code=answer.status_code)
        forwarded.raw_headers = _end_to_end(answer.headers.raw)
        return forwarded

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await self._client.aclose()


def _is_own_page(request: Request) -> bool:
    """Whether a page of this very machine asks: neither a foreign page, nor one whose name was bent to this address."""
    return request.url.hostname in LOOPBACKS and request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _target(origin: str, request: Request) -> httpx.URL:
    raw_path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    return httpx.URL(origin).copy_with(raw_path=raw_path + (b"?" + query if query else b""))


def _request_headers(request: Request) -> list[tuple[bytes, bytes]]:
    client = request.client.host if request.client else "unknown"
    before = request.headers.get("x-forwarded-for")
    added = [
        (b"x-forwarded-for", f"{before}, {client}".encode() if before else client.encode()),
        (b"x-forwarded-proto", request.url.scheme.encode()),
    ]
    told = [(name, value) for name, value in _end_to_end(request.headers.raw) if not name.startswith(b"x-forwarded-")]
    return told + added


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers meant for the other end: not those of this hop, nor those that `Connection` names."""
    headers = [(name.lower(), value) for name, value in headers]
    named = {word.strip().lower() for name, value in headers if name == b"connection" for word in value.split(b",")}
    return [(name, value) for name, value in headers if name not in HOP_BY_HOP and name not in named]


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


async def _body(request: Request) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > LARGEST_BODY:
            raise _TooLarge
        yield chunk


async def _relay(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        # the caller may have gone: closing must not be cut off by the cancellation that brought us here
        await asyncio.shield(answer.aclose())


async def _nowhere(request: Request, _: Exception) -> Response:
    """The answer to a path that no route can have, such as one with a line end in it."""
    return _problem(request, 404, "Not Found", "Nothing is served at such a path.")


async def _too_large(request: Request) -> Response:
    """The refusal of a large body, after taking in some of the rest: a sender cut off while sending never reads it."""
    taken = 0
    with suppress(ClientDisconnect, TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            async for chunk in request.stream():
                taken += len(chunk)
                if taken > DRAINED:
                    break
    return _problem(request, 413, "Content Too Large", "A request may have at most 10 MiB.", {"Connection": "close"})


def _problem(request: Request, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error of the edge itself, in the form of RFC 9457."""
    request_id = request.headers.get("x-request-id") or uuid.uuid4().hex
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "request_id": request_id}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _page(functions: Sequence[FunctionSpec], links: Mapping[str, str]) -> str:
    rows = [(text, url, url) for text, url in links.items()]
    rows += [(one.summary, path, path) for one in functions for path in one.paths]
    items = "\n".join(
        f'<li><a href="{html.escape(href)}">{html.escape(shown)}</a> {html.escape(text)}</li>' for text, href, shown in rows
    )
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>Rollcall</title><h1>Rollcall</h1>\n<ul>\n{items}\n</ul>\n"
