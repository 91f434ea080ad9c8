"""Where backups lie: a folder on this machine, or a bucket. Beside each lies what it has to hold, and by them the forgotten."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from infra.backup.digest import Digest, digest_in
from infra.backup.forgetting import Forgotten, forgotten_in

MANIFEST, LIST = "manifest.json", "forgotten.json"
OWNER_ONLY, OWNER_ENTERS = 0o600, 0o700


class Missing(Exception):
    """There is no such backup; the message says what there is."""


class Shelf(Protocol):
    """Small texts by their path, and where the documents themselves are put. Raises `OSError` where it cannot be reached."""

    def put(self, path: str, text: str) -> None:
        """Keep a text, in place of an older one."""

    def get(self, path: str) -> str | None:
        """A text; None when there is none."""

    def paths(self) -> list[str]:
        """Every text's path, sorted."""

    def place(self, name: str) -> str:
        """Where the documents of a backup are put: a folder, or a gs:// address."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A shelf on this machine; only its owner can read it."""

    root: Path

    def put(self, path: str, text: str) -> None:
        """See the protocol; a text is there whole or not at all."""
        self._made()
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(handle)
        part.replace(target)

    def get(self, path: str) -> str | None:
        """See the protocol."""
        target = self.root / path
        return target.read_text("utf-8") if target.is_file() else None

    def paths(self) -> list[str]:
        """See the protocol."""
        found = [*self.root.glob("*.json"), *self.root.glob("*/*.json")]
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def place(self, name: str) -> str:
        """See the protocol."""
        self._made()
        return str((self.root / name).absolute())

    def _made(self) -> None:
        """The folder itself, which nobody else can look into."""
        self.root.mkdir(mode=OWNER_ENTERS, parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup has to hold: of which database, as of when, and its digest."""

    name: str
    source: str
    taken_at: datetime
    digest: Digest

    def told(self) -> dict[str, Any]:
        """For a file."""
        return {"name": self.name, "source": self.source, "taken_at": self.taken_at.isoformat(), **self.digest.told()}


def manifest_in(told: Mapping[str, Any]) -> Manifest:
    """What `Manifest.told` wrote."""
    return Manifest(told["name"], told["source"], datetime.fromisoformat(told["taken_at"]), digest_in(told))


def manifests(shelf: Shelf) -> list[Manifest]:
    """Every backup on a shelf that was finished, the oldest first. What has no manifest was cut off and is none."""
    texts = [shelf.get(path) for path in shelf.paths() if path.endswith(f"/{MANIFEST}")]
    return sorted((manifest_in(json.loads(text)) for text in texts if text), key=lambda each: (each.taken_at, each.name))


def manifest_of(shelf: Shelf, name: str | None) -> Manifest:
    """The backup of a name, or the newest; raises `Missing`."""
    found = manifests(shelf)
    meant = [each for each in found if name in (None, each.name)]
    if not meant:
        known = ", ".join(each.name for each in found) or "none at all"
        raise Missing(f"There is no finished backup {name or ''!r}; there are: {known}.")
    return meant[-1]


def keep_list(shelf: Shelf, forgotten: Forgotten) -> None:
    """Put the list of the forgotten on the shelf: what is on it already stays, since nobody is ever remembered again."""
    before = kept_list(shelf)
    digests = {**(before.digests if before else {}), **forgotten.digests}
    shelf.put(LIST, json.dumps(Forgotten(forgotten.key or (before.key if before else None), digests).told()))


def kept_list(shelf: Shelf) -> Forgotten | None:
    """The list on the shelf."""
    text = shelf.get(LIST)
    return forgotten_in(json.loads(text)) if text else None
