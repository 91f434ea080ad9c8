"""Zoom's lists, whole: all pages, from the beginning again when a page's token went stale."""

from shared.adapters.zoom.access import Json, ZoomApi
from shared.adapters.zoom.troubles import PageExpired
from shared.domain.errors import Unavailable

PAGE_SIZE = 300
MOST_PAGES = 500
TRIES = 3


def all_of(
    api: ZoomApi,
    path: str,
    field: str,
    subject: str,
    *,
    params: dict[str, str | int] | None = None,
    is_heavy: bool = False,
) -> tuple[Json, ...]:
    """Every item of a list; raises `Unavailable` when it cannot be read whole."""
    for _ in range(TRIES):
        try:
            return _read(api, path, field, subject, params or {}, is_heavy=is_heavy)
        except PageExpired:
            continue
    raise Unavailable("Zoom's list could not be read to its end, as its pages expired again and again; try again in a minute.")


def _read(api: ZoomApi, path: str, field: str, subject: str, params: dict[str, str | int], *, is_heavy: bool) -> tuple[Json, ...]:
    items: list[Json] = []
    token = ""
    for _ in range(MOST_PAGES):
        asked = {"page_size": PAGE_SIZE, **params, **({"next_page_token": token} if token else {})}
        page = api.call("GET", path, subject, params=asked, is_heavy=is_heavy)
        items += page.get(field) or ()
        token = str(page.get("next_page_token") or "")
        if not token:
            return tuple(items)
    raise Unavailable(f"Zoom's list has no end after {MOST_PAGES} pages; try again in a minute.")
