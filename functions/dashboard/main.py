"""The dashboard: static pages in the browser, which ask the API for everything they show.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def dashboard(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
