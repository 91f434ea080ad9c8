"""Pushing a topic's messages to one endpoint, each until it is acknowledged: again and again, ever later, in no order.

Messages are kept in memory only. What was not acknowledged when the stack stopped is lost, which in the cloud it would not
be: whoever listens has to find out by other means what they missed.
"""

import asyncio
import heapq
import itertools
import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx

from infra.local.oidc import Signer
from infra.local.pubsub.messages import PubsubMessage, push_body
from infra.local.tasks.dispatch import Backoff

AT_ONCE = 16
MOST_ATTEMPTS = 1000
ANSWER_WITHIN = timedelta(seconds=10)
BACKOFF = Backoff(timedelta(milliseconds=100), timedelta(seconds=10))
ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
DEAD_KEPT = 1000

log = logging.getLogger("rollcall.pubsub")


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """Who is pushed to: `topic` and `name` are full names, `account` is the service account that the pushes are made as.

    An answer later than `answer_within` counts as none. After `most_attempts` a message is given up.
    """

    topic: str
    name: str
    endpoint: str
    account: str
    audience: str
    answer_within: timedelta = ANSWER_WITHIN
    backoff: Backoff = BACKOFF
    most_attempts: int = MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up; `answered` is the last answer's status code, None when there was no answer."""

    message_id: str
    message: PubsubMessage
    attempts: int
    answered: int | None


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A message and when it is due, in seconds of the loop's clock; the oldest of equals comes first."""

    due: float
    number: int
    message_id: str = field(compare=False)
    message: PubsubMessage = field(compare=False)
    published_at: datetime = field(compare=False)
    attempts: int = field(default=0, compare=False)


class LocalPush:
    """Pushes what is published to the topic, up to sixteen messages at once. `on_delivery` is called after each push.

    `dead` are the last thousand messages that were given up.
    """

    def __init__(
        self,
        subscription: PushSubscription,
        signer: Signer,
        clock: Callable[[], datetime],
        on_delivery: Callable[[], None] = lambda: None,
    ) -> None:
        self.dead: deque[DeadLetter] = deque(maxlen=DEAD_KEPT)
        self._subscription = subscription
        self._signer = signer
        self._clock = clock
        self._on_delivery = on_delivery
        self._numbers = itertools.count()
        self._first_id = int(clock().timestamp() * 1000) * 10_000
        self._waiting: list[_Waiting] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, topic: str, message: PubsubMessage) -> None:
        """Have a message pushed as soon as possible; from any thread, before `run` too. Other topics have no listener."""
        if topic != self._subscription.topic:
            log.warning("Nobody listens to the topic %s; set MEET_EVENTS_TOPIC to %s", topic, self._subscription.topic)
            return
        with self._lock:
            number = next(self._numbers)
            first = _Waiting(0, number, str(self._first_id + number), message, self._clock())
            heapq.heappush(self._waiting, first)
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Push until cancelled."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        try:
            async with httpx.AsyncClient(
                follow_redirects=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
            ) as client:
                while True:
                    self._wake.clear()
                    await self._sleep(self._start_due(client))
        finally:
            with self._lock:
                self._loop = None
            for running in self._under_way:
                running.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient) -> float | None:
        """Start what is due and may be started; the seconds until the next is due, None when only the wake-up counts."""
        now = asyncio.get_running_loop().time()
        with self._lock:
            while self._waiting and len(self._under_way) < AT_ONCE:
                if self._waiting[0].due > now:
                    return self._waiting[0].due - now
                running = asyncio.create_task(self._attempt(client, heapq.heappop(self._waiting)))
                self._under_way.add(running)
                running.add_done_callback(self._ended)
        return None

    def _ended(self, running: "asyncio.Task[None]") -> None:
        self._under_way.discard(running)
        self._wake.set()

    async def _sleep(self, seconds: float | None) -> None:
        # not wait_for: in Python 3.11 it swallows a cancellation that comes together with the event
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _attempt(self, client: httpx.AsyncClient, one: _Waiting) -> None:
        try:
            status = await self._push(client, one)
        finally:
            self._on_delivery()
        attempts = one.attempts + 1
        if status in ACKNOWLEDGED:
            log.info("%s pushed: %s", one.message_id, status)
        elif attempts >= self._subscription.most_attempts:
            log.error("%s given up after %d pushes (%s)", one.message_id, attempts, status or "no answer")
            self.dead.append(DeadLetter(one.message_id, one.message, attempts, status))
        else:
            wait = self._subscription.backoff.after(attempts).total_seconds()
            log.warning("%s not acknowledged (%s), again in %.1f s", one.message_id, status or "no answer", wait)
            again = replace(one, due=asyncio.get_running_loop().time() + wait, attempts=attempts)
            with self._lock:
                heapq.heappush(self._waiting, again)

    async def _push(self, client: httpx.AsyncClient, one: _Waiting) -> int | None:
        """The status code of the answer; None when there was none in time."""
        to = self._subscription
        body = push_body(one.message, message_id=one.message_id, published_at=one.published_at, subscription=to.name)
        headers = {
            "Authorization": f"Bearer {self._signer.token(email=to.account, audience=to.audience)}",
            "Content-Type": "application/json",
            "User-Agent": "CloudPubSub-Google",
        }
        try:
            async with asyncio.timeout(to.answer_within.total_seconds()):
                answer = await client.post(to.endpoint, headers=headers, content=json.dumps(body), timeout=None)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            return None
        return answer.status_code
