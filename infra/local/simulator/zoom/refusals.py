"""Refusals as Zoom words them: `{code, message}`, with a list of wrong fields where a body is wrong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from infra.local.simulator.zoom.schemas import must_be_right

INVALID, PAID_ONLY, BAD_TOKEN, NO_USER, NO_MEETING, RUNNING, TOO_MANY, NO_SCOPE = 300, 200, 124, 1001, 3001, 3002, 429, 4700

_WORDS = {
    INVALID: "Validation Failed.",
    PAID_ONLY: "Only available for Paid user.",
    BAD_TOKEN: "Invalid access token.",
    NO_USER: "User does not exist.",
    NO_MEETING: "Meeting does not exist.",
    TOO_MANY: "You have reached the maximum per-second rate limit for this API. Try again later.",
    NO_SCOPE: "Invalid access token, does not contain scopes.",
}


class ZoomRefusal(Exception):
    """An answer that is an error: HTTP status, Zoom's own code, and words for people."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message or _WORDS.get(code, "Internal error."))
        self.status = status
        self.code = code
        self.errors = [dict(one) for one in errors]
        self.headers = dict(headers or {})

    def answer(self) -> JSONResponse:
        """The refusal as an answer."""
        body: dict[str, Any] = {"code": self.code, "message": str(self)}
        if self.errors:
            body["errors"] = self.errors
        must_be_right("error", body)
        return JSONResponse(body, status_code=self.status, headers=self.headers)


def no_meeting(number: object) -> ZoomRefusal:
    """A meeting that is not there, or not any more."""
    return ZoomRefusal(HTTPStatus.NOT_FOUND, NO_MEETING, f"Meeting does not exist: {number}.")


def not_ended() -> ZoomRefusal:
    """A report of a meeting that is not over, or that nobody but one person was in, or that is not ready."""
    return ZoomRefusal(HTTPStatus.NOT_FOUND, NO_MEETING, "Meeting ID is invalid or not end.")


def invalid(field: str, message: str) -> ZoomRefusal:
    """A request with a wrong field."""
    return ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, errors=[{"field": field, "message": message}])


def not_simulated(what: str) -> ZoomRefusal:
    """Something that Zoom does and the simulator does not."""
    return ZoomRefusal(HTTPStatus.NOT_IMPLEMENTED, 501, f"The simulator does not serve {what}, though Zoom does.")
