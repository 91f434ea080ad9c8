"""Refusals as Stripe words them."""

from http import HTTPStatus

from starlette.responses import JSONResponse


class StripeRefusal(Exception):
    """An answer that is an error: HTTP status, Stripe's type and code, message, and the parameter that is wrong."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", code: str = "", param: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    @property
    def body(self) -> dict[str, object]:
        """The error as Stripe's answers hold it."""
        told = {"type": self.kind, "code": self.code, "param": self.param, "message": str(self)}
        return {"error": {name: value for name, value in told.items() if value}}

    def answer(self) -> JSONResponse:
        """The refusal as an answer."""
        return JSONResponse(self.body, status_code=self.status)


def wrong(param: str, message: str, code: str = "parameter_invalid") -> StripeRefusal:
    """A parameter that Stripe does not take."""
    return StripeRefusal(HTTPStatus.BAD_REQUEST, message, code=code, param=param)


def missing(kind: str, named: str) -> StripeRefusal:
    """Something that there is not."""
    return StripeRefusal(HTTPStatus.NOT_FOUND, f"No such {kind}: '{named}'", code="resource_missing", param="id")
