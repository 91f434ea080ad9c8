"""Signing in, and registering for meetings: who says to be in which one, from which device.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def user_sessions(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
