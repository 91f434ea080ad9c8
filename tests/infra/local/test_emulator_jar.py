"""Finding the emulator, and getting it when it is missing."""

import threading
import time
from pathlib import Path

import pytest

from infra.local import emulator_jar
from infra.local.emulator_jar import COMPONENT, find_jar
from infra.local.troubles import Trouble


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No emulator in the usual places."""
    monkeypatch.setattr(emulator_jar, "SDK_PLACES", ())


def command(folder: Path, name: str, script: str) -> None:
    """A command of this name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    (folder / name).chmod(0o755)


def env(folder: Path) -> dict[str, str]:
    """An environment that knows only what is in `folder`."""
    return {"PATH": str(folder / "bin"), "HOME": str(folder)}


def make_jar(root: Path) -> Path:
    """An emulator in an SDK."""
    jar = root / COMPONENT / "cloud-firestore-emulator.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    return jar


def test_an_sdk_in_the_home_folder_is_found(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / "google-cloud-sdk")
    assert find_jar(env(tmp_path), tmp_path / "log") == jar


def test_the_sdk_that_gcloud_belongs_to_is_found(tmp_path: Path) -> None:
    command(tmp_path / "sdk/bin", "gcloud", "exit 1")
    jar = make_jar(tmp_path / "sdk")
    told = {"PATH": str(tmp_path / "sdk/bin"), "HOME": str(tmp_path)}
    assert find_jar(told, tmp_path / "log") == jar


def test_gcloud_is_asked_where_its_sdk_is(tmp_path: Path) -> None:
    jar = make_jar(tmp_path / "elsewhere")
    command(tmp_path / "bin", "gcloud", f"echo {tmp_path / 'elsewhere'}")
    assert find_jar(env(tmp_path), tmp_path / "log") == jar


def test_the_download_of_firebase_is_found(tmp_path: Path) -> None:
    jar = tmp_path / ".cache/firebase/emulators/cloud-firestore-emulator-v1.19.8.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    assert find_jar(env(tmp_path), tmp_path / "log") == jar


def test_a_missing_emulator_is_installed_as_a_component(tmp_path: Path) -> None:
    jar = tmp_path / "google-cloud-sdk" / COMPONENT / "cloud-firestore-emulator.jar"
    install = f'[ "$1" = components ] && mkdir -p {jar.parent} && touch {jar}'
    command(tmp_path / "bin", "gcloud", install)
    assert find_jar(env(tmp_path), tmp_path / "log") == jar


def test_firebase_is_tried_when_gcloud_cannot_install(tmp_path: Path) -> None:
    jar = tmp_path / ".cache/firebase/emulators/cloud-firestore-emulator-v1.19.8.jar"
    command(tmp_path / "bin", "gcloud", "echo the component manager is disabled; exit 1")
    command(tmp_path / "bin", "npx", f"mkdir -p {jar.parent} && touch {jar}")
    assert find_jar(env(tmp_path), tmp_path / "log") == jar
    assert "component manager is disabled" in (tmp_path / "log").read_text()


def test_a_machine_that_cannot_have_it_is_told_how(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"(?s)could not be installed.*gcloud components install.*FIRESTORE_EMULATOR_HOST"):
        find_jar(env(tmp_path), tmp_path / "log")


def test_an_installation_ends_when_it_is_halted(tmp_path: Path) -> None:
    command(tmp_path / "bin", "npx", "sleep 60")
    halt = threading.Event()
    threading.Timer(0.3, halt.set).start()
    begun = time.monotonic()
    with pytest.raises(Trouble):
        find_jar(env(tmp_path), tmp_path / "log", halt)
    assert time.monotonic() - begun < 5
