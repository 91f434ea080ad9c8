"""Documents as paper at the doors: the PDF, the evidence of a line, and links; foreign things are as absent."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from pypdf import PdfReader

from functions.billing.main import routes
from shared.config import settings
from shared.domain.accounts import Caller
from shared.usecases.admit_caller import CurrentRoles, Gate
from shared.usecases.spend_quota import SpendQuota
from tests.billed import MUM, PAYER, everybody
from tests.builders import a_class, minutes
from tests.fake_quotas import MemoryQuotas
from tests.functions.billing.asking import Here, body_of
from tests.functions.billing.test_doors import DAD, issue
from tests.tracked import ADA, BOSS, LENA, OMAR, STUDENT, TEACHER

PATHS = ("/pdf", "/lines/{line}/evidence")


@pytest.fixture
def held(here: Here) -> Here:
    """A class of both students was held, and the month is over."""
    here.billed.opens()
    here.billed.tracked.holds(*everybody(), course_id="math")
    here.billed.later()
    return here


@pytest.fixture
def issued(held: Here) -> dict[str, Any]:
    """The invoice over it."""
    return issue(held)


def narrow(here: Here) -> Gate:
    """A gate that lets one stranger of each address in."""
    clock = here.billed.house.clock
    roles = CurrentRoles(here.billed.house.people, (), lambda: 0.0)
    return Gate(roles, SpendQuota(MemoryQuotas(), clock, lambda: 0.0), clock, 1, 1)


def line_of(document: dict[str, Any], person: str = OMAR) -> str:
    found: str = next(line["line_id"] for line in document["lines"] if line["person"] == person)
    return found


def evidence_of(here: Here, document: dict[str, Any], caller: Caller = PAYER, side: str = "invoices") -> dict[str, Any]:
    person = ADA if side == "payroll" else OMAR
    return here.told("GET", f"/{side}/{document['document_id']}/lines/{line_of(document, person)}/evidence", caller)


def order_of(here: Here) -> dict[str, Any]:
    time = {"from": "2026-12-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
    query = "&".join(f"{name}={value}" for name, value in time.items())
    (draft,) = here.told("GET", f"/payroll/drafts?teacher={ADA}&{query}", BOSS)["drafts"]
    body = {"party": ADA, "currency": "EUR", "digest": draft["digest"], **time}
    (document,) = here.told("POST", "/payroll/issue", BOSS, body)["documents"]
    found: dict[str, Any] = document
    return found


def link_of(here: Here, document: dict[str, Any], **body: Any) -> str:
    url: str = here.told("POST", f"/invoices/{document['document_id']}/share", PAYER, body)["url"]
    return url[url.index("/shared/") :]


def text_in(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_pdf_is_the_document_and_the_same_each_time(held: Here, issued: dict[str, Any]) -> None:
    path = f"/invoices/{issued['document_id']}/pdf"
    answer = held.ask("GET", path, PAYER)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="INV-000001.pdf"'
    text = text_in(answer.get_data())
    assert all(told in text for told in ("INV-000001", MUM, OMAR, LENA, "60.00 EUR", issued["content_hash"]))
    assert held.ask("GET", path, BOSS).get_data() == answer.get_data()
    assert {(MUM, "document", OMAR), (MUM, "document", LENA), (BOSS.email, "document", OMAR)} <= set(held.noted)


def test_a_teacher_has_the_payment_order_as_pdf_and_its_evidence(held: Here) -> None:
    order = order_of(held)
    answer = held.ask("GET", f"/payroll/{order['document_id']}/pdf", TEACHER)
    assert "Payment order" in text_in(answer.get_data())
    told = evidence_of(held, order, TEACHER, "payroll")
    assert (told["as_billed"], told["verdict"]["shared_seconds"]) == (True, 3600)
    assert told["rate_plan"]["rate"]["prices"][0]["rate_minor"] == 2000
    assert not {OMAR, LENA, "3000"} & set(str(told).replace("'", " ").split())
    assert held.ask("GET", f"/payroll/{order['document_id']}/pdf", PAYER).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_foreign_documents_are_as_absent(held: Here, issued: dict[str, Any], path: str) -> None:
    path = path.replace("{line}", line_of(issued))
    told = []
    for document_id, caller in ((issued["document_id"], DAD), (issued["document_id"], TEACHER), ("0" * 32, BOSS), ("..", PAYER)):
        answer = held.ask("GET", f"/invoices/{document_id}{path}", caller)
        assert answer.status_code == 404
        told.append({**body_of(answer), "request_id": None})
    assert told == [told[0]] * 4
    assert held.ask("POST", f"/invoices/{issued['document_id']}/share", STUDENT, {}).status_code == 404
    assert held.ask("GET", f"/invoices/{issued['document_id']}{path}", None).status_code == 401


def test_the_evidence_of_a_line_opens_whole_and_is_noted(held: Here, issued: dict[str, Any]) -> None:
    told = evidence_of(held, issued)
    assert (told["number"], told["content_hash"], told["is_intact"]) == ("INV-000001", issued["content_hash"], True)
    assert (told["line"]["person"], told["line"]["how"], told["as_billed"]) == (OMAR, "60 min at 30.00 EUR an hour", True)
    assert (told["lesson"]["subject"], told["lesson"]["teacher_email"], told["lesson"]["status"]) == ("algebra", ADA, "completed")
    assert (told["verdict"]["status"], told["verdict"]["seconds"], told["verdict"]["shared_seconds"]) == ("present", 3600, 3600)
    (visit,) = told["visits"]
    assert (visit["source"], visit["basis"], visit["joined_at"]) == ("meet_api", "measured", "2026-12-01T12:00:00Z")
    assert visit["left_at"] == "2026-12-01T13:00:00Z"
    assert (told["rate_plan"]["plan_id"], told["rate_plan"]["version"], told["rate_plan"]["percent"]) == ("standard", 1, 100)
    assert "Late is who comes more than 10 minutes after the start." in told["policy"]["words"]
    assert (MUM, "line evidence", OMAR) in held.noted


def test_a_parent_learns_of_nobody_else_and_of_no_pay(held: Here, issued: dict[str, Any]) -> None:
    text = str(evidence_of(held, issued))
    assert LENA not in text
    assert "google:3" not in text
    assert "2000" not in text


def test_what_changed_since_is_seen_with_the_correction(held: Here, issued: dict[str, Any]) -> None:
    held.billed.rules(held.billed.house.classes.get(a_class().class_id), OMAR, "excused")
    told = evidence_of(held, issued)
    assert (told["as_billed"], told["corrections"]) == (False, [])
    (decision,) = told["decisions"]
    assert (decision["kind"], decision["value"], decision["reason"]) == ("status", "excused", "The register says so.")
    assert (decision["by"], decision["is_withdrawn"]) == (None, False)
    assert evidence_of(held, issued, BOSS)["decisions"][0]["by"] == BOSS.email
    issue(held)
    (correction,) = evidence_of(held, issued)["corrections"]
    assert (correction["number"], correction["net"]["amount_minor"]) == ("INV-000002", -3000)


def test_a_line_of_another_document_is_absent(held: Here, issued: dict[str, Any]) -> None:
    order = order_of(held)
    path = f"/invoices/{issued['document_id']}/lines/{line_of(order, ADA)}/evidence"
    assert held.ask("GET", path, BOSS).status_code == 404


def test_a_shared_link_opens_the_document_without_a_token(held: Here, issued: dict[str, Any]) -> None:
    told = held.told("POST", f"/invoices/{issued['document_id']}/share", PAYER, {})
    expires_at = held.billed.house.clock() + timedelta(hours=168)
    assert told["expires_at"] == f"{expires_at:%Y-%m-%dT%H:%M:%SZ}"
    assert MUM not in told["url"]
    link = told["url"][told["url"].index("/shared/") :]
    own = held.ask("GET", f"/invoices/{issued['document_id']}/pdf", PAYER).get_data()
    assert held.ask("GET", link, None).get_data() == own
    assert {("shared link", "document", about) for about in (MUM, OMAR, LENA)} <= set(held.noted)
    document = body_of(held.ask("GET", f"{link}?format=json", None))["document"]
    assert document["content_hash"] == issued["content_hash"]
    assert {line["evidence"]["status"] for line in document["lines"]} == {"present"}
    assert held.ask("GET", f"{link}?format=csv", None).status_code == 422


def test_a_link_that_is_over_or_altered_is_as_absent(held: Here, issued: dict[str, Any]) -> None:
    link, clock = link_of(held, issued, hours=1), held.billed.house.clock
    before = len(held.noted)
    altered = link.replace(issued["document_id"], "0" * 32)
    answers = [held.ask("GET", each, None) for each in (altered, f"{link[:-1]}_", "/shared/nothing")]
    clock.passes(minutes(60))
    answers.append(held.ask("GET", link, None))
    assert [each.status_code for each in answers] == [404] * 4
    bodies = [{**body_of(each), "request_id": None} for each in answers]
    absent = {**body_of(held.ask("GET", f"/invoices/{'0' * 32}/pdf", BOSS)), "request_id": None}
    assert bodies == [absent] * 4
    assert len(held.noted) == before


def test_a_link_lasts_from_an_hour_to_thirty_days(held: Here, issued: dict[str, Any]) -> None:
    for hours in (0, 721, 1.5, "8"):
        refused = held.ask("POST", f"/invoices/{issued['document_id']}/share", PAYER, {"hours": hours})
        assert refused.status_code == 422
        assert "hours" in body_of(refused)["detail"]
    link = link_of(held, issued, hours=720)
    held.billed.house.clock.passes(timedelta(hours=719))
    assert held.ask("GET", link, None).status_code == 200


def test_the_link_is_of_the_deployments_own_address_where_that_is_known(
    held: Here, issued: dict[str, Any], deployment: pytest.MonkeyPatch
) -> None:
    deployment.setenv("BILLING_URL", "https://school.example/billing")
    settings.cache_clear()
    url = held.told("POST", f"/invoices/{issued['document_id']}/share", PAYER, {})["url"]
    assert url.startswith("https://school.example/billing/shared/")
    assert held.ask("GET", url.removeprefix("https://school.example/billing"), None, root="/billing").status_code == 200


def test_whoever_holds_a_link_is_counted_by_address(held: Here, issued: dict[str, Any]) -> None:
    app = replace(held.app, gate=narrow(held))

    def opened(link: str, address: str) -> Any:
        environ = {"REMOTE_ADDR": address}
        with Flask("test").test_request_context(f"/api/billing{link}", environ_overrides=environ):
            asked: Any = request
            return routes.answer(asked, lambda: app)

    link = link_of(held, issued)
    assert opened("/shared/nothing", "192.0.2.1").status_code == 404
    assert opened(link, "192.0.2.1").status_code == 200
    refused = opened(link, "192.0.2.1")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert opened(link, "192.0.2.2").status_code == 200
