"""The function as the cloud composes it, over the emulator: from a new policy to the totals by it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from google.cloud import firestore

from functions.register.main import register
from functions.register.wiring import wire
from shared import system
from shared.adapters.firestore.classes import FirestoreClasses
from shared.config import settings
from shared.domain.accounts import Caller
from shared.web.tokens import mint
from tests.builders import a_class, minutes
from tests.fakes import no_sleep
from tests.functions.register.asking import ROOT
from tests.tracked import BOSS, OMAR, STUDENT, TEACHER


@pytest.fixture
def cloud(database: firestore.Client, deployment: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A deployment over an empty database."""
    deployment.setenv("GOOGLE_CLOUD_PROJECT", database.project)
    settings.cache_clear()
    wire.cache_clear()
    yield database
    wire.cache_clear()


def ask(method: str, path: str, caller: Caller, body: object = None) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"}
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent):
        asked: Any = request
        answer: Any = register(asked)
        return answer.status_code, json.loads(answer.get_data())


def test_from_a_new_policy_to_the_totals(cloud: firestore.Client) -> None:
    began = system.now() - minutes(120)
    held = a_class(start_at=began, end_at=began + minutes(60))
    FirestoreClasses(cloud, no_sleep).add([held], None)
    status, told = ask("POST", "/policy", BOSS, {"grace_minutes": 3, "reason": "A new term."})
    assert (status, told["policy"]["version"]) == (201, 1)
    status, told = ask("GET", "/policy", STUDENT)
    assert (status, told["policy"]["grace_minutes"]) == (200, 3)
    status, told = ask("GET", "/totals", STUDENT)
    assert (status, [each["student_email"] for each in told["totals"]]) == (200, [OMAR])
    assert told["totals"][0]["figures"]["counts"]["unknown"] == 1
    day = {"from": f"{began - minutes(1):%Y-%m-%dT%H:%M:%SZ}", "to": f"{began + minutes(1):%Y-%m-%dT%H:%M:%SZ}"}
    status, told = ask("POST", "/policy/preview", TEACHER, day)
    assert (status, told["classes"]) == (200, 0)
    assert ask("GET", "/warnings", TEACHER) == (200, {"success": True, "warnings": [], "next_page_token": None})
    (noted,) = cloud.collection("access_log").stream()
    assert noted.get("about") == "*"
