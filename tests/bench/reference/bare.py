"""A function that does nothing: what the framework costs by itself."""

import functions_framework
from flask import Request


@functions_framework.http
def bare(request: Request) -> str:  # noqa: ARG001 - the framework's form
    """Answer 200."""
    return "ok"
