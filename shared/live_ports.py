"""Ports of the live view: reading it, and hearing when it changes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from shared.domain.live import LiveSession

Seen = Callable[[Mapping[str, LiveSession], datetime], None]
"""Told the live sessions of a course by id as they are now, and the instant of the store at which they were so."""


class Watch(Protocol):
    """Something that is being listened to."""

    @property
    def is_alive(self) -> bool:
        """Whether it still would tell of a change, as far as it knows."""

    def stop(self) -> None:
        """End it; nothing is told after this returns, but for what is being told at this moment."""


class LiveViews(Protocol):
    """The live views of classes, by course."""

    def of_course(self, course_id: str, ends_after: datetime) -> Mapping[str, LiveSession]:
        """The begun classes of a course that end after an instant, by session id; at most 100, the latest first."""

    def watch(self, course_id: str, ends_after: datetime, seen: Seen) -> Watch:
        """Listen to the same; `seen` is told the whole at once and after every change, on a thread of its own."""

    def watch_roster(self, course_id: str, seen: Callable[[frozenset[str]], None]) -> Watch:
        """Listen to who belongs to a course by the directory; told at once and after every change."""
