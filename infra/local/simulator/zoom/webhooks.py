"""Zoom's webhooks: events signed and sent, and sent again as Zoom does when the endpoint is in trouble."""

import asyncio
import contextlib
import logging
import secrets
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from infra.local.simulator import instants
from infra.local.simulator.zoom import events
from infra.local.simulator.zoom.events import ZoomEvent
from infra.local.simulator.zoom.schemas import must_be_right
from infra.local.simulator.zoom.world import ZoomWorld

LOG = logging.getLogger("rollcall.simulator.zoom")

ANSWER_WITHIN_S = 3
RETRIES_S = (5 * 60, 20 * 60, 60 * 60)
SHUFFLE_WINDOW_S = 0.3
REMEMBERED = 10_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ZoomWebhooks:
    """Where events go, and the secret token that they are signed with."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending: when by the simulator's clock, the timestamp it was signed with, and the answer or what came instead."""

    at: str
    timestamp: str
    tracking_id: str
    status: int | None
    trouble: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether Zoom leaves it at that: it tries again after 5xx and after no answer only."""
        return self.status is not None and self.status < HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(slots=True)
class Delivery:
    """One copy of an event on its way: the bytes, and each attempt."""

    event: str
    meeting: int
    body: bytes
    attempts: list[Attempt] = field(default_factory=list)

    def told(self) -> Json:
        """The delivery, for people and tests to look at."""
        attempts = [asdict(one) for one in self.attempts]
        return {"event": self.event, "meeting": self.meeting, "body": self.body.decode(), "attempts": attempts}


class Webhooks:
    """Sends events. `mode` is on, off, duplicate, shuffle or late, which waits `late_ms`."""

    def __init__(self, world: ZoomWorld, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._last: dict[int, asyncio.Task[None]] = {}
        self._held: list[Delivery] = []
        self._sent: deque[Delivery] = deque(maxlen=REMEMBERED)
        self.mode = "on"
        self.late_ms = 2000

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send for the time of the block."""
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            self._client = client
            try:
                yield
            finally:
                under_way = list(self._under_way)
                self.forget()
                await asyncio.gather(*under_way, return_exceptions=True)
                self._client = None

    def forget(self) -> None:
        """Send nothing more of what is under way, and go back to the mode that is usual."""
        for task in self._under_way:
            task.cancel()
        self._last.clear()
        self._held.clear()
        self._sent.clear()
        self.mode, self.late_ms = "on", 2000

    def tell(self, told: tuple[ZoomEvent, ...]) -> None:
        """Send events as the mode says; those of one meeting go out one after the other, unless they are to be mixed up."""
        bodies = [(event, event.body(self._world.account_id)) for event in told]
        for event, body in bodies:
            must_be_right(f"meeting.{event.name}", body)
        if self.mode == "off" or self._world.knobs.webhook_url is None:
            return
        for event, body in bodies:
            for copy in range(2 if self.mode == "duplicate" else 1):
                self._go(Delivery(f"meeting.{event.name}", event.number, events.written(body, copy)))

    def told(self) -> Json:
        """What was sent and answered, the oldest first, and how many sendings are under way or will be tried again."""
        return {"deliveries": [one.told() for one in self._sent], "under_way": len(self._under_way)}

    async def validate(self) -> Json:
        """Ask the endpoint to prove that it knows the secret; whether it did, and what it answered."""
        plain = secrets.token_urlsafe(16)
        content = {"event": "endpoint.url_validation", "event_ts": self._now() // 1_000_000, "payload": {"plainToken": plain}}
        must_be_right("endpoint.url_validation", content)
        expected = {"plainToken": plain, "encryptedToken": events.hmac_hex(self._secret, plain.encode())}
        try:
            answer = await self._post(events.written(content), self._timestamp(), str(uuid.uuid4()))
            told = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as bad:
            return {"valid": False, "status": None, "trouble": _words(bad)}
        is_right = answer.status_code == HTTPStatus.OK and told == expected
        return {
            "valid": is_right,
            "status": answer.status_code,
            "trouble": None if is_right else "the answer is not the right one",
        }

    def _go(self, delivery: Delivery) -> None:
        self._sent.append(delivery)
        if self.mode == "shuffle":
            self._held.append(delivery)
            if len(self._held) == 1:
                self._start(self._mixed_up())
        elif self.mode == "late":
            self._start(self._deliver(delivery, None, self.late_ms / 1000))
        else:
            before = self._last.get(delivery.meeting)
            self._last[delivery.meeting] = self._start(self._deliver(delivery, before))

    async def _mixed_up(self) -> None:
        await asyncio.sleep(SHUFFLE_WINDOW_S)
        held, self._held = self._held, []
        secrets.SystemRandom().shuffle(held)
        for delivery in held:
            await self._deliver(delivery, None)

    async def _deliver(self, delivery: Delivery, before: asyncio.Task[None] | None, pause_s: float = 0) -> None:
        await asyncio.sleep(pause_s)
        if before is not None:
            await asyncio.wait({before})
        timestamp = self._timestamp()
        if not await self._attempt(delivery, timestamp):
            self._start(self._retry(delivery, timestamp))

    async def _retry(self, delivery: Delivery, timestamp: str) -> None:
        for pause_s in RETRIES_S:
            await asyncio.sleep(pause_s * self._world.knobs.retry_scale)
            stamp = self._timestamp() if self._world.knobs.restamp_retries else timestamp
            if await self._attempt(delivery, stamp):
                return

    async def _attempt(self, delivery: Delivery, timestamp: str) -> bool:
        """Send once; whether that settles it."""
        tracking, at = str(uuid.uuid4()), instants.shown(self._now())
        try:
            answer = await self._post(delivery.body, timestamp, tracking)
            attempt = Attempt(at, timestamp, tracking, answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as bad:
            attempt = Attempt(at, timestamp, tracking, None, _words(bad))
        delivery.attempts.append(attempt)
        if attempt.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            LOG.warning("Zoom's %s was not taken: %s", delivery.event, attempt.status or attempt.trouble)
        return attempt.is_final

    async def _post(self, body: bytes, timestamp: str, tracking: str) -> httpx.Response:
        if self._client is None:
            raise httpx.TransportError("the simulator is not running")
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Zoom Marketplace/1.0a",
            "x-zm-request-timestamp": timestamp,
            "x-zm-signature": events.signature(self._secret, timestamp, body),
            "x-zm-trackingid": f"v=2.0;clid=sim;rid=WEB_{tracking}",
            "x-zm-request-id": tracking,
        }
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await self._client.post(self._world.knobs.webhook_url or "", content=body, headers=headers, timeout=None)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    @property
    def _secret(self) -> str:
        return self._world.knobs.webhook_secret or ""

    def _now(self) -> int:
        return instants.of(self._clock())

    def _timestamp(self) -> str:
        return str(self._now() // instants.SECOND)


def _words(bad: Exception) -> str:
    return f"no answer within {ANSWER_WITHIN_S} s" if isinstance(bad, TimeoutError) else repr(bad)
