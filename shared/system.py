"""The machine itself: the only module that reads a clock, waits, or makes up an id."""

import random
import time
import uuid
from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()


def new_id() -> str:
    """32 random hex digits."""
    return uuid.uuid4().hex


def sleep(seconds: float) -> None:
    """Wait for about `seconds`: a random part of it, so that two that collided do not collide again."""
    time.sleep(random.uniform(0.5, 1.0) * seconds)  # noqa: S311 - guards nothing
