"""The database, the indexes that queries need, and the fields by which documents expire."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.doctor.deployment import ROOT, Deployment
from infra.doctor.finding import Finding, advice, missing, ok
from infra.doctor.google import Absent

APPLY = "terraform -chdir=infra/cloud apply"

Key = tuple[str, str, tuple[tuple[str, str], ...]]


class Database:
    """Whether there is a database in native mode, and how safe what it holds is."""

    key, title = "database", "Firestore"

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        name = f"projects/{at.project}/databases/(default)"
        try:
            told = at.google.ask("firestore", "projects.databases.get", name=name)
        except Absent:
            yield missing("there is no database (default)", "Everything is stored in it.", APPLY)
            return
        if told.get("type") != "FIRESTORE_NATIVE":
            why = "Rollcall listens to changes, which Datastore mode cannot; the mode of an empty database can be changed."
            yield missing(
                "the database is in Datastore mode",
                why,
                f"gcloud firestore databases update --type=firestore-native --project {at.project}",
            )
            return
        yield ok(f"native mode, in {told.get('locationId')}")
        if told.get("pointInTimeRecoveryEnablement") != "POINT_IN_TIME_RECOVERY_ENABLED":
            yield advice("point-in-time recovery is off", "With it a mistake of the last seven days can be undone.", APPLY)
        if told.get("deleteProtectionState") != "DELETE_PROTECTION_ENABLED":
            yield advice("delete protection is off", "One command could delete everybody's attendance.", APPLY)


class Indexes:
    """Whether every composite index of infra/firestore.indexes.json is ready."""

    key, title = "indexes", "Indexes"

    def __init__(self, file: Path = ROOT / "infra/firestore.indexes.json") -> None:
        self._file = file

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        wanted = {_key(each["collectionGroup"], each) for each in json.loads(self._file.read_text("utf-8"))["indexes"]}
        parent = f"projects/{at.project}/databases/(default)/collectionGroups/-"
        try:
            listed = at.google.pages("firestore", "projects.databases.collectionGroups.indexes.list", "indexes", parent=parent)
        except Absent:
            listed = []
        states = {_key(str(each["name"]).split("/")[-3], each): str(each.get("state")) for each in listed}
        ready = {key for key in wanted if states.get(key) == "READY"}
        if ready == wanted:
            yield ok(f"all {len(wanted)} are ready")
        for key in sorted(wanted - ready):
            state = states.get(key)
            remedy = "Google is building it: look again in some minutes." if state == "CREATING" else APPLY
            yield missing(f"{_told(key)}: {(state or 'missing').lower()}", "Queries that need it are refused until then.", remedy)


class Expiry:
    """Whether the fields by which documents expire are known to Google."""

    key, title = "expiry", "Expiry of documents"

    def __init__(self, file: Path = ROOT / "infra/firestore.indexes.json") -> None:
        self._file = file

    def look(self, at: Deployment) -> Iterator[Finding]:
        """See `Check`."""
        overrides = json.loads(self._file.read_text("utf-8")).get("fieldOverrides", [])
        wanted = {(each["collectionGroup"], each["fieldPath"]) for each in overrides if each.get("ttl")}
        parent = f"projects/{at.project}/databases/(default)/collectionGroups/-"
        try:
            listed = at.google.pages(
                "firestore", "projects.databases.collectionGroups.fields.list", "fields", parent=parent, filter="ttlConfig:*"
            )
        except Absent:
            listed = []
        states = {_field(str(each["name"])): str(each.get("ttlConfig", {}).get("state", "")) for each in listed}
        lacking = sorted(each for each in wanted if states.get(each) not in ("ACTIVE", "CREATING"))
        if not lacking:
            yield ok(f"known: {', '.join('.'.join(each) for each in sorted(wanted))}" if wanted else "no collection needs it")
        for collection, path in lacking:
            why = "Housekeeping erases what has expired; this is the net under it, should it stand still."
            yield advice(f"{collection}.{path} has no TTL policy", why, APPLY)


def _key(collection: str, index: dict[str, Any]) -> Key:
    """What makes an index the same; Google adds the document's own name at the end of its fields."""
    fields = [(str(each["fieldPath"]), str(each.get("order") or each.get("arrayConfig"))) for each in index["fields"]]
    return collection, str(index["queryScope"]), tuple(each for each in fields if each[0] != "__name__")


def _told(key: Key) -> str:
    return f"{key[0]} ({', '.join(path for path, _ in key[2])})"


def _field(name: str) -> tuple[str, str]:
    """Collection and field in `.../collectionGroups/<collection>/fields/<field>`."""
    parts = name.split("/")
    return parts[-3], parts[-1]
