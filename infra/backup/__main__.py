"""`python -m infra.backup create | remember | list | restore | verify`.

On FIRESTORE_EMULATOR_HOST backups lie in a folder (--folder, or ROLLCALL_BACKUPS); in the cloud they lie in a bucket (--bucket,
or ROLLCALL_BACKUPS as gs://NAME), and your own credentials are used. README says what is restored in what order.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from google.cloud import firestore
from rich.console import Console
from rich.table import Table

from infra.backup.forgetting import Erased, Machine, OtherKey
from infra.backup.keeping import Backups, Store
from infra.backup.shelf import Folder, Missing, Shelf, manifests
from infra.local.settings import REPOSITORY
from infra.local.troubles import Trouble
from shared import system
from shared.config import read_settings
from shared.domain.errors import Unavailable

# The instant that is exported in the cloud: a whole minute that is surely over.
SETTLED = timedelta(minutes=2)


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; the exit code: 1 where a backup is not what it should be, or somebody could not be erased again."""
    asked, console = _parser().parse_args(arguments), Console(soft_wrap=True, highlight=False)
    try:
        return _COMMANDS[asked.command](asked, _backups(asked, console), console)
    except (Trouble, Missing, OtherKey, Unavailable) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _create(asked: argparse.Namespace, backups: Backups, console: Console) -> int:
    now = datetime.now(UTC)
    at = None if _emulator() else (now - SETTLED).replace(second=0, microsecond=0)
    taken = backups.create(_project(asked.project), asked.name or f"{now:%Y-%m-%dT%H-%M-%SZ}", at)
    console.print(f"{taken.name}: {taken.digest.documents} documents of {len(taken.digest.collections)} collections.")
    return 0


def _remember(asked: argparse.Namespace, backups: Backups, console: Console) -> int:
    kept = backups.remember_forgotten(_project(asked.project))
    console.print(f"The list of the forgotten is kept: {len(kept.digests)} digests.")
    return 0


def _list(asked: argparse.Namespace, backups: Backups, console: Console) -> int:
    table = Table(box=None, padding=(0, 1))
    for name in ("Backup", "Of", "As of", "Documents"):
        table.add_column(name, justify="right" if name == "Documents" else "left", overflow="fold")
    for each in manifests(backups.shelf):
        table.add_row(each.name, each.source, f"{each.taken_at:%Y-%m-%d %H:%M:%S} UTC", str(each.digest.documents))
    if not _emulator():
        for scheduled in _cloud(asked.database).scheduled(_project(asked.project)):
            table.add_row(scheduled.name, "Firestore's schedule", f"{scheduled.taken_at:%Y-%m-%d %H:%M:%S} UTC", scheduled.state)
    console.print(table)
    return 0


def _restore(asked: argparse.Namespace, backups: Backups, console: Console) -> int:
    into = asked.into or _project(asked.project)
    if asked.name and asked.name.startswith("projects/"):
        return _restore_scheduled(asked, backups, console, into)
    restored = backups.restore(asked.name, into, asked.forgotten)
    console.print(
        f"{restored.manifest.name} as of {restored.manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC is restored: "
        f"{restored.manifest.digest.documents} documents, each as it was; the books hold."
    )
    return _tell_erased(restored.erased, console)


def _restore_scheduled(asked: argparse.Namespace, backups: Backups, console: Console, into: str) -> int:
    """A backup that Firestore took by itself: it becomes the database of --database, which must not be there yet."""
    cloud = _cloud(asked.database)
    taken_at = next((each.taken_at for each in cloud.scheduled(into) if each.name == asked.name), None)
    if taken_at is None:
        raise Missing(f"Firestore has no backup {asked.name}; `list` shows those that it has.")
    cloud.restore(into, asked.name)
    console.print(f"{asked.name} as of {taken_at:%Y-%m-%d %H:%M:%S} UTC is restored into the database {asked.database}.")
    return _tell_erased(backups.settle(into, taken_at, asked.forgotten), console)


def _tell_erased(erased: Erased, console: Console) -> int:
    console.print(f"{erased.people} people who were erased since are erased again.")
    for address, why in erased.left.items():
        console.print(f"Not erased yet: {address}. {why}", style="bold red")
    return 1 if erased.left else 0


def _verify(asked: argparse.Namespace, backups: Backups, console: Console) -> int:
    wrong = backups.verify(asked.name, asked.into or _project(asked.project))
    for line in wrong:
        console.print(line, style="red")
    console.print(f"{len(wrong)} differences." if wrong else "The database holds what the backup holds, and the books hold.")
    return 1 if wrong else 0


_COMMANDS = {"create": _create, "remember": _remember, "list": _list, "restore": _restore, "verify": _verify}


def _backups(asked: argparse.Namespace, console: Console) -> Backups:
    delays = tuple(read_settings(os.environ).sync_delays)
    machine = Machine(system.now, system.sleep, system.new_id, delays)
    return Backups(_store(asked), _shelf(asked), lambda project: _client(project, asked.database), machine, console.print)


def _client(project: str, database: str) -> firestore.Client:
    return firestore.Client(project=project, database=database)


def _store(asked: argparse.Namespace) -> Store:
    host = _emulator()
    if host is None:
        cloud: Store = _cloud(asked.database)
        return cloud
    from infra.backup.emulator import EmulatorStore

    return EmulatorStore(host)


def _cloud(database: str) -> Any:  # noqa: ANN401 - loaded only where it is used
    from google.cloud.firestore_admin_v1 import FirestoreAdminClient

    from infra.backup.cloud import CloudStore

    return CloudStore(FirestoreAdminClient(), database)


def _shelf(asked: argparse.Namespace) -> Shelf:
    named = os.environ.get("ROLLCALL_BACKUPS", "")
    bucket = asked.bucket or (named.removeprefix("gs://") if named.startswith("gs://") else None)
    if _emulator() is not None:
        return Folder(asked.folder or Path(named or REPOSITORY / ".rollcall" / "backups"))
    if not bucket:
        raise Trouble("Where do backups lie? Give --bucket, or set ROLLCALL_BACKUPS=gs://NAME.")
    from googleapiclient.discovery import build

    from infra.backup.cloud import Bucket

    return Bucket(build("storage", "v1", cache_discovery=False), bucket)


def _emulator() -> str | None:
    return os.environ.get("FIRESTORE_EMULATOR_HOST") or None


def _project(given: str | None) -> str:
    project = given or os.environ.get("GOOGLE_CLOUD_PROJECT")
    if not project:
        raise Trouble("Which project? Set GOOGLE_CLOUD_PROJECT, or give --project.")
    return project


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.backup", description=__doc__)
    parser.add_argument("--project", help="instead of GOOGLE_CLOUD_PROJECT")
    parser.add_argument("--database", default="(default)", help="the database's name")
    parser.add_argument("--folder", type=Path, help="where backups of an emulator lie")
    parser.add_argument("--bucket", help="where backups of the cloud lie")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("create", "export everything, with what the backup has to hold"),
        ("remember", "keep the list of the forgotten as it is now; do it every hour"),
        ("list", "the backups that are whole"),
        ("restore", "put a backup into an empty database, and erase again whom was erased since"),
        ("verify", "compare a database with a backup"),
    ):
        command = commands.add_parser(name, help=text)
        if name in ("create", "restore", "verify"):
            command.add_argument("name", nargs="?", help="the backup's name; the newest (or a new one) when left out")
        if name == "restore":
            command.add_argument("--forgotten", help="an export of the collections forgotten and peppers, newer than the backup")
        if name in ("restore", "verify"):
            command.add_argument("--into", help="the project whose database it is about; the same when left out")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
