"""The functions as processes: each unpacked from its archive and started as the cloud starts it."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.folder import DataFolder
from infra.local.manifest import FunctionSpec
from infra.local.oidc import ISSUER
from infra.local.ports import LOOPBACK
from infra.local.processes import spawn
from infra.local.settings import StackSettings
from infra.local.simulator.signing_in import CLIENT_ID
from infra.local.troubles import Trouble

TASKS_ACCOUNT = "tasks@demo-rollcall.iam.gserviceaccount.com"
SCHEDULER_ACCOUNT = "scheduler@demo-rollcall.iam.gserviceaccount.com"
PUSH_ACCOUNT = "push@demo-rollcall.iam.gserviceaccount.com"
ADMIN = "admin@school.example"
THREADS = "16"

Packer = Callable[[str, Path], Path]
"""Packs the named function into a folder and says where its archive is."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of a stack are: `firestore` as address:port, the others as URLs; `functions` by name."""

    firestore: str
    simulator: str
    inner: str
    functions: Mapping[str, str]


def pack_function(name: str, out: Path) -> Path:
    """Pack a function of this repository."""
    from infra.pack import pack  # loaded at its first use: a token needs no packer

    return pack(name, out)


def unpack(function: FunctionSpec, folder: DataFolder, packer: Packer) -> Path:
    """The folder with a function's files, made anew when its archive changed."""
    folder.archives().mkdir(parents=True, exist_ok=True)
    archive = packer(function.name, folder.archives())
    home, digest = folder.function(function.name), folder.archives() / f"{function.name}.unpacked"
    content = archive.read_bytes()
    if not home.is_dir() or not digest.is_file() or digest.read_bytes() != content:
        _empty(home)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(home)
        digest.write_bytes(content)
    return home


def environment_of(function: FunctionSpec, settings: StackSettings, at: Addresses, secrets: Mapping[str, str]) -> dict[str, str]:
    """A function's whole environment: what its table declares, and where the local stand-ins for Google are.

    What the table does not declare is not there, as in the cloud.
    """
    declared: dict[str, str] = {
        "ROLLCALL_AUTH": settings.auth,
        "SYNC_DELAYS": settings.sync_delays,
        "TASKS_SERVICE_ACCOUNT": TASKS_ACCOUNT,
        "SCHEDULER_SERVICE_ACCOUNT": SCHEDULER_ACCOUNT,
        "PUSH_SERVICE_ACCOUNT": PUSH_ACCOUNT,
        "MEET_EVENTS_TOPIC": topic_of(settings),
        "TICK_JOB": f"{parent_of(settings)}/jobs/monitor-tick",
        "HOUSEKEEPING_JOB": f"{parent_of(settings)}/jobs/housekeeping",
        "GOOGLE_ADMIN_EMAIL": ADMIN,
        "POLL_SECONDS": "15",
        "VERIFY_SECONDS": "120",
        "OIDC_ISSUER": ISSUER,
        "OIDC_AUDIENCE": CLIENT_ID,
        "OIDC_JWKS_URL": f"{at.inner}/certs",
        "ADMIN_EMAILS": ADMIN,
        "PUBLIC_URL": f"http://localhost:{settings.port}",
        "CORS_ORIGINS": f"http://localhost:{settings.port} http://{LOOPBACK}:{settings.port}",
        **{f"{name.upper()}_URL": url for name, url in at.functions.items()},
        **secrets,
        **settings.passed_on,
    }
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        **{name: value for name, value in declared.items() if name in function.environment},
        "GOOGLE_CLOUD_PROJECT": settings.project,
        "FIRESTORE_EMULATOR_HOST": at.firestore,
        "GOOGLE_API_ENDPOINT": at.simulator,
        "ZOOM_API_ENDPOINT": f"{at.simulator}/zoom",
        "STRIPE_API_ENDPOINT": f"{at.simulator}/stripe",
        "CLOUD_TASKS_ENDPOINT": at.inner,
        "CLOUD_SCHEDULER_ENDPOINT": at.inner,
        "OIDC_CERTS_URL": f"{at.inner}/certs",
        "THREADS": THREADS,
        "PYTHONUNBUFFERED": "1",
    }


def topic_of(settings: StackSettings) -> str:
    """The topic that Google's events of Meet are published to."""
    return f"projects/{settings.project}/topics/meet-events"


def parent_of(settings: StackSettings) -> str:
    """The project and region that the local jobs and queues are in."""
    return f"projects/{settings.project}/locations/{settings.passed_on.get('TASKS_LOCATION', 'europe-west1')}"


def launch_function(
    function: FunctionSpec, home: Path, *, port: int, env: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a function on a loopback port, with the framework's own command as the cloud's buildpack does."""
    command = [*_framework(), "--target", function.name, "--source", "main.py", "--host", LOOPBACK, "--port", str(port)]
    if function.is_service:
        command = [sys.executable, "main.py"]
    # a home of its own: no function finds the developer's Google credentials, nor another function's control socket
    return spawn(command, env={**env, "HOME": str(home), "HOST": LOOPBACK, "PORT": str(port)}, cwd=home, log=log)


def _framework() -> Sequence[str]:
    script = Path(sys.executable).parent / "functions-framework"
    if not script.exists():
        raise Trouble(f"{script} is missing: run `make setup`.")
    return [str(script)]


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
