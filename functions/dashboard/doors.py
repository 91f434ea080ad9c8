"""The pages and their files, each compressed when it was built, and what the pages have to know of this deployment."""

from collections.abc import Mapping

from functions.dashboard.files import StaticFile
from functions.dashboard.wiring import Site
from shared.domain.errors import NotFound
from shared.web.describe import describes
from shared.web.routes import Asked, Reply

ALWAYS_ASK = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


@describes(is_internal=True)
def page(asked: Asked, app: Site) -> Reply:
    """Give the page; which screen it shows is decided in the browser, by the path."""
    return _file(asked, app.file("index.html"), ALWAYS_ASK, app.page_headers)


@describes(is_internal=True)
def config(asked: Asked, app: Site) -> Reply:
    """Tell the pages where the live connection is and how people sign in here. Nothing in it is secret."""
    return _file(asked, app.config, ALWAYS_ASK)


@describes(is_internal=True)
def theme(asked: Asked, app: Site) -> Reply:
    """Give the script that chooses light or dark before anything is drawn."""
    return _file(asked, app.file("theme.js"), ALWAYS_ASK)


@describes(is_internal=True)
def icon(asked: Asked, app: Site) -> Reply:
    """Give the picture for the browser's tab."""
    return _file(asked, app.file("favicon.svg"), ALWAYS_ASK)


@describes(is_internal=True)
def asset(asked: Asked, app: Site) -> Reply:
    """Give a file whose name changes with its content, and which may therefore be kept for ever."""
    return _file(asked, app.file(f"assets/{asked.path['file']}"), FOR_EVER)


def _file(asked: Asked, file: StaticFile | None, cache: str, headers: Mapping[str, str] | None = None) -> Reply:
    if file is None:
        raise NotFound("No such file; the page may be of an older version: load it again.")
    told = {**(headers or {}), "Cache-Control": cache, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if asked.request.if_none_match.contains_weak(file.etag.removeprefix("W/").strip('"')):
        return Reply(304, b"", file.content_type, told)
    encoding = file.encoding_for(asked.request.accept_encodings.quality)
    if encoding != "identity":
        told["Content-Encoding"] = encoding
    return Reply(200, file.bodies[encoding], file.content_type, told)
