"""The school that is played to be counted: quiet ticks, two classes of different sizes, a dashboard that looks, and bills."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import websockets

from infra.local.demo.office import COURSE, Office, day_of
from infra.local.demo.school import stamp
from infra.local.functions import ADMIN
from infra.local.stack import Stack, system_clock
from infra.local.troubles import Trouble

SIZES = (3, 9)
LINES = sum(SIZES)
TEACHER = "ada.teacher@school.example"
LEAD, AFTER_S = timedelta(seconds=8), 8.0
WITHIN_S = 120.0
POLLS, RETURNS = 10, 3
PAGE = (
    "/live", "/config.json", "/theme.js", "/api/monitoring/active-sessions?limit=200", "/api/schedule/classes?limit=500",
    "/api/attendance-tracker/review?state=open",
)  # fmt: skip


@dataclass
class Played:
    """When each phase was, in seconds since 1970, and by how many bytes the store and the logs grew in it."""

    phases: dict[str, tuple[float, float]] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)
    logged: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """What is played: so many quiet seconds, classes of these sizes, and with `and_office` bills and a dashboard that looks."""

    quiet_s: float
    sizes: tuple[int, ...]
    and_office: bool


WHOLE = Script(30.0, SIZES, and_office=True)


@dataclass(frozen=True, slots=True)
class Told:
    """What the player asks and tells: bytes in the store and in the logs, and what is being played."""

    stored: Callable[[], int]
    logged: Callable[[], int]
    say: Callable[[str], object]


async def play(stack: Stack, script: Script, told: Told) -> Played:
    """Play it all; answers with what is needed to take the counts apart. Raises `Trouble`."""
    played = Played()

    @asynccontextmanager
    async def phase(name: str) -> AsyncIterator[None]:
        told.say(name)
        stored, logged, began = await asyncio.to_thread(told.stored), told.logged(), time.time()
        yield
        played.phases[name] = began, time.time()
        played.stored[name] = await asyncio.to_thread(told.stored) - stored
        played.logged[name] = told.logged() - logged

    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        school = _School(http, stack)
        await school.warm_up()
        await school.office.price()
        async with phase("idle"):
            await asyncio.sleep(script.quiet_s)
        for size in script.sizes:
            async with following(stack), phase(class_of(size)):
                await school.teach(size)
                await asyncio.sleep(AFTER_S)
        if script.and_office:
            await _office(school, phase)
    return played


async def _office(school: "_School", phase: Callable[[str], AbstractAsyncContextManager[None]]) -> None:
    """Bills for what was taught, and a dashboard that is opened and polls while a class is on."""
    async with phase("billing"):
        await school.bill()
        await asyncio.sleep(AFTER_S)
    on = await school.open_class(SIZES[-1])
    async with phase("page"):
        for path in PAGE:
            await school.look(path)
    async with phase("poll"):
        for _ in range(POLLS):
            await school.look("/api/monitoring/active-sessions?limit=200")
    await school.end(on)


def class_of(size: int) -> str:
    """The name of the phase in which a class of so many students is taught."""
    return f"class of {size}"


class _School:
    """What is said to the stack, to its gateway and to the simulator."""

    def __init__(self, http: httpx.AsyncClient, stack: Stack) -> None:
        self._http, self._stack = http, stack
        self._api, self._simulator = stack.links["dashboard"], stack.links["simulator"]
        self.office = Office(lambda method, path, **more: self.ask(method, f"/api{path}", **more))

    async def ask(self, method: str, path: str, *, role: str = "admin", **more: Any) -> Any:  # noqa: ANN401 - JSON
        """One request to the public API."""
        email = TEACHER if role == "teacher" else ADMIN
        headers = {"Authorization": f"Bearer {self._stack.token(email, role)}", **more.pop("headers", {})}
        return await self._send(method, f"{self._api}{path}", headers=headers, **more)

    async def warm_up(self) -> None:
        """Have every function composed before anything is counted."""
        for path in PAGE:
            await self.ask("GET", path)
        await self.ask("GET", f"/api/billing/questions?{_query(day_of(system_clock()))}")
        await self._book(system_clock() + timedelta(days=30), [])  # the teacher's push channel is opened once, not for each class

    async def look(self, path: str) -> None:
        """Read something as the dashboard does."""
        await self.ask("GET", path)

    async def teach(self, size: int) -> None:
        """A class of one minute from its booking until its attendance is settled; one in three leaves and comes back."""
        held = await self.open_class(size)
        devices = {name: await self._join(held, name) for name in _names(size)}
        await asyncio.sleep(20)
        for name in _names(size)[::RETURNS]:
            await self._leave(held, devices[name])
            await asyncio.sleep(1)
            devices[name] = await self._join(held, name)
        await self._until_over(held)
        for device in devices.values():
            await self._leave(held, device)
        await self.end(held)
        await self._until(lambda: self._is_measured(held), "The attendance was not settled")

    async def open_class(self, size: int) -> dict[str, Any]:
        """Book a class and wait until it is open; a browser follows its course from then on."""
        start = (system_clock() + LEAD).replace(microsecond=0)
        held = await self._book(start, _names(size)[1:])
        await asyncio.sleep((start - system_clock()).total_seconds() + 2)
        return dict(await self._until(lambda: self._opened(held), "The class was not opened"))

    async def end(self, held: dict[str, Any]) -> None:
        """End the meeting for everybody."""
        await self._move(held, "end")

    async def bill(self) -> None:
        """Have everything of the day issued, for payers and for the teacher."""
        day = day_of(system_clock())
        for paper in ("invoice", "payment_order"):
            await self.office.starts_run(paper, day)
        for paper in ("invoice", "payment_order"):
            await self._until(lambda paper=paper: self.office.is_run(paper, day), f"The papers {paper} were not issued")  # type: ignore[misc]

    async def _book(self, start: datetime, students: list[str]) -> Any:  # noqa: ANN401 - JSON
        body = {
            "teacher_email": TEACHER, "student_emails": students, "subject": "Counted", "course_id": COURSE,
            "start_time": stamp(start), "duration_minutes": 1, "allow_conflicts": True,
        }  # fmt: skip
        return await self.ask("POST", "/api/schedule/class", role="teacher", json=body)

    async def _opened(self, held: dict[str, Any]) -> dict[str, Any] | None:
        told = await self.ask("GET", f"/api/schedule/classes/{held['class_id']}")
        return told if told["meet_code"] and told["status"] == "active" else None

    async def _is_measured(self, held: dict[str, Any]) -> bool | None:
        told = await self.ask("GET", f"/api/monitoring/attendance-logs?session_id={held['session_id']}&limit=500")
        return True if told["logs"] and all(row["basis"] == "measured" for row in told["logs"]) else None

    async def _until_over(self, held: dict[str, Any]) -> None:
        over = datetime.fromisoformat(held["end_time"])
        await asyncio.sleep(max(0.0, (over - system_clock()).total_seconds() + 1))

    async def _join(self, held: dict[str, Any], email: str) -> str:
        body = {"email": email, "display_name": email.partition("@")[0], "kind": "signed_in", "device": "laptop"}
        return str((await self._move(held, "join", **body))["device_session_id"])

    async def _leave(self, held: dict[str, Any], device: str) -> None:
        await self._move(held, "leave", device_session_id=device)

    async def _move(self, held: dict[str, Any], move: str, **body: str) -> Any:  # noqa: ANN401 - JSON
        return await self._send("POST", f"{self._simulator}/_sim/meetings/{held['meet_code']}/{move}", json=body)

    async def _send(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        answer = await self._http.request(method, url, **more)
        if not answer.is_success:
            raise Trouble(f"{method} {url} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json() if "json" in answer.headers.get("content-type", "") else None

    async def _until(self, ask: Callable[[], Awaitable[Any]], else_say: str) -> Any:  # noqa: ANN401 - what it answers
        give_up = time.monotonic() + WITHIN_S
        while time.monotonic() < give_up:
            if (answer := await ask()) is not None:
                return answer
            await asyncio.sleep(1)
        raise Trouble(f"{else_say} within {WITHIN_S:.0f} s; the functions' logs are in the data folder's logs.")


@asynccontextmanager
async def following(stack: Stack) -> AsyncIterator[None]:
    """A browser that is connected to the gateway and follows the course, for the time of the block."""
    url = stack.links["live"].replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(url, origin=websockets.Origin(stack.links["dashboard"])) as socket:
        await socket.recv()
        await socket.send("40" + json.dumps({"token": stack.token(ADMIN, "admin")}))
        await socket.recv()
        await socket.send("42" + json.dumps(["subscribeToCourse", {"course_id": COURSE}]))
        answering = asyncio.create_task(_answer_pings(socket))
        try:
            yield
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)


def events_of(size: int) -> int:
    """How many things Google tells of such a class: everybody comes and goes, some twice, the meeting begins and ends."""
    people = len(_names(size))
    return 2 * people + 2 * -(-people // RETURNS) + 2


async def _answer_pings(socket: websockets.ClientConnection) -> None:
    async for frame in socket:
        if frame == "2":
            await socket.send("3")


def _names(size: int) -> list[str]:
    """The teacher, and so many students."""
    return [TEACHER, *(f"student{number}@school.example" for number in range(size))]


def _query(day: dict[str, str]) -> str:
    return "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in day.items())
