"""The stack's database: restored, saved while something changes, and told when it cannot be."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from infra.local.database import Database
from infra.local.folder import DataFolder
from infra.local.ports import free_ports
from infra.local.report import Reporter
from infra.local.settings import read_stack_settings
from infra.local.snapshots import Snapshots
from infra.local.troubles import Trouble


def played(folder: Path, play: Callable[[Database], Awaitable[None]], every_s: float = 0.3) -> str:
    """Start a database on a folder, let something happen to it, stop it; what was said meanwhile."""
    out = io.StringIO()

    async def all_of_it() -> None:
        settings = replace(read_stack_settings({}), export_every=timedelta(seconds=every_s))
        database = Database(settings, DataFolder(folder), Reporter(Console(file=out, width=500)))
        try:
            await database.start()
            await database.ready()
            watching = asyncio.create_task(database.watch())
            await play(database)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        finally:
            await database.stop()

    asyncio.run(all_of_it())
    return out.getvalue()


def latest(folder: Path) -> Path | None:
    """The newest snapshot."""
    return Snapshots(folder / "firestore", "demo-rollcall").latest()


def test_a_snapshot_is_taken_only_after_something_happened(tmp_path: Path) -> None:
    async def play(database: Database) -> None:
        await asyncio.sleep(1)
        assert latest(tmp_path) is None
        database.touched()
        async with asyncio.timeout(10):
            while latest(tmp_path) is None:  # noqa: ASYNC110 - a folder is watched
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        first = latest(tmp_path)
        assert first is not None
        assert first.name == "00000001"

    assert played(tmp_path, play) == ""
    assert str(latest(tmp_path)).endswith("00000002")


def test_what_cannot_be_saved_is_told_and_the_snapshot_before_stays(tmp_path: Path) -> None:
    async def nothing(_: Database) -> None:
        pass

    async def play(database: Database) -> None:
        (tmp_path / "firestore/unfinished").write_text("in the way of the next one")
        database.touched()
        await asyncio.sleep(1.5)

    played(tmp_path, nothing)
    good = latest(tmp_path)
    said = played(tmp_path, play)
    assert "The data could not be saved" in said
    assert "The snapshot before is kept" in said
    assert latest(tmp_path) == good


def test_data_comes_back_in_the_next_run(tmp_path: Path) -> None:
    async def write(database: Database) -> None:
        async with httpx.AsyncClient() as client:
            await client.patch(note(database), json={"fields": {"text": {"stringValue": "kept"}}})

    async def read(database: Database) -> None:
        async with httpx.AsyncClient() as client:
            assert (await client.get(note(database))).json()["fields"]["text"]["stringValue"] == "kept"

    played(tmp_path, write)
    played(tmp_path, read)


def test_a_broken_snapshot_stops_the_start_and_is_not_written_over(tmp_path: Path) -> None:
    async def nothing(_: Database) -> None:
        pass

    played(tmp_path, nothing)
    saved = latest(tmp_path)
    assert saved is not None
    (saved / "rollcall/rollcall.overall_export_metadata").write_bytes(b"\xff\xff broken")
    with pytest.raises(Trouble, match="Move that folder away"):
        played(tmp_path, nothing)
    assert latest(tmp_path) == saved


def test_a_given_emulator_that_is_down_is_told(tmp_path: Path) -> None:
    async def start() -> None:
        settings = replace(read_stack_settings({}), emulator_host=f"127.0.0.1:{free_ports(1)[0]}")
        await Database(settings, DataFolder(tmp_path), Reporter(Console(file=io.StringIO()))).start()

    with pytest.raises(Trouble, match="no Firestore emulator answers there"):
        asyncio.run(start())


def note(database: Database) -> str:
    """Where a document is."""
    return f"http://{database.host}/v1/projects/demo-rollcall/databases/(default)/documents/notes/one"
