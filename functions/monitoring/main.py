"""Who is in class now, who was, and whether the system is well.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def monitoring(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
