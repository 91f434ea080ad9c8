"""The door of the import: a table is booked whole or refused whole, and only for whom it may be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response, request

from functions.schedule.main import routes
from functions.schedule.wiring import Schedule
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.domain.errors import UpstreamRefused
from shared.ports import ClassFilter
from shared.usecases.import_classes import ImportClasses
from shared.web.checks import rfc3339
from shared.web.tokens import mint
from tests.fakes import Clock, MemoryClasses, MemoryEvidence, MemorySessions
from tests.house import House

BOSS = Caller("boss", "boss@school.example", "admin")
ADA, BEA = Caller("ada", "ada@school.example", "teacher"), Caller("bea", "bea@school.example", "teacher")
OMAR = Caller("omar", "omar@school.example", "user")
PATH = "/api/schedule/import"
START = (system.now() + timedelta(days=2)).replace(microsecond=0)
HEADER = "teacher_email,student_emails,subject,start_time,duration_minutes,recurrence\n"
ROW = f"ada@school.example,omar@school.example,Algebra,{rfc3339(START)},60,\n"
SERIES = f"ada@school.example,omar@school.example,'=Art,{rfc3339(START + timedelta(hours=2))},60,FREQ=WEEKLY;COUNT=2\n"


def a_house() -> House:
    evidence = MemoryEvidence()
    return House(MemoryClasses(), evidence, MemorySessions(evidence), clock=Clock(system.now()))


@dataclass
class Here:
    """The function over fakes."""

    house: House = field(default_factory=a_house)

    def ask(self, body: object, caller: Caller | None = ADA, key: str | None = None, raw: bytes | None = None) -> Response:
        """What the door answers to somebody with a token."""
        headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
        headers |= {"Idempotency-Key": key} if key else {}
        data = json.dumps(body).encode() if raw is None else raw
        app = Flask("test")
        with app.test_request_context(PATH, method="POST", headers=headers, data=data, content_type="application/json"):
            asked: Any = request
            house = self.house
            response = routes.answer(asked, lambda: Schedule(house.classes, house.book, ImportClasses(house.book), house.change))
            response.get_data()
            return response

    def told(self, body: object, caller: Caller = ADA, key: str | None = None) -> tuple[int, dict[str, Any]]:
        """The status and body of an answer."""
        response = self.ask(body, caller, key)
        told: dict[str, Any] = json.loads(response.get_data())
        return response.status_code, told

    @property
    def count(self) -> int:
        """How many classes are stored."""
        return len(self.house.classes.page(ClassFilter(), 500, None).items)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("JWT_SECRET", "s" * 40)
    monkeypatch.setenv("ROLLCALL_AUTH", "required")
    settings.cache_clear()
    yield Here()
    settings.cache_clear()


def test_a_timetable_is_looked_at_and_then_booked_once(here: Here) -> None:
    table = HEADER + ROW + "\n" + SERIES
    status, dry = here.told({"csv": table, "dry_run": True}, key="k")
    assert (status, dry["booked"], dry["dry_run"], dry["errors"], here.count) == (200, 0, True, [], 0)
    assert [(each["row"], each["class_id"], each["subject"]) for each in dry["classes"]] == [
        (2, None, "Algebra"),
        (4, None, "=Art"),
        (4, None, "=Art"),
    ]
    status, done = here.told({"csv": table}, key="k")
    assert (status, done["booked"], done["dry_run"], here.count) == (201, 3, False, 3)
    assert [each["start_time"] for each in done["classes"]] == [each["start_time"] for each in dry["classes"]]
    single, first, second = done["classes"]
    assert (single["series_id"], first["series_id"]) == (None, second["series_id"])
    assert here.house.classes.get(first["class_id"]).session_id == first["session_id"]
    assert single["meet_link"].startswith("https://meet.google.com/")
    assert here.told({"csv": table}, key="k") == (201, done)
    assert here.count == 3
    assert here.told({"csv": table + " "}, key="k")[0] == 422


def test_a_timetable_with_errors_is_refused_with_each_row(here: Here) -> None:
    table = HEADER + ROW + ROW.replace("Algebra", "Art") + "nonsense,,Art,now,60,\n"
    status, dry = here.told({"csv": table, "dry_run": True})
    assert status == 200
    assert [(each["row"], each["field"], each.pop("conflict")) for each in dry["errors"]] == [
        (3, "start_time", True),
        (4, "teacher_email", False),
        (4, "start_time", False),
    ]
    status, told = here.told({"csv": table})
    assert (status, told["title"], told["status"]) == (422, "The table cannot be used", 422)
    assert told["errors"] == [{**each, "row": str(each["row"])} for each in dry["errors"]]
    assert here.count == 0
    allowed = HEADER + ROW + ROW.replace("Algebra", "Art")
    assert here.told({"csv": allowed, "allow_conflicts": True})[1]["booked"] == 2


def test_teachers_import_their_own_classes_and_administrators_anybodys(here: Here) -> None:
    table = {"csv": HEADER + ROW}
    assert here.ask(table, None).status_code == 401
    assert here.ask(table, OMAR).status_code == 403
    status, told = here.told(table, BEA)
    assert (status, told["detail"][:6]) == (403, "Row 2:")
    assert here.told({**table, "dry_run": True}, BEA)[0] == 403
    assert here.count == 0
    assert here.told(table, BOSS)[0] == 201


def test_a_key_is_one_callers_own(here: Here) -> None:
    first = here.told({"csv": HEADER + ROW}, ADA, "k")[1]
    status, told = here.told({"csv": HEADER + ROW}, BOSS, "k")
    assert (status, told["errors"][0]["field"]) == (422, "start_time")
    assert first["classes"][0]["class_id"] in told["detail"]


def test_a_refusal_of_calendar_keeps_its_name(here: Here) -> None:
    here.house.calendar.trouble = UpstreamRefused("No valid credentials found", "Sign in with Google.")
    status, told = here.told({"csv": HEADER + ROW}, key="k")
    assert (status, told["title"]) == (502, "No valid credentials found")
    assert told["detail"].startswith("Row 2: Sign in with Google.")
    here.house.calendar.trouble = None
    assert here.told({"csv": HEADER + ROW}, key="k")[0] == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"csv": ""}, 422),
        ({"csv": HEADER}, 422),
        ({"csv": ["a"]}, 422),
        ({"csv": HEADER + ROW, "dry_run": "yes"}, 422),
        ({"csv": HEADER + ROW, "allow_conflicts": 1}, 422),
        ({"csv": HEADER + ROW, "provider": "zoom"}, 422),
        ({"csv": "x" * 1_000_001}, 422),
        ({"csv": "x" * 200_000}, 422),
        ({"csv": '"' + "\n" * 900_000}, 422),
        ({"csv": HEADER + ROW * 101}, 422),
        ({"csv": HEADER + ROW + "\ud800"}, 400),
        ({"csv": "x" * 10_000_000}, 413),
        ([], 422),
    ],
    ids=range(13),
)
def test_hostile_bodies_are_refused_in_words_and_book_nothing(here: Here, body: object, status: int) -> None:
    response = here.ask(body)
    told = json.loads(response.get_data())
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), told
    assert told["detail"]
    assert here.count == 0


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_a_body_that_is_not_utf_8_is_no_json(here: Here, encoding: str) -> None:
    text = json.dumps({"csv": HEADER + ROW.replace("Algebra", "Español")}, ensure_ascii=False)
    assert here.ask(None, raw=text.encode(encoding)).status_code == 400
    assert here.count == 0
