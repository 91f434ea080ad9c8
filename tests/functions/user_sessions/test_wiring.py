"""The function as the cloud composes it, over the emulator: from a sign-in to a class's row, and a limit on trying."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from google.cloud import firestore

from functions.user_sessions.main import user_sessions
from functions.user_sessions.wiring import wire
from shared import system
from shared.adapters.firestore.classes import FirestoreClasses
from shared.adapters.firestore.people import FirestorePeople
from shared.adapters.firestore.sessions import FirestoreSessions
from shared.config import settings
from shared.domain.attendance import Attendance
from shared.domain.directory import Person, PersonRole
from shared.ports import AttendanceFilter
from tests.builders import a_class, minutes
from tests.fakes import no_sleep
from tests.functions.user_sessions.asking import ROOT, body_of, credential

OMAR = "omar@school.example"


@pytest.fixture
def cloud(database: firestore.Client, deployment: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A deployment over an empty database, where an address may ask nine times a minute."""
    deployment.setenv("GOOGLE_CLOUD_PROJECT", database.project)
    deployment.setenv("RATE_PER_ADDRESS", "9")
    settings.cache_clear()
    wire.cache_clear()
    yield database
    wire.cache_clear()


def ask(method: str, path: str, token: str | None, body: object = None) -> Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent = {"json": body} if body is not None else {}
    with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent):
        asked: Any = request
        answer: Any = user_sessions(asked)
        answer.get_data()
        told: Response = answer
        return told


def test_from_a_sign_in_to_the_class_and_out_again(cloud: firestore.Client) -> None:
    now = system.now()
    held = a_class(start_at=now, end_at=now + minutes(60))
    FirestoreClasses(cloud, no_sleep).add([held], None)
    FirestorePeople(cloud, no_sleep).save([(None, Person(OMAR, (PersonRole.STUDENT,), "Omar", "Nasser"))])
    token = body_of(ask("POST", "/sign-in", None, {"credential": credential(OMAR)}))["token"]
    joined = body_of(ask("POST", "/join-meeting", token, {"meetingId": "abc-mnop-xyz", "participantData": {"device": "Phone"}}))
    assert joined["userData"]["student"]["firstName"] == "Omar"
    row = row_of(cloud)
    assert (row.email, row.device_type, row.seconds(now + minutes(60))) == (OMAR, "Phone", 0)
    assert list(cloud.collection("pending").stream()) == []
    left = body_of(ask("POST", "/leave-meeting", token, {"sessionId": joined["sessionId"]}))
    assert left["duration"] == 0
    (own,) = body_of(ask("GET", "/my-sessions", token))["sessions"]
    assert (own["sessionId"], own["isActive"]) == (joined["sessionId"], False)
    shown = body_of(ask("GET", "/meeting/abc-mnop-xyz/authenticated-participants", token))
    assert shown["count"] == 1


def row_of(client: firestore.Client) -> Attendance:
    (row,) = FirestoreSessions(client, no_sleep).rows(AttendanceFilter(email=OMAR), 5, None).items
    return row


def test_numbers_and_endings_are_the_administrators_and_reading_others_is_noted(cloud: firestore.Client) -> None:
    FirestorePeople(cloud, no_sleep).save([(None, Person(OMAR, ()))])
    omar = body_of(ask("POST", "/sign-in", None, {"credential": credential(OMAR, "1")}))["token"]
    root = body_of(ask("POST", "/sign-in", None, {"credential": credential("root@school.example", "2")}))["token"]
    ask("POST", "/join-meeting", omar, {"meetingId": "123 456 789"})
    assert body_of(ask("GET", "/stats", root))["stats"]["activeSessions"] == 1
    assert body_of(ask("GET", "/meeting/123456789/authenticated-participants", root))["count"] == 1
    (noted,) = cloud.collection("access_log").stream()
    assert noted.get("about") == "zoom:123456789"
    assert body_of(ask("POST", "/meeting/123456789/end", root))["ended"] == 1


def test_trying_to_sign_in_is_limited_for_each_address(cloud: firestore.Client) -> None:
    assert cloud is not None
    statuses = [ask("POST", "/sign-in", None, {"credential": "a.b.c"}).status_code for _ in range(30)]
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 2 * 9
