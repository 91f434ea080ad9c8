"""The composition of `dashboard`: the files that were built, and this deployment's settings for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.dashboard.files import StaticFile, file_of, read_files
from functions.dashboard.policy import page_headers
from shared.config import ConfigurationError, Settings, settings

GOOGLE_ISSUERS = ("https://accounts.google.com", "accounts.google.com")


@dataclass(frozen=True)
class Site:
    """What the doors use: files by path, the pages' settings as a file, and the headers of the page."""

    files: Mapping[str, StaticFile]
    config: StaticFile
    page_headers: Mapping[str, str]

    def file(self, path: str) -> StaticFile | None:
        """A file that was built, or None."""
        return self.files.get(path)


def site_of(folder: Path, known: Settings) -> Site:
    """The site of a built folder; raises `ConfigurationError` where nothing was built."""
    files = read_files(folder)
    if "index.html" not in files:
        raise ConfigurationError("The dashboard has no pages: build them with `make web` before packing.")
    client = known.oidc_audiences[0] if known.oidc_issuer in GOOGLE_ISSUERS and known.oidc_audiences else None
    told = {
        "realtimeUrl": known.realtime_url,
        "auth": "open" if known.is_open else "google" if client else "token",
        "googleClientId": client,
        "timeZone": known.organisation_timezone,
    }
    config = file_of(json.dumps(told).encode(), "application/json")
    return Site(files, config, page_headers(known.realtime_url, has_google=client is not None))


@cache
def wire() -> Site:
    """Read the built files, once."""
    return site_of(Path(__file__).parent / "dist", settings())
