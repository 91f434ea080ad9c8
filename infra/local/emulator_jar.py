"""Where the Firestore emulator is on this machine, and how it gets there when it is not."""

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event

from infra.local.processes import end, spawn, tail
from infra.local.troubles import Trouble

SDK_PLACES = ("/usr/lib/google-cloud-sdk", "/opt/google-cloud-sdk", "/usr/local/google-cloud-sdk", "/google-cloud-sdk")
COMPONENT = "platform/cloud-firestore-emulator"
INSTALL_SECONDS = 300


def find_jar(env: Mapping[str, str], log: Path, halt: Event | None = None) -> Path:
    """The emulator's archive, installed first when it is missing; raises `Trouble` that says how to install it by hand.

    `halt`, when set meanwhile, ends an installation.
    """
    found = present_jar(env)
    for command in [] if found else _installers(env):
        if _install(command, env, log, halt or Event()):
            found = present_jar(env)
        if found:
            break
    if found is None:
        raise Trouble(
            "The Firestore emulator is not on this machine and could not be installed by itself "
            f"(what was tried is in {log}). Install it with one of:\n"
            "  gcloud components install cloud-firestore-emulator\n"
            "  apt-get install google-cloud-cli-firestore-emulator\n"
            "  npx firebase-tools setup:emulators:firestore\n"
            "or set FIRESTORE_EMULATOR_HOST to an emulator that is running elsewhere."
        )
    return found


def present_jar(env: Mapping[str, str]) -> Path | None:
    """The emulator's archive where it is installed; None when it is not."""
    for root in (*_sdk_roots(env), _told_root(env)):
        jars = sorted((root / COMPONENT).glob("*.jar")) if root else []
        if jars:
            return jars[-1]
    downloaded = sorted((_home(env) / ".cache/firebase/emulators").glob("cloud-firestore-emulator-*.jar"))
    return downloaded[-1] if downloaded else None


def _sdk_roots(env: Mapping[str, str]) -> Sequence[Path]:
    """Likely places, so that gcloud, which takes a second to answer, is asked only when they hold nothing."""
    gcloud = shutil.which("gcloud", path=env.get("PATH", ""))
    beside = [Path(gcloud).resolve().parents[1]] if gcloud else []
    return [*beside, _home(env) / "google-cloud-sdk", *map(Path, SDK_PLACES)]


def _told_root(env: Mapping[str, str]) -> Path | None:
    gcloud = shutil.which("gcloud", path=env.get("PATH", ""))
    if gcloud is None:
        return None
    ask = [gcloud, "info", "--format=value(installation.sdk_root)"]
    try:
        told = subprocess.run(ask, capture_output=True, text=True, timeout=60, check=False, env=dict(env)).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(told) if told else None


def _installers(env: Mapping[str, str]) -> list[list[str]]:
    gcloud, npx = (shutil.which(name, path=env.get("PATH", "")) for name in ("gcloud", "npx"))
    commands = [[gcloud, "components", "install", "cloud-firestore-emulator", "--quiet"]] if gcloud else []
    return commands + ([[npx, "--yes", "firebase-tools", "setup:emulators:firestore"]] if npx else [])


def _install(command: Sequence[str], env: Mapping[str, str], log: Path, halt: Event) -> bool:
    process = spawn(command, env=env, cwd=log.parent, log=log)
    until = time.monotonic() + INSTALL_SECONDS
    try:
        while process.poll() is None:
            if halt.wait(0.1) or time.monotonic() > until:
                return False
        return process.returncode == 0
    finally:
        end([process])


def _home(env: Mapping[str, str]) -> Path:
    return Path(env.get("HOME") or Path.home())


def explain_failed_start(log: Path) -> Trouble:
    """The trouble of an emulator that did not come up."""
    return Trouble(f"The Firestore emulator did not start. The end of {log}:\n{tail(log)}")
