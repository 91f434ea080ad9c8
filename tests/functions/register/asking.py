"""The function over fakes, and who asks it."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from functions.register.main import routes
from functions.register.wiring import Register
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.people_ports import AccessLog
from shared.usecases.preview_policy import PreviewPolicy
from shared.usecases.set_policy import SetPolicy, ShowPolicy
from shared.usecases.show_warnings import ShowWarnings
from shared.usecases.total_attendance import TotalAttendance
from shared.web.tokens import mint
from tests.fake_deliveries import MemoryWarnings
from tests.fake_privacy import MemoryAccessLog
from tests.tracked import Tracked, tracked_in_memory

ROOT = "/api/attendance-tracker"


@dataclass
class Here:
    """The function over fakes."""

    access: AccessLog = field(default_factory=MemoryAccessLog)
    tracked: Tracked = field(default_factory=tracked_in_memory)
    warnings: MemoryWarnings = field(default_factory=MemoryWarnings)

    @property
    def app(self) -> Register:
        """The composition."""
        house = self.tracked.house
        return Register(
            ShowPolicy(house.policies, house.clock),
            SetPolicy(house.policies, house.clock),
            PreviewPolicy(house.classes, house.sessions, house.policies, house.clock),
            TotalAttendance(house.classes, house.sessions, house.people, house.policies, house.clock),
            ShowWarnings(self.warnings, house.people),
            self.access,
            house.clock,
        )

    def ask(self, method: str, path: str, caller: Caller | None, body: object = None) -> Response:
        """What the function answers to somebody with a token."""
        headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        with Flask("test").test_request_context(ROOT + path, method=method, headers=headers, **sent):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response

    def told(self, method: str, path: str, caller: Caller, body: object = None) -> dict[str, Any]:
        """The body of an answer that went well."""
        response = self.ask(method, path, caller, body)
        assert response.status_code in (200, 201), response.get_data()
        told = body_of(response)
        assert told["success"] is True
        return told

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        """Who read what about whom."""
        page = self.access.page(None, None, 100, None)
        return [(each.by, each.what, each.about) for each in page.items]


def body_of(response: Response) -> dict[str, Any]:
    """An answer's body."""
    told: dict[str, Any] = json.loads(response.get_data())
    return told
