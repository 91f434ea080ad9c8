"""Attendance as a meeting's people ask for it, and every decision about it that a person takes.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def attendance(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
