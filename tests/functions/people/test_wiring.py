"""The function as the cloud composes it, over the emulator and the simulator: from a table and Classroom to a roster."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from google.cloud import firestore

from functions.people.main import people
from functions.people.wiring import wire
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.web.tokens import mint
from tests.functions.people.asking import PEOPLE, STUDENTS
from tests.shared.adapters.google.simulated import Simulator, running_simulator

BOSS = Caller("boss", "boss@school.example", "admin")
ADA = Caller("ada", "ada.teacher@school.example", "teacher")
BEN = Caller("ben", "ben.student@school.example", "user")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh simulator."""
    with running_simulator() as running:
        yield running


@pytest.fixture
def cloud(database: firestore.Client, simulator: Simulator, deployment: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A deployment over an empty database."""
    deployment.setenv("GOOGLE_CLOUD_PROJECT", database.project)
    deployment.setenv("GOOGLE_API_ENDPOINT", simulator.url)
    settings.cache_clear()
    wire.cache_clear()
    yield database
    wire.cache_clear()


def ask(method: str, path: str, caller: Caller, body: object = None) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"}
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    with Flask("test").test_request_context(path, method=method, headers=headers, **sent):
        asked: Any = request
        answer: Any = people(asked)
        return answer.status_code, json.loads(answer.get_data())


def test_from_a_table_and_classroom_to_a_roster(cloud: firestore.Client, simulator: Simulator) -> None:
    course = {"name": "Algebra", "teachers": [ADA.email], "students": [{"email": BEN.email, "display_name": "Ben Cruz"}]}
    url, data = f"{simulator.url}/_sim/classroom/c1", json.dumps(course).encode()
    setting_up = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="PUT")
    with urllib.request.urlopen(setting_up, timeout=10):
        pass
    assert ask("PUT", f"{PEOPLE}/courses/math", BOSS, {"name": "Mathematics", "teacher_emails": [ADA.email]})[0] == 200
    status, told = ask("POST", f"{STUDENTS}/import", BOSS, {"csv": "email,course\nlena@school.example,math\n"})
    assert (status, told["new"]) == (200, 1)
    status, told = ask("GET", f"{PEOPLE}/classroom-courses", ADA)
    assert (status, [each["name"] for each in told["courses"]]) == (200, ["Algebra"])
    status, told = ask("POST", f"{PEOPLE}/courses/math/classroom-import", ADA, {"classroom_id": "c1"})
    assert (status, told["enrolled"], told["removed"]) == (200, [BEN.email], ["lena@school.example"])
    assert [each.get("kind") for each in cloud.collection("identities").stream()] == ["ref", "ref"]
    status, told = ask("GET", f"{PEOPLE}/me", BEN)
    assert (status, told["student"]["firstName"], told["courses"][0]["student_emails"]) == (200, "Ben", [BEN.email])
    status, told = ask("GET", STUDENTS, ADA)
    assert (status, [each["email"] for each in told["students"]]) == (200, [BEN.email])
    status, told = ask("GET", STUDENTS, BOSS)
    assert (status, [each["email"] for each in told["students"]]) == (200, [BEN.email, "lena@school.example"])


def test_whoever_is_signed_out_stays_out(cloud: firestore.Client) -> None:
    assert ask("PUT", f"{STUDENTS}/{BEN.email}", BOSS, {"firstName": "Ben"})[0] == 200
    status, told = ask("GET", f"{STUDENTS}/{BEN.email}", BEN)
    assert (status, told["student"]["firstName"]) == (200, "Ben")
    status, told = ask("POST", f"{PEOPLE}/{told['student']['personId']}/sign-out", BOSS)
    assert status == 200
    (stored,) = cloud.collection("people").stream()
    assert told["signed_out_at"][:10] in stored.get("body")
    wire.cache_clear()
    assert ask("GET", f"{STUDENTS}/{BEN.email}", BEN)[0] == 401
