"""The local stack's Zoom in a thread, on a clock of the test's own."""

import json
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.ports import hold_free_port, port_of
from infra.local.servers import serving
from infra.local.simulator.app import create_app
from shared.adapters.zoom.access import ZoomApi
from shared.adapters.zoom.meetings import ZoomApiMeetings
from shared.adapters.zoom.records import ZoomRecords
from shared.config import read_settings
from shared.ports import MeetingReading, ZoomLesson
from tests.infra.local.threads import in_thread
from tests.shared.adapters.google.machines import FakeMachine
from tests.shared.adapters.zoom.scripted import CREDENTIALS, HOST

START = datetime(2026, 12, 1, 12, tzinfo=UTC)
BEN, CLEO = "ben.student@school.example", "cleo@home.example"
LESSON = ZoomLesson(
    class_id="0123456789abcdef0123456789abcdef",
    host=HOST,
    subject="Algebra",
    start_at=START,
    end_at=START + timedelta(minutes=45),
    timezone="Europe/Berlin",
    students=(BEN, CLEO),
)


def at(minutes: float) -> datetime:
    """So many minutes after the lesson's start."""
    return START + timedelta(minutes=minutes)


@dataclass
class SimulatedZoom:
    """A running simulator; `now` is its clock."""

    url: str = ""
    now: datetime = START - timedelta(hours=1)
    machine: FakeMachine = field(default_factory=FakeMachine)

    def api(self) -> ZoomApi:
        """Zoom as the simulator plays it."""
        known = read_settings({"ZOOM_API_ENDPOINT": f"{self.url}/zoom", **CREDENTIALS})
        return ZoomApi(known, self.machine.sleep, self.machine.monotonic)

    def meetings(self) -> ZoomApiMeetings:
        """The teachers' meetings."""
        return ZoomApiMeetings(self.api())

    def read(self, number: str, start: float = -30, end: float = 75) -> MeetingReading:
        """The records of the lesson's time, half an hour around it."""
        return ZoomRecords(self.api()).read(HOST, number, at(start), at(end))

    def tell(self, path: str, **body: Any) -> Any:
        """Something on the control path; answers with what comes back."""
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/zoom/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def state(self) -> Any:
        """Every meeting that there is."""
        with urllib.request.urlopen(f"{self.url}/_sim/zoom/state", timeout=10) as answer:
            return json.load(answer)["meetings"]

    def deliveries(self) -> Any:
        """The webhooks that were sent, and how many are still under way."""
        with urllib.request.urlopen(f"{self.url}/_sim/zoom/deliveries", timeout=10) as answer:
            return json.load(answer)

    def joins(self, number: str, minutes: float, name: str, **told: Any) -> str:
        """Somebody joins so many minutes after the lesson's start; answers with Zoom's id of this joining."""
        answer = self.tell(f"meetings/{number}/join", display_name=name, at=at(minutes).isoformat(), **told)
        user_id: str = answer["user_id"]
        return user_id

    def does(self, number: str, what: str, user_id: str, minutes: float, **told: Any) -> str:
        """Something happens to a device; answers with what it is called by then."""
        answer = self.tell(f"meetings/{number}/{what}", user_id=user_id, at=at(minutes).isoformat(), **told)
        now_called: str = answer["user_id"]
        return now_called

    def ends(self, number: str, minutes: float) -> None:
        """The meeting ends for everybody; the clock goes on to an hour after the lesson."""
        self.tell(f"meetings/{number}/end", at=at(minutes).isoformat())
        self.now = max(self.now, at(105))


@contextmanager
def running_zoom() -> Iterator[SimulatedZoom]:
    """A fresh simulator for the time of the block."""
    zoom = SimulatedZoom()

    @asynccontextmanager
    async def server() -> AsyncIterator[int]:
        held = hold_free_port()
        async with serving(create_app(clock=lambda: zoom.now), held, "The simulator"):
            yield port_of(held)

    with in_thread(server) as port:
        zoom.url = f"http://127.0.0.1:{port}"
        yield zoom
