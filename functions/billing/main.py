"""The Financial Hub: rate plans, invoices, payment orders and payments, all of them following from measured attendance.

The cloud entry point; the routes stand in function.json, the doors in doors.py.
"""

import functions_framework
from flask import Request, Response

from shared.web.routes import Routes

routes = Routes(__file__)


@functions_framework.http
def billing(request: Request) -> Response:
    """Answer one request."""
    return routes.answer(request)
