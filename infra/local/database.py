"""The stack's database: the Firestore emulator with what it held in the last run, and snapshots while it runs."""

import asyncio
import os
import subprocess
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from infra.local.emulator import START_WITHIN, check_given_host, is_serving, launch_emulator
from infra.local.emulator_jar import explain_failed_start, find_jar
from infra.local.folder import DataFolder
from infra.local.java import find_java
from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import end
from infra.local.report import Reporter
from infra.local.settings import StackSettings
from infra.local.snapshots import ExportFailed, Snapshots
from infra.local.troubles import Trouble
from infra.local.watch import ending

T = TypeVar("T")


class Database:
    """An emulator of our own, or the one that FIRESTORE_EMULATOR_HOST names: that one's data is its owner's business."""

    def __init__(self, settings: StackSettings, folder: DataFolder, report: Reporter) -> None:
        self._given = settings.emulator_host
        self._log = folder.log("firestore")
        self._snapshots = Snapshots(folder.snapshots, settings.project)
        self._export_every = settings.export_every
        self._report = report
        self._ports = free_ports(2)
        self.host = self._given or f"{LOOPBACK}:{self._ports[0]}"
        self._process: subprocess.Popen[bytes] | None = None
        self._is_whole = False
        self._is_touched = False
        self._saved_at: datetime | None = None
        self._one_save = threading.Lock()

    def touched(self) -> None:
        """Something may have been written since the last snapshot."""
        self._is_touched = True

    async def start(self) -> None:
        """Find and launch the emulator; raises `Trouble` when there is none to be had."""
        if self._given:
            await asyncio.to_thread(check_given_host, self._given)
            return
        java = await asyncio.to_thread(find_java, os.environ)
        jar = await _in_thread(lambda halt: find_jar(os.environ, self._log, halt))
        port, websocket_port = self._ports
        self._process = launch_emulator(java, jar, port=port, websocket_port=websocket_port, log=self._log)

    async def ready(self) -> Path | None:
        """Wait until it serves and holds the last run's data; answers with the snapshot that this came from."""
        if self._process is None:
            return None
        until = asyncio.get_running_loop().time() + START_WITHIN.total_seconds()
        while not await asyncio.to_thread(is_serving, self.host):
            if self._process.poll() is not None or asyncio.get_running_loop().time() > until:
                raise explain_failed_start(self._log)
            await asyncio.sleep(0.05)
        restored = await asyncio.to_thread(self._snapshots.restore, self.host)
        self._is_whole = True
        return restored

    async def watch(self) -> None:
        """Take snapshots while something changes, until cancelled; raises `Trouble` when the emulator ends."""
        since = 0.0
        while self._process is None or self._process.poll() is None:
            await asyncio.sleep(0.1)
            since += 0.1
            if self._process is not None and self._is_touched and since >= self._export_every.total_seconds():
                since = 0.0
                await self._save_or_say()
        raise Trouble(self._death_notice())

    async def stop(self) -> None:
        """Take the last snapshot and end the emulator."""
        if self._process is None:
            return
        if self._is_whole and self._process.poll() is None:
            await self._save_or_say()
        await asyncio.to_thread(end, [self._process])

    async def _save_or_say(self) -> None:
        self._is_touched = False
        try:
            await asyncio.to_thread(self._save)
        except (ExportFailed, OSError) as failed:
            if self._process is None or self._process.poll() is None:
                self._is_touched = True
                self._report.trouble(f"The data could not be saved: {failed} The snapshot before is kept.")

    def _save(self) -> None:
        with self._one_save:
            self._snapshots.save(self.host)
            self._saved_at = datetime.now(UTC)

    def _death_notice(self) -> str:
        code = self._process.returncode if self._process else None
        kept = f"Data is kept up to {self._saved_at:%H:%M:%S} UTC" if self._saved_at else "Data is kept up to the last stop"
        return (
            f"The Firestore emulator ended ({ending(code)}); its log is {self._log}. {kept}; what was written after that is "
            "lost. The stack stops here, so that nobody goes on working with data that went back in time without a word: "
            "start it again to continue from the last snapshot."
        )


async def _in_thread(work: Callable[[threading.Event], T]) -> T:
    """The result of `work` in a thread, which is told to halt and waited for when the waiting is cancelled."""
    halt = threading.Event()
    running = asyncio.ensure_future(asyncio.to_thread(work, halt))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        halt.set()
        await asyncio.wait([running])
        raise
