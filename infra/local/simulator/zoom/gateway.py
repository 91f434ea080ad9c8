"""The door to Zoom's API: tokens, limits and planned failures, and every answer held against its schema."""

import re
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.simulator import instants
from infra.local.simulator.zoom import oauth
from infra.local.simulator.zoom.calls import ZoomAnswer, ZoomCall, ZoomOperation, matched
from infra.local.simulator.zoom.knobs import ZoomFailure
from infra.local.simulator.zoom.refusals import TOO_MANY, ZoomRefusal, not_simulated
from infra.local.simulator.zoom.schemas import WrongOfOurOwn, must_be_right
from infra.local.simulator.zoom.world import ZoomWorld

ROOT, REST, TOKEN = "/zoom", "/v2", "/oauth/token"

_SLASHES = re.compile("/+$")


class ZoomGateway:
    """Answers as Zoom does, below `/zoom`."""

    def __init__(self, world: ZoomWorld, operations: Iterable[ZoomOperation], clock: Callable[[], datetime]) -> None:
        self._world = world
        self._operations = tuple(operations)
        self._clock = clock
        self._calls: deque[int] = deque()

    async def answer(self, request: Request) -> Response:
        """The answer to one request."""
        content = await request.body()
        path = _SLASHES.sub("", request.scope["raw_path"].decode().removeprefix(ROOT))
        try:
            if path == TOKEN and request.method == "POST":
                return self._token(request, content)
            return self._answered(request, path, content)
        except oauth.NoToken as refused:
            return refused.answer()
        except ZoomRefusal as refused:
            return refused.answer()
        except WrongOfOurOwn as wrong:
            return ZoomRefusal(HTTPStatus.INTERNAL_SERVER_ERROR, 500, str(wrong)).answer()

    def _token(self, request: Request, content: bytes) -> Response:
        failure = self._world.failures.take(request.method, TOKEN)
        if failure is not None:
            raise _planned(failure)
        asked = dict(parse_qsl(content.decode(errors="replace"))) | dict(request.query_params)
        base = f"{request.url.scheme}://{request.url.netloc}{ROOT}"
        told = oauth.token(self._world, asked, request.headers.get("authorization", ""), self._now(), base)
        must_be_right("token", told)
        return JSONResponse(told)

    def _answered(self, request: Request, path: str, content: bytes) -> Response:
        now = self._now()
        oauth.must_be_known(self._world, request.headers.get("authorization", ""), now)
        self._count(now)
        operation, parts = self._found(request.method, path)
        failure = self._world.failures.take(request.method, path)
        if failure is not None and not failure.is_after:
            raise _planned(failure)
        query = dict(request.query_params)
        unserved = sorted(set(query) - operation.takes)
        if unserved:
            raise not_simulated(f"the parameter {unserved[0]} of {operation.verb} {operation.template}")
        answer = operation.answer(ZoomCall(parts, query, content, now))
        self._world.changes += request.method != "GET"
        if failure is not None:
            raise _planned(failure)
        return _checked(answer)

    def _found(self, verb: str, path: str) -> tuple[ZoomOperation, dict[str, str]]:
        if path.startswith(f"{REST}/"):
            for operation in self._operations:
                parts = matched(operation, path.removeprefix(REST)) if operation.verb == verb else None
                if parts is not None:
                    return operation, parts
        message = f"The simulated Zoom serves no {verb} {path}. A uuid with slashes must be encoded twice."
        raise ZoomRefusal(HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND, message)

    def _count(self, now: int) -> None:
        most = self._world.knobs.rate_per_second
        if most is None:
            return
        while self._calls and now - self._calls[0] >= instants.SECOND:
            self._calls.popleft()
        if len(self._calls) >= most:
            headers = {"X-RateLimit-Type": "QPS", "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": "0"}
            raise ZoomRefusal(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, headers=headers)
        self._calls.append(now)

    def _now(self) -> int:
        return instants.of(self._clock())


def _planned(failure: ZoomFailure) -> ZoomRefusal:
    words = None if failure.code is not None else "The simulated Zoom was told to fail this call."
    return ZoomRefusal(failure.status, failure.code or failure.status, words)


def _checked(answer: ZoomAnswer) -> Response:
    if not answer.schema:
        return Response(status_code=answer.status)
    must_be_right(answer.schema, answer.body)
    return JSONResponse(answer.body, status_code=answer.status)
