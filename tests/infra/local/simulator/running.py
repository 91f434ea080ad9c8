"""A simulator that serves in a thread, with Google's own client of it and a clock that tests set."""

import json
import time
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
from infra.local.pubsub.messages import PubsubMessage
from infra.local.servers import serving
from infra.local.simulator.accounts import user_id_of
from infra.local.simulator.app import create_app
from infra.local.simulator.signing_in import IssueIdToken
from tests.infra.local.threads import in_thread

FIXTURES = Path(__file__).parents[3] / "fixtures" / "google"
TEACHER = "ada.teacher@school.example"
STUDENT = "ben.student@school.example"
GUEST = "guest.gomez@mail.example"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)

TOPIC = "projects/demo-rollcall/topics/meet-events"
MEET = "google.workspace.meet."
EVENT_TYPES = [
    f"{MEET}{one}" for one in ("conference.v2.started", "conference.v2.ended", "participant.v2.joined", "participant.v2.left")
]

_APIS = {
    "calendar": ("calendar", "v3"),
    "meet": ("meet", "v2"),
    "people": ("people", "v1"),
    "admin": ("admin", "directory_v1"),
    "workspaceevents": ("workspaceevents", "v1"),
    "reports": ("admin", "reports_v1"),
    "classroom": ("classroom", "v1"),
}


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
    """One simulator. `published` are the messages that it published so far, with their topics."""

    url: str
    clock: SetClock = field(default_factory=SetClock)
    published: list[tuple[str, PubsubMessage]] = field(default_factory=list)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(verify=False, trust_env=False))  # noqa: S501 - no TLS here

    def google(self, api: str, subject: str = TEACHER) -> Any:
        """Google's client of one API, acting as somebody."""
        return build(
            *_APIS[api],
            credentials=Credentials(token=f"local-{subject}"),
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": self.url + ("/calendar/v3/" if api == "calendar" else "")},
        )

    def events(self, subject: str = TEACHER) -> Any:
        """The events of somebody's calendar."""
        return self.google("calendar", subject).events()

    def subscriptions(self, subject: str = TEACHER) -> Any:
        """Somebody's subscriptions to what happens in Meet."""
        return self.google("workspaceevents", subject).subscriptions()

    def subscribe(self, subject: str = TEACHER, **more: object) -> Any:
        """Somebody subscribes to all their meetings, or as they say; the subscription."""
        return self.subscriptions(subject).create(body=subscribing(subject, **more)).execute()["response"]

    def heard(self, times: int, within: float = 5) -> list[dict[str, Any]]:
        """Wait for so many messages; the events that were published since the last time, without their ids and sources."""
        until = time.monotonic() + within
        while len(self.published) < times:
            assert time.monotonic() < until, f"{len(self.published)} of {times} messages came"
            time.sleep(0.01)
        messages = [message for _, message in self.published]
        self.published.clear()
        return [{"type": one.attributes["ce-type"].removeprefix(MEET), **json.loads(one.data)} for one in messages]

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
def simulator(
    state_file: Path | None = None, clock: SetClock | None = None, issue: IssueIdToken | None = None
) -> Iterator[Simulated]:
    """A simulator for the time of the block; `issue` signs for its sign-in."""
    clock = clock or SetClock()
    published: list[tuple[str, PubsubMessage]] = []

    def publish(topic: str, message: PubsubMessage) -> None:
        published.append((topic, message))

    @asynccontextmanager
    async def served() -> AsyncIterator[str]:
        held = hold_free_port()
        app = create_app(clock=clock, state_file=state_file, publish=publish, issue_id_token=issue)
        async with serving(app, held, "The simulator"):
            yield f"http://127.0.0.1:{port_of(held)}"

    with in_thread(served) as url:
        running = Simulated(url, clock, published)
        with running.http:
            yield running


def own_target(subject: str) -> str:
    """All meetings of somebody, to subscribe to."""
    return f"//cloudidentity.googleapis.com/users/{user_id_of(subject)}"


def subscribing(subject: str = TEACHER, **more: object) -> dict[str, Any]:
    """A wish to hear of all meetings of somebody."""
    return {
        "targetResource": own_target(subject),
        "eventTypes": EVENT_TYPES,
        "notificationEndpoint": {"pubsubTopic": TOPIC},
        "ttl": "0s",
        **more,
    }


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
