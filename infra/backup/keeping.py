"""Taking a backup, having it back, and making sure of both."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from google.cloud import firestore

from infra.backup.digest import NOTE, broken_books, digest_of
from infra.backup.forgetting import Erased, Forgotten, Machine, erase_again, forgotten_of
from infra.backup.shelf import MANIFEST, Manifest, Shelf, keep_list, kept_list, manifest_of
from infra.local.troubles import Trouble


class Store(Protocol):
    """Where the databases are: an emulator, or the cloud."""

    def export(self, project: str, place: str, at: datetime | None = None) -> None:
        """Write all documents of a project's database to a place; raises `Trouble`."""

    def load(self, project: str, place: str) -> None:
        """Put them into a project's database; raises `Trouble`."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of having a backup back."""

    manifest: Manifest
    erased: Erased


@dataclass(frozen=True)
class Backups:
    """Backups of the databases of one store. `connect` makes a client of a project's database.

    `say` is told what is being done, a line at a time.
    """

    store: Store
    shelf: Shelf
    connect: Callable[[str], firestore.Client]
    machine: Machine
    say: Callable[[str], object] = lambda _: None

    def create(self, project: str, name: str, at: datetime | None = None) -> Manifest:
        """Export everything with a manifest, and the list of the forgotten. The manifest comes last: without it it is none.

        Raises `Trouble` where the store holds something else by the end than at the beginning, unless it exports a past instant.
        """
        if self.shelf.get(f"{name}/{MANIFEST}") is not None:
            raise Trouble(f"There is a backup {name!r} already; give this one another name.")
        client, taken_at = self.connect(project), at or self.machine.now()
        self.say("reading everything")
        digest = digest_of(client, self.machine.sleep, at)
        if digest.broken:
            raise Trouble("The books do not hold; find out why before you rely on a backup: " + " ".join(digest.broken))
        self.say("exporting")
        self.store.export(project, self.shelf.place(name), at)
        if at is None and (changed := digest.against(digest_of(client, self.machine.sleep))):
            raise Trouble("Something was written meanwhile; stop the writers, or give an instant. " + "; ".join(changed))
        keep_list(self.shelf, forgotten_of(client))
        manifest = Manifest(name, project, taken_at, digest)
        self.shelf.put(f"{name}/{MANIFEST}", json.dumps(manifest.told(), indent=1))
        return manifest

    def remember_forgotten(self, project: str) -> Forgotten:
        """Put the list of the forgotten as it is now on the shelf; cheap enough for every hour."""
        forgotten = forgotten_of(self.connect(project))
        keep_list(self.shelf, forgotten)
        return forgotten

    def restore(self, name: str | None, into: str, forgotten: str | None = None) -> Restored:
        """Put a backup into a database that is empty, make sure of it, and erase whom was erased since.

        `forgotten` is the place of an export of the collections `forgotten` and `peppers` alone, newer than the backup. The same
        may be asked again after it was cut off while erasing. Raises `Trouble` and `Missing`; nothing is ever put over other
        documents.
        """
        manifest, client = manifest_of(self.shelf, name), self.connect(into)
        there = digest_of(client, self.machine.sleep)
        if not there.documents:
            self.say(f"importing {manifest.digest.documents} documents")
            self.store.load(into, self.shelf.place(manifest.name))
            there = digest_of(client, self.machine.sleep)
            if differs := manifest.digest.against(there):
                raise Trouble("What was restored is not what was backed up: " + "; ".join(differs))
        elif not self._is_ours(client, manifest):
            raise Trouble(f"The database of {into} is not empty: restore into another one, or delete what is there first.")
        client.collection(NOTE).document(manifest.name).set({"v": 1, "taken_at": manifest.taken_at})
        return Restored(manifest, self.settle(into, manifest.taken_at, forgotten))

    def settle(self, project: str, taken_at: datetime, forgotten: str | None = None) -> Erased:
        """Erase again whom was erased since, in a database that was restored as of `taken_at`, and make sure of its books.

        Whom, say the list on the shelf, the export `forgotten` and the database's own list together. Nobody may write to it yet.
        Raises `Trouble` and `OtherKey`.
        """
        if forgotten is not None:
            self.store.load(project, forgotten)
        self.say("erasing again whom was erased since")
        client, newer = self.connect(project), kept_list(self.shelf) or Forgotten(None, {})
        erased = erase_again(client, newer, taken_at, self.machine)
        if broken := list(broken_books(client, self.machine.sleep)):
            raise Trouble("The books do not hold: " + " ".join(broken))
        return erased

    def verify(self, name: str | None, project: str) -> list[str]:
        """In what a database differs from a backup; nothing when it holds the same and its books hold."""
        found = digest_of(self.connect(project), self.machine.sleep)
        return [*manifest_of(self.shelf, name).digest.against(found), *found.broken]

    def _is_ours(self, client: firestore.Client, manifest: Manifest) -> bool:
        """Whether this very backup was put there and only the erasing was cut off."""
        return bool(client.collection(NOTE).document(manifest.name).get().exists)
