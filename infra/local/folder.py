"""The data folder of a stack: what is kept between runs and where, and the lock that keeps a second stack out."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.troubles import Trouble

LOG_KEPT = 5 * 1024 * 1024
"""Bytes above which a log of earlier runs is moved aside at the next start."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Places inside $ROLLCALL_DATA."""

    root: Path

    @property
    def snapshots(self) -> Path:
        """Exports of the Firestore emulator."""
        return self.root / "firestore"

    @property
    def tasks(self) -> Path:
        """The task queue's file."""
        return self.root / "tasks.sqlite"

    @property
    def simulator(self) -> Path:
        """The simulator's file."""
        return self.root / "simulator.json"

    @property
    def secrets(self) -> Path:
        """Keys made for this folder, readable by its owner only."""
        return self.root / "secrets"

    def function(self, name: str) -> Path:
        """Where a function's archive is unpacked."""
        return self.root / "functions" / name

    def archives(self) -> Path:
        """Where the functions' archives are packed to."""
        return self.root / "archives"

    def log(self, name: str) -> Path:
        """A log file, its folder made and an overgrown file of earlier runs moved aside."""
        path = self.root / "logs" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_KEPT:
            path.replace(path.with_suffix(".old.log"))
        return path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """This folder for one stack only; raises `Trouble` when another process holds it.

        The operating system gives the lock back when its holder ends, however it ends, so a stale one cannot be.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as held:
                holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
                raise Trouble(
                    f"Another stack (process {holder}) works in {self.root}. Stop it, or set ROLLCALL_DATA to another folder."
                ) from held
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)
