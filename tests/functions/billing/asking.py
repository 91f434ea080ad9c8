"""The function over fakes, and who asks it."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from functions.billing.main import routes
from functions.billing.wiring import Billing, PaperDesk, draw
from shared import system
from shared.config import settings
from shared.domain.accounts import Caller
from shared.people_ports import AccessLog
from shared.usecases.list_documents import ListDocuments
from shared.usecases.set_rate_plan import ShowRatePlans
from shared.web.tokens import mint
from tests.billed import Billed
from tests.fake_privacy import MemoryAccessLog

ROOT = "/api/billing"
TIME = "from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z"
PERIOD = {"from": "2026-12-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}


@dataclass
class Here:
    """The function over fakes."""

    access: AccessLog = field(default_factory=MemoryAccessLog)
    billed: Billed = field(default_factory=Billed)

    @property
    def app(self) -> Billing:
        """The composition."""
        each = self.billed
        return Billing(
            each.plans,
            ShowRatePlans(each.shop.plans),
            each.enter,
            each.draft,
            each.issue,
            each.run,
            each.show,
            ListDocuments(each.show, each.settle, each.house.clock),
            each.record,
            each.extras,
            each.settle,
            each.report,
            self.access,
            each.house.clock,
            papers=PaperDesk(each.evidence, draw),
        )

    def ask(
        self, method: str, path: str, caller: Caller | None, body: object = None, key: str | None = None, *, root: str = ROOT
    ) -> Response:
        """What the function answers to somebody with a token."""
        headers = {"Authorization": f"Bearer {mint(caller, settings(), system.now())}"} if caller else {}
        headers |= {"Idempotency-Key": key} if key else {}
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        with Flask("test").test_request_context(root + path, method=method, headers=headers, **sent):
            asked: Any = request
            response = routes.answer(asked, lambda: self.app)
            response.get_data()
            return response

    def told(self, method: str, path: str, caller: Caller, body: object = None, key: str | None = None) -> dict[str, Any]:
        """The body of an answer that went well."""
        response = self.ask(method, path, caller, body, key)
        assert response.status_code in (200, 201, 202), response.get_data()
        return body_of(response)

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        """Who read what about whom."""
        page = self.access.page(None, None, 100, None)
        return [(each.by, each.what, each.about) for each in page.items]


def body_of(response: Response) -> dict[str, Any]:
    """An answer's body."""
    told: dict[str, Any] = json.loads(response.get_data())
    return told
