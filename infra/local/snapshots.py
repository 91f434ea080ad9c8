"""Snapshots of the Firestore emulator: what a stack keeps between its runs.

A snapshot is a numbered folder. It is written beside under another name and gets its number when it is whole and on the
disk, so a broken export never stands in the place of a good one. The one before the last is kept too.
"""

import os
import shutil
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from infra.local.troubles import Trouble

NAME = "rollcall"
KEPT = 2


class ExportFailed(Trouble):
    """The emulator could not write its documents; the snapshots of before are untouched."""


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots in one folder, of one project's default database."""

    folder: Path
    project: str

    def latest(self) -> Path | None:
        """The newest whole snapshot, None before the first one."""
        whole = self._whole()
        return whole[-1] if whole else None

    def save(self, host: str) -> Path:
        """Write what the emulator at `host` holds; raises `ExportFailed` and leaves the earlier snapshots alone."""
        whole = self._whole()
        number = int(whole[-1].name) + 1 if whole else 1
        part = self.folder / "unfinished"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            self._ask(host, "export", {"export_directory": str(part), "export_name": NAME})
            if not _metadata(part).is_file():
                raise ExportFailed(f"The emulator said it exported to {part}, but its metadata file is not there.")
            _flush(part)
        except ExportFailed:
            shutil.rmtree(part, ignore_errors=True)
            raise
        saved = part.rename(self.folder / f"{number:08d}")
        _flush_entry(self.folder)
        for old in whole[: 1 - KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return saved

    def restore(self, host: str) -> Path | None:
        """Load the newest snapshot into the emulator at `host`; None when there is none. Raises `Trouble`."""
        latest = self.latest()
        if latest is None:
            return None
        try:
            self._ask(host, "import", {"export_directory": str(_metadata(latest))})
        except ExportFailed as failed:
            raise Trouble(
                f"The data of the last run could not be read from {latest}: {failed} "
                f"Move that folder away to go on with the snapshot before it."
            ) from failed
        return latest

    def _whole(self) -> list[Path]:
        return sorted(entry for entry in self.folder.glob("[0-9]*") if entry.name.isdecimal() and _metadata(entry).is_file())

    def _ask(self, host: str, verb: str, body: dict[str, str]) -> None:
        url = f"http://{host}/emulator/v1/projects/{self.project}:{verb}"
        try:
            answer = httpx.post(url, json={"database": f"projects/{self.project}/databases/(default)", **body}, timeout=60)
        except httpx.HTTPError as failed:
            raise ExportFailed(f"The emulator did not answer to {verb}: {failed}.") from failed
        if answer.status_code != HTTPStatus.OK:
            raise ExportFailed(f"The emulator refused to {verb}: {answer.status_code} {answer.text[:300]}.")


def _metadata(snapshot: Path) -> Path:
    return snapshot / NAME / f"{NAME}.overall_export_metadata"


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        _flush_entry(path)


def _flush_entry(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
