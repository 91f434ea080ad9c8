"""Keeps the push channels alive, sweeps the audit log, asks refused services again, warns and tells the outside.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def housekeeping(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
