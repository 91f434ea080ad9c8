"""Pages of other origins: only those that the deployment names may call, each by its exact origin."""

from collections.abc import Collection

from flask import Request, Response

from shared.web.problems import Problem

METHODS = "GET, POST, PATCH, PUT, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key"
EXPOSED = "X-Request-Id, Retry-After, Content-Disposition"
AN_HOUR = "3600"


def is_preflight(request: Request) -> bool:
    """Whether a browser asks what a page may do, before it does it."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def preflight(request: Request, origins: Collection[str]) -> Response:
    """The answer to a page's question; raises a 403 `Problem` for a page of an origin that is not named."""
    if request.headers.get("Origin") not in origins:
        raise Problem(403, "Foreign origin", "Pages of this origin may not call here; see CORS_ORIGINS.", code="origin")
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = HEADERS
    response.headers["Access-Control-Max-Age"] = AN_HOUR
    return response


def allow(request: Request, response: Response, origins: Collection[str]) -> None:
    """Let the page that asked read the answer, if it is one of ours. Never a wildcard, never credentials."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin is not None and origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
