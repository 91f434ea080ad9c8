"""A part of one of the cloud's own APIs, served: each request and each answer is held against Google's description of it."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.simulator.calls import read_query
from infra.local.simulator.discovery import CloudApi, Method, Routes, described
from infra.local.simulator.refusals import Refusal, Shape, absent, invalid, not_simulated
from infra.local.simulator.schemas import Checker

LOG = logging.getLogger("rollcall.cloud")
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

Json = dict[str, Any]

# Google's clients for REST say with this that they take enumerations as numbers; names are fine with them too.
_IDLE = frozenset({"$alt"})


@dataclass(frozen=True, slots=True)
class CloudCall:
    """One checked call: the method's name as `projects.locations.jobs.get`, the parts of its path by name, query and body."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Json

    def name(self) -> str:
        """What the path names, without a verb behind a colon: `projects/p/locations/l/jobs/j`."""
        return "/".join(f"{part.removesuffix('Id')}/{value}" for part, value in self.path.items())


Operation = Callable[[CloudCall], Awaitable[Json]]


class DescribedApi:
    """Serves the methods of `api` that are in `operations`, by their names; any other one is refused as not served here."""

    def __init__(self, api: CloudApi, operations: Mapping[str, Operation]) -> None:
        told = described(api)
        self._methods = {method.name: method for method in told.methods}
        if unknown := sorted(set(operations) - set(self._methods)):
            raise ValueError(f"{api.value.title} has no method {unknown[0]}")
        self._operations = operations
        self._routes = Routes(told.methods)
        self._checker = Checker(told)

    def route(self, prefix: str = "") -> Route:
        """All of it, under `prefix`."""
        return Route(f"{prefix}/{{path:path}}", self._answer, methods=VERBS)

    def routes(self) -> list[Route]:
        """Only the paths of what is served, so that several APIs can share one address."""
        paths = {self._methods[name].path for name in self._operations}
        return [Route(path, self._answer, methods=VERBS) for path in sorted(paths, key=len, reverse=True)]

    async def _answer(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode().removeprefix(request.scope.get("root_path", ""))
        try:
            return JSONResponse(await self._answered(request, raw))
        except Refusal as refusal:
            return JSONResponse(refusal.body(Shape.RPC), status_code=refusal.status)

    async def _answered(self, request: Request, raw_path: str) -> Json:
        found = self._routes.find(request.method, raw_path)
        if found is None:
            raise absent(f"Google has no method {request.method} {raw_path}.")
        method, path = found
        operation = self._operations.get(method.name)
        if operation is None:
            raise not_simulated(method.method_id)
        query = read_query(method, [(name, text) for name, text in request.query_params.multi_items() if name not in _IDLE])
        answer = await operation(CloudCall(method.name, path, query, self._body(method, await request.body())))
        wrong = self._checker.wrong_in_answer(str(method.response), answer)
        if wrong is not None:
            LOG.error("The answer to %s is none of Google's: %s. It was %r", method.method_id, wrong, answer)
            raise Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, f"The local answer is wrong: at {wrong}")
        return answer

    def _body(self, method: Method, content: bytes) -> Json:
        if method.request is None:
            return {}
        try:
            body = json.loads(content or b"{}")
        except ValueError as bad:
            raise invalid(f"Invalid JSON payload received. {bad}") from bad
        wrong = self._checker.wrong_in_request(method, method.request, body)
        if wrong is not None:
            raise invalid(f"Invalid JSON payload received. At {wrong}")
        told: Json = body
        return told
