"""The description of every route, and a page that shows it."""

from pathlib import Path

from functions.openapi.wiring import Docs
from shared.domain.errors import NotFound
from shared.web.describe import describes
from shared.web.routes import Asked, Reply

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@describes(other_types={"application/json": "An OpenAPI 3.1 document."})
def openapi_document(asked: Asked, app: Docs) -> Reply:  # noqa: ARG001 - every door takes both
    """Describe every route of the API."""
    return Reply(200, app.document, headers={"Cache-Control": "public, max-age=60"})


@describes(other_types={"text/html": "A page that shows the document and tries routes."})
def docs_page(asked: Asked, app: Docs) -> Reply:  # noqa: ARG001 - every door takes both
    """Show the document as a page."""
    page = (Path(__file__).parent / "page.html").read_bytes()
    return Reply(200, page, "text/html; charset=utf-8", {"Content-Security-Policy": PAGE_POLICY})


@describes(other_types={"text/javascript": "A file of the page.", "text/css": "A file of the page."}, problems=(404,))
def docs_asset(asked: Asked, app: Docs) -> Reply:
    """Give a file of the page."""
    found = app.assets.get(asked.path["asset"])
    if found is None:
        raise NotFound("No such file.")
    content, kind = found
    return Reply(200, content, f"{kind}; charset=utf-8", {"Cache-Control": "public, max-age=3600"})
