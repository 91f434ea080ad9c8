"""The matrix of roles, cell by cell, against a stack that asks everybody for a token; a route that is in no line fails."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from infra.local.settings import REPOSITORY
from shared import system
from shared.web.checks import rfc3339
from tests.journeys.conftest import Stack, started
from tests.journeys.roles import BOOKING, COLUMNS, INNER, MATRIX, Line

PEOPLE = {
    "other_user": ("zoe@school.example", "user"),
    "student": ("omar@school.example", "user"),
    "other_teacher": ("bea@school.example", "teacher"),
    "teacher": ("ada@school.example", "teacher"),
    "admin": ("root@school.example", "admin"),
}


def test_every_route_of_every_function_is_in_the_matrix_once() -> None:
    tables = [json.loads(path.read_text("utf-8")) for path in sorted(REPOSITORY.glob("functions/*/function.json"))]
    routes = [(line["method"], line["path"]) for table in tables if not _is_site(table) for line in table["routes"]]
    assert sorted(line.key for line in MATRIX) + sorted(INNER) == sorted(set(routes) - set(INNER)) + sorted(INNER)
    assert all(len(line.statuses.split()) == len(line.shows.split()) == len(COLUMNS) for line in MATRIX)


def _is_site(table: dict[str, Any]) -> bool:
    """Whether it serves files for everybody, and no API: who signs in sees the same pages as who does not."""
    return all(line["caller"] == "anyone" and not line["path"].startswith("/api/") for line in table["routes"])


def test_no_inner_route_is_anybodys_but_our_own() -> None:
    tables = [json.loads(path.read_text("utf-8")) for path in sorted(REPOSITORY.glob("functions/*/function.json"))]
    callers = {(line["method"], line["path"]): line["caller"] for table in tables for line in table["routes"]}
    assert {callers[route] for route in INNER} <= {"task", "scheduler"}
    public = [path for table in tables for path in table["trigger"].get("paths", [table["trigger"].get("prefix")]) if path != "/"]
    public = [path for path in public if path]
    assert not any(path.startswith(prefix) for _, path in INNER for prefix in public)


class School:
    """A stack that asks for tokens, and what the matrix is filled in with."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.headers: dict[str, dict[str, str]] = {"nobody": {}}
        self.headers |= {who: stack.token(email, role) for who, (email, role) in PEOPLE.items()}
        self.values: dict[str, str] = {}
        self.entered()
        self.booked(start_time=rfc3339(system.now() + timedelta(days=1)))  # the functions are up after that
        start = (system.now() + timedelta(seconds=10)).replace(microsecond=0)
        self.values = {"start": rfc3339(start), "later": rfc3339(start + timedelta(seconds=1))}
        self.values["tomorrow"] = rfc3339(start + timedelta(days=1))
        self.values["next_month"] = rfc3339(start + timedelta(days=30))
        self.values |= {"course_id": "algebra-1", "nobodys_id": "f" * 32}
        over = self.booked(start_time=rfc3339(start), subject="Geometry", duration_minutes=1)
        self.over = {name: str(over[name]) for name in ("session_id", "meet_code")}
        booked = self.booked(start_time=rfc3339(start), subject="Algebra", course_id="algebra-1")
        self.values |= {name: str(booked[name]) for name in ("class_id", "session_id", "meet_code")}
        stack.until(lambda: system.now() > start + timedelta(seconds=3))
        stack.play(
            f"/meetings/{self.values['meet_code']}/join", email="omar@school.example", display_name="Omar", kind="signed_in"
        )
        room = f"/meetings/{self.over['meet_code']}"
        stack.play(f"{room}/join", display_name="Kitchen tablet", kind="anonymous", at=rfc3339(start))
        stack.play(f"{room}/end", at=rfc3339(start + timedelta(seconds=3)))
        stack.until(lambda: "omar@" in self.ask("admin", "GET", "/api/monitoring/active-sessions").text)
        self.values["standing_excuse"] = self.excused()
        self.values |= {
            "invoice_id": self.issued("omar@school.example"),
            "order_id": self.issued("ada@school.example", "payroll"),
        }
        self.values |= {"invoice_line": self.line_of("invoices", "invoice_id"), "order_line": self.line_of("payroll", "order_id")}
        shared = self.ask("admin", "POST", f"/api/billing/invoices/{self.values['invoice_id']}/share", {})
        self.values["invoice_link"] = str(shared.json()["url"]).rpartition("/")[2]
        paid = {"party": "omar@school.example", "amount": {"amount_minor": 100, "currency": "EUR"}, "reference": "omar-paid"}
        answer = self.ask("admin", "POST", "/api/billing/payments", paid, {"Idempotency-Key": "omar-paid"})
        assert answer.status_code == 201, answer.text

    def booked(self, **changes: Any) -> dict[str, Any]:
        """A class that the administrator books."""
        answer = self.ask("admin", "POST", "/api/schedule/class", self.filled({**BOOKING, **changes}))
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def entered(self) -> None:
        """The course, its people, and the teacher's course in Google Classroom."""
        omar = {"firstName": "Omar", "guardianEmails": ["mum@home.example"]}
        people = {"teacher_emails": ["ada@school.example"], "student_emails": ["omar@school.example"]}
        for path, body in (
            ("/api/attendance-tracker/students/omar@school.example", omar),
            ("/api/people/teachers/ada@school.example", {"first_name": "Ada"}),
            ("/api/people/courses/algebra-1", {"name": "Algebra", **people}),
        ):
            answer = self.ask("admin", "PUT", path, body)
            assert answer.status_code == 200, answer.text
        course = {"name": "Algebra", "teachers": ["ada@school.example"], "students": []}
        httpx.put(f"{self.stack.simulator}/_sim/classroom/classroom-9", json=course, timeout=20).raise_for_status()

    def fresh(self, what: str) -> str:
        """Somebody new of a kind, or a new course, by address or name."""
        name = f"{uuid.uuid4().hex}@school.example"
        path = {"student": "/api/attendance-tracker/students"}.get(what, f"/api/people/{what}s")
        answer = self.ask("admin", "PUT", f"{path}/{name}", {"name": "Art"} if what == "course" else {})
        assert answer.status_code == 200, answer.text
        return name

    def excused(self) -> str:
        """An excuse of the student from a class of their own, by its id."""
        body = {"email": "omar@school.example", "classId": self.booked()["class_id"], "reason": "ill"}
        answer = self.ask("admin", "POST", "/api/attendance-tracker/excuses", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["excuses"][0]["id"])

    def added(self, party: str = "zoe@school.example", paper: str = "invoice") -> str:
        """Something that waits for a party's next document, by its id."""
        body = {"party": party, "description": "A book", "net": {"amount_minor": 500, "currency": "EUR"}, "paper": paper}
        answer = self.ask("admin", "POST", "/api/billing/ad-hoc", body, {"Idempotency-Key": uuid.uuid4().hex})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["ad_hoc"]["ad_hoc_id"])

    def issued(self, party: str, side: str = "invoices") -> str:
        """A document that is issued to a party over something beside classes, by its id."""
        self.added(party, "invoice" if side == "invoices" else "payment_order")
        who = "payer" if side == "invoices" else "teacher"
        period = {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
        times = "&".join(f"{name}={value}" for name, value in period.items())
        drafts = self.ask("admin", "GET", f"/api/billing/{side}/drafts?{who}={party}&{times}").json()["drafts"]
        body = {"party": party, "currency": "EUR", "digest": drafts[0]["digest"], **period}
        answer = self.ask("admin", "POST", f"/api/billing/{side}/issue", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["documents"][0]["document_id"])

    def line_of(self, side: str, name: str) -> str:
        """The only line of a document, by its id."""
        (line,) = self.ask("admin", "GET", f"/api/billing/{side}/{self.values[name]}").json()["document"]["lines"]
        return str(line["line_id"])

    def registered(self) -> str:
        """A registration of the student, by its id."""
        answer = self.ask("student", "POST", "/api/user-sessions/join-meeting", {"meetingId": self.values["meet_code"]})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["sessionId"])

    def card_id(self) -> str:
        """The card about somebody unknown in the class that is over, once its meeting was read."""
        path = f"/api/attendance-tracker/review?kind=unidentified&session_id={self.over['session_id']}"
        found = self.stack.until(lambda: self.ask("admin", "GET", path).json()["items"], 150)
        return str(found[0]["id"])

    def row_id(self) -> str:
        """The student's row in the class that is on."""
        path = f"/api/attendance-tracker/attendance/{self.values['meet_code']}"
        rows = self.ask("admin", "GET", path).json()["participants"]
        return str(next(row["participantId"] for row in rows if row["email"] == "omar@school.example"))

    def ask(self, who: str, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Any:
        """One request as somebody."""
        told = {} if body is None else {"json": body}
        return self.stack.ask(method, path, headers={**self.headers[who], **(headers or {})}, **told)

    def filled(self, template: Any) -> Any:
        """A path or body with the school's own values."""
        text = json.dumps(template)
        for name, make in self._made().items():
            if "{" + name + "}" in text:
                text = text.replace("{" + name + "}", make())
        for name, value in self.values.items():
            text = text.replace("{" + name + "}", value)
        return json.loads(text)

    def _made(self) -> dict[str, Callable[[], str]]:
        """What is made when it is asked for: the first three for each call, the others once."""
        return {
            "fresh_class": lambda: str(self.booked()["class_id"]),
            "fresh_excuse": self.excused,
            "registration": self.registered,
            **{f"fresh_{what}": partial(self.fresh, what) for what in ("student", "teacher", "guardian", "course")},
            "fresh_key": lambda: uuid.uuid4().hex,
            "fresh_extra": self.added,
            "fresh_invoice": lambda: self.issued("zoe@school.example"),
            "fresh_order": lambda: self.issued("zed@school.example", "payroll"),
            "fresh_person": lambda: f"{uuid.uuid4().hex}@school.example",
            "card_id": lambda: self.values.setdefault("card_id", self.card_id()),
            "row_id": lambda: self.values.setdefault("row_id", self.row_id()),
        }


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("locked")
    with started(
        folder, ROLLCALL_AUTH="required", ZOOM_WEBHOOK_SECRET="s" * 32, WEBHOOK_SECRET="whsec_" + "c2VjcmV0" * 4
    ) as stack:
        yield School(stack)


@pytest.mark.parametrize("line", MATRIX, ids=lambda line: " ".join(line.key))
def test_each_route_answers_each_caller_as_it_is_written(school: School, line: Line) -> None:
    found, shown = {}, {}
    for who in COLUMNS:
        path, body, headers = school.filled([line.path, line.body, line.headers])
        answer = school.ask(who, line.method, path, body, headers)
        found[who] = str(answer.status_code)
        canaries = [school.filled(line.tells)] if line.tells else [school.values["class_id"], school.values["session_id"]]
        shown[who] = answer.status_code < 400 and any(canary in answer.text for canary in canaries)
    assert found == dict(zip(COLUMNS, line.statuses.split(), strict=True))
    told = dict(zip(COLUMNS, line.shows.split(), strict=True))
    assert {who: shown[who] for who in told if told[who] != "-"} == {
        who: flag == "y" for who, flag in told.items() if flag != "-"
    }


def test_what_is_foreign_is_answered_like_what_is_not_there(school: School) -> None:
    for line in MATRIX:
        if "404" not in line.statuses or "_id}" not in line.path:
            continue
        who = COLUMNS[line.statuses.split().index("404")]
        absent = {**school.values, "class_id": "0" * 32, "session_id": "0" * 32}
        path, nowhere = school.filled(line.path), line.path
        for name, value in absent.items():
            nowhere = nowhere.replace("{" + name + "}", value)
        answers = [school.ask(who, line.method, each, school.filled(line.body)) for each in (path, nowhere)]
        bodies = [{k: v for k, v in each.json().items() if k != "request_id"} for each in answers]
        assert bodies[0] == bodies[1], line
        assert answers[0].status_code == answers[1].status_code == 404, line
