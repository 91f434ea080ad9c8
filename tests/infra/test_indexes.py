"""Every query that the code can make has its index in infra/firestore.indexes.json, which the cloud is set up from.

The emulator needs no index but records which ones each query would use. Queries by equality on several fields are served in the
cloud by merging indexes that end alike, so `(a, b, start_at)` is fine where `(a, start_at)` and `(b, start_at)` are declared.
"""

import itertools
import json
from typing import Any

import httpx
import pytest
from google.cloud import firestore

from infra.local.settings import REPOSITORY
from shared.domain.classes import Status
from shared.ports import AttendanceFilter, ClassFilter
from tests.builders import ROOM, at
from tests.conftest import firestore_house

Field = tuple[str, str]
DECLARED = json.loads((REPOSITORY / "infra" / "firestore.indexes.json").read_text("utf-8"))


def fields_of(index: dict[str, Any]) -> tuple[Field, ...]:
    fields = [(f["fieldPath"], f.get("order") or f.get("arrayConfig")) for f in index["fields"]]
    return tuple(f for f in fields if f[0] != "__name__")


def declared(collection: str) -> set[tuple[Field, ...]]:
    return {fields_of(index) for index in DECLARED["indexes"] if index["collectionGroup"] == collection}


def is_served(collection: str, fields: tuple[Field, ...]) -> bool:
    """Whether an index of these fields is there, is made by itself (one field), or is merged from some that end alike."""
    if len(fields) == 1 or fields in declared(collection):
        return True
    *equal, last = fields
    return all((each, last) in declared(collection) for each in equal)


@pytest.fixture
def used(emulator: str, database: firestore.Client) -> list[tuple[str, tuple[Field, ...]]]:
    """The indexes that every query of every port wants."""
    house = firestore_house(database)
    classes, evidence, sessions = house.classes, house.evidence, house.sessions
    for teacher, course, status, person, start in itertools.product(
        *([None, x] for x in ("t@x.example", "c", Status.ACTIVE, "p@x.example", at(0)))
    ):
        for student in (None, "s@x.example"):
            classes.page(ClassFilter(teacher, person, student, course, status, start, start), 5, None)  # type: ignore[arg-type]
    for session, teacher, email, course, start in itertools.product(
        *([None, x] for x in ("s" * 32, "t@x.example", "e@x.example", "c", at(0)))
    ):
        sessions.rows(AttendanceFilter(session, teacher, email, course, start, start), 5, None)  # type: ignore[arg-type]
    classes.in_room(ROOM, at(0), at(1))
    classes.in_series("s" * 32)
    classes.of_people(["p@x.example"], at(0), at(1))
    classes.due(at(0), 5)
    classes.overdue()
    classes.unsynced(5)
    evidence.in_room(ROOM, at(0), at(1))
    evidence.pending_in(ROOM)
    evidence.pending_due(at(0), 5)
    house.channels.due(at(0), 5)
    house.channels.named("subscriptions/x")
    house.channels.all(5)
    name = f"projects/{database.project}/databases/(default)"
    told = httpx.get(f"http://{emulator}/emulator/v1/projects/{database.project}:indexUsage", params={"database": name}).json()
    return [(report["index"]["name"].split("/")[-3], fields_of(report["index"])) for report in told["reports"]]


def test_every_query_has_its_index(used: list[tuple[str, tuple[Field, ...]]]) -> None:
    assert len(used) > 20
    missing = [(collection, fields) for collection, fields in used if not is_served(collection, fields)]
    assert missing == []


def test_bodies_are_not_indexed() -> None:
    exempt = {(o["collectionGroup"], o["fieldPath"]) for o in DECLARED["fieldOverrides"] if o["indexes"] == []}
    assert {
        (c, "body") for c in ("classes", "evidence", "sessions", "attendance", "conflicts", "channels", "connections")
    } <= exempt
    assert ("sessions", "heard") in exempt
