"""Problems: every error answer is RFC 9457 `application/problem+json`, made from one table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from shared.domain import errors
from shared.web.words import words_for


class Problem(Exception):
    """A refusal by the edge itself, before any story is told."""

    def __init__(self, status: int, title: str, detail: str, *, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.told = Told(status, code, title, detail, headers=dict(headers or {}))


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller is told: `code` ends the problem's type, `errors` names fields, `more` adds members."""

    status: int
    code: str
    title: str
    detail: str
    errors: Sequence[Mapping[str, str]] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


_TABLE: Mapping[type[errors.DomainError], tuple[int, str, str]] = {
    errors.NotFound: (404, "not-found", "Not found"),
    errors.InvalidInput: (422, "invalid-input", "The request has a field that cannot be used"),
    errors.Forbidden: (403, "forbidden", "Insufficient permissions"),
    errors.NotInThisState: (409, "wrong-state", "This is not possible in the present state"),
    errors.AlreadyBooked: (409, "already-booked", "Already booked at that time"),
    errors.KeyReused: (422, "idempotency-key-reused", "The Idempotency-Key was used for another request"),
    errors.Stale: (409, "changed-meanwhile", "Somebody else changed it at the same time"),
    errors.Unavailable: (503, "unavailable", "Temporarily unavailable"),
    errors.UpstreamRefused: (502, "upstream-refused", "The provider refused"),
}


def told_of(trouble: BaseException) -> Told | None:
    """What the caller is told about a failure; None for one that nobody foresaw."""
    if isinstance(trouble, Problem):
        return trouble.told
    if isinstance(trouble, errors.DomainError):
        status, code, title = next(_TABLE[kind] for kind in type(trouble).__mro__ if kind in _TABLE)
        return Told(status, code, _title(trouble, title), trouble.detail, _errors(trouble), _more(trouble), _headers(status))
    if type(trouble).__name__ == "ValidationError" and hasattr(trouble, "errors"):
        found = tuple(_field_error(each) for each in trouble.errors(include_url=False, include_input=False))
        if any(each["type"] == "json_invalid" for each in trouble.errors(include_url=False)):
            return Told(400, "invalid-json", "The body is not JSON", found[0]["message"])
        detail = "; ".join(f"{each['field']}: {each['message']}" for each in found[:5])
        return Told(422, "invalid-input", "The request has a field that cannot be used", detail, found[:20])
    return None


def response_of(told: Told, request_id: str, extra: Mapping[str, object] | None = None) -> Response:
    """The answer for `told`; `extra` are members that a route family adds to all its errors."""
    body: dict[str, object] = {
        "type": f"urn:rollcall:problem:{told.code}",
        "title": told.title,
        "status": told.status,
        "detail": told.detail,
        "request_id": request_id,
        **({"errors": list(told.errors)} if told.errors else {}),
        **told.more,
        **(extra or {}),
    }
    response = Response(json.dumps(body), status=told.status, content_type="application/problem+json")
    response.headers.update(told.headers)
    return response


def _title(trouble: errors.DomainError, title: str) -> str:
    return trouble.title if isinstance(trouble, errors.UpstreamRefused) else title


def _errors(trouble: errors.DomainError) -> Sequence[Mapping[str, str]]:
    if isinstance(trouble, errors.InvalidInput):
        return ({"field": trouble.field, "message": trouble.detail},)
    return ()


def _more(trouble: errors.DomainError) -> Mapping[str, object]:
    return {"class_ids": list(trouble.class_ids)} if isinstance(trouble, errors.AlreadyBooked) else {}


def _headers(status: int) -> Mapping[str, str]:
    return {"Retry-After": "5"} if status == 503 else {}  # noqa: PLR2004 - the status says it


def _field_error(found: Mapping[str, Any]) -> dict[str, str]:
    """One of pydantic's findings as the caller's field and a sentence."""
    where = ".".join(str(part) for part in found["loc"]) if isinstance(found["loc"], tuple) else ""
    return {"field": where or "body", "message": words_for(found)}
