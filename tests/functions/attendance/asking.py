"""The function over fakes, and who asks it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, Response, request

from functions.attendance.main import routes
from functions.attendance.wiring import Tracking
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.domain.classes import ScheduledClass
from shared.people_ports import AccessLog
from shared.usecases.join_meeting import Registration
from shared.web.tokens import mint
from tests.fake_privacy import MemoryAccessLog
from tests.tracked import BOSS, STUDENT, Tracked, on, stay, tracked_in_memory

ROOT = "/api/attendance-tracker"
MEETING = "/attendance/abc-mnop-xyz"
WHOLE = (stay("google:1", 0, 60), stay("google:3", 0, 60), stay("meet:p", 10, 40, "Omar Naser"))


@dataclass
class Here:
    """The function over fakes, in a deployment with keys of its own."""

    tracked: Tracked = field(default_factory=tracked_in_memory)
    access: AccessLog = field(default_factory=MemoryAccessLog)

    @property
    def app(self) -> Tracking:
        """The composition."""
        return replace(self.tracked.app, access=self.access)

    def ask(self, method: str, path: str, caller: Caller | None, body: object = None, **how: Any) -> Response:
        """What the function answers to somebody with a token; `how` goes to the request as it is."""
        headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
        sent = {"json": body} if body is not None else {}
        with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent, **how):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response

    def told(self, method: str, path: str, caller: Caller | None, body: object = None) -> dict[str, Any]:
        """The body of an answer that went well."""
        response = self.ask(method, path, caller, body)
        assert response.status_code == 200, response.get_data()
        assert response.content_type == "application/json"
        told = body_of(response)
        assert told["success"] is True
        return told

    def noted(self) -> list[tuple[str, str, str]]:
        """Which readings were noted: by whom, what, about what."""
        found = self.access.page(None, None, 100, None).items
        return [(each.by, each.what, each.about) for each in reversed(found)]


def body_of(response: Response) -> dict[str, Any]:
    """An answer's body."""
    told: dict[str, Any] = json.loads(response.get_data())
    return told


def error_of(told: Mapping[str, Any]) -> tuple[int, bool, str]:
    """What every error of the family tells."""
    assert {"type", "title", "status", "detail", "request_id", "success", "message"} <= told.keys()
    return told["status"], told["success"], told["message"]


def held(here: Here) -> ScheduledClass:
    """A class in which Omar registered for the meeting and somebody was there whom nobody knows."""
    here.tracked.house.clock.at = on(0, 5)
    here.tracked.desk.join(Registration("abc-mnop-xyz", "Omar N.", "Phone"), STUDENT)
    return here.tracked.holds(*WHOLE)


def card_id(here: Here, kind: str = "unidentified") -> str:
    """The id of the only card of a kind."""
    (item,) = here.told("GET", f"/review?kind={kind}", BOSS)["items"]
    return str(item["id"])
