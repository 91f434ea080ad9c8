"""The local stack's simulator in a thread, on a clock of the test's own."""

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
from shared.adapters.google.access import GoogleApis, local
from shared.adapters.google.calendar import GoogleCalendar
from shared.adapters.google.meet import GoogleMeet
from shared.config import read_settings
from tests.infra.local.threads import in_thread
from tests.shared.adapters.google.lessons import START
from tests.shared.adapters.google.machines import FakeMachine


@dataclass
class Simulator:
    """A running simulator; `now` is its clock."""

    url: str = ""
    now: datetime = START + timedelta(hours=1)
    machine: FakeMachine = field(default_factory=FakeMachine)

    def apis(self) -> GoogleApis:
        """Google as the simulator plays it."""
        return GoogleApis(self.url, local, self.machine.sleep, self.machine.monotonic)

    def calendar(self) -> GoogleCalendar:
        """The teachers' calendars."""
        return GoogleCalendar(self.apis(), read_settings({}), self.machine)

    def meet(self) -> GoogleMeet:
        """Meet's records."""
        return GoogleMeet(self.apis(), read_settings({}), self.machine)

    def tell(self, path: str, **body: Any) -> Any:
        """Something on the control path; answers with what comes back."""
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def joins(self, code: str, email: str | None, minutes: float, kind: str = "signed_in", **told: str) -> str:
        """Somebody joins so many minutes after the lesson's start; answers with the device's id."""
        name = told.pop("display_name", (email or "Lena").partition("@")[0])
        body = {"display_name": name, "kind": kind, "at": written(minutes), **told} | ({"email": email} if email else {})
        session: str = self.tell(f"meetings/{code}/join", **body)["device_session_id"]
        return session

    def leaves(self, code: str, device_session: str, minutes: float) -> None:
        """A device leaves."""
        self.tell(f"meetings/{code}/leave", device_session_id=device_session, at=written(minutes))


def written(minutes: float) -> str:
    """So many minutes after the lesson's start, as RFC 3339."""
    return (START + timedelta(minutes=minutes)).astimezone(UTC).isoformat()


@contextmanager
def running_simulator() -> Iterator[Simulator]:
    """A fresh simulator for the time of the block."""
    simulator = Simulator()

    @asynccontextmanager
    async def server() -> AsyncIterator[int]:
        held = hold_free_port()
        async with serving(create_app(clock=lambda: simulator.now), held, "The simulator"):
            yield port_of(held)

    with in_thread(server) as port:
        simulator.url = f"http://127.0.0.1:{port}"
        yield simulator
