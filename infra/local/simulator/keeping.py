"""Keeping what a simulated service knows in its file, while the simulator runs and once more at its end."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

LOG = logging.getLogger("rollcall.simulator")
SAVE_PAUSE_S = 0.5


@asynccontextmanager
async def kept(changes: Callable[[], int], save: Callable[[Path], None], path: Path | None) -> AsyncIterator[None]:
    """Write to the file for the time of the block whenever `changes` counts on, and at its end; without a file, nothing.

    A big world, which takes long to write, is written less often.
    """
    if path is None:
        yield
        return
    keeper = asyncio.create_task(_keep(changes, save, path))
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        save(path)


async def _keep(changes: Callable[[], int], save: Callable[[Path], None], path: Path) -> None:
    written, pause = changes(), SAVE_PAUSE_S
    while True:
        await asyncio.sleep(pause)
        if changes() == written:
            continue
        written, began = changes(), time.monotonic()
        try:
            save(path)
        except OSError:
            LOG.exception("The simulator's file %s cannot be written; make room or give another folder", path)
        pause = max(SAVE_PAUSE_S, 20 * (time.monotonic() - began))
