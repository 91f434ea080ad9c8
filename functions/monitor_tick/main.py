"""Opens and closes classes, repairs what was left undone, plans tasks.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def monitor_tick(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
