"""Keeping watch over child processes: a function that dies is started again, a few times; then the stack gives up."""

import asyncio
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from infra.local.processes import end, tail
from infra.local.troubles import Trouble

RESTARTS = 3
WITHIN = timedelta(minutes=1)
START_WITHIN = timedelta(seconds=60)
POLL_S = 0.1


@dataclass
class Child:
    """A process that can be started again. `url` answers when it is up; any answer will do."""

    name: str
    launch: Callable[[], "subprocess.Popen[bytes]"]
    url: str
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, without waiting until it serves."""
        self.process = self.launch()

    @property
    def is_running(self) -> bool:
        """Whether the process is there, serving or not yet."""
        return self.process is not None and self.process.poll() is None

    async def serves(self) -> None:
        """Wait until it answers; raises `Trouble` with the end of its log when it ends or takes too long."""
        waited = asyncio.get_running_loop().time() + START_WITHIN.total_seconds()
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            while self.is_running and asyncio.get_running_loop().time() < waited:
                with suppress(httpx.HTTPError):
                    await client.get(self.url)
                    return
                await asyncio.sleep(POLL_S)
        raise Trouble(f"{self.name} did not start. The end of {self.log}:\n{tail(self.log)}")

    async def keep(self, say: Callable[[str], None]) -> None:
        """Start it again whenever it ends; raises `Trouble` when it ended too often within a minute."""
        while True:
            while self.is_running:  # noqa: ASYNC110 - the process is asked; nothing would set an event
                await asyncio.sleep(POLL_S)
            await self._restart(say)

    async def _restart(self, say: Callable[[str], None]) -> None:
        ended, now = self.process, asyncio.get_running_loop().time()
        self.deaths = [at for at in self.deaths if now - at < WITHIN.total_seconds()] + [now]
        if ended is not None:
            await asyncio.to_thread(end, [ended])
        if len(self.deaths) > RESTARTS:
            raise Trouble(
                f"{self.name} ended {len(self.deaths)} times within a minute, so the stack stops. "
                f"The end of {self.log}:\n{tail(self.log)}"
            )
        how = ending(ended.returncode if ended else None)
        say(f"{self.name} ended ({how}); restart {len(self.deaths)} of {RESTARTS} within a minute. Log: {self.log}")
        self.start()


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "unknown"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
