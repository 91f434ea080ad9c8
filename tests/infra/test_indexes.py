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
from shared.adapters.firestore.extras import FirestoreExtras
from shared.adapters.firestore.ledger import FirestoreLedger
from shared.adapters.firestore.parties import FirestoreParties
from shared.adapters.firestore.payments import FirestorePayments
from shared.billing_ports import DocumentFilter
from shared.domain.classes import Status
from shared.domain.invoices import Paper
from shared.ports import AttendanceFilter, ClassFilter
from tests.builders import ROOM, at
from tests.conftest import firestore_house
from tests.fakes import no_sleep

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
    sessions.rows(AttendanceFilter(session_ids=("s" * 32, "t" * 32)), 5, None)
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
    _billing(database)
    name = f"projects/{database.project}/databases/(default)"
    told = httpx.get(f"http://{emulator}/emulator/v1/projects/{database.project}:indexUsage", params={"database": name}).json()
    return [(report["index"]["name"].split("/")[-3], fields_of(report["index"])) for report in told["reports"]]


def _billing(database: firestore.Client) -> None:
    """The queries about money."""
    ledger, payments = FirestoreLedger(database, no_sleep), FirestorePayments(database, no_sleep)
    parties, extras = FirestoreParties(database, no_sleep), FirestoreExtras(database, no_sleep)
    for party, paper, begin, person in itertools.product(
        *([None, x] for x in ("p@x.example", Paper.INVOICE, at(0), "s@x.example"))
    ):
        ledger.page(DocumentFilter(party, paper, begin, begin, person), 5, None)  # type: ignore[arg-type]
        ledger.page(DocumentFilter(party, paper, None, None, person, begin, begin), 5, None)  # type: ignore[arg-type]
    ledger.of_party("p@x.example")
    parties.of_students(["s@x.example"])
    parties.page(5, None)
    for whose in (None, "p@x.example"):
        payments.page(whose, 5, None)
        extras.waiting(whose)
        extras.packages(whose)
    payments.of_party("p@x.example")
    list(payments.stream(at(0), at(1)))


def test_every_query_has_its_index(used: list[tuple[str, tuple[Field, ...]]]) -> None:
    assert len(used) > 20
    missing = [(collection, fields) for collection, fields in used if not is_served(collection, fields)]
    assert missing == []


def test_bodies_are_not_indexed() -> None:
    exempt = {(o["collectionGroup"], o["fieldPath"]) for o in DECLARED["fieldOverrides"] if o["indexes"] == []}
    assert {
        (c, "body") for c in ("classes", "evidence", "sessions", "attendance", "conflicts", "channels", "connections")
    } <= exempt
    assert {
        (c, "body") for c in ("rate_plans", "rate_assignments", "parties", "documents", "tails", "payments", "extras")
    } <= exempt
    assert ("sessions", "heard") in exempt
