"""The story of the demo: one class from its booking to its attendance and its bills, told as it happens."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from rich.console import Console
from rich.live import Live

from infra.local.demo.bills import bill, bills_table, findings_about
from infra.local.demo.cast import CLASS_SECONDS, Step, steps
from infra.local.demo.picture import LivePicture, attendance_table
from infra.local.demo.school import School
from infra.local.demo.verdict import Finding, findings
from infra.local.stack import system_clock
from infra.local.troubles import Trouble

LEAD = timedelta(seconds=10)
MEETING_OVERRUN = 2
OPEN_WITHIN = timedelta(seconds=30)
SYNC_WITHIN = timedelta(minutes=3)
ISSUE_WITHIN = timedelta(minutes=1)

T = TypeVar("T")


class Story:
    """One class of one minute, played on one school. All of its times are whole seconds from the start of the class."""

    def __init__(self, school: School, console: Console) -> None:
        self._school = school
        self._console = console
        self._start = system_clock().replace(microsecond=0) + LEAD
        self._devices: dict[tuple[str, str], str] = {}
        self._class: dict[str, Any] = {}

    async def play(self) -> bool:
        """Play it; whether everything was found out as it should be. Raises `Trouble` when it cannot go on."""
        await self._book()
        picture, width = LivePicture(self._start), self._console.width
        with Live(console=self._console, refresh_per_second=4, get_renderable=lambda: picture.draw(system_clock(), width)):
            watching = asyncio.create_task(self._watch(picture))
            try:
                await self._perform()
            finally:
                watching.cancel()
                (ended,) = await asyncio.gather(watching, return_exceptions=True)
        if isinstance(ended, Trouble):
            raise ended
        self._console.print()
        rows = await self._settled()
        self._console.print()
        self._console.print(attendance_table(rows, self._start, width))
        self._console.print()
        billed = await bill(self._school.office, str(self._class["session_id"]), self._start, self._tell, _issued)
        self._console.print()
        self._console.print(bills_table(billed))
        return self._judge([*findings(rows, picture.seen), *findings_about(billed)])

    async def _book(self) -> None:
        self._class = await self._school.book(self._start)
        self._tell(
            f"Booked “{self._class['subject']}” at {self._start:%H:%M:%S} UTC for {len(self._class['student_emails'])} students."
        )
        if not self._class["meet_code"]:
            self._class = await _until(self._with_link, OPEN_WITHIN, "Calendar made no Meet link")
        self._tell(f"Its Meet link, made by Calendar: {self._class['meet_link']}")

    async def _with_link(self) -> dict[str, Any] | None:
        told = await self._school.booked(self._class["class_id"])
        return told if told["meet_code"] else None

    async def _perform(self) -> None:
        is_open = False
        for step in steps():
            if step.second >= 0 and not is_open:
                await self._opened()
                is_open = True
            await self._at(step.second)
            await self._do(step)
        await self._at(CLASS_SECONDS + MEETING_OVERRUN)
        await self._school.end(self._code, self._instant(CLASS_SECONDS + MEETING_OVERRUN))
        self._tell("The meeting ends in Google Meet.")

    async def _opened(self) -> None:
        """Wait for the class to be opened by the task that was planned for its start."""
        await self._at(0)
        session = await _until(self._live, OPEN_WITHIN, "The class was not opened: active-sessions does not show it")
        late = (datetime.fromisoformat(session["started_at"]) - self._start).total_seconds()
        self._tell(f"The class is open, by a task planned for its start ({late:.1f} s after the bell).")
        self._tell(f"Its feed is {session['feed']}: Google pushes who comes and goes, by the teacher's own subscription.")

    async def _do(self, step: Step) -> None:
        person, device, at = step.person, step.visit.device, self._instant(step.second)
        key = (person.name, device)
        if step.action == "join":
            self._devices[key] = await self._school.join(self._code, person, device, at)
        else:
            await self._school.leave(self._code, self._devices.pop(key), at)
        self._tell(f"{person.name} {'joins' if step.action == 'join' else 'leaves'} ({device})")

    async def _watch(self, picture: LivePicture) -> None:
        while True:
            picture.note(await self._live(), system_clock())
            await asyncio.sleep(0.7)

    async def _settled(self) -> list[dict[str, Any]]:
        self._tell("Waiting for the task that reads Meet's own record ...")
        return await _until(self._measured, SYNC_WITHIN, "The attendance was not settled from Meet's own record")

    async def _measured(self) -> list[dict[str, Any]] | None:
        rows = await self._school.attendance(self._class["session_id"])
        return rows if rows and all(row["basis"] == "measured" for row in rows) else None

    async def _live(self) -> dict[str, Any] | None:
        return await self._school.live(self._class["session_id"])

    def _judge(self, found: list[Finding]) -> bool:
        self._console.print("\nChecked", style="bold")
        for finding in found:
            self._console.print(
                f"  {'✓' if finding.holds else '✗'} {finding.claim}",
                style="green" if finding.holds else "bold red",
                highlight=False,
            )
            if not finding.holds:
                self._console.print(f"      but {finding.told}", style="red", highlight=False)
        wrong = sum(not finding.holds for finding in found)
        verdict = f"{wrong} of {len(found)} did not hold." if wrong else f"All {len(found)} hold."
        self._console.print(verdict, style="bold", highlight=False)
        return wrong == 0

    async def _at(self, second: int) -> None:
        await asyncio.sleep(max(0.0, (self._instant(second) - system_clock()).total_seconds()))

    def _instant(self, second: int) -> datetime:
        return self._start + timedelta(seconds=second)

    @property
    def _code(self) -> str:
        return str(self._class["meet_code"])

    def _tell(self, line: str) -> None:
        self._console.print(f"[dim]{system_clock():%H:%M:%S}[/] {line}", highlight=False, soft_wrap=True)


async def _issued(ask: Callable[[], Awaitable[bool | None]], else_say: str) -> bool:
    return await _until(ask, ISSUE_WITHIN, else_say)


async def _until(ask: Callable[[], Awaitable[T | None]], within: timedelta, else_say: str) -> T:
    """What `ask` answers when it answers; raises `Trouble` when it did not in time."""
    deadline = system_clock() + within
    while system_clock() < deadline:
        answer = await ask()
        if answer is not None:
            return answer
        await asyncio.sleep(0.5)
    raise Trouble(f"{else_say} (waited {within.total_seconds():.0f} s). The functions' logs are in the data folder's logs.")
