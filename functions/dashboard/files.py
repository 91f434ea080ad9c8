"""Files of the built pages, with the compressed forms that were made beside them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".json": "application/json",
}
COMPRESSED = {".br": "br", ".gz": "gzip"}
PREFERRED = ("br", "gzip")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: its type, its tag, and its bytes by encoding; `identity` is always there.

    The tag is weak, because every encoding of the file has the same one.
    """

    content_type: str
    etag: str
    bodies: Mapping[str, bytes]

    def encoding_for(self, quality: Callable[[str], float]) -> str:
        """The smallest form that the browser takes; `quality` is 0 for one that it does not."""
        return next((name for name in PREFERRED if name in self.bodies and quality(name) > 0), "identity")


def file_of(content: bytes, content_type: str, compressed: Mapping[str, bytes] | None = None) -> StaticFile:
    """A file of some bytes, tagged by what is in them."""
    tag = hashlib.sha256(content).hexdigest()[:32]
    return StaticFile(content_type, f'W/"{tag}"', {"identity": content, **(compressed or {})})


def read_files(folder: Path) -> dict[str, StaticFile]:
    """Every file of a folder by its path in it; files of a type that the pages do not have are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            beside = {encoding: path.with_name(path.name + suffix) for suffix, encoding in COMPRESSED.items()}
            compressed = {encoding: other.read_bytes() for encoding, other in beside.items() if other.is_file()}
            name = path.relative_to(folder).as_posix()
            found[name] = file_of(path.read_bytes(), TYPES[path.suffix], compressed)
    return found
