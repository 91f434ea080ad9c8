"""Rewriting the old documents of one kind, page by page: cut off anywhere and begun again, it goes on where it was.

Each document is replaced only as it was read: one that somebody changes in between is read again, one that somebody deletes
stays away. The functions may go on working meanwhile, since they read old and new alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore.books import KEPT
from shared.adapters.firestore.store import AMBIGUOUS, HOW, reachable
from shared.adapters.firestore.versions import STEPS, Step, newest, upcast, version_in

PAGE = 300
TRIES = 5
PLACES = "migrations"
# What was issued and paid is evidence as it was written: no step may touch what it says.
EVIDENCE = "body"


class Forbidden(Exception):
    """A step would change what was issued or paid; nothing was written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a kind is: documents read, moved to the newest version, and those that are newer than this program."""

    kind: str
    read: int = 0
    moved: int = 0
    newer: int = 0


class Migration:
    """One kind's migration. `is_dry` counts what would be done and writes nothing, not even how far it came."""

    def __init__(
        self,
        client: firestore.Client,
        kind: str,
        *,
        is_dry: bool = False,
        page: int = PAGE,
        steps: Mapping[str, Sequence[Step]] = STEPS,
    ) -> None:
        self._client, self._kind, self._is_dry, self._size, self._steps = client, kind, is_dry, page, steps
        self._collection = client.collection(kind)
        self._place = client.collection(PLACES).document(kind)
        self._to = newest(kind, steps)

    def count(self) -> int:
        """How many documents of the kind there are."""
        with reachable():
            return int(self._collection.count().get(**HOW)[0][0].value)  # type: ignore[no-untyped-call]

    def run(self) -> Iterator[Progress]:
        """Do it, a page at a time; yields after each page. Raises `Forbidden` and `Unavailable`."""
        done, after = Progress(self._kind), self._begun()
        while True:
            page = self._page(after)
            newer = sum(version_in(each.to_dict()) > self._to for each in page)
            moved = self._all_moved(page)
            done = Progress(self._kind, done.read + len(page), done.moved + moved, done.newer + newer)
            if len(page) < self._size:
                self._forget()
                yield done
                return
            after = page[-1].id
            self._remember(after)
            yield done

    def _page(self, after: str | None) -> list[Any]:
        query = self._collection.order_by("__name__").limit(self._size)
        if after is not None:
            query = query.start_after({"__name__": self._collection.document(after)})
        with reachable():
            return list(query.stream(**HOW))

    def _all_moved(self, page: Sequence[Any]) -> int:
        """How many of a page were old: all written at once, or each by itself where somebody changed one of them."""
        changes = {each.id: self._changes(each.to_dict()) for each in page}
        old = [each for each in page if changes[each.id]]
        if self._is_dry or not old:
            return len(old)
        batch = self._client.batch()
        for each in old:
            option = self._client.write_option(last_update_time=each.update_time)
            batch.update(each.reference, changes[each.id], option=option)
        try:
            with reachable():
                batch.commit(**HOW)
        except AMBIGUOUS:
            return sum(self._moved(each) for each in old)
        return len(old)

    def _moved(self, snapshot: Any) -> bool:  # noqa: ANN401 - a snapshot of the client library
        """Whether the document was old, and is not any more by us."""
        for _ in range(TRIES):
            changes = self._changes(snapshot.to_dict() if snapshot.exists else {})
            if not changes:
                return False
            option = self._client.write_option(last_update_time=snapshot.update_time)
            try:
                with reachable():
                    snapshot.reference.update(changes, option=option, **HOW)
            except AMBIGUOUS:
                with reachable():
                    snapshot = snapshot.reference.get(**HOW)
                continue
            return True
        return False

    def _changes(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What has to be written to make a document new; nothing when it is new, or gone."""
        if not before or version_in(before) >= self._to:
            return {}
        after = upcast(self._kind, before, self._steps)
        if self._kind in KEPT and after.get(EVIDENCE) != before.get(EVIDENCE):
            raise Forbidden(
                f"The steps of {self._kind!r} change its {EVIDENCE!r}: what was issued or paid stays as it was written. "
                "Let whoever reads it understand the old one."
            )
        changed = {self._client.field_path(name): value for name, value in after.items() if before.get(name) != value}
        gone = {self._client.field_path(name): firestore.DELETE_FIELD for name in before.keys() - after.keys()}
        return changed | gone

    def _begun(self) -> str | None:
        """Where an earlier run to the same version was cut off."""
        with reachable():
            place = self._place.get(**HOW)
        return place.get("after") if place.exists and place.get("to") == self._to else None

    def _remember(self, after: str) -> None:
        if not self._is_dry:
            with reachable():
                self._place.set({"v": 1, "to": self._to, "after": after}, **HOW)

    def _forget(self) -> None:
        if not self._is_dry:
            with reachable():
                self._place.delete(**HOW)


def whole(migration: Migration, seen: Callable[[Progress], None] = lambda _: None) -> Progress:
    """Run it to its end; `seen` is told of each page."""
    done = Progress("")
    for done in migration.run():
        seen(done)
    return done
