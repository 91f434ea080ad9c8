"""The composition of `openapi`: files that are packed with the function or come with a package."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ASSETS = {
    "swagger-ui.css": ("css/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("js/swagger-ui-bundle.js", "text/javascript"),
}


@dataclass(frozen=True)
class Docs:
    """What the doors use."""

    document: str
    assets: dict[str, tuple[bytes, str]]


@cache
def wire() -> Docs:
    """Read the document and the viewer's files, once. The viewer's package is not imported, only its files are taken."""
    here = Path(__file__).parent
    spec = find_spec("flask_openapi3_swagger")
    locations = list(spec.submodule_search_locations or ()) if spec else []
    viewer = Path(locations[0]) / "templates" / "swagger"
    assets = {name: ((viewer / where).read_bytes(), kind) for name, (where, kind) in ASSETS.items()}
    assets["start.js"] = ((here / "start.js").read_bytes(), "text/javascript")
    return Docs((here / "openapi.json").read_text("utf-8"), assets)
