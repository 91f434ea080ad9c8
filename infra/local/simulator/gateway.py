"""The door to Google's APIs: every request and every answer is held against Google's own description of the API."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.simulator.calls import Call, Json, Operation, read_query
from infra.local.simulator.discovery import Api, Method, Routes, described
from infra.local.simulator.refusals import Refusal, Shape, absent, invalid, not_simulated
from infra.local.simulator.schemas import Checker
from infra.local.simulator.world import World

LOG = logging.getLogger("rollcall.simulator")

# What changes the form of an answer only, or nothing: the answer is JSON, in one form.
_IDLE = frozenset({"alt", "prettyPrint", "key", "quotaUser", "userIp", "$.xgafv"})
# What these change outlives a restart.
_KEPT = frozenset({Api.CALENDAR, Api.WORKSPACEEVENTS})
_TOKEN = re.compile(r"Bearer local-(\S+@\S+)", re.IGNORECASE)
_OVERRIDE = "x-http-method-override"


class Gateway:
    """Answers as Google's APIs do. `operations` are the methods that are served, by id."""

    def __init__(self, world: World, operations: Mapping[str, Operation], clock: Callable[[], datetime]) -> None:
        descriptions = [described(api) for api in Api]
        self.methods = {method.method_id: method for told in descriptions for method in told.methods}
        unknown = sorted(set(operations) - set(self.methods))
        if unknown:
            raise ValueError(f"Google has no method {unknown[0]}")
        self._world = world
        self._operations = operations
        self._clock = clock
        self._routes = Routes(tuple(self.methods.values()))
        self._checkers = {told.api: Checker(told) for told in descriptions}

    async def answer(self, request: Request) -> Response:
        """The answer to one request, after the latency that is set."""
        content = await request.body()
        await asyncio.sleep(self._world.knobs.latency_ms / 1000)
        verb, query = _asked(request, content)
        found = self._routes.find(verb, request.scope["raw_path"].decode())
        if found is None:
            return _refused(absent(f"Google has no method {verb} {request.url.path}."), Shape.RPC)
        method, path = found
        try:
            subject = _subject(request.headers.get("authorization"), method)
            body = self._body(method, content)
            call = Call(subject, path, self._query(method, query), body, self._clock())
            return self._answered(method, call)
        except Refusal as refusal:
            return _refused(refusal, method.api.value.shape)

    def _answered(self, method: Method, call: Call) -> Response:
        self._count(method, call)
        failure = self._world.failures.take(method)
        if failure is None or failure.is_after:
            told = self._operations[method.method_id].answer(call)
            if method.api in _KEPT:
                self._world.changes += 1
        if failure is not None:
            raise Refusal(failure.status, f"The simulator was told to fail {method.method_id}.", failure.reason)
        return self._checked(method, told)

    def _query(self, method: Method, pairs: list[tuple[str, str]]) -> Json:
        query = read_query(method, pairs)
        operation = self._operations.get(method.method_id)
        if operation is None:
            raise not_simulated(method.method_id)
        unserved = sorted(set(query) - _IDLE - operation.takes)
        if unserved:
            raise not_simulated(f"the parameter {unserved[0]} of {method.method_id}")
        return {name: value for name, value in query.items() if name not in _IDLE}

    def _body(self, method: Method, content: bytes) -> Json:
        if method.request is None:
            return {}
        try:
            body = json.loads(content or b"{}")
        except ValueError as bad:
            raise invalid(f"Invalid JSON payload received. {bad}") from bad
        if not isinstance(body, dict):
            raise invalid("Invalid JSON payload received. The body must be an object.")
        wrong = self._checkers[method.api].wrong_in_request(method, method.request, body)
        if wrong is not None:
            raise invalid(f"Invalid JSON payload received. At {wrong}")
        return body

    def _count(self, method: Method, call: Call) -> None:
        quota = self._world.knobs.meet_quota_per_minute
        if method.api is Api.MEET and not self._world.reads.admits(call.subject, call.now, quota):
            raise Refusal(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of "
                "service 'meet.googleapis.com'.",
                "RATE_LIMIT_EXCEEDED",
            )

    def _checked(self, method: Method, told: Json | None) -> Response:
        """The answer as JSON; one that Google could not have given is a fault of the simulator, said loudly."""
        if method.response is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        wrong = self._checkers[method.api].wrong_in_answer(method.response, told)
        if wrong is not None:
            LOG.error("The simulator's answer to %s is none of Google's: %s. It was %r", method.method_id, wrong, told)
            raise Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, f"The simulator's own answer is wrong: at {wrong}")
        return JSONResponse(told)


def _asked(request: Request, content: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Verb and query. Google's client sends a GET with a long query as a form that is posted."""
    override = request.headers.get(_OVERRIDE, "").upper()
    if request.method == "POST" and override == "GET":
        return override, parse_qsl(content.decode(), keep_blank_values=True)
    return request.method, request.query_params.multi_items()


def _subject(header: str | None, method: Method) -> str:
    """Whom the caller acts as, in lower case."""
    if not header:
        is_legacy = method.api.value.shape is Shape.LEGACY
        message = "Login Required." if is_legacy else "Request is missing required authentication credential."
        raise Refusal(HTTPStatus.UNAUTHORIZED, message, "required" if is_legacy else None)
    found = _TOKEN.fullmatch(header)
    if found is None:
        raise Refusal(
            HTTPStatus.UNAUTHORIZED,
            "Request had invalid authentication credentials. The simulator takes 'Authorization: Bearer "
            "local-<e-mail address>', which Rollcall sends when GOOGLE_API_ENDPOINT is set.",
        )
    return found[1].lower()


def _refused(refusal: Refusal, shape: Shape) -> JSONResponse:
    return JSONResponse(refusal.body(shape), status_code=refusal.status)
