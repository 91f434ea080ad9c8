"""Privacy's doors as their callers meet them: who may, what is noted before the answer, and what a spreadsheet gets."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response, request

from functions.privacy.main import routes
from functions.privacy.wiring import Privacy
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import Unavailable
from shared.domain.subjects import is_pseudonym
from shared.people_ports import Access, Record
from shared.usecases.erase_person import ErasePerson
from shared.usecases.export_person import ExportPerson
from shared.usecases.find_classes import ClassesInRoom
from shared.usecases.fold_evidence import FoldEvidence
from shared.usecases.know_people import nothing_known
from tests.builders import a_class, at
from tests.fake_privacy import FakePersonalData, FewPeople, MemoryAccessLog, MemoryErasures, MemoryForgotten
from tests.fakes import Clock, Ids, MemoryClasses, MemoryEvidence, MemorySessions, no_sleep

OMAR, LENA, ADA, MUM = "omar@school.example", "lena@school.example", "ada@school.example", "mum@home.example"
SECRET = "s" * 40


@dataclass
class Silent(MemoryAccessLog):
    """A log that cannot be written."""

    def note(self, access: Access) -> None:  # noqa: ARG002 - the port's signature
        """See the port."""
        raise Unavailable("The database does not answer right now; try again in a moment.")


@dataclass
class Here:
    """The function over fakes, and who asks it."""

    access: MemoryAccessLog = field(default_factory=MemoryAccessLog)
    clock: Clock = field(default_factory=lambda: Clock(at(0)))
    data: FakePersonalData = field(default_factory=FakePersonalData)
    classes: MemoryClasses = field(default_factory=MemoryClasses)
    forgotten: MemoryForgotten = field(default_factory=MemoryForgotten)
    people: FewPeople = field(default_factory=FewPeople)

    def __post_init__(self) -> None:
        evidence = MemoryEvidence()
        sessions = MemorySessions(evidence)
        in_room = ClassesInRoom(self.classes, self.clock)
        fold = FoldEvidence(sessions, evidence, in_room, no_sleep, nothing_known)
        people = self.people
        erase = ErasePerson(
            self.classes, people, self.forgotten, MemoryErasures(), self.data, fold, self.clock, Ids(), (timedelta(minutes=1),)
        )
        self.app = Privacy(self.access, ExportPerson(people, self.data), erase, self.clock)

    def ask(self, method: str, path: str, caller: tuple[str, str] | None, body: object = None) -> Response:
        """What the function answers to somebody with a token of ours."""
        headers = {"Authorization": f"Bearer {token(*caller)}"} if caller else {}
        with (
            Flask("test").test_request_context(path, method=method, headers=headers, json=body)
            if body is not None
            else Flask("test").test_request_context(path, method=method, headers=headers)
        ):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response


def token(email: str, role: str) -> str:
    """A token of this deployment for an hour."""
    import time

    import jwt

    now = int(time.time())
    claims = {"sub": email, "email": email, "role": role, "iat": now, "exp": now + 3600, "iss": "rollcall", "aud": "rollcall"}
    return jwt.encode(claims, SECRET, algorithm="HS256")


@pytest.fixture
def here(environment: None) -> Here:  # noqa: ARG001 - the keys of the tokens
    people = FewPeople({OMAR: Person(OMAR, (PersonRole.STUDENT,), "Omar", "Nasser", guardian_emails=(MUM,))})
    records = [Record("people", "1" * 32, {"email": OMAR, "body": {"first_name": "=cmd()", "entered_at": at(-5)}})]
    return Here(people=people, data=FakePersonalData(records))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployment with one key."""
    from shared.config import settings

    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("ROLLCALL_AUTH", "required")
    settings.cache_clear()
    yield
    settings.cache_clear()


ADMIN, OWN, GUARDIAN = ("boss@x.example", "admin"), (OMAR, "user"), (MUM, "user")
EXPORT, ERASE = f"/api/privacy/people/{OMAR}/export", f"/api/privacy/people/{OMAR}/erase"


@pytest.mark.parametrize("caller", [ADMIN, OWN, GUARDIAN])
def test_an_export_is_everything_and_was_noted_before_it_was_given(here: Here, caller: tuple[str, str]) -> None:
    reply = here.ask("GET", EXPORT, caller)
    assert reply.status_code == 200
    told = json.loads(reply.get_data())
    assert told["email"] == OMAR
    assert told["exported_at"] == "2026-12-01T12:00:00Z"
    says = {"email": OMAR, "body": {"first_name": "=cmd()", "entered_at": "2026-12-01T11:55:00Z"}}
    assert told["records"] == [{"collection": "people", "id": "1" * 32, "says": says}]
    assert list(here.access.kept.values()) == [Access(caller[0], caller[1], "export", OMAR, at(0))]


def test_as_csv_it_is_one_table_that_no_spreadsheet_runs(here: Here) -> None:
    reply = here.ask("GET", f"{EXPORT}?format=csv", OWN)
    assert reply.content_type == "text/csv; charset=utf-8"
    assert "personal-data.csv" in reply.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(reply.get_data().decode("utf-8-sig"))))
    assert rows == [
        ["collection", "id", "field", "value"],
        ["people", "1" * 32, "email", OMAR],
        ["people", "1" * 32, "body.first_name", "'=cmd()"],
        ["people", "1" * 32, "body.entered_at", "2026-12-01T11:55:00Z"],
    ]


def test_foreign_absent_and_impossible_people_are_the_same_404(here: Here) -> None:
    told = []
    for email in (OMAR, "nobody@x.example", "nonsense", "%00"):
        reply = here.ask("GET", f"/api/privacy/people/{email}/export", (LENA, "user"))
        assert reply.status_code == 404
        body = json.loads(reply.get_data())
        told.append({name: value for name, value in body.items() if name != "request_id"})
    assert all(each == told[0] for each in told)
    assert here.ask("GET", EXPORT, (ADA, "teacher")).status_code == 404
    assert here.ask("GET", EXPORT, None).status_code == 401
    assert here.access.kept == {}


def test_without_a_note_nothing_is_given(here: Here) -> None:
    silent = Here(access=Silent(), data=here.data, people=here.people)
    reply = silent.ask("GET", EXPORT, ADMIN)
    assert reply.status_code == 503
    assert b"cmd" not in reply.get_data()


def test_erasing_goes_in_two_steps_and_tells_what_is_left_to_do_by_hand(here: Here) -> None:
    asked = {"reason": "She asked for it", "confirm": OMAR.upper()}
    reply = here.ask("POST", ERASE, ADMIN, asked)
    told = json.loads(reply.get_data())
    assert reply.status_code == 200
    assert told["status"] == "pending"
    assert told["again_at"] == "2026-12-01T12:03:00Z"
    assert told["counts"] == {"people": 1}
    assert is_pseudonym(told["pseudonym"])
    assert any("Google" in each for each in told["by_hand"])
    here.clock.passes(timedelta(minutes=4))
    again = json.loads(here.ask("POST", ERASE, ADMIN, asked).get_data())
    assert (again["status"], again["again_at"], again["pseudonym"]) == ("done", None, told["pseudonym"])
    assert here.forgotten.pseudonym_of([f"email:{OMAR}"]) == {f"email:{OMAR}": told["pseudonym"]}
    assert {(each.what, each.why) for each in here.access.kept.values()} == {("erase", "She asked for it")}


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"reason": "x", "confirm": LENA}, 422, "confirm"),
        ({"reason": "x"}, 422, "confirm"),
        ({"confirm": OMAR}, 422, "reason"),
        ({"reason": "", "confirm": OMAR}, 422, "reason"),
        ({"reason": "x", "confirm": OMAR, "really": True}, 422, "really"),
    ],
)
def test_a_slip_erases_nobody(here: Here, body: dict[str, object], status: int, named: str) -> None:
    reply = here.ask("POST", ERASE, ADMIN, body)
    assert reply.status_code == status
    assert json.loads(reply.get_data())["errors"][0]["field"] == named
    assert here.forgotten.known == {}
    assert here.access.kept == {}


@pytest.mark.parametrize("caller", [OWN, GUARDIAN, (ADA, "teacher")])
def test_only_an_administrator_erases(here: Here, caller: tuple[str, str]) -> None:
    assert here.ask("POST", ERASE, caller, {"reason": "x", "confirm": OMAR}).status_code == 403
    assert here.forgotten.known == {}


def test_whoever_teaches_a_class_ahead_is_not_erased(here: Here) -> None:
    here.classes.add([a_class()], None)
    reply = here.ask("POST", f"/api/privacy/people/{ADA}/erase", ADMIN, {"reason": "x", "confirm": ADA})
    assert reply.status_code == 409
    assert "hand it over" in json.loads(reply.get_data())["detail"]


def test_an_administrator_sees_all_readings_and_others_those_about_themselves(here: Here) -> None:
    about_omar, about_lena = Access(ADA, "teacher", "rows", OMAR, at(0)), Access(OMAR, "user", "rows", LENA, at(1), "a complaint")
    for access in (about_omar, about_lena):
        here.access.note(access)
    log = "/api/privacy/access-log"

    def readings(path: str, caller: tuple[str, str]) -> list[str]:
        return [each["about"] for each in json.loads(here.ask("GET", path, caller).get_data())["readings"]]

    assert readings(log, ADMIN) == [LENA, OMAR]
    assert readings(f"{log}?about={OMAR.upper()}", ADMIN) == [OMAR]
    assert readings(f"{log}?by={OMAR}", ADMIN) == [LENA]
    assert readings(f"{log}?about={LENA}", OWN) == [OMAR]
    assert readings(log, (ADA, "teacher")) == []
    told = json.loads(here.ask("GET", f"{log}?limit=1", ADMIN).get_data())
    assert told["readings"] == [
        {"by": OMAR, "role": "user", "what": "rows", "about": LENA, "at": "2026-12-01T12:01:00Z", "why": "a complaint"}
    ]
    assert readings(f"{log}?limit=1&page_token={told['next_page_token']}", ADMIN) == [OMAR]
    assert here.ask("GET", f"{log}?page_token={'f' * 32}", ADMIN).status_code == 404
    assert here.ask("GET", f"{log}?whom={OMAR}", ADMIN).status_code == 422
    assert replace(about_omar, at=at(9)).why is None
