"""Zoom's API and control path as tests ask them, and an endpoint that takes webhooks."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from tests.infra.local.simulator.running import NOON, Simulated
from tests.infra.local.threads import in_thread

FIXTURES = Path(__file__).parents[4] / "fixtures" / "zoom"
HOST = "ada.teacher@school.example"
PUPIL = "ben.student@school.example"
SECRET = "webhook-secret-token"
BASIC = "Basic " + base64.b64encode(b"client:secret").decode()
TODAY = NOON.strftime("%Y-%m-%d")


@dataclass
class Zoomed:
    """The simulated Zoom."""

    sim: Simulated
    token: str = ""

    def grant(self, **asked: str) -> httpx.Response:
        """Ask for a token."""
        params = {"grant_type": "account_credentials", "account_id": "acc-1"} | asked
        return self.sim.http.post(f"{self.sim.url}/zoom/oauth/token", params=params, headers={"Authorization": BASIC})

    def api(self, method: str, path: str, body: object = None, **params: object) -> httpx.Response:
        """A call of the API, with a token."""
        self.token = self.token or self.grant().json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        query = {name: str(value) for name, value in params.items()}
        more: dict[str, Any] = {} if body is None else {"json": body}
        return self.sim.http.request(method, f"{self.sim.url}/zoom/v2{path}", headers=headers, params=query, **more)

    def got(self, path: str, **params: object) -> Any:
        """What a GET that must succeed answers."""
        answer = self.api("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def made(self, host: str = HOST, **body: object) -> dict[str, Any]:
        """A meeting made by the API."""
        told = {"topic": "Algebra 1", "type": 2, "start_time": "2026-09-15T16:30:00", "timezone": "Europe/London", **body}
        answer = self.api("POST", f"/users/{host}/meetings", told)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def bare(self, **settings: object) -> int:
        """The number of a bare meeting, which registrants may be added to."""
        told = self.sim.told("/zoom/meetings", host_email=HOST, settings={"approval_type": 0, **settings})
        return int(told["number"])

    def registered(self, number: int, email: str = PUPIL) -> str:
        """A new registrant's id."""
        answer = self.api("POST", f"/meetings/{number}/registrants", {"email": email, "first_name": "Ben", "last_name": "S"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["registrant_id"])

    def order(self, path: str, **body: object) -> httpx.Response:
        """An order to the control path."""
        return self.sim.order(f"/zoom{path}", body)

    def does(self, number: int, what: str, at: str | None = None, **body: object) -> Any:
        """Something happens in a meeting, `at` a time of today like `12:05`."""
        when = {} if at is None else {"at": f"{TODAY}T{at}:00Z"}
        return self.sim.told(f"/zoom/meetings/{number}/{what}", **when, **body)

    def joins(self, number: int, name: str, at: str | None = None, **body: object) -> str:
        """Somebody joins; the `user_id`."""
        return str(self.does(number, "join", at, display_name=name, **body)["user_id"])

    def set(self, **settings: object) -> None:
        """Change settings."""
        self.sim.told("/zoom/settings", **settings)

    def deliveries(self) -> list[dict[str, Any]]:
        """What was sent, when nothing is under way any more."""
        until = time.monotonic() + 20
        while True:
            told = self.sim.order("/zoom/deliveries", method="GET").json()
            if not told["under_way"]:
                return list(told["deliveries"])
            assert time.monotonic() < until, told
            time.sleep(0.01)


@dataclass
class Hook:
    """One webhook that came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The event."""
        return json.loads(self.body)

    @property
    def name(self) -> str:
        """The event's name without `meeting.`."""
        return str(self.told["event"]).removeprefix("meeting.")

    @property
    def about(self) -> Any:
        """The event's object."""
        return self.told["payload"]["object"]

    @property
    def person(self) -> Any:
        """The event's participant."""
        return self.about["participant"]

    @property
    def is_signed(self) -> bool:
        """Whether the signature is the one that Zoom's documentation describes."""
        message = f"v0:{self.headers['x-zm-request-timestamp']}:".encode() + self.body
        made = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        return self.headers["x-zm-signature"] == f"v0={made}"


@dataclass
class Endpoint:
    """Takes webhooks, answers `statuses` in turn, the last for ever, each after its delay; proves the secret unless `lies`."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    delays_s: list[float] = field(default_factory=lambda: [0.0])
    lies: bool = False
    came: list[Hook] = field(default_factory=list)

    def names(self) -> list[str]:
        """The names of what came."""
        return [hook.name for hook in self.came]

    def last(self, name: str) -> Hook:
        """The last event of a name."""
        return next(hook for hook in reversed(self.came) if hook.name == name)

    def until_asked(self) -> None:
        """Wait for the first one."""
        until = time.monotonic() + 10
        while not self.came:
            assert time.monotonic() < until
            time.sleep(0.01)

    async def take(self, request: Request) -> JSONResponse:
        """Take one."""
        hook = Hook(dict(request.headers), await request.body())
        self.came.append(hook)
        status = self.statuses[min(len(self.came), len(self.statuses)) - 1]
        await asyncio.sleep(self.delays_s[min(len(self.came), len(self.delays_s)) - 1])
        plain = hook.told["payload"].get("plainToken")
        if plain is None:
            return JSONResponse({}, status_code=status)
        secret = b"another" if self.lies else SECRET.encode()
        proof = hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()
        return JSONResponse({"plainToken": plain, "encryptedToken": proof}, status_code=status)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint for the time of the block."""
    made = Endpoint()

    @asynccontextmanager
    async def served() -> AsyncIterator[str]:
        held = hold_free_port()
        async with serving(Starlette(routes=[Route("/hook", made.take, methods=["POST"])]), held, "The endpoint"):
            yield f"http://127.0.0.1:{port_of(held)}/hook"

    with in_thread(served) as made.url:
        yield made


def twice(uuid: str) -> str:
    """A uuid encoded twice."""
    return quote(quote(uuid, safe=""), safe="")


def sample(name: str) -> Any:
    """A payload of Zoom's."""
    return json.loads((FIXTURES / f"{name}.json").read_text())
