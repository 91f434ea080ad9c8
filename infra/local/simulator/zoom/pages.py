"""Zoom's pages: a token is good for fifteen minutes, and for the list that it came from only."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from infra.local.simulator import instants
from infra.local.simulator.zoom.refusals import INVALID, ZoomRefusal, invalid

T = TypeVar("T")

TOKEN_LIFE = 15 * 60 * instants.SECOND
DEFAULT_SIZE, MOST = 30, 300


@dataclass(slots=True)
class Pages:
    """Tokens that were given out: the list each belongs to, how far that was read, and when it ends."""

    _given: dict[str, tuple[object, int, int]] = field(default_factory=dict)

    def page_of(self, items: Sequence[T], query: Mapping[str, str], question: object, now: int) -> tuple[list[T], dict[str, Any]]:
        """The items of the page that the query asks for, and what Zoom tells about the page."""
        size = _size(query)
        asked = (question, size)
        start = self._opened(query.get("next_page_token", ""), asked, now)
        shown = list(items[start : start + size])
        more = start + size < len(items)
        token = self._sealed(asked, start + size, now) if more else ""
        return shown, {"page_size": size, "total_records": len(items), "next_page_token": token}

    def _sealed(self, asked: object, start: int, now: int) -> str:
        self._given = {token: one for token, one in self._given.items() if one[2] > now}
        token = secrets.token_urlsafe(26)
        self._given[token] = (asked, start, now + TOKEN_LIFE)
        return token

    def _opened(self, token: str, asked: object, now: int) -> int:
        if not token:
            return 0
        told, start, until = self._given.get(token, (None, 0, 0))
        if told != asked or until <= now:
            raise ZoomRefusal(HTTPStatus.BAD_REQUEST, INVALID, "The next page token is invalid or expired.")
        return start


def _size(query: Mapping[str, str]) -> int:
    told = query.get("page_size", "")
    if not told:
        return DEFAULT_SIZE
    if not told.isascii() or not told.isdigit() or not 1 <= int(told) <= MOST:
        raise invalid("page_size", f"Give a number from 1 to {MOST}.")
    return int(told)
