"""Snapshots: whole or not there."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.emulator import running_emulator
from infra.local.ports import free_ports
from infra.local.snapshots import ExportFailed, Snapshots
from infra.local.troubles import Trouble
from tests.infra.local.support import plain_environment

PROJECT = "demo-snapshots"


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """An emulator for the tests of this module."""
    with running_emulator(plain_environment()) as running:
        yield running


def documents(host: str) -> str:
    """Where the project's documents are."""
    return f"http://{host}/v1/projects/{PROJECT}/databases/(default)/documents"


def write(host: str, text: str) -> None:
    """Set the one note."""
    fields = {"fields": {"text": {"stringValue": text}}}
    httpx.patch(f"{documents(host)}/notes/one", json=fields).raise_for_status()


def read(host: str) -> str | None:
    """The one note's text; None when it is not there."""
    answer = httpx.get(f"{documents(host)}/notes/one")
    return str(answer.json()["fields"]["text"]["stringValue"]) if answer.status_code == 200 else None


def clear(host: str) -> None:
    """Empty the database."""
    httpx.delete(f"http://{host}/emulator/v1/projects/{PROJECT}/databases/(default)/documents").raise_for_status()


def test_what_was_saved_comes_back(host: str, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, PROJECT)
    write(host, "kept")
    saved = snapshots.save(host)
    clear(host)
    assert snapshots.restore(host) == saved
    assert read(host) == "kept"


def test_the_newest_one_counts_and_the_one_before_is_kept(host: str, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, PROJECT)
    for text in ("one", "two", "three"):
        write(host, text)
        snapshots.save(host)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000002", "00000003"]
    clear(host)
    snapshots.restore(host)
    assert read(host) == "three"


def test_a_broken_export_leaves_the_last_good_one_alone(host: str, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, PROJECT)
    write(host, "good")
    good = snapshots.save(host)
    with pytest.raises(ExportFailed, match="did not answer"):
        snapshots.save(f"127.0.0.1:{free_ports(1)[0]}")
    assert snapshots.latest() == good
    assert [path.name for path in tmp_path.iterdir()] == [good.name]


def test_an_export_that_was_cut_off_is_not_a_snapshot(host: str, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, PROJECT)
    write(host, "good")
    good = snapshots.save(host)
    (tmp_path / "unfinished" / "rollcall").mkdir(parents=True)
    (tmp_path / "00000009").mkdir()
    assert snapshots.latest() == good


def test_a_first_run_has_nothing_to_restore(host: str, tmp_path: Path) -> None:
    assert Snapshots(tmp_path, PROJECT).restore(host) is None


def test_a_snapshot_that_cannot_be_read_is_told_with_its_folder(host: str, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path, PROJECT)
    saved = snapshots.save(host)
    (saved / "rollcall" / "rollcall.overall_export_metadata").write_bytes(b"\xff\xff\xff broken")
    with pytest.raises(Trouble, match=rf"{saved}.*Move that folder away"):
        snapshots.restore(host)
