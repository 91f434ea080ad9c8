"""The doors of the control path: orders read, answers and refusals written."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.simulator.refusals import Impossible
from infra.local.simulator.world import World

Json = dict[str, Any]
Order = TypeVar("Order", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Json]]


def door(world: World, handle: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers with what the handler says; an order that is carried out changes the world."""

    async def answer(request: Request) -> Response:
        try:
            told = await handle(request)
        except Impossible as wrong:
            error = {"code": wrong.status, "field": wrong.field, "message": f"{wrong.field}: {wrong}"}
            return JSONResponse({"error": error}, status_code=wrong.status)
        if request.method != "GET":
            world.changes += 1
        return JSONResponse(told)

    return answer


async def read_order(request: Request, kind: type[Order]) -> Order:
    """The body of a control request; an empty one is an empty object."""
    content = await request.body()
    try:
        return kind.model_validate_json(content or b"{}")
    except ValidationError as bad:
        first = bad.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise Impossible(HTTPStatus.BAD_REQUEST, "body", f"this is no JSON ({first['msg']})") from bad
        message = first["msg"].removeprefix("Value error, ")
        field = ".".join(str(part) for part in first["loc"]) or message.partition(":")[0]
        raise Impossible(422, field, message.removeprefix(f"{field}: ")) from bad
