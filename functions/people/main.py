"""The directory: students, teachers, guardians, courses and rosters, entered one by one or imported.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def people(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
