"""Stripe's webhooks: events signed and sent, and sent again while the endpoint does not answer with 2xx."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from infra.local.simulator.stripe.world import StripeWorld

LOG = logging.getLogger("rollcall.simulator.stripe")

ANSWER_WITHIN_S = 20
RETRIES_S = (1, 5, 30, 300, 3600)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StripeWebhooks:
    """Where events go, and the secret that they are signed with."""

    url: str
    secret: str


@dataclass(slots=True)
class Webhooks:
    """Sends events. `mode` is on, off, duplicate, or late, which waits `late_s`; `sent` are ids, statuses in their order."""

    world: StripeWorld
    now: Callable[[], int]
    to: StripeWebhooks | None
    mode: str = "on"
    late_s: float = 2.0
    sent: list[tuple[str, int | None]] = field(default_factory=list)
    _client: httpx.AsyncClient | None = None
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send for the time of the block."""
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=ANSWER_WITHIN_S) as client:
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
        self.sent.clear()
        self.mode, self.late_s = "on", 2.0

    @property
    def under_way(self) -> int:
        """How many sendings are not settled."""
        return len(self._under_way)

    def tell(self, kind: str, about: Json) -> None:
        """Make an event of how an object is now, and send it as the mode says."""
        data = {"object": json.loads(json.dumps(about))}
        event = self.world.make("evt", "event", type=kind, api_version="2020-08-27", created=self.now(), data=data)
        for _ in range({"off": 0, "duplicate": 2}.get(self.mode, 1)):
            self.send(event, self.late_s if self.mode == "late" else 0)

    def send(self, event: Json, pause_s: float = 0, *, age_s: int = 0, secret: str | None = None) -> None:
        """Send an event, signed so many seconds ago, with a secret of one's own where one is given."""
        if self.to is not None:
            self._start(self._deliver(event, pause_s, age_s, secret))

    async def _deliver(self, event: Json, pause_s: float, age_s: int, secret: str | None) -> None:
        await asyncio.sleep(pause_s)
        for pause in (0, *RETRIES_S):
            await asyncio.sleep(pause)
            status = await self._attempt(event, age_s, secret)
            self.sent.append((event["id"], status))
            if status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return
            LOG.warning("Stripe's %s was not taken: %s", event["type"], status)
            if age_s or secret:
                return

    async def _attempt(self, event: Json, age_s: int, secret: str | None) -> int | None:
        if self.to is None or self._client is None:
            return None
        body = json.dumps(event, indent=2).encode()
        stamp = str(self.now() - age_s)
        signed = hmac.new((secret or self.to.secret).encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": f"t={stamp},v1={signed},v0=none"}
        try:
            answer = await self._client.post(self.to.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            return None
        return answer.status_code

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
