"""How messages reach the topic: at once, not at all, more than once, in any order, or late."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from infra.local.pubsub.messages import PubsubMessage

Mode = Literal["on", "off", "duplicate", "shuffle", "late"]
Publish = Callable[[str, PubsubMessage], None]

HELD_S = 0.3
LATE_MS = 2000


@dataclass(frozen=True, slots=True)
class PushSettings:
    """How messages are published; `late_ms` counts in the mode `late`, `seed` makes chance repeat itself."""

    mode: Mode = "on"
    late_ms: int = LATE_MS
    structured: bool = False
    seed: int | None = None


class Publisher:
    """Publishes in the way that is set. Runs in an event loop; what is held back when that ends is never published."""

    def __init__(self, publish: Publish | None) -> None:
        self._publish = publish or _drop
        self._settings = PushSettings()
        self._random = random.Random()  # noqa: S311 - chance of a simulation
        self._held: list[tuple[str, PubsubMessage]] = []
        self._timers: set[asyncio.TimerHandle] = set()

    @property
    def settings(self) -> PushSettings:
        """What is set."""
        return self._settings

    def set(self, settings: PushSettings) -> None:
        """Publish in another way from now on; what is held back already comes as it would have come."""
        self._settings = settings
        self._random = random.Random(settings.seed)  # noqa: S311 - chance of a simulation

    def reset(self) -> None:
        """Publish at once from now on, and forget what is held back."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._held.clear()
        self.set(PushSettings())

    def publish(self, topic: str, message: PubsubMessage) -> None:
        """Publish a message in the way that is set."""
        match self._settings.mode:
            case "on":
                self._publish(topic, message)
            case "off":
                return
            case "duplicate":
                for _ in range(self._random.randint(2, 3)):
                    self._publish(topic, message)
            case "late":
                self._later(self._settings.late_ms / 1000, lambda: self._publish(topic, message))
            case "shuffle":
                self._held.append((topic, message))
                if len(self._held) == 1:
                    self._later(HELD_S, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self._random.shuffle(held)
        for topic, message in held:
            self._publish(topic, message)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        def due() -> None:
            self._timers.discard(timer)
            act()

        timer = asyncio.get_running_loop().call_later(seconds, due)
        self._timers.add(timer)


def _drop(topic: str, message: PubsubMessage) -> None:
    """Publish nothing: nobody listens."""
