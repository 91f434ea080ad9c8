"""The register: the rules that attendance is judged by, what it adds up to, and who is warned.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def register(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
