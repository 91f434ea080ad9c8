"""`python -m infra.migrate [--dry-run] [--kind NAME]`: write old documents down as the newest version has them.

It works on the database of GOOGLE_CLOUD_PROJECT with your own credentials, or on FIRESTORE_EMULATOR_HOST. It may be stopped at
any time and begun again, and the functions may go on working meanwhile.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from google.cloud import firestore
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from infra.migrate.moving import Forbidden, Migration, Progress, whole
from shared.adapters.firestore.versions import STEPS, newest
from shared.domain.errors import Unavailable


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; the exit code."""
    asked = _parser().parse_args(arguments)
    project = asked.project or os.environ.get("GOOGLE_CLOUD_PROJECT")
    if not project:
        sys.stderr.write("Which project? Set GOOGLE_CLOUD_PROJECT, or give --project.\n")
        return 2
    client, console = firestore.Client(project=project, database=asked.database), Console(soft_wrap=True, highlight=False)
    try:
        done = migrate(client, asked.kind or sorted(STEPS), console, is_dry=asked.dry_run)
    except (Forbidden, Unavailable) as trouble:
        sys.stderr.write(f"{trouble}\nWhat was written stays; begin again to go on.\n")
        return 1
    console.print(_told(done, is_dry=asked.dry_run))
    return 0


def migrate(client: firestore.Client, kinds: Sequence[str], console: Console, *, is_dry: bool) -> list[Progress]:
    """Move these kinds, with a bar for each; raises `Forbidden` and `Unavailable`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    done: list[Progress] = []
    with Bars(*columns, console=console, transient=True) as bars:
        for kind in kinds:
            migration = Migration(client, kind, is_dry=is_dry)
            bar = bars.add_task(kind, total=migration.count())
            done.append(whole(migration, lambda now, bar=bar: bars.update(bar, completed=now.read)))  # type: ignore[misc]
    return done


def _told(done: Sequence[Progress], *, is_dry: bool) -> Table:
    table = Table(box=None, padding=(0, 1))
    for name in ("Kind", "Version", "Read", "Would move" if is_dry else "Moved", "Newer than this program"):
        table.add_column(name, justify="left" if name == "Kind" else "right")
    for each in done:
        table.add_row(each.kind, str(newest(each.kind)), str(each.read), str(each.moved), str(each.newer))
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.migrate", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="count what would be moved and write nothing")
    parser.add_argument("--kind", action="append", choices=sorted(STEPS), help="only this kind; may be given several times")
    parser.add_argument("--project", help="instead of GOOGLE_CLOUD_PROJECT")
    parser.add_argument("--database", default="(default)", help="the database's name")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
