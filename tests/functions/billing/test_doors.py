"""The Financial Hub's doors as their callers meet them: from a plan to a paid invoice, and who may see what of it."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request

from functions.billing.doors import issue_task
from shared.domain.accounts import Caller
from shared.ports import TaskKind
from shared.web.routes import Asked
from tests.billed import AFTER, MUM, PAYER, everybody
from tests.builders import a_class
from tests.functions.billing.asking import PERIOD, TIME, Here, body_of
from tests.tracked import ADA, BOSS, LENA, OMAR, OTHER, STUDENT, TEACHER, on

DAD = Caller("dad", "dad@home.example", "user")
RATE = {"prices": [{"currency": "EUR", "rate_minor": 3000}]}
PLAN: dict[str, Any] = {"plan_id": "standard", "name": "Standard", "charge": RATE, "pay": RATE, "reason": "A new term."}
BANK = {"party": MUM, "amount": {"amount_minor": 2500, "currency": "EUR"}, "method": "bank"}


@pytest.fixture
def held(here: Here) -> Here:
    """A class of both students was held, and the month is over."""
    here.billed.opens()
    here.billed.tracked.holds(*everybody(), course_id="math")
    here.billed.later()
    return here


@pytest.fixture
def issued(held: Here) -> dict[str, Any]:
    """The invoice that was issued."""
    return issue(held)


def draft_of(here: Here, payer: str = MUM) -> dict[str, Any]:
    (draft,) = here.told("GET", f"/invoices/drafts?payer={payer}&{TIME}", BOSS)["drafts"]
    found: dict[str, Any] = draft
    return found


def issue(here: Here) -> dict[str, Any]:
    draft = draft_of(here)
    body = {"party": MUM, "currency": "EUR", "digest": draft["digest"], **PERIOD}
    (document,) = here.told("POST", "/invoices/issue", BOSS, body)["documents"]
    found: dict[str, Any] = document
    return found


def table(here: Here, path: str, caller: Caller) -> list[list[str]]:
    response = here.ask("GET", path, caller)
    assert response.status_code == 200, response.get_data()
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


def test_from_a_plan_to_an_invoice_that_is_paid_in_part(here: Here) -> None:
    here.billed.house.clock.at = on(-1, 0)
    assert here.told("POST", "/rate-plans", BOSS, PLAN)["plan"]["version"] == 1
    given = {"scope": "everything", "plan_id": "standard", "reason": "To begin with."}
    assert here.told("POST", "/rate-plans/assignments", BOSS, given)["assignment"]["about"] == ""
    plans = here.told("GET", "/rate-plans", BOSS)
    assert [each["plan_id"] for each in plans["plans"]] == ["standard"]
    assert {each["status"]: each["charge"] for each in plans["plans"][0]["outcomes"]}["excused"] == "waive"
    party = here.told("PUT", f"/parties/{MUM}", BOSS, {"currency": "EUR", "students": [OMAR, LENA], "name": "Mum"})["party"]
    assert here.told("GET", "/parties", BOSS)["parties"] == [party]
    here.billed.tracked.holds(*everybody())
    here.billed.later()
    draft = draft_of(here)
    assert draft["gross"] == {"amount_minor": 6000, "currency": "EUR"}
    document = issue(here)
    assert (document["number"], document["party"], document["lines"][0]["how"]) == (
        "INV-000001",
        MUM,
        "60 min at 30.00 EUR an hour",
    )
    assert here.told("POST", "/payments", BOSS, BANK, "t-1") == here.told("POST", "/payments", BOSS, BANK, "t-1")
    told = here.told("GET", f"/statements/{MUM}", PAYER)
    assert told["accounts"][0]["documents"][0]["standing"] == "partly_paid"
    assert told["statements"][0]["closing"] == {"amount_minor": 3500, "currency": "EUR"}


def test_a_draft_that_changed_since_it_was_reviewed_is_answered_409(held: Here) -> None:
    draft = draft_of(held)
    held.billed.rules(held.billed.house.classes.get(a_class().class_id), OMAR, "excused")
    body = {"party": MUM, "currency": "EUR", "digest": draft["digest"], **PERIOD}
    refused = held.ask("POST", "/invoices/issue", BOSS, body)
    assert refused.status_code == 409
    assert "Look at it again" in body_of(refused)["detail"]
    assert held.told("GET", "/invoices", BOSS)["documents"] == []


def test_issued_twice_with_one_digest_it_is_the_same_document(held: Here) -> None:
    body = {"party": MUM, "currency": "EUR", "digest": draft_of(held)["digest"], **PERIOD}
    first = held.told("POST", "/invoices/issue", BOSS, body)
    assert held.told("POST", "/invoices/issue", BOSS, body) == first


def test_each_line_opens_its_evidence_and_the_reading_is_noted(held: Here, issued: dict[str, Any]) -> None:
    held.billed.rules(held.billed.house.classes.get(a_class().class_id), OMAR, "late")
    document = held.told("GET", f"/invoices/{issued['document_id']}", PAYER)["document"]
    omar = next(line for line in document["lines"] if line["person"] == OMAR)
    evidence = omar["evidence"]
    assert (evidence["session_id"], evidence["status"], evidence["computed_status"]) == (omar["session_id"], "late", "present")
    assert (evidence["basis"], evidence["policy_version"], evidence["seconds"]) == ("measured", 0, 3600)
    assert (evidence["ruling"]["reason"], evidence["ruling"]["by"]) == ("The register says so.", None)
    assert evidence["stays"][0]["joined_at"] == "2026-12-01T12:00:00Z"
    assert {(MUM, "document", OMAR), (MUM, "document", LENA)} <= set(held.noted)
    for_boss = held.told("GET", f"/invoices/{issued['document_id']}", BOSS)["document"]
    assert next(line for line in for_boss["lines"] if line["person"] == OMAR)["evidence"]["ruling"]["by"] == BOSS.email


def test_foreign_documents_are_as_absent(held: Here, issued: dict[str, Any]) -> None:
    for caller in (DAD, STUDENT, TEACHER):
        foreign = held.ask("GET", f"/invoices/{issued['document_id']}", caller)
        absent = held.ask("GET", f"/invoices/{'0' * 32}", caller)
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert body_of(foreign)["detail"] == body_of(absent)["detail"]
        assert held.told("GET", "/invoices", caller)["documents"] == []
        assert held.told("GET", f"/invoices?party={MUM}", caller)["documents"] == []
        assert held.told("GET", f"/payments?party={MUM}", caller)["payments"] == []
        assert held.ask("GET", f"/statements/{MUM}", caller).status_code == 404
        assert held.ask("GET", f"/packages?party={MUM}", caller).status_code == 404
    assert len(held.told("GET", "/invoices", PAYER)["documents"]) == 1


@pytest.mark.usefixtures("issued")
def test_a_teacher_sees_own_payment_orders_and_no_charge(held: Here) -> None:
    (draft,) = held.told("GET", f"/payroll/drafts?teacher={ADA}&{TIME}", BOSS)["drafts"]
    body = {"party": ADA, "currency": "EUR", "digest": draft["digest"], **PERIOD}
    (order,) = held.told("POST", "/payroll/issue", BOSS, body)["documents"]
    assert (order["number"], order["gross"]["amount_minor"]) == ("PO-000001", 2000)
    assert [each["number"] for each in held.told("GET", "/payroll", TEACHER)["documents"]] == ["PO-000001"]
    shown = held.ask("GET", f"/payroll/{order['document_id']}", TEACHER)
    assert shown.status_code == 200
    assert b"30.00" not in shown.get_data()
    for caller in (OTHER, PAYER, STUDENT):
        assert held.ask("GET", f"/payroll/{order['document_id']}", caller).status_code == 404
        assert held.told("GET", "/payroll", caller)["documents"] == []
    assert held.told("GET", "/invoices", TEACHER)["documents"] == []


ADMIN = (
    ("GET", "/rate-plans"), ("POST", "/rate-plans"), ("POST", "/rate-plans/assignments"), ("GET", "/parties"),
    ("PUT", f"/parties/{MUM}"), ("GET", f"/invoices/drafts?{TIME}"), ("POST", "/invoices/issue"),
    ("POST", f"/invoices/{'0' * 32}/void"), ("GET", f"/payroll/drafts?{TIME}"), ("POST", "/payroll/issue"),
    ("GET", f"/runs?{TIME}"), ("POST", "/runs"), ("GET", f"/questions?{TIME}"), ("POST", "/payments"), ("GET", "/ad-hoc"),
    ("POST", "/ad-hoc"), ("DELETE", f"/ad-hoc/{'0' * 32}"), ("GET", f"/reports/revenue?{TIME}"),
    ("GET", f"/reports/margin?{TIME}"),
    ("GET", f"/reports/payroll?{TIME}"), ("GET", "/reports/outstanding"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ADMIN)
def test_only_administrators_run_it(here: Here, method: str, path: str) -> None:
    for caller in (TEACHER, PAYER):
        assert here.ask(method, path, caller).status_code == 403
    assert here.ask(method, path, None).status_code == 401


def test_a_task_issues_what_it_was_planned_for_once(held: Here) -> None:
    held.told("POST", "/runs", BOSS, {"paper": "invoice", **PERIOD})
    (task,) = held.billed.house.tasks.of(TaskKind.ISSUE)
    body = json.dumps({"order": task.about}).encode()
    with Flask("test").test_request_context("/issue", method="POST"):
        here: Any = request
        asked = Asked(here, Caller("tasks", "tasks@project.example", "system"), {}, body, "0" * 32)
        for _ in range(2):
            assert json.loads(str(issue_task(asked, held.app).body)) == {"numbers": ["INV-000001"]}
    assert len(held.billed.ledger.of_party(MUM)) == 1


def test_the_task_door_is_for_our_own_tasks_alone(here: Here) -> None:
    for caller in (BOSS, TEACHER, None):
        assert here.ask("POST", "/issue", caller, {"order": "x"}, root="").status_code == 401


def test_a_run_tells_what_is_done_and_what_is_left(held: Here) -> None:
    started = held.told("POST", "/runs", BOSS, {"paper": "invoice", **PERIOD})
    assert (started["issued"], [each["party"] for each in started["left"]]) == (0, [MUM])
    issue(held)
    assert held.told("GET", f"/runs?paper=invoice&{TIME}", BOSS) == {
        "issued": 1,
        "sums": [{"amount_minor": 6000, "currency": "EUR"}],
        "planned": 1,
        "left": [],
        "questions": 0,
        "started_at": started["started_at"],
    }


def test_a_voided_invoice_has_its_credit_note(held: Here, issued: dict[str, Any]) -> None:
    (note,) = held.told("POST", f"/invoices/{issued['document_id']}/void", BOSS)["documents"]
    assert (note["number"], note["cancels"], note["gross"]["amount_minor"]) == ("CN-000001", "INV-000001", -6000)
    assert [each["number"] for each in held.told("GET", "/invoices?paper=credit_note", PAYER)["documents"]] == ["CN-000001"]
    assert held.ask("POST", f"/invoices/{note['document_id']}/void", BOSS).status_code == 409


def test_packages_show_what_is_used_and_left(here: Here) -> None:
    here.billed.opens()
    sold = {"party": MUM, "description": "Twelve lessons", "net": {"amount_minor": 30000, "currency": "EUR"}}
    body = {**sold, "package": {"lessons": 12}}
    added = here.told("POST", "/ad-hoc", BOSS, body, "p-1")
    assert here.told("POST", "/ad-hoc", BOSS, body, "p-1") == added
    assert here.ask("POST", "/ad-hoc", BOSS, sold | {"description": "Other"}, "p-1").status_code == 422
    here.told("POST", "/ad-hoc", BOSS, sold | {"description": "A book"}, "b-1")
    waiting = here.told("GET", f"/ad-hoc?party={MUM}", BOSS)["ad_hoc"]
    assert sorted(each["description"] for each in waiting) == ["A book", "Twelve lessons"]
    book = next(each for each in waiting if each["lessons"] is None)
    assert here.told("DELETE", f"/ad-hoc/{book['ad_hoc_id']}", BOSS) == {"success": True}
    assert here.ask("DELETE", f"/ad-hoc/{book['ad_hoc_id']}x", BOSS).status_code == 404
    here.billed.tracked.holds(*everybody())
    here.billed.later()
    issue(here)
    (package,) = here.told("GET", "/packages", PAYER)["packages"]
    assert (package["lessons"], package["used"], package["left"]) == (12, 2, 10)


def test_lists_and_reports_are_csv_too_and_formula_safe(held: Here, issued: dict[str, Any]) -> None:
    held.told("POST", "/payments", BOSS, {**BANK, "reference": "=1+1"}, "t-1")
    rows = table(held, "/payments?format=csv", PAYER)
    assert rows[1][1:4] == [MUM, "2500", "EUR"]
    assert rows[1][-1] == "'=1+1"
    assert table(held, "/invoices?format=csv", PAYER)[1][0] == issued["number"]
    assert len(table(held, "/invoices?format=csv", DAD)) == 1
    assert table(held, f"/payroll/drafts?{TIME}&format=csv", BOSS)[1][0] == ADA
    assert table(held, f"/statements/{MUM}?format=csv", PAYER)[2][-2:] == ["3500", "EUR"]
    year = "from=2026-12-01T00:00:00Z&to=2027-06-01T00:00:00Z"
    assert table(held, f"/reports/revenue?{year}&group_by=student&format=csv", BOSS)[1:] == [
        [LENA, "3000", "EUR", "1"],
        [OMAR, "3000", "EUR", "1"],
    ]
    assert table(held, f"/reports/margin?{year}&group_by=course&format=csv", BOSS)[1] == ["math", "6000", "0", "6000", "EUR"]
    assert table(held, f"/reports/payroll?{year}&format=csv", BOSS) == [["teacher", "net_minor", "currency", "documents"]]
    assert table(held, "/reports/outstanding?format=csv", BOSS)[1][:4] == [MUM, "3500", "0", "EUR"]


def test_a_list_tells_how_each_invoice_stands_and_finds_them_by_it(held: Here, issued: dict[str, Any]) -> None:
    def found(standing: str, caller: Caller = PAYER) -> list[tuple[str, int, int]]:
        rows = held.told("GET", f"/invoices?standing={standing}", caller)["documents"]
        return [(each["standing"], each["paid"]["amount_minor"], each["open"]["amount_minor"]) for each in rows]

    assert table(held, "/invoices?format=csv&standing=unpaid", PAYER)[1][0] == issued["number"]
    assert found("unpaid") == found("open") == [("unpaid", 0, 6000)]
    assert found("overdue") == []
    held.told("POST", "/payments", BOSS, BANK, "t-1")
    assert found("partly_paid") == found("open", BOSS) == [("partly_paid", 2500, 3500)]
    assert found("unpaid") == found("open", DAD) == []
    header, row = table(held, "/invoices?format=csv&standing=open", PAYER)
    told = dict(zip(header, row, strict=True))
    assert (told["standing"], told["paid_minor"], told["open_minor"], told["timezone"]) == ("partly_paid", "2500", "3500", "UTC")
    assert held.ask("GET", "/invoices?standing=late", PAYER).status_code == 422
    refused = held.ask("GET", "/invoices?standing=open&paper=credit_note", PAYER)
    assert (refused.status_code, [each["field"] for each in body_of(refused)["errors"]]) == (422, ["standing"])


def test_a_credit_note_is_listed_without_a_standing(held: Here, issued: dict[str, Any]) -> None:
    held.told("POST", f"/invoices/{issued['document_id']}/void", BOSS)
    (note,) = held.told("GET", "/invoices?paper=credit_note", PAYER)["documents"]
    assert [note[name] for name in ("standing", "paid", "open")] == [None, None, None]
    (taken_back,) = held.told("GET", "/invoices?standing=cancelled", PAYER)["documents"]
    assert (taken_back["number"], taken_back["open"]["amount_minor"]) == (issued["number"], 0)


def test_every_line_is_told_with_its_document_for_an_accountants_books(held: Here, issued: dict[str, Any]) -> None:
    year = "from=2026-12-01T00:00:00Z&to=2027-06-01T00:00:00Z"
    told = held.told("GET", f"/reports/lines?{year}&limit=1", BOSS)
    assert [(each["number"], each["person"], each["plan_id"], each["plan_version"]) for each in told["lines"]] == [
        (issued["number"], person, "standard", 1) for person in (LENA, OMAR)
    ]
    assert told["next_page_token"] is None
    assert held.told("GET", f"/reports/lines?{year}&side=pay", BOSS)["lines"] == []
    rows = table(held, f"/reports/lines?{year}&format=csv", BOSS)
    assert [(row[0], row[6], row[11]) for row in rows[1:]] == [(issued["number"], person, "3000") for person in (LENA, OMAR)]
    assert ("billing lines", "*") in {(what, about) for _, what, about in held.noted}


def test_plans_and_parties_are_csv_too(held: Here) -> None:
    header, *rows = table(held, "/rate-plans?format=csv", BOSS)
    sides = [dict(zip(header, row, strict=True)) for row in rows]
    assert {(each["side"], each["currency"], each["rate_minor"]) for each in sides} == {
        ("charge", "EUR", "3000"),
        ("charge", "USD", "3300"),
        ("pay", "EUR", "2000"),
    }
    assert [row[0] for row in table(held, "/parties?format=csv", BOSS)] == ["email", MUM]


@pytest.mark.usefixtures("issued")
def test_reports_as_json(held: Here) -> None:
    year = "from=2026-12-01T00:00:00Z&to=2027-06-01T00:00:00Z"
    revenue = held.told("GET", f"/reports/revenue?{year}&group_by=month", BOSS)
    assert revenue["rows"] == [{"key": "2027-01", "net": {"amount_minor": 6000, "currency": "EUR"}, "lines": 2}]
    assert held.told("GET", f"/reports/margin?{year}", BOSS)["rows"][0]["margin"]["amount_minor"] == 6000
    assert held.told("GET", f"/reports/payroll?{year}", BOSS)["rows"] == []
    (owed,) = held.told("GET", "/reports/outstanding", BOSS)["rows"]
    assert (owed["party"], owed["open"]["amount_minor"], owed["aged"]["over_90_days"]["amount_minor"]) == (MUM, 6000, 0)
    assert held.ask("GET", f"/reports/margin?{year}&group_by=student", BOSS).status_code == 422


def test_what_is_open_is_added_up_by_teacher_and_month_too(held: Here, issued: dict[str, Any]) -> None:
    held.told("POST", "/payments", BOSS, BANK, "t-1")
    month = issued["issued_at"][:7]
    for by, key in (("teacher", ADA), ("month", month), ("course", "math")):
        told = held.told("GET", f"/reports/outstanding?group_by={by}", BOSS)
        assert [(each["key"], each["open"]["amount_minor"], each["overdue"]["amount_minor"]) for each in told["sums"]] == [
            (key, 3500, 0)
        ]
        assert [each["open"]["amount_minor"] for each in told["rows"]] == [3500]
    held.billed.later(AFTER + timedelta(days=100))
    assert table(held, "/reports/outstanding?group_by=student&format=csv", BOSS)[1:] == [
        [LENA, "1750", "1750", "EUR"],
        [OMAR, "1750", "1750", "EUR"],
    ]
    assert held.told("GET", "/reports/outstanding", BOSS)["sums"] == []


def test_questions_are_listed_with_their_remedy(held: Here) -> None:
    held.billed.rules(held.billed.house.classes.get(a_class().class_id), OMAR, "unknown")
    (question,) = held.told("GET", f"/questions?{TIME}", BOSS)["questions"]
    assert (question["person"], question["doubt"]) == (OMAR, "unknown")
    assert "override the status" in question["remedy"]
    assert len(held.told("GET", f"/invoices/drafts?{TIME}", BOSS)["drafts"][0]["lines"]) == 1


@pytest.mark.parametrize("amount", [2500.0, "2500", True, 2**53, None])
def test_amounts_are_whole_numbers_and_nothing_else(held: Here, amount: object) -> None:
    body = {**BANK, "amount": {"amount_minor": amount, "currency": "EUR"}}
    assert held.ask("POST", "/payments", BOSS, body, "t-1").status_code == 422
    plan = {**PLAN, "charge": {"prices": [{"currency": "EUR", "rate_minor": amount}]}}
    assert held.ask("POST", "/rate-plans", BOSS, plan).status_code == 422


def test_a_payment_needs_its_key_and_what_is_wrong_is_named(held: Here) -> None:
    assert body_of(held.ask("POST", "/payments", BOSS, BANK))["errors"][0]["field"] == "Idempotency-Key"
    past = {**PLAN, "effective_from": "2020-01-01T00:00:00Z"}
    assert body_of(held.ask("POST", "/rate-plans", BOSS, past))["errors"][0]["field"] == "effective_from"
    twice = held.ask("PUT", "/parties/dad@home.example", BOSS, {"currency": "EUR", "students": [OMAR]})
    assert (twice.status_code, body_of(twice)["errors"][0]["field"]) == (422, "students")
    assert held.ask("PUT", "/parties/nobody", BOSS, {"currency": "EUR"}).status_code == 422
    assert held.ask("GET", f"/statements/{MUM}?from=2026-12-01T00:00:00Z", BOSS).status_code == 422
    assert held.ask("GET", f"/invoices/drafts?{TIME}&colour=red", BOSS).status_code == 422


def test_an_address_has_lines_and_nothing_that_cannot_be_printed(here: Here) -> None:
    body = {"currency": "EUR", "postal_address": "Garden Road 5 \r\n\n 12345 Town\n"}
    assert here.told("PUT", f"/parties/{MUM}", BOSS, body)["party"]["postal_address"] == "Garden Road 5\n12345 Town"
    for wrong in ("Road\t5", "\u0000", " \n ", 5):
        refused = here.ask("PUT", f"/parties/{MUM}", BOSS, {"currency": "EUR", "postal_address": wrong})
        assert [each["field"] for each in body_of(refused)["errors"]] == ["postal_address"]
