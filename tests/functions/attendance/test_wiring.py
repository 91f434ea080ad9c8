"""The function as the cloud composes it, over the emulator: somebody unknown is confirmed, overridden and excused."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from google.cloud import firestore

from functions.attendance.main import attendance
from functions.attendance.wiring import wire
from shared import system
from shared.adapters.firestore.access_log import FirestoreAccessLog
from shared.config import settings
from shared.domain.accounts import Caller
from shared.web.tokens import mint
from tests.builders import minutes
from tests.conftest import firestore_house
from tests.fakes import no_sleep
from tests.functions.attendance.asking import MEETING, ROOT, body_of
from tests.tracked import ADA, LENA, OMAR, Tracked, on, stay, tracked_over


@pytest.fixture
def cloud(database: firestore.Client, deployment: pytest.MonkeyPatch) -> Iterator[Tracked]:
    """A deployment over a database of its own."""
    deployment.setenv("GOOGLE_CLOUD_PROJECT", database.project)
    settings.cache_clear()
    wire.cache_clear()
    yield tracked_over(firestore_house(database), database)
    wire.cache_clear()


def ask(method: str, path: str, caller: Caller, body: object = None) -> dict[str, Any]:
    """The body of what the function answers."""
    sent = {"json": body} if body is not None else {}
    headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"}
    with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent):
        asked: Any = request
        answer: Any = attendance(asked)
        answer.get_data()
        response: Response = answer
        assert response.status_code == 200, response.get_data()
        return body_of(response)


def test_from_an_unknown_name_to_the_persons_attendance(cloud: Tracked, database: firestore.Client) -> None:
    ada = Caller("ada", ADA, "teacher")
    day = (system.now() - on(0, 0)).days - 2
    known = [stay(ref, 0, 60, day=day) for ref in ("google:1", "google:3")]
    held = cloud.holds(*known, stay("meet:p", 10, 60, "Omar Naser", day), day=day, booked_at=on(day, -600))
    (item,) = ask("GET", "/review?state=open", ada)["items"]
    assert [each["email"] for each in item["suggestions"]] == [OMAR]
    told = ask("POST", f"/review/{item['id']}", ada, {"decision": "confirm", "email": OMAR})
    assert (told["remembered"], told["participant"]["durationSeconds"]) == (True, 3000)
    people = {
        each["email"]: each for each in ask("GET", f"{MEETING}?sessionId={held.session_id}&enriched=true", ada)["participants"]
    }
    assert (people[OMAR]["match"], people[OMAR]["studentId"]) == ("confirmed_alias", 12345)
    body = {"email": LENA, "status": "late", "reason": "She was on the bus."}
    assert ask("POST", f"/sessions/{held.session_id}/overrides", ada, body)["participant"]["attendanceStatus"] == "late"
    rulings = ask("GET", f"/sessions/{held.session_id}/rulings", ada)["rulings"]
    assert [each["kind"] for each in rulings] == ["link", "status"]
    noted = {each.what for each in FirestoreAccessLog(database, no_sleep).page(None, None, 50, None).items}
    assert noted == {"review", "attendance", "rulings"}


def test_an_excuse_for_a_class_to_come(cloud: Tracked) -> None:
    ada, now = Caller("ada", ADA, "teacher"), system.now()
    held = cloud.books(start_at=now + minutes(120), end_at=now + minutes(180), booked_at=now)
    (excuse,) = ask("POST", "/excuses", ada, {"email": OMAR, "classId": held.class_id, "reason": "Ill."})["excuses"]
    assert ask("GET", f"/excuses?email={OMAR}", ada)["excuses"] == [excuse]
    assert ask("DELETE", f"/excuses/{excuse['id']}?reason=Well%20again.", ada)["excuse"] == excuse
