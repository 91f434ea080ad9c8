"""The function as the cloud composes it, over the emulator: from a class that was held to an invoice that is paid."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from google.cloud import firestore

from functions.billing.main import billing
from functions.billing.wiring import wire
from shared import system
from shared.adapters.firestore.rate_plans import FirestoreRatePlans
from shared.config import settings
from shared.domain.accounts import Caller
from shared.web.tokens import mint
from tests.billed import MUM, PAYER, a_plan, everybody, given
from tests.builders import NOON, minutes
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.functions.billing.asking import ROOT
from tests.tracked import ADA, BOSS, LENA, OMAR, TEACHER, on, tracked_over


@pytest.fixture
def cloud(database: firestore.Client, deployment: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A deployment over a database in which a class was held long enough ago."""
    deployment.setenv("GOOGLE_CLOUD_PROJECT", database.project)
    deployment.setenv("CLOUD_TASKS_ENDPOINT", "http://127.0.0.1:1")
    settings.cache_clear()
    wire.cache_clear()
    yield database
    wire.cache_clear()


def ask(method: str, path: str, caller: Caller, body: object = None, key: str = "k") -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}", "Idempotency-Key": key}
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent):
        asked: Any = request
        answer: Any = billing(asked)
        return answer.status_code, json.loads(answer.get_data())


def test_a_class_that_was_held_becomes_an_invoice_and_a_payment_order(cloud: firestore.Client) -> None:
    day = (system.now() - NOON).days - 3
    tracked = tracked_over(firestore_house(cloud), cloud)
    tracked.holds(*everybody(day), day=day, course_id="math")
    FirestoreRatePlans(cloud, no_sleep, system.monotonic).add(a_plan(effective_from=on(day, -60)))
    FirestoreRatePlans(cloud, no_sleep, system.monotonic).assign(given(effective_from=on(day, -60)))
    assert ask("PUT", f"/parties/{MUM}", BOSS, {"currency": "EUR", "students": [OMAR, LENA]})[0] == 200
    assert ask("POST", "/ad-hoc", BOSS, {"party": MUM, "description": "A book", "net": euros(1500)})[0] == 201
    period = {"from": f"{on(day - 1, 0):%Y-%m-%dT%H:%M:%SZ}", "to": f"{on(day + 1, 0):%Y-%m-%dT%H:%M:%SZ}"}
    time = f"from={period['from']}&to={period['to']}"
    status, every = ask("GET", f"/invoices/drafts?{time}", BOSS)
    assert status == 200, every
    status, told = ask("GET", f"/invoices/drafts?payer={MUM}&{time}", BOSS)
    assert (status, told) == (200, every)
    (draft,) = told["drafts"]
    assert draft["gross"] == euros(7500)
    status, told = ask("POST", "/invoices/issue", BOSS, {"party": MUM, "currency": "EUR", "digest": draft["digest"], **period})
    assert (status, told["documents"][0]["number"]) == (201, "INV-000001")
    (order,) = ask("GET", f"/payroll/drafts?teacher={ADA}&{time}", BOSS)[1]["drafts"]
    wanted = {"party": ADA, "currency": "EUR", "digest": order["digest"], **period}
    assert ask("POST", "/payroll/issue", BOSS, wanted)[1]["documents"][0]["gross"] == euros(2000)
    assert ask("POST", "/payments", BOSS, {"party": MUM, "amount": euros(7500), "number": "INV-000001"})[0] == 201
    assert ask("GET", f"/statements/{MUM}", PAYER)[1]["accounts"][0]["documents"][0]["standing"] == "paid"
    (document,) = ask("GET", "/invoices", PAYER)[1]["documents"]
    lines = ask("GET", f"/invoices/{document['document_id']}", PAYER)[1]["document"]["lines"]
    assert {line["evidence"]["status"] for line in lines if line["evidence"]} == {"present"}
    line = next(line for line in lines if line["person"] == OMAR)
    opened = ask("GET", f"/invoices/{document['document_id']}/lines/{line['line_id']}/evidence", PAYER)[1]
    assert (opened["as_billed"], [visit["source"] for visit in opened["visits"]]) == (True, ["meet_api"])
    shared = ask("POST", f"/invoices/{document['document_id']}/share", PAYER, {})[1]["url"]
    assert pdf(shared[shared.index("/shared/") :]) == pdf(f"/invoices/{document['document_id']}/pdf", PAYER)
    assert ask("GET", "/payroll", TEACHER)[1]["documents"][0]["number"] == "PO-000001"
    assert ask("GET", f"/runs?paper=invoice&{time}", BOSS)[1]["left"] == []
    assert ask("GET", "/reports/outstanding", BOSS) == (200, {"side": "charge", "rows": [], "group_by": None, "sums": []})
    year = f"from={period['from']}&to={system.now() + minutes(60):%Y-%m-%dT%H:%M:%SZ}"
    (row,) = ask("GET", f"/reports/margin?{year}&group_by=course", BOSS)[1]["rows"][:1]
    assert (row["key"], row["margin"]) == ("math", euros(4000))
    voided = ask("POST", f"/invoices/{document['document_id']}/void", BOSS)[1]["documents"][0]
    assert (voided["number"], voided["cancels"]) == ("CN-000001", "INV-000001")
    assert ask("GET", "/packages", PAYER) == (200, {"packages": []})


def pdf(path: str, caller: Caller | None = None) -> bytes:
    headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
    with Flask("test").test_request_context(ROOT + path, headers=headers):
        asked: Any = request
        answer: Any = billing(asked)
        assert answer.mimetype == "application/pdf"
        told: bytes = answer.get_data()
        return told


def euros(minor: int) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": "EUR"}
