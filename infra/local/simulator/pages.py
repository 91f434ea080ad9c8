"""Lists a page at a time. A token names the last item shown, so items that come and go between pages harm nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from infra.local.simulator.refusals import invalid

T = TypeVar("T")
Key = tuple[Any, ...]


def page_of(
    items: Sequence[T],
    key: Callable[[T], Key],
    size: int,
    token: str | None,
    asked: Any,  # noqa: ANN401 - plain JSON
) -> tuple[list[T], str | None]:
    """The page after `token` of the items in the order of their keys, and the token of the next page.

    `asked` is what the list was asked for; a token of another question is refused, as Google does. Keys are plain JSON.
    """
    ordered = sorted(items, key=key)
    if token:
        last = _opened(token, asked)
        ordered = [item for item in ordered if key(item) > last]
    shown = ordered[:size]
    return shown, _sealed(key(shown[-1]), asked) if len(ordered) > size else None


def page_size(asked: int | None, default: int, most: int) -> int:
    """How many items a page holds: what was asked for, within what is allowed; 0 and nothing mean the default."""
    if asked is not None and asked < 0:
        raise invalid("Page size must not be negative.")
    return min(asked or default, most)


def _sealed(last: Key, asked: Any) -> str:  # noqa: ANN401 - plain JSON
    return base64.urlsafe_b64encode(json.dumps([asked, list(last)]).encode()).decode()


def _opened(token: str, asked: Any) -> Key:  # noqa: ANN401 - plain JSON
    try:
        told, last = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error) as bad:
        raise invalid("Invalid page token.") from bad
    if told != json.loads(json.dumps(asked)):
        raise invalid("Invalid page token: it belongs to a list with other parameters.")
    return tuple(last)
