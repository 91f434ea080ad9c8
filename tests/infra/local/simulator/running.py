"""A simulator that serves in a thread, with Google's own client of it and a clock that tests set."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.app import create_app
from tests.infra.local.threads import in_thread

FIXTURES = Path(__file__).parents[3] / "fixtures" / "google"
TEACHER = "ada.teacher@school.example"
STUDENT = "ben.student@school.example"
GUEST = "guest.gomez@mail.example"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)

_VERSIONS = {"calendar": "v3", "meet": "v2", "people": "v1", "admin": "directory_v1"}


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move it on."""
        self.now += timedelta(**by)


@dataclass
class Simulated:
    """One simulator."""

    url: str
    clock: SetClock = field(default_factory=SetClock)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False, trust_env=False))  # noqa: S501 - no TLS here

    def google(self, api: str, subject: str = TEACHER) -> Any:
        """Google's client of one API, acting as somebody."""
        return build(
            api,
            _VERSIONS[api],
            credentials=Credentials(token=f"local-{subject}"),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": self.url + ("/calendar/v3/" if api == "calendar" else "")},
        )

    def events(self, subject: str = TEACHER) -> Any:
        """The events of somebody's calendar."""
        return self.google("calendar", subject).events()

    def ask(self, path: str, subject: str | None = TEACHER, method: str = "GET", **more: Any) -> httpx.Response:
        """A plain request, for what Google's client would never send."""
        headers = {"Authorization": f"Bearer local-{subject}"} if subject else {}
        return self.http.request(method, self.url + path, headers=headers, **more)

    def order(self, path: str, body: object = None, method: str = "POST") -> httpx.Response:
        """A request to the control path."""
        return self.http.request(method, f"{self.url}/_sim{path}", json={} if body is None else body)

    def told(self, path: str, **body: object) -> Any:
        """The answer of the control path to an order that it must take."""
        answer = self.order(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def room(self, owner: str = TEACHER) -> str:
        """The meeting code of a new bare room."""
        return str(self.told("/meetings", owner_email=owner)["meet_code"])

    def join(self, code: str, email: str, at: str | None = None, **more: object) -> str:
        """Somebody signed in joins; the device session."""
        body = {"email": email, "kind": "signed_in", **more} | ({"at": at} if at else {})
        return str(self.told(f"/meetings/{code}/join", **body)["device_session_id"])

    def leave(self, code: str, device_session: str, at: str | None = None) -> None:
        """A device leaves."""
        self.told(f"/meetings/{code}/leave", device_session_id=device_session, **({"at": at} if at else {}))


@contextmanager
def simulator(state_file: Path | None = None, clock: SetClock | None = None) -> Iterator[Simulated]:
    """A simulator for the time of the block."""
    clock = clock or SetClock()

    @asynccontextmanager
    async def served() -> AsyncIterator[str]:
        held = hold_free_port()
        async with serving(create_app(clock=clock, state_file=state_file), held, "The simulator"):
            yield f"http://127.0.0.1:{port_of(held)}"

    with in_thread(served) as url:
        running = Simulated(url, clock)
        with running.http:
            yield running


def error_of(trouble: HttpError) -> Any:
    """The error that an answer holds."""
    return json.loads(trouble.content)["error"]


def fixture(name: str) -> Any:
    """A payload of Google's."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


def lesson(**more: object) -> dict[str, Any]:
    """An event of half an hour with a wish for a Meet link, as a class is booked."""
    return {
        "summary": "Algebra 1",
        "start": {"dateTime": "2026-09-15T16:30:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-09-15T17:00:00", "timeZone": "Europe/London"},
        "attendees": [{"email": STUDENT}],
        "conferenceData": wish("first"),
        **more,
    }


def wish(request_id: str) -> dict[str, Any]:
    """A wish for a Meet link."""
    return {"createRequest": {"requestId": request_id, "conferenceSolutionKey": {"type": "hangoutsMeet"}}}
