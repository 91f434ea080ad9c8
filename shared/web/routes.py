"""Routes: from a request to the door that answers it.

A function's routes stand in its `function.json`: method, path, door, and which kind of caller may come in. Nothing of the
function is imported until a request is past path, size and caller, so that a refusal stays as cheap as a function that does
nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Request, Response

from shared import system
from shared.config import ConfigurationError, Settings, settings
from shared.domain.accounts import Caller
from shared.web.callers import Door, caller_of, demand_role
from shared.web.cors import allow, is_preflight, preflight
from shared.web.families import members_of
from shared.web.gate import pass_gate
from shared.web.log import RequestLine, log, log_crash, log_request
from shared.web.problems import Problem, Told, response_of, told_of
from shared.web.senders import SENDERS, Sent

DEFAULT_MAX_BODY = 64 * 1024
# The subject of a caller who may be Zoom but did not sign: good for nothing but a challenge.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_TRACE = re.compile(r"(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:[-/;].*)?", re.ASCII)
_SEGMENT = r"([^/]{1,256})"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a door answers: a status and a body, which is JSON text, or bytes and chunks of another type."""

    status: int
    body: str | bytes | Iterable[bytes]
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in: who asks, the path's variables, and the raw body, read once."""

    request: Request
    caller: Caller
    path: Mapping[str, str]
    body: bytes
    trace: str


@dataclass(frozen=True, slots=True)
class Route:
    """One line of `function.json`."""

    method: str
    path: str
    door: str
    caller: str
    max_body: int
    pattern: re.Pattern[str]
    names: tuple[str, ...]


class Routes:
    """The routes of one function; `answer` is the whole life of a request.

    A function whose environment contradicts itself does not start: raises `ConfigurationError`.
    """

    def __init__(self, main_file: str) -> None:
        folder = Path(main_file).resolve().parent
        table = json.loads((folder / "function.json").read_text("utf-8"))
        self.name = folder.name
        self.family: str | None = table.get("family")
        self.routes = tuple(_route(line) for line in table["routes"])
        settings()

    def answer(self, request: Request, wire: Callable[[], Any] | None = None) -> Response:
        """Answer one request; `wire` replaces the function's own composition in tests."""
        trace = _trace_of(request)
        try:
            response = (
                preflight(request, settings().cors_origins) if is_preflight(request) else self._answer(request, wire, trace)
            )
        except Exception as trouble:  # noqa: BLE001 - the last line of defence: nobody sees a stack trace
            response = self._refuse(request, trouble, trace)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = trace
        self._allow_origin(request, response)
        return response

    def _allow_origin(self, request: Request, response: Response) -> None:
        try:
            allow(request, response, settings().cors_origins)
        except ConfigurationError:
            return

    def _answer(self, request: Request, wire: Callable[[], Any] | None, trace: str) -> Response:
        began = system.monotonic()
        route, values = self._match(request.method, request.path)
        known = settings()
        body = _body_of(request, route.max_body)
        caller = _caller(self.name, route, request, body, values, known)
        _check_type(request, body)
        door = getattr(import_module(f"functions.{self.name}.doors"), route.door)
        app = wire() if wire is not None else import_module(f"functions.{self.name}.wiring").wire()
        caller = pass_gate(getattr(app, "gate", None), route.caller, request, caller, known.trusted_proxies)
        demand_role(caller, route.caller)
        reply: Reply = door(Asked(request, caller, values, body, trace), app)
        if known.is_debug:
            line = RequestLine(route.method, route.path, reply.status, system.monotonic() - began)
            log_request(line, trace, function=self.name, status=reply.status, role=caller.role)
        return Response(reply.body, reply.status, dict(reply.headers), content_type=reply.content_type)

    def _match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route of a path in any of the forms a cloud URL may hand over: with `/api`, without, or the bare end."""
        allowed = []
        for route in self.routes:
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            if route.method == method or (method == "HEAD" and route.method == "GET"):
                return route, dict(zip(route.names, found.groups(), strict=True))
            allowed.append(route.method)
        if allowed:
            told = f"Use {' or '.join(sorted(set(allowed)))} here."
            raise Problem(405, "Method not allowed", told, code="method", headers={"Allow": ", ".join(sorted(set(allowed)))})
        raise Problem(404, "Not found", "There is nothing at this path; see /api/docs.", code="not-found")

    def _refuse(self, request: Request, trouble: Exception, trace: str) -> Response:
        told = told_of(trouble)
        where = {"function": self.name, "method": request.method, "path": request.path}
        if isinstance(trouble, ConfigurationError):
            log("CRITICAL", str(trouble), trace, **where)
            told = Told(500, "configuration", "Wrongly configured", "The deployment is wrongly configured; its log says how.")
        elif told is None:
            log_crash(trouble, trace, **where)
            told = Told(500, "internal", "Internal error", "Something went wrong on our side; the log has it under this id.")
        else:
            severity = "ERROR" if told.status >= 500 else "INFO"  # noqa: PLR2004 - the status says it
            log(severity, told.title, trace, status=told.status, detail=told.code, **where)
        return response_of(told, trace, members_of(self.family, told))


def _route(line: Mapping[str, Any]) -> Route:
    path = str(line["path"])
    variables = re.compile(r"\\\{\w+\\\}")
    head, family, rest = _parts(path)
    pattern = f"(?:{head})?(?:{family})?" + variables.sub(lambda _: _SEGMENT, re.escape(rest)) + "/?"
    return Route(
        method=str(line["method"]),
        path=path,
        door=str(line["door"]),
        caller=str(line["caller"]),
        max_body=int(line.get("max_body", DEFAULT_MAX_BODY)),
        pattern=re.compile(pattern),
        names=tuple(re.findall(r"\{(\w+)\}", path)),
    )


def _parts(path: str) -> tuple[str, str, str]:
    """`/api`, the function's family and the rest: a cloud URL may hand the path over without the first or both."""
    parts = path.split("/")
    if parts[1] != "api":
        return "", "", path
    return ("/api", f"/{parts[2]}", "/" + "/".join(parts[3:])) if len(parts) > 3 else ("/api", "", f"/{parts[2]}")  # noqa: PLR2004


def _trace_of(request: Request) -> str:
    """The trace that this request belongs to, from the headers that Google and W3C use, or a new id."""
    told = request.headers.get("traceparent") or request.headers.get("X-Cloud-Trace-Context") or ""
    found = _TRACE.fullmatch(told[:128])
    return found.group(1) if found else system.new_id()


def _body_of(request: Request, most: int) -> bytes:
    """The raw body, never more than `most` bytes of it, whatever its headers claim."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem(415, "Unsupported encoding", "Send the body as it is, without Content-Encoding.", code="encoding")
    length = request.content_length
    body = b"" if length is not None and length > most else request.stream.read(most + 1)
    if len(body) > most or (length is not None and length > most):
        request._cached_data = b""  # noqa: SLF001 - else the framework drains the rest
        raise Problem(413, "The body is too large", f"At most {most} bytes are taken here.", code="too-large")
    request._cached_data = body  # noqa: SLF001 - read once, seen by everybody
    return body


def _caller(name: str, route: Route, request: Request, body: bytes, values: Mapping[str, str], known: Settings) -> Caller:
    if route.caller in SENDERS:
        return SENDERS[route.caller](Sent(request.headers, body, values, system.now().timestamp()), known)  # type: ignore[arg-type]
    own = known.url_of(name)
    audiences = (own, own + route.path) if own else ()
    return caller_of(Door(route.caller, audiences), request.headers, known)  # type: ignore[arg-type]


def _check_type(request: Request, body: bytes) -> None:
    """Bodies are JSON: a form or plain text is refused, so that no other site's page can send one."""
    if body and request.mimetype != "application/json":
        detail = "Send a JSON object with Content-Type: application/json; a CSV goes into a field of it."
        raise Problem(415, "Unsupported media type", detail, code="media-type")
