"""Refusals as Google words them, in the two forms of its error bodies."""

from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


class Shape(Enum):
    """The form of an API's error bodies: the older one lists `errors`, the newer one names a `status`."""

    LEGACY = auto()
    RPC = auto()


_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

_REASONS = {
    400: "invalid",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "duplicate",
    410: "deleted",
    429: "rateLimitExceeded",
    501: "notImplemented",
}


class Refusal(Exception):
    """An answer that is an error: HTTP status, message for people, and a reason for programs where Google gives one.

    `metadata` goes with the reason, `domain` says whose reason it is; the newer form of error bodies holds both.
    """

    def __init__(
        self,
        status: int,
        message: str,
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
        domain: str = "googleapis.com",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason
        self.metadata = metadata
        self.domain = domain

    def body(self, shape: Shape) -> Json:
        """The error body in an API's form."""
        return {"error": self._legacy() if shape is Shape.LEGACY else self._rpc()}

    def _legacy(self) -> Json:
        reason = self.reason or _REASONS.get(self.status, "backendError")
        return {
            "errors": [{"domain": "global", "reason": reason, "message": self.message}],
            "code": self.status,
            "message": self.message,
        }

    def _rpc(self) -> Json:
        error: Json = {"code": self.status, "message": self.message, "status": _STATUS_WORDS.get(self.status, "UNKNOWN")}
        if self.reason is not None:
            kind = "type.googleapis.com/google.rpc.ErrorInfo"
            about = {"@type": kind, "reason": self.reason, "domain": self.domain}
            error["details"] = [about | ({"metadata": dict(self.metadata)} if self.metadata else {})]
        return error


class Impossible(Exception):
    """An order of the control path that cannot be carried out: HTTP status, and the field that is wrong."""

    def __init__(self, status: int, field: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.field = field


def invalid(message: str) -> Refusal:
    """A request that cannot be understood."""
    return Refusal(HTTPStatus.BAD_REQUEST, message)


def absent(message: str = "Requested entity was not found.") -> Refusal:
    """Something that is not there, or not any more."""
    return Refusal(HTTPStatus.NOT_FOUND, message)


def not_simulated(what: str) -> Refusal:
    """Something that Google does and the simulator does not."""
    return Refusal(HTTPStatus.NOT_IMPLEMENTED, f"The simulator does not serve {what}, though Google does.")
